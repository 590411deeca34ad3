"""Results kept for reuse: found while every file is as it was, adopted, told why not, and never kept wrongly."""

import errno
import json
import os
import shutil
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

import helpers.runner.record.shelf as shelves
from helpers.keys import Ingredients
from helpers.notebook_files import NotebookFile
from helpers.runner.record.run_record import NotebookRecord
from helpers.runner.record.shelf import FORCED, NEVER, NO_RESULT, Kept, Shelf, changed_meanwhile

OLD, NEW, THIRD = "20260102-030405-678", "20260103-030405-678", "20260104-030405-678"
NAME = "04_model"
SHOWN = {"title": "Why?", "question": "Why?", "notebooks": ["04_model"], "variant": {}}


def ingredients(**changes):
    made = {
        "source": "s",
        "parameters": {"seed": "0"},
        "needs": {},
        "data": "d",
        "helpers": "h",
        "lock": "l",
        "versions": "v",
    }
    return Ingredients(**{**made, **changes})


FIRST = ingredients()
NOTEBOOK = NotebookFile(NAME, Path(f"{NAME}.ipynb"), (), False, "engineers")


def record(made=FIRST, **values):
    return NotebookRecord(
        status="succeeded", seconds=1.5, key=made.key(), ingredients=made.model_dump(), report=f"{NAME}.html", **values
    )  # fmt: skip


@pytest.fixture
def experiment(tmp_path):
    """An experiment's folder with a run that has one finished notebook."""
    run = tmp_path / "wine" / OLD
    for name, text in {
        f"notebooks/{NAME}.ipynb": "{}",
        f"notebooks/{NAME}.log": "said",
        f"artifacts/{NAME}.json": '{"fingerprint": "f"}',
        f"artifacts/{NAME}.files.json": '["model.bin", "never made", "parts"]',
        "artifacts/model.bin": "model",
        "artifacts/parts/one.csv": "a",
        "artifacts/of_another.csv": "b",
        f"{NAME}.html": "<p>",
    }.items():
        path = run / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return tmp_path / "wine"


@pytest.fixture
def shelf(experiment):
    shelf = Shelf(experiment)
    assert shelf.keep(experiment / OLD, NAME, record()) == ""
    return shelf


def entry(shelf, made=FIRST):
    return shelf.folder / NAME / f"{made.key()}.json"


def new_run(shelf, name=NEW):
    run = shelf.experiment / name
    run.mkdir()
    return run


MADE = [
    f"notebooks/{NAME}.ipynb", f"notebooks/{NAME}.log", f"artifacts/{NAME}.json", f"artifacts/{NAME}.files.json",
    "artifacts/model.bin", "artifacts/parts/one.csv",
]  # fmt: skip


def test_what_is_kept_is_found(shelf):
    kept = shelf.look(NOTEBOOK, FIRST)
    assert [file.name for file in kept.files] == MADE
    assert (kept.run, kept.computed_in, kept.ingredients) == (OLD, OLD, FIRST)
    reused = kept.reused_record()
    assert (reused.reused, reused.reused_from, reused.seconds, reused.status) == (True, OLD, 1.5, "succeeded")


def test_why_it_runs_again(shelf):
    assert shelf.look(NOTEBOOK, FIRST, force=True) == FORCED == "--force was given"
    never = NotebookFile(NAME, NOTEBOOK.path, (), False, "engineers", reuse=False)
    assert shelf.look(never, FIRST) == NEVER == "its metadata says reuse: false"
    other = ingredients(parameters={"seed": "1", "models": "2"}, helpers="x")
    assert shelf.look(NOTEBOOK, other) == "its parameters changed: models, seed; the helpers' source changed"
    unknown = NotebookFile("07_mine", Path("07_mine.ipynb"), (), False, "engineers")
    assert shelf.look(unknown, FIRST) == NO_RESULT == "no earlier result of it is kept"


def test_what_is_told_is_the_difference_to_the_result_most_alike_then_to_the_newest(
    shelf, experiment, monkeypatch
):
    second = ingredients(data="e")
    assert shelf.keep(experiment / OLD, NAME, record(second)) == ""
    os.utime(entry(shelf), ns=(1, 1))
    assert shelf.look(NOTEBOOK, ingredients(data="e", lock="m")) == "requirements.lock changed"
    assert shelf.look(NOTEBOOK, ingredients(lock="m")) == "requirements.lock changed"
    both = ingredients(data="x", needs={"01_a": "1"})
    assert shelf.look(NOTEBOOK, both) == "the table changed; 01_a changed, which it needs"
    monkeypatch.setattr(shelves, "COMPARED", 1)
    assert shelf.look(NOTEBOOK, ingredients(lock="m")) == "the table changed; requirements.lock changed"


@pytest.mark.parametrize("name", MADE)
def test_a_file_that_was_changed_or_is_gone(shelf, name):
    path = shelf.experiment / OLD / name
    before = path.read_text()
    said = f"its files in run {OLD} are gone or were changed"
    stamp = path.stat()
    path.write_text("x" * len(before))
    os.utime(path, ns=(stamp.st_atime_ns, stamp.st_mtime_ns))
    assert shelf.look(NOTEBOOK, FIRST) == said
    path.write_text(before)
    assert isinstance(shelf.look(NOTEBOOK, FIRST), Kept)
    path.unlink()
    assert shelf.look(NOTEBOOK, FIRST) == said


def test_a_run_that_is_gone(shelf):
    shutil.rmtree(shelf.experiment / OLD)
    assert shelf.look(NOTEBOOK, FIRST) == f"its files in run {OLD} are gone or were changed"
    shelf.prune()
    assert shelf.look(NOTEBOOK, FIRST) == NO_RESULT


def damaged(content):
    return {
        "cut off": content[: len(content) // 2],
        "empty": "",
        "of another notebook": content.replace(f'"notebook": "{NAME}"', '"notebook": "05_x"'),
        "of another key": content.replace(
            f'"key": "{FIRST.key()}",\n  "notebook"', '"key": "0",\n  "notebook"'
        ),
        "leads out of the run": content.replace("artifacts/model.bin", "../../secret"),
        "leads to no run": content.replace(f'"run": "{OLD}"', '"run": ".."'),
    }


@pytest.mark.parametrize("how", list(damaged("")))
def test_a_damaged_entry_is_no_result(shelf, how):
    whole = entry(shelf).read_text()
    wrong = damaged(whole)[how]
    assert wrong != whole
    entry(shelf).write_text(wrong)
    assert shelf.look(NOTEBOOK, FIRST) == "what is known of its earlier result is damaged"


def test_adopted_files_are_the_same_files_and_the_new_run_holds_them(shelf):
    run = new_run(shelf)
    assert shelf.adopt(shelf.look(NOTEBOOK, FIRST), run, rendered_for=SHOWN) is False
    for name in MADE:
        assert (run / name).samefile(shelf.experiment / OLD / name)
    assert not (run / "artifacts/of_another.csv").exists()
    shutil.rmtree(shelf.experiment / OLD)
    kept = shelf.look(NOTEBOOK, FIRST)
    assert (kept.run, kept.computed_in, kept.reused_record().reused_from) == (NEW, OLD, OLD)


def test_where_a_file_can_have_no_second_name_it_is_copied(shelf, monkeypatch):
    def refuse(source, target):
        raise OSError(errno.EXDEV, "Invalid cross-device link")

    monkeypatch.setattr(os, "link", refuse)
    run = new_run(shelf)
    shelf.adopt(shelf.look(NOTEBOOK, FIRST), run, rendered_for=SHOWN)
    for name in MADE:
        assert (run / name).read_bytes() == (shelf.experiment / OLD / name).read_bytes()
        assert (run / name).stat().st_nlink == 1
    assert sorted(path.relative_to(run).as_posix() for path in run.rglob("*") if path.is_file()) == sorted(
        MADE
    )


def test_a_file_that_goes_between_finding_and_adopting_leaves_nothing(shelf):
    run, kept = new_run(shelf), shelf.look(NOTEBOOK, FIRST)
    (shelf.experiment / OLD / "artifacts/model.bin").unlink()
    with pytest.raises(FileNotFoundError):
        shelf.adopt(kept, run, rendered_for=SHOWN)
    assert [path for path in run.rglob("*") if path.is_file()] == []
    assert json.loads(entry(shelf).read_text())["run"] == OLD


def test_a_file_that_is_there_already_stays(shelf):
    run = new_run(shelf)
    (run / "artifacts").mkdir()
    (run / "artifacts/model.bin").write_text("of the new run")
    with pytest.raises(FileExistsError):
        shelf.adopt(shelf.look(NOTEBOOK, FIRST), run, rendered_for=SHOWN)
    assert (run / "artifacts/model.bin").read_text() == "of the new run"


def test_a_report_comes_along_where_it_would_be_the_same(shelf):
    old = shelf.experiment / OLD
    shelf.keep_report(old, NAME, FIRST.key(), rendered_for=SHOWN)
    other, same = new_run(shelf), new_run(shelf, THIRD)
    kept = shelf.look(NOTEBOOK, FIRST)
    assert shelf.adopt(kept, other, rendered_for={**SHOWN, "question": "Who?"}) is False
    assert not (other / f"{NAME}.html").exists()
    assert shelf.adopt(kept, same, rendered_for={**SHOWN, "notebooks": (NAME,)}) is True
    assert (same / f"{NAME}.html").samefile(old / f"{NAME}.html")


def test_a_changed_report_is_rendered_anew_and_the_result_is_still_good(shelf):
    shelf.keep_report(shelf.experiment / OLD, NAME, FIRST.key(), rendered_for=SHOWN)
    (shelf.experiment / OLD / f"{NAME}.html").write_text("<b>")
    kept = shelf.look(NOTEBOOK, FIRST)
    assert kept.report is None
    assert shelf.adopt(kept, new_run(shelf), rendered_for=SHOWN) is False


def test_a_report_of_a_run_that_no_longer_holds_the_result_is_passed_over(shelf):
    kept = shelf.look(NOTEBOOK, FIRST)
    shelf.adopt(kept, new_run(shelf), rendered_for=SHOWN)
    shelf.keep_report(shelf.experiment / OLD, NAME, FIRST.key(), rendered_for=SHOWN)
    assert shelf.look(NOTEBOOK, FIRST).report is None


def test_only_a_result_that_was_computed_can_be_kept(shelf):
    for wrong in (
        record().model_copy(update={"status": "failed"}),
        record().model_copy(update={"key": None}),
        record(reused=True),
    ):
        with pytest.raises(ValueError, match="only a result that was computed"):
            shelf.keep(shelf.experiment / OLD, NAME, wrong)


def test_what_cannot_be_kept_is_told_and_harms_nothing(shelf, monkeypatch):
    def full(path, content):
        raise OSError(errno.ENOSPC, "No space left on device")

    run, late = shelf.experiment / OLD, record(ingredients(data="e"))
    with monkeypatch.context() as patched:
        patched.setattr(shelves.files, "write_json", full)
        said = shelf.keep(run, NAME, late)
    assert said == "its result could not be kept ([Errno 28] No space left on device)"
    made = run / f"artifacts/{NAME}.files.json"
    made.write_text('["../../../secret"]')
    assert shelf.keep(run, NAME, late) == "its result could not be kept (a path inside the run's folder)"
    made.write_text("{}")
    assert shelf.keep(run, NAME, late) == f"its result could not be kept ({made} is no list of names)"
    made.unlink()
    (run / f"notebooks/{NAME}.ipynb").unlink()
    assert "No such file" in shelf.keep(run, NAME, late)
    assert isinstance(shelf.find(NAME, FIRST.key()), str)


def test_what_changed_while_it_ran(experiment):
    run = experiment / OLD

    def changed(now=FIRST, fingerprint="f"):
        return changed_meanwhile(run, NAME, before=FIRST, now=now, fingerprint=fingerprint)

    assert changed() == []
    assert changed(ingredients(data="e")) == ["the table changed"]
    assert changed(ingredients(helpers="i", source="t")) == [
        "its own source changed",
        "the helpers' source changed",
    ]
    assert changed(ingredients(looks="another", needs={})) == []
    assert changed(fingerprint="g") == ["the table that it read is not the one that was checked"]
    for content in ("{}", '{"fingerprint": null}', "[]", "{"):
        (run / f"artifacts/{NAME}.json").write_text(content)
        assert changed(fingerprint="g") == []
    (run / f"artifacts/{NAME}.json").unlink()
    assert changed(fingerprint="g") == []


def test_only_the_newest_are_kept(shelf, monkeypatch):
    monkeypatch.setattr(shelves, "KEPT", 2)
    made = [ingredients(data=name) for name in "abc"]
    for age, one in enumerate(made):
        shelf.keep(shelf.experiment / OLD, NAME, record(one))
        os.utime(entry(shelf, one), (age + 10, age + 10))
    os.utime(entry(shelf), (1, 1))
    entry(shelf, made[1]).write_text("damaged")
    os.utime(entry(shelf, made[1]), (11, 11))
    shelf.prune()
    assert {path.stem for path in (shelf.folder / NAME).iterdir()} == {made[0].key(), made[2].key()}


def test_two_runners_at_once_leave_whole_entries(shelf):
    """Each keeps, looks, adopts and prunes: whatever comes in between, an entry is whole and verified."""
    runs = [new_run(shelf, f"2026020{n}-000000-000") for n in range(1, 9)]

    def work(run):
        seen = []
        for _ in range(5):
            shelf.keep(shelf.experiment / OLD, NAME, record())
            seen.append(shelf.look(NOTEBOOK, FIRST))
            shelf.prune()
        shelf.adopt(seen[-1], run, rendered_for=SHOWN)
        return seen

    with ThreadPoolExecutor(2) as pool:
        found = [one for seen in pool.map(work, runs) for one in seen]
    assert all(isinstance(one, Kept) and [file.name for file in one.files] == MADE for one in found)
    assert isinstance(shelf.look(NOTEBOOK, FIRST), Kept)
    assert [path.name for path in (shelf.folder / NAME).iterdir()] == [f"{FIRST.key()}.json"]

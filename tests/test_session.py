"""A notebook at work: its parameters, its sealed rows, what it records, and what it needs."""

import json

import pytest

import helpers.notebook_files as notebook_files
import helpers.session as session
from helpers.errors import UserError
from helpers.findings import Finding, Severity
from helpers.results import Verdict
from tiny_notebooks import write_notebook

NAMES = {"experiment": "wine", "question": "Who?", "data": "sklearn:wine", "target": "target", "unrelated": 1}
VERDICT = Verdict(word="use it", rule="r", reason="why")

RECORDS = (
    "from helpers import start\nfrom helpers.results import Verdict\nrun = start('01_first', globals())\n"
    "run.record(Verdict(word='use it', rule='seed %d' % seed, reason='why'))"
)


@pytest.fixture
def notebooks(tmp_path, monkeypatch):
    folder = tmp_path / "nb"
    cell = "\n".join(f"{name} = {value!r}" for name, value in NAMES.items()) + "\nseed = 0\nrun_folder = ''"
    write_notebook(folder, "01_first", parameters=cell, cells=[RECORDS])
    write_notebook(folder, "02_second", parameters=cell, needs=["01_first"])
    write_notebook(folder, "05_opens", parameters=cell, opens_holdout=True)
    monkeypatch.setattr(notebook_files, "notebooks_folder", lambda: folder)
    return folder


def test_by_hand_results_go_to_interactive(notebooks, reports):
    run = session.start("01_first", NAMES)
    assert run.by_hand
    assert run.folder == reports / "wine" / "interactive"
    run.record(VERDICT, findings=[Finding("Q1", "k", Severity.NOTE, "m", "p")])
    content = json.loads((run.folder / "artifacts" / "01_first.json").read_text())
    assert content["result"] == VERDICT.model_dump()
    assert content["findings"][0]["code"] == "Q1"


def test_what_is_kept_for_the_next_run_belongs_to_the_key_and_not_to_the_run(notebooks, reports):
    def kept(**changed):
        return session.start("01_first", {**NAMES, **changed}).kept("trials")

    by_hand = kept()
    assert by_hand.parent == reports / "wine" / ".nightbook" / "trials"
    assert not by_hand.exists()
    runs = [str(reports / "wine" / run) for run in ("20260101-000000-000", "20260102-000000-000")]
    assert [kept(run_folder=run) for run in runs] == [by_hand] * 2
    assert len({by_hand, kept(seed=7), kept(holdout=0.3)}) == 3


def test_wrong_parameters_are_told_all_at_once(notebooks):
    with pytest.raises(UserError) as caught:
        session.start("01_first", {**NAMES, "holdout": 3, "seed": "x"})
    assert len(caught.value.problems) == 2
    assert str(caught.value).startswith("01_first: parameters cell: holdout: given 3")


def test_the_holdout_is_sealed_and_every_opening_is_counted(notebooks, reports):
    sealed = session.start("01_first", NAMES)
    with pytest.raises(UserError):
        sealed.open_holdout()
    assert not (reports / "wine" / "ledger.jsonl").exists()
    opening = session.start("05_opens", NAMES)
    rows = opening.open_holdout()
    assert len(rows) + len(opening.table) == 178
    assert not set(rows.frame.index) & set(opening.table.frame.index)
    opening.open_holdout()
    assert len((reports / "wine" / "ledger.jsonl").read_text().splitlines()) == 2


def test_what_is_needed_runs_first_by_hand_and_again_when_its_key_changes(notebooks, monkeypatch):
    said = []
    monkeypatch.setattr(session, "say", said.append)
    assert session.start("02_second", NAMES).result("01_first", Verdict).rule == "seed 0"
    assert said == ["01_first has not run with these parameters yet; it runs first."]
    assert session.start("02_second", NAMES).result("01_first", Verdict).rule == "seed 0"
    assert len(said) == 1
    assert session.start("02_second", {**NAMES, "seed": 7}).result("01_first", Verdict).rule == "seed 7"
    assert len(said) == 2


def test_in_a_run_nothing_runs_here(notebooks, tmp_path):
    run = session.start("02_second", {**NAMES, "run_folder": str(tmp_path / "run")})
    with pytest.raises(UserError, match="where 01_first has recorded nothing"):
        run.result("01_first", Verdict)


def test_in_a_run_all_notebooks_read_the_same_table(notebooks, tmp_path):
    def started(notebook):
        given = {**NAMES, "data": str(table), "run_folder": str(tmp_path / "run")}
        return session.start(notebook, given)

    table = tmp_path / "t.csv"
    rows = [f"{n},{n % 3},{'ab'[n % 2]}" for n in range(40)]
    table.write_text("\n".join(["x,y,target", *rows]))
    first = started("01_first")
    assert len(first.table) == 32
    first.record(VERDICT)
    assert len(started("02_second").table) == 32
    table.write_text("\n".join(["x,y,target", *rows, "41,1,a"]))
    with pytest.raises(UserError) as error:
        _ = started("02_second").table
    assert str(error.value) == (
        "wine: data: given a table that changed since 01_first read it; expected the same table for all "
        "notebooks of a run. Run again. Let the query of a database order its rows, and leave out those that "
        "are still coming in, for instance with a fixed day up to which it reads."
    )


def test_a_need_must_be_declared(notebooks):
    with pytest.raises(UserError, match="a list that names '02_second'"):
        session.start("01_first", NAMES).findings("02_second")


def test_an_unknown_notebook_names_the_nearest(notebooks):
    with pytest.raises(UserError, match="Did you mean '01_first'"):
        session.start("01_frst", NAMES)


def test_what_a_notebook_ignores_is_not_there_and_its_table_loads_all_the_same(notebooks, tmp_path):
    ignored = ["question", "goal", "costs", "models", "budget", "metric"]
    cell = "\n".join(f"{name} = {value!r}" for name, value in NAMES.items())
    write_notebook(notebooks, "03_ignores", parameters=cell, ignores=ignored)
    run = session.start("03_ignores", {**NAMES, "goal": 0.5, "costs": {"mistake": 1}})
    assert len(run.table) == 142
    with pytest.raises(UserError, match=r"03_ignores\.ipynb: metadata\.nightbook\.ignores: given 'goal'"):
        _ = run.params.goal
    wrong = {**NAMES, "goal": "high"}
    with pytest.raises(UserError, match="goal: given 'high'"):
        session.start("03_ignores", wrong)


def test_in_a_run_what_is_ignored_need_not_be_given_and_by_hand_it_must(notebooks, tmp_path):
    write_notebook(notebooks, "03_ignores", ignores=["question"])
    given = {name: value for name, value in NAMES.items() if name != "question"}
    injected = {
        **NAMES,
        "In": ["", "# Parameters\n" + "\n".join(f"{name} = {value!r}" for name, value in given.items())],
    }
    with pytest.raises(UserError, match="03_ignores: parameters cell: question: given nothing"):
        session.start("03_ignores", injected)
    run = session.start("03_ignores", {**injected, "run_folder": str(tmp_path / "run")})
    assert run.params.experiment == "wine"
    with pytest.raises(UserError):
        _ = run.params.question


def test_what_is_needed_gets_what_this_notebook_ignores(notebooks):
    cell = "\n".join(f"{name} = {value!r}" for name, value in NAMES.items()) + "\nseed = 0\nrun_folder = ''"
    write_notebook(notebooks, "04_ignores", parameters=cell, needs=["01_first"], ignores=["seed"])
    assert session.start("04_ignores", {**NAMES, "seed": 5}).result("01_first", Verdict).rule == "seed 5"


def test_what_is_needed_runs_again_when_a_parameter_of_its_own_changes(notebooks, monkeypatch):
    cell = "\n".join(f"{name} = {value!r}" for name, value in NAMES.items()) + "\nbins = 4\nrun_folder = ''"
    says = RECORDS.replace("'seed %d' % seed", "'bins %d' % bins")
    write_notebook(notebooks, "01_first", parameters=cell, cells=[says])
    assert session.start("02_second", NAMES).result("01_first", Verdict).rule == "bins 4"
    given = {**NAMES, "bins": 9}
    injected = "# Parameters\n" + "\n".join(f"{name} = {value!r}" for name, value in given.items())
    assert (
        session.start("02_second", {**given, "In": [injected]}).result("01_first", Verdict).rule == "bins 9"
    )


def test_the_record_holds_the_key_by_hand_and_the_fingerprint_of_the_table_that_was_read(notebooks, tmp_path):
    def recorded(run):
        run.record(VERDICT)
        return json.loads((run.folder / "artifacts" / "01_first.json").read_text())

    by_hand = session.start("01_first", NAMES)
    assert recorded(by_hand)["fingerprint"] is None
    fingerprint = by_hand.development.info.fingerprint
    assert (recorded(by_hand)["fingerprint"], len(recorded(by_hand)["key"])) == (fingerprint, 64)
    in_a_run = session.start("01_first", {**NAMES, "run_folder": str(tmp_path / "run")})
    assert recorded(in_a_run)["key"] is None


def test_what_is_made_after_the_record_is_listed_too(notebooks, tmp_path):
    run = session.start("01_first", {**NAMES, "run_folder": str(tmp_path / "run")})
    run.record(VERDICT)
    made = tmp_path / "run" / "artifacts" / "01_first.files.json"
    assert json.loads(made.read_text()) == []
    run.save_table("late", run.table.frame.head(2))
    assert json.loads(made.read_text()) == ["late.csv"]

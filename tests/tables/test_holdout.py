import json
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from helpers.errors import UserError
from helpers.notebook_files import NotebookFile
from helpers.parameters.check import checked
from helpers.tables.holdout import open_holdout, params_key
from helpers.tables.ledger import Looks, append_line, looks
from helpers.tables.prepare import both_sides, load_development


def opened(given, *, opens=True, run="r", ledger):
    return open_holdout(
        given, read=lambda: both_sides(given), notebook=notebook(opens=opens), run=run, ledger=ledger
    )


def notebook(*, opens):
    return NotebookFile("05_evaluation", Path("05_evaluation.ipynb"), (), opens, "engineers")


def params(**values):
    given = {"experiment": "e", "question": "q", "data": "sklearn:wine", "target": "target"}
    return checked(given | values, where="p")


def test_a_notebook_that_may_not_open_is_refused(tmp_path):
    with pytest.raises(UserError) as error:
        opened(params(), opens=False, run="r", ledger=tmp_path / "ledger.jsonl")
    assert str(error.value) == (
        "05_evaluation.ipynb: metadata.nightbook.opens_holdout: given nothing; expected true. "
        "The holdout rows are "
        "sealed: only the notebook that evaluates the chosen model opens them, since whoever "
        "looks before choosing "
        "measures too well."
    )
    assert not (tmp_path / "ledger.jsonl").exists()


def test_each_opening_is_a_line(tmp_path):
    ledger = tmp_path / "deep" / "ledger.jsonl"
    holdout = opened(params(), run="r1", ledger=ledger)
    development = load_development(params())
    assert len(holdout) == development.split.holdout_rows == 36
    assert set(holdout.frame.index).isdisjoint(development.table.frame.index)
    (line,) = [json.loads(text) for text in ledger.read_text().splitlines()]
    assert line | {"when": ""} == {
        "when": "",
        "run": "r1",
        "notebook": "05_evaluation",
        "key": development.split.key,
        "params": params_key(params()),
        "fingerprint": development.info.fingerprint,
    }
    opened(params(question="other words"), run="r2", ledger=ledger)
    opened(params(models=["linear"]), run="r3", ledger=ledger)
    opened(params(holdout=0.3), run="r4", ledger=ledger)
    assert looks(ledger, development.split.key) == Looks(openings=3, looks=2)


def test_how_a_run_goes_is_no_other_look():
    said = {"memory": 2, "timeout": 60, "retries": 0, "grid": {"seed": [1, 2]}, "question": "other words"}
    assert params_key(params(**said)) == params_key(params())
    assert params_key(params(seed=1)) != params_key(params())


def test_a_notebook_started_again_in_its_run_opens_once(tmp_path):
    ledger = tmp_path / "ledger.jsonl"

    def lines_after(run, name="05_evaluation", **values):
        file = NotebookFile(name, Path(f"{name}.ipynb"), (), True, "engineers")
        given = params(**values)
        rows = open_holdout(given, read=lambda: both_sides(given), notebook=file, run=run, ledger=ledger)
        assert len(rows) > 0
        return len(ledger.read_text().splitlines())

    assert lines_after("20261125-160000-000") == 1
    assert lines_after("20261125-160000-000") == 1
    assert lines_after("20261125-160000-000", name="07_own") == 2
    assert lines_after("20261125-160000-000", models=["linear"]) == 3
    assert lines_after("20261125-160000-000", holdout=0.3) == 4
    assert lines_after("20261125-160000-001") == 5
    assert lines_after("interactive") == 6
    assert lines_after("interactive") == 7
    with ledger.open("ab") as file:
        file.write(b'{"key": "k", "par')
    assert lines_after("20261125-160000-000") == 8  # the damaged line, and no new one
    assert lines_after("20261125-160000-002") == 9


def test_without_a_holdout_nothing_is_written(tmp_path):
    ledger = tmp_path / "ledger.jsonl"
    table = opened(params(holdout=0), run="r", ledger=ledger)
    assert len(table) == 0
    assert table.classes == ("class_0", "class_1", "class_2")
    assert not ledger.exists()


def test_no_ledger_means_no_look(tmp_path):
    assert looks(tmp_path / "none.jsonl", "k") == Looks(0, 0)


def test_a_damaged_line_counts_as_an_opening(tmp_path):
    ledger = tmp_path / "ledger.jsonl"
    append_line(ledger, {"key": "k", "params": "p"})
    with ledger.open("ab") as file:
        file.write(b'{"key": "k", "par')
    append_line(ledger, {"key": "k", "params": "p"})
    append_line(ledger, {"key": "other", "params": "p"})
    with ledger.open("ab") as file:
        file.write(b"\n\xff\xfe\n[1]\n")
    assert looks(ledger, "k") == Looks(openings=5, looks=4)
    assert ledger.read_bytes().splitlines()[2] == b'{"key": "k", "params": "p"}'


def test_openings_side_by_side_are_all_counted(tmp_path):
    ledger = tmp_path / "ledger.jsonl"
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda n: append_line(ledger, {"key": "k", "params": str(n)}), range(200)))
    assert looks(ledger, "k") == Looks(200, 200)
    assert ledger.stat().st_mode & 0o777 == 0o644

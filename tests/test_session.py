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


def test_a_need_must_be_declared(notebooks):
    with pytest.raises(UserError, match="a list that names '02_second'"):
        session.start("01_first", NAMES).findings("02_second")


def test_an_unknown_notebook_names_the_nearest(notebooks):
    with pytest.raises(UserError, match="Did you mean '01_first'"):
        session.start("01_frst", NAMES)

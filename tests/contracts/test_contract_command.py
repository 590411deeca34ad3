"""A contract through the command and by hand: written, kept, broken, edited; compared with the last table."""

import json

import pandas as pd
import pytest

import helpers.session as session
from command import nightbook
from helpers.contracts.place import accept
from helpers.errors import UserError, shortened
from helpers.keys import Surroundings
from helpers.parameters.check import checked
from helpers.runner.commands.contract import contract_command
from helpers.runner.experiments.experiment_file import gather_experiments
from helpers.runner.record.table_checks import check_key, check_one

AROUND = Surroundings(sources={}, helpers="h", lock="l", versions="v")
ROWS = 120
HOSTILE = "<b>\"x\"\n'y'</b>"


def table(rows=ROWS):
    return pd.DataFrame(
        {
            "when": pd.date_range("2024-01-01", periods=rows).strftime("%Y-%m-%d"),
            HOSTILE: [i % 7 + 0.5 for i in range(rows)],
            "colour": [("red", "No", "<i>\n")[i % 3] for i in range(rows)],
            "y": [("good", "bad")[i % 5 > 2] for i in range(rows)],
        }
    )


class Place:
    """A params file, its table and its contract, all outside the repository."""

    def __init__(self, folder):
        self.table, self.params, self.contract = (
            folder / name for name in ("t.csv", "e.yaml", "e.contract.yaml")
        )
        self.given = {
            "experiment": "e", "question": "q", "data": str(self.table), "target": "y", "time": "when",
            "contract": str(self.contract),
        }  # fmt: skip
        self.params.write_text("".join(f"{key}: {value}\n" for key, value in self.given.items()))
        self.deliver(table())

    def deliver(self, frame):
        frame.to_csv(self.table, index=False)

    def broken(self):
        frame = table().drop(columns="when").assign(when_=table()["when"])
        frame.loc[3, HOSTILE], frame.loc[5:9, "colour"] = 900, "violet"
        return frame

    def check(self):
        params = checked({**self.given, "time": None}, where="p")
        return check_one(params.model_dump(mode="json"), "p").get("problems", [])


@pytest.fixture
def place(tmp_path):
    return Place(tmp_path)


def test_it_is_written_once_and_kept_by_its_table(place, capsys):
    assert contract_command(str(place.params), out="", force=False) == 0
    assert capsys.readouterr().out == (
        f"Wrote {place.contract}: 4 columns from 120 rows. Read it, and widen or narrow what you know better.\n"
        f"Then the line for {place.params}:\ncontract: {place.contract}\n"
    )
    with pytest.raises(UserError) as caught:
        contract_command(str(place.params), out="", force=False)
    assert str(caught.value) == (
        f"{place.contract}: given a file that exists; expected a name that is free. Give another with --out, or "
        "--force to overwrite it; edits in it are lost then."
    )
    assert contract_command(str(place.params), out="", force=True) == 0
    other = place.contract.with_name("other.yaml")
    assert contract_command(str(place.params), out=str(other), force=False) == 0
    assert other.read_text() == place.contract.read_text()
    assert place.check() == []


def test_every_violation_is_a_problem_beside_those_of_the_params(place):
    contract_command(str(place.params), out="", force=False)
    place.deliver(place.broken().drop(columns="y"))
    assert [[each[0], each[1]] for each in place.check()] == [
        ["p: target", "'y', which is no column of the table"],
        ["p: contract: when", "no such column (there is 'when_')"],
        ["p: contract: <b>\"x\" 'y'</b>", "1 of 120 rows with something else (900 in row 4)"],
        ["p: contract: colour", "5 of 120 rows with something else ('violet' in row 6)"],
        ["p: contract: y", "no such column"],
    ]


def test_an_edit_of_the_contract_is_noticed(place):
    contract_command(str(place.params), out="", force=False)
    params = checked(place.given, where="p")
    before = check_key(params, state="s", around=AROUND)
    assert check_key(params, state="s", around=AROUND) == before
    place.contract.write_text(place.contract.read_text().replace("    - red\n", ""))
    assert check_key(params, state="s", around=AROUND) != before
    assert [each[:2] for each in place.check()] == [
        ["p: contract: colour", "40 of 120 rows with something else ('red' in row 1)"]
    ]
    place.contract.unlink()
    assert [each[2] for each in place.check()] == ["a file of `nightbook contract`"]


def test_by_hand_every_notebook_refuses_and_01_compares(place, reports):
    contract_command(str(place.params), out="", force=False)

    def start(notebook):
        return session.start(notebook, {**place.given, "models": ["linear"]})

    first = start("01_data_quality")
    assert first.contract.words.startswith(
        f"The table keeps its contract, {shortened(place.contract)}: 16 checks of 4 columns on 120 rows. It is the first table"
    )
    key = first._key(first.notebook)
    first.contract.save(first.artifact("01_contract.json"))
    accept(first.folder, data=first._table_state)
    assert start("01_data_quality")._key(first.notebook) == key  # the accepted table itself is no other one
    place.deliver(table(60))
    second = start("01_data_quality")
    said = {each.code: (each.severity, each.message) for each in second.contract.findings}
    assert said["T161"] == ("warn", "60 rows, where the last accepted table had 120: 50 % fewer.")
    assert said["T162"][0] == "warn"
    assert second.contract.words.endswith("Beside the last accepted table: T161 volume, T162 freshness.")
    assert list(second.contract.table["code"]) == [f"T16{i}" for i in range(8)]
    soft = place.contract.read_text().replace("max_value: 12.5", "max_value: 3.5\n      raise_warning: true")
    place.contract.write_text(soft)
    kept = start("01_data_quality").contract.findings[0]
    assert (kept.severity, kept.message) == (
        "warn",
        f"The table keeps its contract, {shortened(place.contract)}: 16 checks of 4 columns on 60 rows, but for what it only "
        "asks to be told: <b>\"x\" 'y'</b>: 24 of 60 rows with something else.",
    )
    assert kept.evidence == ({"column": HOSTILE, "expected": "values from 0 to 3.5", "rows": 24},)
    place.deliver(place.broken())
    for notebook in ("01_data_quality", "02_exploration"):
        with pytest.raises(UserError) as caught:
            _ = start(notebook).development
        assert str(caught.value).startswith("e: contract: when: given no such column (there is 'when_')")
    with pytest.raises(UserError, match="e: contract: when"):
        start("05_evaluation").open_holdout()
    assert not (reports / "e" / "ledger.jsonl").exists()


def test_a_pattern_of_params_files_may_find_contracts(place):
    contract_command(str(place.params), out="", force=False)
    given = [str(place.params), str(place.contract)]
    experiments, problems = gather_experiments(given, notebooks={})
    assert ([each.params.experiment for each in experiments], problems) == (["e"], [])
    with pytest.raises(UserError, match=r"given contracts of tables; expected params files"):
        gather_experiments(given[1:], notebooks={})


@pytest.mark.whole_run
def test_from_the_first_table_to_a_broken_and_a_halved_one(place, tmp_path):
    reports = tmp_path / "runs"

    def run():
        return nightbook("run", str(place.params), "--only", "01_data_quality", reports=reports)

    def runs():
        return sorted(path.name for path in (reports / "e").glob("2*"))

    assert nightbook("contract", str(place.params), reports=reports).returncode == 0
    done = run()
    assert done.returncode == 0, done.stderr
    accepted = json.loads((reports / "e" / "accepted.json").read_text())
    assert (accepted["rows"], accepted["newest"]) == (ROWS, "2024-04-29T00:00:00")
    before = runs()

    place.deliver(place.broken())
    refused = run()
    remedy = (
        f"Mend the table, edit {shortened(place.contract)}, or write it anew: nightbook contract "
        f"{shortened(place.params)} --force."
    )
    assert refused.returncode == 2
    assert [line for line in refused.stderr.splitlines() if "contract: " in line] == [
        f"nightbook: {place.params}: contract: when: given no such column (there is 'when_'); expected this column. {remedy}",
        f"nightbook: {place.params}: contract: <b>\"x\" 'y'</b>: given 1 of 120 rows with something else (900 in row 4); expected values from 0 to 12.5. {remedy}",
        f"nightbook: {place.params}: contract: colour: given 5 of 120 rows with something else ('violet' in row 6); expected one of '<i> ', 'No', 'red'. {remedy}",
    ]  # fmt: skip
    assert runs() == before

    place.deliver(table(ROWS // 2))
    assert run().returncode == 0
    findings = json.loads((reports / "e" / "latest" / "findings.json").read_text())
    (volume,) = [each for each in findings if each["code"] == "T161"]
    assert (volume["severity"], volume["plain"]) == (
        "warn",
        "The table has 60 rows, 50 % fewer than the last one.",
    )
    page = (reports / "e" / "latest" / "01_data_quality.html").read_text()
    assert ">Does the table keep its contract?</h2>" in page
    assert "Beside the last accepted table: T161 volume, T162 freshness." in page
    assert json.loads((reports / "e" / "accepted.json").read_text())["rows"] == ROWS // 2

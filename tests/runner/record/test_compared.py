"""Which run a run is compared with when it ends, and what is written."""

import pandas as pd
import pytest

import helpers.runner.record.run_record as records
from helpers.errors import UserError
from helpers.files import read_json, write_json
from helpers.results import Estimate, EvaluationResult, MetricResult
from helpers.runner.commands.compare import compare_command
from helpers.runner.record.compared import previous_comparable, write_comparison

JUDGED = {"name": "mae", "measured_on": "holdout"}
DONE = {"05_evaluation": {"status": "succeeded", "report": "05_evaluation.html"}}


@pytest.fixture
def make(reports):
    def build(day, *, answers=(1.0, 2.0), **values):
        content = {
            "experiment": "churn", "run": f"202601{day:02d}-000000-000", "status": "succeeded", "started": "x",
            "process": records.this_process(), "question": "Why?", "params": {"target": "y"}, "seed": 0,
            "data": {"fingerprint": "t"}, "versions": {}, "git": {}, "notebooks": DONE, "metrics": JUDGED,
            "batch": f"call {day}", **values,
        }  # fmt: skip
        record = records.RunRecord.model_validate(content)
        folder = reports / "churn" / record.run
        records.write_record(folder, record)
        known = Estimate(value=1.0)
        result = EvaluationResult(
            evaluated=True, rows=2, metric="mae",
            metrics=[MetricResult(metric="mae", chosen=known, baseline=known, gain=known)],
        )  # fmt: skip
        write_json(folder / "artifacts" / "05_evaluation.json", {"result": result.model_dump()})
        said = {"row": [0, 1], "truth": [1.0, 2.0], "prediction": answers, "unit": [0, 1]}
        pd.DataFrame(said).to_parquet(folder / "artifacts" / "holdout_predictions.parquet")
        return folder, record

    return build


def test_the_newest_comparable_run_is_taken_and_the_comparison_written(make):
    make(1)
    wanted, _ = make(2, answers=(1.5, 2.5))
    for day, changes in enumerate(
        [
            {"status": "failed"}, {"variant": {"seed": 1}}, {"batch": "call 20"}, {"params": {"target": "z"}},
            {"metrics": {**JUDGED, "measured_on": "cross-validation"}}, {"metrics": None},
        ],
        start=3,
    ):  # fmt: skip
        make(day, **changes)
    (wanted.parent / "20260109-000000-000").mkdir()
    (wanted.parent / "20260109-000000-000" / "run.json").write_text("{")
    make(30)
    folder, record = make(20)
    found = previous_comparable(folder, record.model_dump(mode="json"))
    assert found is not None and found[0] == wanted
    write_comparison(folder, record)
    written = read_json(folder / "comparison.json")
    assert written["first"]["run"] == "20260102-000000-000" and written["rows"] == 2
    assert written["metrics"][0]["difference"]["value"] == 0.5


def test_nothing_is_written_where_there_is_nothing_to_compare(make):
    folder, record = make(1)
    write_comparison(folder, record)
    later, again = make(2, notebooks={"05_evaluation": {**DONE["05_evaluation"], "reused": True}})
    write_comparison(later, again)
    assert not (folder / "comparison.json").exists() and not (later / "comparison.json").exists()


def test_the_command_prints_the_comparison_and_writes_the_page(make, reports, capsys):
    make(1, answers=(1.5, 2.5))
    make(2)
    assert compare_command("churn/20260101-000000-000", "churn") == 0
    said = capsys.readouterr().out
    page = reports / "compare" / "churn_20260101-000000-000--churn_20260102-000000-000.html"
    assert said.startswith("First:   churn/20260101-000000-000 (succeeded)\n")
    assert said.endswith(f"Page: {page}\n")
    assert "Content-Security-Policy" in page.read_text(encoding="utf-8")


def test_the_command_refuses_what_it_cannot_compare(make, reports):
    folder, _ = make(1)
    with pytest.raises(UserError) as refused:
        compare_command("churn", str(folder))
    assert str(refused.value) == (
        f"RUN RUN: given the same run twice ({folder}); expected two different runs. nightbook list names the "
        "runs; an experiment's name means its latest."
    )
    with pytest.raises(
        UserError, match=r"given 'chrun'; expected an experiment \(churn\).*Did you mean 'churn'"
    ):
        compare_command("churn", "chrun")
    make(2)
    (reports / "compare").write_text("in the way")
    with pytest.raises(UserError, match="a folder that cannot be written"):
        compare_command("churn/20260101-000000-000", "churn")

"""The model in use beside the chosen one, on rows that neither had seen."""

from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pandas as pd
import pytest

import helpers.evaluation.steps_quality as quality
from helpers.comparing.in_use import in_use_step
from helpers.errors import UserError
from helpers.evaluation.case import Case
from helpers.evaluation.rules import model_in_use
from helpers.files import write_json
from helpers.findings import Severity
from helpers.results import EvaluationResult

MakeCase = Callable[..., Case]


@pytest.fixture
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Store a run as the evaluation leaves it: its answers are what `change` makes of the case's own."""
    monkeypatch.setattr("helpers.comparing.in_use.reports_folder", lambda: tmp_path)

    def write(case: Case, *, change: Callable[[pd.DataFrame], pd.DataFrame], target: str = "y") -> None:
        folder = tmp_path / "lumps" / "20260101-000000-000"
        artifacts = folder / "artifacts"
        artifacts.mkdir(parents=True)
        (artifacts / "model.skops").write_bytes(b"")
        change(case.predictions()).to_parquet(artifacts / "holdout_predictions.parquet")
        result = EvaluationResult(evaluated=True, metric=case.judged.metric.name, positive=case.rows.positive)
        write_json(artifacts / "05_evaluation.json", {"result": result.model_dump(mode="json")})
        notebooks = {"05_evaluation": {"status": "succeeded"}}
        record = {"experiment": "lumps", "run": folder.name, "status": "succeeded", "notebooks": notebooks}
        record |= {"params": {"target": target}, "data": {"fingerprint": "t"}}
        write_json(folder / "run.json", record)
        (tmp_path / "lumps" / "latest").symlink_to(folder.name, target_is_directory=True)

    return write


def _run(incumbent: str | None = "lumps", table: str = "t") -> Any:
    info = SimpleNamespace(fingerprint=table)
    params = SimpleNamespace(incumbent=incumbent, experiment="lumps", id=None)
    return SimpleNamespace(params=params, development=SimpleNamespace(info=info))


def _off_by_twice(rows: pd.DataFrame) -> pd.DataFrame:
    return rows.assign(prediction=2 * rows["prediction"] - rows["truth"])


def _evaluated(step: Any) -> EvaluationResult:
    return EvaluationResult(evaluated=True, metric="rmse", in_use=step.result)


def test_errors_half_as_large_are_a_gain_of_the_chosen_models_own_rmse(
    make_case: MakeCase, store: Callable[..., None]
) -> None:
    case = make_case("regression", unit="m")
    store(case, change=_off_by_twice)
    metrics = quality.metrics_step(case).result or []
    step = in_use_step(case, _run(), metrics)
    found, rmse = step.result, metrics[0].chosen.value
    assert found is not None and found.gain.value == pytest.approx(rmse)
    assert (found.rows, found.metric, found.change) == (120, "rmse", "better")
    assert found.score.value == pytest.approx(2 * (rmse or 0.0))
    assert step.says[0].startswith(
        "By RMSE the chosen model is better than the one in use, on the 120 holdout rows that neither "
        "learnt from: +"
    )
    assert step.table is not None and step.table["metric"].tolist()[0] == "RMSE"
    assert model_in_use(_evaluated(step)).severity is Severity.PASS


def test_a_worse_model_is_a_warning_and_the_same_answers_a_note(
    make_case: MakeCase, store: Callable[..., None]
) -> None:
    case = make_case("regression")
    store(case, change=lambda rows: rows.assign(prediction=(rows["prediction"] + rows["truth"]) / 2))
    step = in_use_step(case, _run(), [])
    assert step.result is not None and step.result.change == "worse"
    assert model_in_use(_evaluated(step)).severity is Severity.WARN


def test_the_same_answers_are_no_reason_to_change(make_case: MakeCase, store: Callable[..., None]) -> None:
    case = make_case("binary")
    store(case, change=lambda rows: rows)
    step = in_use_step(case, _run(), [])
    assert step.says == (
        "The chosen model says exactly what the one in use says, on the 120 holdout rows that neither "
        "learnt from.",
    )
    found = model_in_use(_evaluated(step))
    assert found.severity is Severity.NOTE and found.remedy.startswith("Keep the model in use")


def test_rows_that_only_one_run_held_out_are_left_out_by_name(
    make_case: MakeCase, store: Callable[..., None]
) -> None:
    case = make_case("regression")
    store(case, change=lambda rows: _off_by_twice(rows).iloc[:100])
    step = in_use_step(case, _run(), [])
    assert step.result is not None and step.result.rows == 100
    assert step.says[1] == (
        "Compared on the 100 holdout rows that both have; 0 of the run in use and 20 of this one are left out."
    )


def test_what_cannot_be_compared_says_why(make_case: MakeCase, store: Callable[..., None]) -> None:
    case = make_case("regression")
    store(case, change=lambda rows: rows)
    step = in_use_step(case, _run(table="another"), [])
    assert step.says[0].startswith(
        "The model in use, lumps, is not judged on these rows: they read different"
    )
    assert model_in_use(_evaluated(step)).severity is Severity.NOT_APPLICABLE
    assert in_use_step(case, _run(None), []).says == ("No model in use is named under incumbent.",)
    assert "incumbent" in model_in_use(EvaluationResult(evaluated=True, metric="rmse")).message
    assert in_use_step(make_case("regression", held_out=0), _run(), []).says == ("Nothing was evaluated.",)
    with pytest.raises(UserError, match="incumbent: given 'lump'"):
        in_use_step(case, _run("lump"), [])


def test_a_model_of_another_question_is_not_compared(make_case: MakeCase, store: Callable[..., None]) -> None:
    case = make_case("regression")
    store(case, change=lambda rows: rows, target="<b>price")
    assert in_use_step(case, _run(), []).says == (
        "The model in use, lumps, is not judged on these rows: it predicts '<b>price', not 'y'.",
    )

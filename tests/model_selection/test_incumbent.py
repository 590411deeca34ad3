import json
from dataclasses import replace

import pytest

from helpers.errors import UserError
from helpers.metrics import METRICS, Task
from helpers.model_selection.candidates import CANDIDATES, baseline_candidate
from helpers.model_selection.choice import choose
from helpers.model_selection.cross_validation import (
    CandidateResult,
    Deadline,
    FoldScore,
    evaluate,
    fit_candidate,
)
from helpers.model_selection.demands import constrained
from helpers.model_selection.diagnosis import against_incumbent
from helpers.model_selection.fitted import save_model
from helpers.model_selection.incumbent import (
    Incumbent,
    evaluated,
    find_incumbent,
    incumbent_result,
    incumbent_sentence,
    is_incumbent,
)
from helpers.results import Estimate, SelectionResult
from helpers.tables.table import Role

RMSE = METRICS["rmse"]


@pytest.fixture
def store(tmp_path, signal):
    """Store a run as 04 leaves it, and return the table that it learnt from."""

    def run(chosen="linear", *, label="Linear model", settings=None, signs=None):
        table = signal(Task.REGRESSION)
        candidate = CANDIDATES["xgboost"] if signs else CANDIDATES["linear"]
        folder = tmp_path / "lumps" / "20260101-000000-000" / "artifacts"
        folder.mkdir(parents=True)
        result = SelectionResult(
            metric="rmse", strategy="random", folds=5, repeats=1, rows=60, leaderboard=[], chosen=chosen,
            chosen_label=label, chosen_plain="", reason="", gain=Estimate(value=1.0), learning_curve=[],
            fit_diagnosis="balanced", chosen_settings=settings or {},
        )  # fmt: skip
        content = {"result": result.model_dump(mode="json")}
        (folder / "04_model_selection.json").write_text(json.dumps(content))
        candidate = constrained(candidate, table, signs) if signs else candidate
        save_model(fit_candidate(candidate, table, seed=0), folder / "model.skops")
        (folder.parent / "run.json").write_text('{"status": "succeeded"}')
        (tmp_path / "lumps" / "latest").symlink_to(folder.parent.name, target_is_directory=True)
        return table

    return run


def test_the_configuration_in_use_goes_through_the_same_folds(store, tmp_path, deal):
    table = store()
    found = find_incumbent("lumps", table, reports=tmp_path)
    assert (found.candidate.name, found.candidate.label) == ("incumbent_linear", "In use: Linear model")
    assert find_incumbent("lumps/20260101-000000-000", table, reports=tmp_path).candidate is not None
    assert find_incumbent(str(tmp_path / "lumps" / "latest"), table, reports=tmp_path).candidate is not None
    options = {"metric": RMSE, "seed": 0, "deadline": Deadline(60)}
    (result,) = evaluated(found, table, deal(60), evaluate=evaluate, **options)
    plain = evaluate(table, CANDIDATES["linear"], deal(60), **options)
    assert is_incumbent(result) and not is_incumbent(plain)
    assert list(result.validation) == list(plain.validation)
    assert evaluated(None, table, deal(60), evaluate=evaluate, **options) == []


@pytest.mark.parametrize(
    ("stored", "reason"),
    [
        ({"chosen": "baseline", "label": "Baseline"},
         "The model in use is the baseline, which is compared anyway."),
        ({"chosen": "ensemble", "label": "Ensemble"},
         "The model in use, Ensemble, is of a kind that cannot be built anew."),
        ({"chosen": "xgboost_tuned", "label": "XGBoost, tuned"},
         "The run of the model in use, XGBoost, tuned, is from a version that did not record its settings."),
    ],
)  # fmt: skip
def test_what_cannot_be_built_anew_is_left_out_with_the_reason(store, tmp_path, stored, reason):
    label = stored.pop("label")
    table = store(**stored, label=label)
    found = find_incumbent("lumps", table, reports=tmp_path)
    assert (found.candidate, found.why_not) == (None, reason)


def test_a_baseline_for_another_target_is_not_the_one_that_is_compared_anyway(store, tmp_path):
    table = store(chosen="baseline", label="Baseline")
    target = replace(table.target, name="churn")
    columns = {
        ("churn" if column.role is Role.TARGET else name): column for name, column in table.columns.items()
    }
    columns["churn"] = target
    frame = table.frame.rename(columns={table.target.name: "churn"})
    found = find_incumbent("lumps", replace(table, frame=frame, columns=columns), reports=tmp_path)
    assert found.why_not.startswith(
        "The model in use, Baseline, cannot be compared here: it answers another question"
    )


def test_the_model_of_a_kind_that_cannot_be_built_anew_is_not_loaded(store, tmp_path):
    # It may hold classes of the user's own, which are not trusted here.
    table = store(chosen="ensemble", label="Ensemble")
    (stored,) = tmp_path.glob("lumps/*-000/artifacts/model.skops")
    stored.write_text("no model")
    found = find_incumbent("lumps", table, reports=tmp_path)
    assert found.why_not == "The model in use, Ensemble, is of a kind that cannot be built anew."


def test_one_that_was_in_use_before_has_its_kind_named_once(store, tmp_path):
    table = store(
        chosen="incumbent_linear_tuned", label="In use: Linear model, tuned", settings={"model__alpha": 2.0}
    )
    assert find_incumbent("lumps", table, reports=tmp_path).candidate.label == "In use: Linear model"


def test_its_own_constraints_are_kept_and_those_of_the_params_are_not_put_upon_it(store, tmp_path):
    table = store("xgboost", label="XGBoost", signs={"noise": -1})
    reordered = replace(table, columns=dict(reversed(table.columns.items())))
    (place,) = [f"f{i}" for i, column in enumerate(reordered.features) if column.name == "noise"]
    for signs in ({}, {"noise": -1}):
        found = find_incumbent("lumps", reordered, reports=tmp_path, signs=signs)
        built = found.candidate.build(table.task, reordered, 0)
        assert built.steps[-1][1].monotone_constraints == {place: -1}
    for signs in ({"noise": 1}, {"noise": -1, "shown[<]": 1}):
        found = find_incumbent("lumps", table, reports=tmp_path, signs=signs)
        name = "noise" if len(signs) == 1 else "shown[<]"
        assert found.why_not == (
            f"The model in use, XGBoost, cannot be compared here: it does not promise to move with {name} as "
            "“monotone” asks."
        )


def test_one_that_cannot_count_weights_is_not_compared_where_rows_have_them(store, tmp_path):
    table = store("nearest_neighbours", label="Nearest neighbours")
    weight = replace(table.target, name="weight", role=Role.WEIGHT)
    frame = table.frame.assign(weight=1.0)
    weighted = replace(table, frame=frame, columns={**table.columns, "weight": weight})
    assert find_incumbent("lumps", table, reports=tmp_path).candidate is not None
    found = find_incumbent("lumps", weighted, reports=tmp_path)
    assert found.why_not.endswith("cannot be compared here: it cannot count rows by a weight.")


def test_other_columns_are_named(store, tmp_path):
    table = store()
    renamed = table.frame.rename(columns={"noise": "<b>new"})
    columns = {name.replace("noise", "<b>new"): column for name, column in table.columns.items()}
    columns["<b>new"] = replace(columns["<b>new"], name="<b>new")
    found = find_incumbent("lumps", replace(table, frame=renamed, columns=columns), reports=tmp_path)
    assert found.why_not == (
        "The model in use, Linear model, cannot be compared here: it reads columns that are not there: noise; it "
        "never saw the columns <b>new."
    )


def test_a_run_that_is_not_there_is_an_error_of_the_user(store, tmp_path):
    table = store()
    with pytest.raises(
        UserError, match=r"incumbent: given 'lumpz'; expected an experiment \(lumps\).*Did you mean"
    ):
        find_incumbent("lumpz", table, reports=tmp_path)
    with pytest.raises(UserError, match="incumbent: given"):
        find_incumbent("x" * 5_000, table, reports=tmp_path)
    (tmp_path / "lumps" / "latest" / "artifacts" / "04_model_selection.json").write_text("{")
    with pytest.raises(UserError, match="whose record of the selection cannot be read"):
        find_incumbent("lumps", table, reports=tmp_path)


def result(candidate, scores):
    return CandidateResult(candidate, {}, tuple(FoldScore(80, 20, s, s, 0.1, 0.1) for s in scores))


def test_the_chosen_one_is_told_beside_the_one_in_use():
    in_use = Incumbent(
        "lumps", replace(CANDIDATES["linear"], name="incumbent_linear", label="In use: Linear model")
    )
    results = [
        result(baseline_candidate(RMSE), [9.0] * 4),
        result(in_use.candidate, [2.0, 2.2, 1.8, 2.0]),
        result(CANDIDATES["xgboost"], [1.0, 1.2, 0.8, 1.0]),
    ]
    chosen = choose(results, metric=RMSE)
    found = incumbent_result(results, chosen, in_use, metric=RMSE)
    assert (found.gain.value, found.p_better) == pytest.approx((1.0, 1.0))
    told = against_incumbent(found, metric=RMSE, unit="mm")
    assert (told.code, told.severity) == ("M111", "pass")
    assert told.message == (
        "The chosen model is better than the one in use, Linear model, by 1\xa0mm in RMSE (95 % interval 1.00 "
        "to 1.00); P(better) is 100 %."
    )
    kept = incumbent_result(results[:2], choose(results[:2], metric=RMSE), in_use, metric=RMSE)
    assert (
        incumbent_sentence(kept, metric=RMSE)
        == "The chosen model is the one in use, Linear model, or cannot be told from it."
    )
    assert against_incumbent(kept, metric=RMSE).severity == "note"
    absent = incumbent_result(results[:1], chosen, Incumbent("lumps", why_not="It is another."), metric=RMSE)
    assert against_incumbent(absent, metric=RMSE).severity == "not applicable"
    assert incumbent_result(results, chosen, None, metric=RMSE) is None

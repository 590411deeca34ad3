import numpy as np
import pandas as pd
import pytest
from sklearn.base import clone
from sklearn.pipeline import Pipeline
from xgboost import XGBClassifier

from helpers.bootstrap import resamples
from helpers.evaluation.dependence import answer_of, grid, partial_dependence
from helpers.evaluation.importance_groups import group_importance, groups_of_columns
from helpers.evaluation.residuals_by import residuals_by
from helpers.evaluation.shap_values import shap_table, shap_values, why_no_shap
from helpers.metrics import METRICS
from helpers.model_selection.fitted import fit_baseline, fit_model
from helpers.model_selection.preprocessing import native
from helpers.model_selection.spaces import ROTATED
from helpers.scoring import Prediction
from helpers.tables.table import Kind


def test_columns_that_say_the_same_form_a_group(make_table):
    rng = np.random.default_rng(0)
    base = rng.normal(size=80)
    level = rng.choice(["u", "v"], 80)
    frame = pd.DataFrame(
        {
            "a": base, "lone": rng.normal(size=80), "b": -np.exp(base), "flat": 1.0,
            "kind": pd.Categorical(level), "same": pd.Categorical(np.where(level == "u", "1", "2")),
            "other": pd.Categorical(rng.choice(["u", "v"], 80)), "y": base,
        }
    )  # fmt: skip
    kinds = dict.fromkeys(["kind", "same", "other"], Kind.CATEGORY)
    groups = groups_of_columns(make_table(frame, kinds=kinds))
    assert groups == [["a", "b"], ["lone"], ["flat"], ["kind", "same"], ["other"]]


def test_twins_matter_together_more_than_apart(make_table):
    rng = np.random.default_rng(0)
    base = rng.normal(size=100)
    rows = make_table(
        pd.DataFrame({"a": base, "b": base, "y": 2 * base}), labels={"a": ("<b>A</b>", ""), "b": ("B", "")}
    )

    def predict(X):
        return Prediction((X["a"] + X["b"]).to_numpy(), None)

    options = {"metric": METRICS["rmse"], "seed": 0, "repeats": 3}
    (both,) = group_importance(rows, predict, [["a", "b"]], **options)
    alone = group_importance(rows, predict, [["a"]], **options)[0]
    assert both.label == "“<b>A</b>” and “B”"
    # Shuffled together the error is twice that of one of them alone.
    assert both.worse_by.value == pytest.approx(2 * alone.worse_by.value, rel=0.25)


def test_dependence_is_what_the_model_says_with_the_column_set(make_table):
    frame = pd.DataFrame({"x": [0.0, 1.0, 2.0, 3.0], "w": [0.0, 0.0, 1.0, 1.0], "y": range(4)})
    frame["when"] = pd.to_datetime(["2024-01-01", "2024-01-02", "2024-01-03", "2024-01-04"])
    frame["text"] = "a"
    kinds = {"w": Kind.BOOLEAN, "when": Kind.DATE, "text": Kind.TEXT}
    rows = make_table(frame[["x", "w", "when", "text", "y"]].astype({"y": float}), kinds=kinds)

    def answer(features):
        return (features["x"] * (1 + features["w"])).to_numpy(dtype=float)

    table = partial_dependence(rows, ["x", "w", "text"], answer)
    of_x = table[table["column"] == "x"]
    # On average each step of x adds 1.5: 1 for the rows without w and 2 for those with it.
    assert of_x["average"].tolist() == [0.0, 1.5, 3.0, 4.5]
    assert (of_x["high"] - of_x["low"]).tolist() == pytest.approx([1.5, 0.5, 0.5, 1.5])
    assert table.loc[table["column"] == "w", ["value", "average"]].to_numpy().tolist() == [
        ["no", 1.5], ["yes", 3.0]
    ]  # fmt: skip
    assert set(table["column"]) == {"x", "w"}
    assert len(grid(rows.columns["when"], rows.frame["when"])) == 4
    assert partial_dependence(rows, ["text"], answer).empty
    stated = pd.DataFrame({"no": [0.4], "yes": [0.6]})
    assert answer_of(Prediction(np.array(["yes"], dtype=object), stated), "yes").tolist() == [0.6]


def test_residuals_by_groups_name_the_ones_that_lean(make_table):
    rng = np.random.default_rng(0)
    level = np.repeat(["u", "v", "rare"], [40, 40, 5])
    frame = pd.DataFrame({"level": pd.Categorical(level), "x": rng.normal(size=85), "y": rng.normal(size=85)})
    rows = make_table(frame, kinds={"level": Kind.CATEGORY}, labels={"level": ("Level", "")})
    residuals = np.select([level == "u", level == "v"], [2.0, -2.0]) + rng.normal(size=85) * 0.5
    draws = resamples(85, seed=0, draws=200)
    table = residuals_by(rows, residuals, ["level", "x"], draws=draws)
    assert table.loc[table["leans"], "group"].tolist() == ["Level “u”", "Level “v”"]
    first = table.iloc[0]
    assert (first["group"], first["rows"]) == ("Level “u”", 40)
    assert first["residual"] == pytest.approx(residuals[:40].mean())
    assert first["low"] < first["residual"] < first["high"]
    # Five rows are too few, and the quarters of x do not lean.
    assert table["column"].tolist() == ["level"] * 2 + ["x"] * 4
    assert residuals_by(rows, residuals, [], draws=draws).empty


@pytest.fixture
def boosted(make_table):
    rng = np.random.default_rng(0)
    frame = pd.DataFrame({"a[0]": rng.normal(size=120), "kind": pd.Categorical(rng.choice(["u", "v"], 120))})
    frame["noise"] = rng.normal(size=120)
    frame["y"] = np.where(frame["a[0]"] + 2 * (frame["kind"] == "u") > 1, "yes", "no").astype(object)
    table = make_table(frame, kinds={"kind": Kind.CATEGORY})
    trees = XGBClassifier(n_estimators=8, max_depth=3, enable_categorical=True, n_jobs=1)
    pipeline = Pipeline([*native(table, 0).steps, ("model", trees)])
    return fit_model(pipeline, table, name="xgboost", label="XGBoost"), table


def test_shap_values_add_up_to_the_prediction(boosted):
    model, table = boosted
    values = shap_values(model, table)
    assert values.shape == (120, 3, 1)
    stated = model.predict(table.X).probabilities["yes"].to_numpy()
    # Together with the base they are the log odds.
    base = np.log(stated / (1 - stated)) - values.sum(axis=(1, 2))
    assert base == pytest.approx(base[0], abs=1e-4)
    found = shap_table(model, table, draws=resamples(120, seed=0, draws=50))
    assert found["column"].tolist()[-1] == "noise"
    assert found["share"].sum() == pytest.approx(1.0)
    assert (found["low"] <= found["moves"]).all() and (found["moves"] <= found["high"]).all()


def test_other_models_have_no_shap_values(boosted):
    model, table = boosted
    assert why_no_shap(model) == ""
    rotated = fit_model(clone(model.estimator).set_params(**ROTATED), table, name="xgboost", label="XGBoost")
    assert why_no_shap(rotated).startswith(
        "There are no SHAP values by column: the model also reads components"
    )
    assert why_no_shap(fit_baseline(table)) == (
        "SHAP values are read from XGBoost's trees; the chosen model is Baseline."
    )

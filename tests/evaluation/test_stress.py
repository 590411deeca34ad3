from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from sklearn.base import BaseEstimator
from sklearn.linear_model import LogisticRegression

import helpers.evaluation.steps_stress as stress
from helpers.bootstrap import resamples
from helpers.evaluation.fairness import fairness
from helpers.evaluation.label_shuffle import configuration, shuffled_labels
from helpers.evaluation.robustness import UNSEEN_LEVEL, disturbances, robustness
from helpers.metrics import METRICS
from helpers.model_selection.fitted import fit_model
from helpers.scoring import Prediction
from helpers.tables.table import Kind, Role


def _people(make_table, rows=400):
    """Half women; of the positive ones, women are named so one time in four, men always."""
    sex = np.tile(["f", "m"], rows // 2)
    truth = np.repeat(["no", "yes"], rows // 2)
    named = (truth == "yes") & ((sex == "m") | (np.arange(rows) % 8 == 0))
    frame = pd.DataFrame({"sex": pd.Categorical(sex), "x": 1.0, "y": pd.Series(truth, dtype=object)})
    frame.loc[:4, "sex"] = None
    table = make_table(frame, kinds={"sex": Kind.CATEGORY}, roles={"sex": Role.DROPPED},
                       labels={"sex": ("Sex", "")})  # fmt: skip
    return table, np.where(named, "yes", "no").astype(object)


def test_unequal_recall_is_found_counted_and_corrected(make_table):
    table, answers = _people(make_table)
    found = fairness(table, answers, ["sex", "gone"], draws=resamples(400, seed=0, draws=100))
    assert found.missing == ("gone",)
    assert found.comparisons == 8  # four measures of two groups; the missing ones are too few
    women = {group.measure: group for group in found.groups if group.group == "Sex “f”"}
    assert women["recall"].rows == 100 and women["recall"].value.value == 0.25
    assert women["false alarm rate"].value.value == 0.0
    few = [group for group in found.groups if group.group == "Sex missing"]
    assert [group.p_corrected for group in few] == [None] * 4
    gap = next(gap for gap in found.gaps if gap.measure == "recall")
    assert (gap.lowest, gap.highest, gap.difference, gap.ratio) == ("Sex “f”", "Sex “m”", 0.75, 0.25)
    assert gap.unequal
    assert not next(gap for gap in found.gaps if gap.measure == "false alarm rate").unequal


def test_several_classes_are_compared_one_by_one(make_table):
    # Of 60 true reds among women a fourth is called red, of those among men all; blue is called grey.
    sex = np.tile(["f", "m"], 180)
    truth = np.repeat(["red", "grey", "blue"], 120)
    missed = (truth == "red") & (sex == "f") & (np.arange(360) % 8 != 0)
    answers = np.where(missed | (truth == "blue"), "grey", truth).astype(object)
    frame = pd.DataFrame({"sex": pd.Categorical(sex), "x": 1.0, "y": pd.Series(truth, dtype=object)})
    table = make_table(frame, kinds={"sex": Kind.CATEGORY}, roles={"sex": Role.DROPPED},
                       labels={"sex": ("Sex", "")})  # fmt: skip
    found = fairness(table, answers, ["sex"], draws=resamples(360, seed=0, draws=50))
    assert found.comparisons == 20  # three rates of three classes and the error rate, of two groups
    women = {
        (group.measure, group.of): (group.rows, group.value.value)
        for group in found.groups if group.group == "Sex “f”"
    }  # fmt: skip
    assert women["recall", "red"] == (60, 0.25)
    assert women["selection rate", "red"] == (180, 15 / 180)
    assert women["false alarm rate", "grey"] == (120, (45 + 60) / 120)
    assert women["recall", "blue"] == (60, 0.0)
    unequal = {gap.measure: (gap.lowest, gap.ratio) for gap in found.gaps if gap.unequal}
    assert unequal == {
        "selection rate of “red”": ("Sex “f”", 0.25), "recall of “red”": ("Sex “f”", 0.25),
        "selection rate of “grey”": ("Sex “m”", pytest.approx(120 / 165)),
        "false alarm rate of “grey”": ("Sex “m”", pytest.approx(60 / 105)),
        "error rate": ("Sex “m”", pytest.approx(60 / 105)),
    }  # fmt: skip


def test_groups_of_chance_are_no_finding(make_table):
    rng, unequal = np.random.default_rng(0), 0
    for _ in range(20):
        frame = pd.DataFrame(
            {"level": pd.Categorical(rng.choice(list("abcd"), 200)), "y": rng.normal(size=200)}
        )
        table = make_table(frame, kinds={"level": Kind.CATEGORY})
        found = fairness(table, np.zeros(200), ["level"], draws=resamples(200, seed=0, draws=20))
        unequal += any(gap.unequal for gap in found.gaps)
    assert unequal <= 2


def test_numbers_are_compared_by_their_errors_and_teams_are_not_independent(make_table):
    level = np.repeat(["a", "b"], 60)
    frame = pd.DataFrame({"level": pd.Categorical(level), "y": np.where(level == "a", 3.0, 0.0)})
    frame["y"] += np.random.default_rng(0).normal(size=120)
    table = make_table(frame, kinds={"level": Kind.CATEGORY})
    for groups, unequal in ((None, True), (pd.Series(level), False)):
        draws = resamples(120, seed=0, groups=groups, draws=50)
        gaps = fairness(table, np.zeros(120), ["level"], draws=draws).gaps
        assert [gap.measure for gap in gaps] == ["mean residual", "mean absolute error"]
        # As two teams, each of one level, the rows say nothing of the level.
        assert [gap.unequal for gap in gaps] == [unequal] * 2
        assert gaps[0].ratio is None


def test_the_fairness_step_says_what_is_unequal(make_case):
    case = make_case("binary")
    assert stress.fairness_step(case).says == (
        "No columns are named under sensitive, so groups are not held against each other.",
    )
    step = stress.fairness_step(replace(case, sensitive=("signal",)))
    assert step.says[0].startswith("The selection rate is ") and "more than chance, and large" in step.says[0]
    assert stress.fairness_step(replace(case, sensitive=("gone",))).says == (
        "Not in the table: gone.", "No column under sensitive has groups to compare.",
    )  # fmt: skip


def _spoilable(make_table):
    frame = pd.DataFrame({"whole": range(50), "kind": pd.Categorical(["u", "v"] * 25), "y": np.arange(50.0)})
    frame["note"] = "text"
    return make_table(frame[["whole", "kind", "note", "y"]], kinds={"kind": Kind.CATEGORY, "note": Kind.TEXT})


def test_each_disturbance_spoils_what_it_says(make_table):
    rows = _spoilable(make_table)
    spoiled = {
        part.name: part.change(np.random.default_rng(0))
        for part in disturbances(rows, pd.Series({"whole": 10.0}))
    }
    assert list(spoiled) == ["missing_0.05", "missing_0.2", "noise_0.1", "noise_0.3", "unseen_0.2"]
    assert spoiled["missing_0.2"].isna().to_numpy().mean() == pytest.approx(0.2, abs=0.1)
    assert (spoiled["noise_0.1"]["whole"] - np.arange(50)).std() == pytest.approx(1.0, rel=0.3)
    unseen = spoiled["unseen_0.2"]
    assert isinstance(unseen["kind"].dtype, pd.CategoricalDtype)
    assert (unseen["kind"] == UNSEEN_LEVEL).mean() == pytest.approx(0.2, abs=0.15)
    assert (unseen["note"] == UNSEEN_LEVEL).any()
    assert rows.frame["kind"].isin(["u", "v"]).all()


def test_noise_costs_what_it_must_and_a_refusal_is_told(make_table):
    rows = _spoilable(make_table)

    def predict(X):
        if X["whole"].isna().any():
            raise ValueError("no gaps, please")
        return Prediction(X["whole"].to_numpy(dtype=float), None)

    found = robustness(rows, predict, deviations=pd.Series({"whole": 10.0}), metric=METRICS["rmse"], seed=0)
    by_name = {result.name: result for result in found}
    assert by_name["missing_0.05"].failed == "ValueError: no gaps, please"
    assert by_name["noise_0.3"].worse_by.value == pytest.approx(3.0, rel=0.25)
    assert by_name["unseen_0.2"].worse_by.value == 0.0


def test_an_honest_model_learns_nothing_from_shuffled_targets_and_a_leak_is_caught(make_table, monkeypatch):
    frame = pd.DataFrame({"x": np.arange(150.0), "y": np.repeat(["no", "yes"], 75).astype(object)})
    table = make_table(frame)
    model = fit_model(LogisticRegression(), table, name="linear", label="Linear")
    found = shuffled_labels(model, table, seed=0)
    assert (found.metric, found.fits, found.rows, found.leak) == ("roc_auc", 3, 150, False)
    assert found.gain.low < 0 < found.gain.high
    # Targets that still go with the columns are what a leak looks like.
    monkeypatch.setattr("helpers.evaluation.label_shuffle._shuffled", lambda y, rng: y.to_numpy())
    caught = shuffled_labels(model, table, seed=0)
    assert caught.leak
    assert caught.gain.value == pytest.approx(0.5, abs=0.01)


def test_few_rows_are_not_shuffled_and_an_ensemble_is_its_weightiest_part(make_table):
    frame = pd.DataFrame({"x": range(40), "y": np.array(["no", "yes"] * 20, dtype=object)})
    table = make_table(frame)
    model = fit_model(LogisticRegression(), table, name="linear", label="Linear")
    assert shuffled_labels(model, table, seed=0) is None
    parts = LogisticRegression(), LogisticRegression(C=2)
    ensemble = BaseEstimator()
    ensemble.parts, ensemble.weights = parts, [0.3, 0.7]
    assert configuration(ensemble) is parts[1]
    assert configuration(parts[0]) is parts[0]

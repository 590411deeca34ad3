"""Ensembles: picks, weights and nested scores worked out by hand; one that is stored and read back."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from helpers.metrics import METRICS, Task, default_metric
from helpers.model_selection import ensemble, known_gain
from helpers.model_selection.candidates import CANDIDATES
from helpers.model_selection.cross_validation import (
    CandidateResult,
    Deadline,
    FoldScore,
    evaluate_all,
    fit_candidate,
)
from helpers.model_selection.ensemble import ensemble_candidate, parts_table, together
from helpers.model_selection.fitted import load_model, save_model
from helpers.model_selection.trial_store import TrialStore
from helpers.tables.folds import Folds
from helpers.tables.table import Column, Kind, Role

RMSE = METRICS["rmse"]


def given(name, by_fold, truth, validation):
    """Return a result of a model that answered so."""
    scores = tuple(
        FoldScore(4, len(at), 0.0, float(np.sqrt(np.mean((stated - truth[at]) ** 2))), 1.0, 0.1)
        for stated, at in zip(by_fold, validation, strict=True)
    )
    return CandidateResult(CANDIDATES[name], folds=scores, out_of_fold=pd.DataFrame(), by_fold=by_fold)


@pytest.fixture
def opposite(make_table):
    """A truth of zeros, and two models that are wrong by one in opposite directions, on four folds."""
    table = make_table(Task.REGRESSION, {"x": np.arange(8.0)}, target=np.zeros(8))
    parts = [np.array([k, k + 4]) for k in range(4)]
    folds = Folds(tuple((np.setdiff1d(np.arange(8), at), at) for at in parts), "random", 4, 1, "")
    truth = np.zeros(8)
    above = given("linear", tuple(np.array([1.0, 1.0]) for _ in parts), truth, parts)
    below = given("decision_tree", tuple(np.array([-1.0, -1.0]) for _ in parts), truth, parts)
    return table, folds, above, below, parts


def test_models_that_err_in_opposite_directions_mend_one_another(opposite):
    table, folds, above, below, _ = opposite
    found = together(table, [above, below], folds, metric=RMSE)
    assert [(part.name, weight) for part, weight in found.parts] == [("linear", 0.5), ("decision_tree", 0.5)]
    assert list(found.result.validation) == [0.0] * 4
    assert (found.gain.mean, found.gain.better, found.taken) == (1.0, 1.0, True)
    assert found.contenders == (found.result,)
    assert found.result.ahead
    assert found.reason == (
        "By RMSE Linear model (50 %) and Decision tree (50 %) together gain 1 (95 % interval 1 to 1) on the best "
        "single model, each picked on the other folds. From other tables a gain of 1.0 % of the loss, give or take "
        "1.5 %, is expected. By both, they are truly better with probability 1.00; 0.6 is what it takes: the "
        "mix is a contender."
    )
    assert [fold.fit_seconds for fold in found.result.folds] == [2.0] * 4
    assert list(found.result.out_of_fold["prediction"]) == [0.0] * 8
    assert parts_table(found, metric=RMSE).to_dict("list") == {
        "model": ["Linear model", "Decision tree"],
        "weight": [0.5, 0.5],
        "RMSE": [1.0, 1.0],
    }


def test_a_fold_is_scored_by_what_the_others_picked(opposite):
    """On the first fold the second model is right: only picks that looked there would use it alone."""
    table, folds, above, _, parts = opposite
    lucky = (np.zeros(2), *(np.array([-1.0, -1.0]) for _ in parts[1:]))
    found = together(table, [above, given("decision_tree", lucky, np.zeros(8), parts)], folds, metric=RMSE)
    # The other three folds pick half and half, which is right there and wrong by a half here.
    assert found.result.validation[0] == 0.5


def test_rows_that_count_more_decide_on_the_weights(opposite):
    """One model is wrong by two on the first row of each fold, which counts three, the other on the second."""
    table, folds, _, _, parts = opposite
    one = given("linear", tuple(np.array([0.0, 2.0]) for _ in parts), np.zeros(8), parts)
    other = given("decision_tree", tuple(np.array([2.0, 0.0]) for _ in parts), np.zeros(8), parts)
    alike = together(table, [one, other], folds, metric=RMSE)
    assert [weight for _, weight in alike.parts] == [0.5, 0.5]
    weight = Column("weight", Kind.NUMBER, Role.WEIGHT, "weight")
    weighed = replace(
        table,
        frame=table.frame.assign(weight=[3.0] * 4 + [1.0] * 4),
        columns={**table.columns, "weight": weight},
    )
    found = together(weighed, [one, other], folds, metric=RMSE)
    assert [(part.name, weight) for part, weight in found.parts] == [
        ("linear", 0.75),
        ("decision_tree", 0.25),
    ]


def test_there_is_nothing_to_put_together(opposite):
    table, folds, above, below, parts = opposite
    assert together(table, [above], folds, metric=RMSE).reason == (
        "There are too few models, or folds, to put some together."
    )
    right = given("decision_tree", tuple(np.zeros(2) for _ in parts), np.zeros(8), parts)
    found = together(table, [above, right], folds, metric=RMSE)
    assert (found.result, found.contenders, found.parts) == (None, (), ())
    assert found.reason == "No mix of models is better than Decision tree alone."
    failed = CandidateResult(CANDIDATES["linear"], failed="so it is")
    assert together(table, [failed, below], folds, metric=RMSE).parts == ()


def test_a_gain_within_noise_is_left_out(opposite, monkeypatch):
    """These folds say little; where mixes gain nothing elsewhere, either, it counts as noise."""
    table, folds, _, _, parts = opposite
    one = given("linear", tuple(np.array([0.4, 0.4]) for _ in parts), np.zeros(8), parts)
    far = [-0.6, 0.5, 0.4, 0.4]
    other = given("decision_tree", tuple(np.full(2, at) for at in far), np.zeros(8), parts)
    found = together(table, [one, other], folds, metric=RMSE)
    assert (found.taken, round(found.better, 2)) == (True, 0.62)
    monkeypatch.setattr(known_gain, "KNOWN_MEAN", 0.0)
    found = together(table, [one, other], folds, metric=RMSE)
    assert (found.taken, round(found.better, 2)) == (False, 0.38)
    assert found.contenders == ()
    assert found.reason.endswith("the mix is left out.")


def test_what_is_better_by_the_log_loss_alone_is_not_ahead(make_table):
    """Both say what happened with 0.95 on one row and 0.51 on the other; together 0.73, and as often right."""
    table = make_table(Task.BINARY, {"x": np.arange(8.0)})
    table = replace(table, frame=table.frame.assign(**{table.target.name: np.repeat(table.classes, 4)}))
    parts = [np.array([k, k + 4]) for k in range(4)]
    folds = Folds(tuple((np.setdiff1d(np.arange(8), at), at) for at in parts), "random", 4, 1, "")

    def stated(name, first, second):
        loss = -np.log([first, second]).mean()
        scores = tuple(FoldScore(6, 2, 1.0, 1.0, 1.0, 0.1, proper=loss) for _ in parts)
        by_fold = tuple(np.array([[first, 1 - first], [1 - second, second]]) for _ in parts)
        return CandidateResult(CANDIDATES[name], folds=scores, out_of_fold=pd.DataFrame(), by_fold=by_fold)

    both = [stated("linear", 0.95, 0.51), stated("decision_tree", 0.51, 0.95)]
    found = together(table, both, folds, metric=METRICS["accuracy"])
    assert found.taken
    assert found.gain.mean == pytest.approx(-np.log(0.95 * 0.51) / 2 + np.log(0.73))
    assert not found.result.ahead


@pytest.mark.parametrize("task", list(Task))
def test_an_ensemble_is_a_candidate_like_any_other(task, signal, deal, tmp_path):
    table, folds, metric = signal(task), deal(60), default_metric(task)
    options = {"metric": metric, "seed": 0, "deadline": Deadline(60)}
    asked = [(CANDIDATES[name], {}) for name in ("linear", "xgboost", "decision_tree")]
    results = evaluate_all(table, asked, folds, **options)
    mix = ensemble_candidate(tuple(zip(results, (0.5, 0.3, 0.2), strict=True)))
    again = TrialStore(tmp_path / "trials").evaluate(table, mix, folds, **options)
    assert again.failed == ""
    # Two ensembles of other parts have the same name: none is kept on disk.
    assert not (tmp_path / "trials").exists()
    # Fitted as a whole it answers what its parts answered in the same folds, weighted.
    expected = sum(weight * found.by_fold[0] for found, weight in zip(results, (0.5, 0.3, 0.2), strict=True))
    assert again.by_fold[0] == pytest.approx(expected)
    model = fit_candidate(mix, table, seed=0)
    save_model(model, tmp_path / "model.skops")
    one, other = model.predict(table.X), load_model(tmp_path / "model.skops").predict(table.X)
    assert list(one.values) == list(other.values)
    if task is not Task.REGRESSION:
        assert one.probabilities.equals(other.probabilities)
        without = np.flatnonzero(table.y.to_numpy() != table.classes[1])[:2]
        assert not np.isnan(model.predict(table.X.iloc[without]).probabilities.to_numpy()).any()


def test_a_stored_ensemble_holds_what_its_parts_alone_would_be_stored_as(signal, deal):
    table, folds = signal(Task.REGRESSION, 120), deal(120)
    options = {"metric": RMSE, "seed": 0, "deadline": Deadline(60)}
    (found,) = evaluate_all(table, [(CANDIDATES["xgboost"], {})], folds, **options)
    mix = fit_candidate(ensemble_candidate(((found, 1.0),)), table, seed=0)
    alone = fit_candidate(CANDIDATES["xgboost"], table, seed=0, rounds=found.rounds)
    assert list(mix.predict(table.X).values) == list(alone.predict(table.X).values)


def test_weights_are_the_mean_of_those_without_one_of_the_folds(opposite, monkeypatch):
    """One model errs by -1, the other by 1 and in the last fold by -9.

    There the other one never helps: the three sets of folds that hold it take the first model alone. The
    fourth set takes half and half, which makes an eighth of all.
    """
    table, folds, above, below, parts = opposite
    wild = given("linear", (*above.by_fold[:3], np.array([-9.0, -9.0])), np.zeros(8), parts)
    found = together(table, [below, wild], folds, metric=RMSE)
    assert [(part.name, weight) for part, weight in found.parts] == [
        ("decision_tree", 0.875),
        ("linear", 0.125),
    ]
    monkeypatch.setattr(ensemble, "AVERAGED_ROWS", 7)
    assert together(table, [below, wild], folds, metric=RMSE).reason == (
        "No mix of models is better than Decision tree alone."
    )

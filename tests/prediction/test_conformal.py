import numpy as np
import pandas as pd
import pytest
import skops.io as skops

from helpers.model_selection.fitted import TRUSTED_TYPES
from helpers.prediction.intervals import Intervals, class_intervals, number_intervals, reach_of
from helpers.tables.table import Kind


def test_the_reach_is_the_score_of_the_right_rank():
    # (19 + 1) · 0.9 = 18: of the scores 1 … 19 the eighteenth.
    assert reach_of(np.arange(19.0, 0, -1)) == 18.0
    assert reach_of(np.arange(1.0, 10.0)) == 9.0
    # Of eight scores none has rank ⌈9 · 0.9⌉ = 9.
    assert np.isnan(reach_of(np.arange(8.0)))


def drawn(rows, rng, *, uneven):
    x = rng.uniform(0, 1, rows)
    spread = 0.2 + 4 * x**2 if uneven else np.ones(rows)
    return pd.DataFrame({"x": x}), pd.DataFrame({"truth": rng.normal(size=rows) * spread, "prediction": 0.0})


def fitted(rows, rng, *, uneven):
    X, unseen = drawn(rows, rng, uneven=uneven)
    return number_intervals(unseen, X, {"x": Kind.NUMBER}, np.arange(rows) % 5, seed=0)


@pytest.mark.parametrize("uneven", [False, True])
def test_intervals_of_numbers_hold_what_they_promise(uneven):
    rng = np.random.default_rng(0)
    shares, by_part = [], []
    for _ in range(1 if uneven else 60):
        intervals = fitted(400, rng, uneven=uneven) if uneven else fitted(150, rng, uneven=False)
        X, new = drawn(4000, rng, uneven=uneven)
        low, high = intervals.around(new["prediction"].to_numpy(), X)
        inside = ((new["truth"] >= low) & (new["truth"] <= high)).to_numpy()
        shares.append(inside.mean())
        by_part.append([inside[X["x"] < 0.5].mean(), inside[X["x"] >= 0.5].mean()])
        assert (intervals.widths is not None) == uneven
    # What goes through the file gives the same intervals, to the last bit.
    content = skops.loads(skops.dumps(intervals.to_plain()), trusted=list(TRUSTED_TYPES))
    back = Intervals.from_plain(content).around(new["prediction"].to_numpy(), X)
    assert (back[0] == low).all() and (back[1] == high).all()
    assert np.mean(shares) == pytest.approx(0.9, abs=0.03 if uneven else 0.01)
    # Widths of their own keep the promise where errors are small and where they are large.
    np.testing.assert_allclose(np.mean(by_part, axis=0), 0.9, atol=0.05)


def test_sets_of_classes_by_hand():
    stated = pd.DataFrame({"probability:a": np.linspace(0.1, 1, 10), "truth": "a"})
    stated["probability:b"] = 1 - stated["probability:a"]
    # Scores 0.9, 0.8 … 0; ⌈11 · 0.9⌉ = 10: the largest, 0.9. So whatever has a probability of 0.1 is inside.
    intervals = class_intervals(stated, ("a", "b"))
    assert intervals.reach == pytest.approx(0.1)
    sets = intervals.sets(pd.DataFrame({"a": [0.95, 0.5, 0.02], "b": [0.05, 0.5, 0.98]}))
    assert sets.to_numpy().tolist() == [[True, False], [True, True], [False, True]]


def test_sets_hold_what_they_promise():
    rng = np.random.default_rng(0)
    shares = []
    for _ in range(50):
        chance = rng.dirichlet([1, 1, 1], 2150)
        truth = (rng.random(2150)[:, None] > chance.cumsum(axis=1)).sum(axis=1)
        frame = pd.DataFrame(chance, columns=["probability:0", "probability:1", "probability:2"])
        intervals = class_intervals(frame.assign(truth=truth.astype(str)).head(150), ("0", "1", "2"))
        shares.append(intervals.sets(frame).to_numpy()[np.arange(150, 2150), truth[150:]].mean())
    assert np.mean(shares) == pytest.approx(0.9, abs=0.01)


def test_mapie_says_the_same():
    """MAPIE takes stored predictions through estimators that pass them on; another hand wrote its quantiles."""
    mapie = pytest.importorskip("mapie", reason="mapie is not installed")
    assert mapie.__version__
    from mapie.classification import SplitConformalClassifier
    from mapie.regression import SplitConformalRegressor
    from sklearn.base import BaseEstimator, ClassifierMixin, RegressorMixin

    class Passed(RegressorMixin, BaseEstimator):
        fitted_ = True

        def fit(self, X, y):
            return self

        def predict(self, X):
            return np.asarray(X)[:, 0]

    class PassedClasses(ClassifierMixin, Passed):
        classes_ = np.array([0, 1, 2])

        def predict_proba(self, X):
            return np.asarray(X)

        def predict(self, X):
            return np.asarray(X).argmax(axis=1)

    rng = np.random.default_rng(5)
    said, truth = rng.normal(size=(97, 1)), rng.normal(size=97)
    oracle = SplitConformalRegressor(Passed(), confidence_level=0.9, prefit=True).conformalize(said, truth)
    ends = oracle.predict_interval(said)[1][:, :, 0]
    unseen = pd.DataFrame({"truth": truth, "prediction": said[:, 0]})
    X = pd.DataFrame({"x": said[:, 0]})
    ours = number_intervals(unseen, X, {"x": Kind.NUMBER}, np.zeros(97, dtype=int), seed=0).around(
        said[:, 0], X
    )
    np.testing.assert_allclose(np.column_stack(ours), ends)

    stated, classes = rng.dirichlet([1, 1, 1], 97), rng.integers(0, 3, 97)
    sets = SplitConformalClassifier(
        PassedClasses(), confidence_level=0.9, prefit=True, conformity_score="lac"
    ).conformalize(stated, classes)
    theirs = sets.predict_set(stated)[1][:, :, 0]
    frame = pd.DataFrame(stated, columns=["probability:0", "probability:1", "probability:2"])
    found = class_intervals(frame.assign(truth=classes.astype(str)), ("0", "1", "2")).sets(frame).to_numpy()
    theirs[np.arange(97), stated.argmax(axis=1)] = True
    assert (found == theirs).all()

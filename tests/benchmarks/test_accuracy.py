import numpy as np
import pandas as pd
import pytest
from benchmarks.accuracy.score import distance, distances, scores, summary
from benchmarks.accuracy.tables import Case, cases


def test_a_table_is_cut_once_and_each_row_is_on_one_side(tmp_path):
    frame = pd.DataFrame({"x": range(40), "y": ["a", "b"] * 20, "left": 1})
    frame.to_csv(tmp_path / "mine.csv", index=False)
    (case,) = cases(tmp_path, [f"{tmp_path / 'mine.csv'}:y:left"], bundled=False)
    train, test = pd.read_csv(case.train), pd.read_csv(case.test)
    assert (case.name, case.target, case.regression, len(test)) == ("mine", "y", False, 10)
    assert sorted([*train["x"], *test["x"]]) == list(range(40))
    assert list(train.columns) == ["x", "y"]


def test_losses_are_those_of_the_field(tmp_path):
    pd.DataFrame({"y": ["a", "b", "b"]}).to_csv(tmp_path / "test.csv", index=False)
    stated = pd.DataFrame({"probability:a": [0.5, 0.2, 0.4], "probability:b": [0.5, 0.8, 0.6]})
    stated.to_csv(tmp_path / "out.csv", index=False)
    found = scores(Case("t", tmp_path, tmp_path / "test.csv", "y", False), tmp_path / "out.csv")
    assert found == {"loss": pytest.approx(-np.log([0.5, 0.8, 0.6]).mean()), "auc": 1.0}
    pd.DataFrame({"y": [1.0, 3.0]}).to_csv(tmp_path / "test.csv", index=False)
    pd.DataFrame({"prediction": [2.0, 2.0]}).to_csv(tmp_path / "out.csv", index=False)
    number = Case("t", tmp_path, tmp_path / "test.csv", "y", True)
    assert scores(number, tmp_path / "out.csv") == {"loss": 1.0}


def test_ranks_and_distances_by_hand():
    rows = [("t1", "a", 1.0), ("t1", "b", 1.1), ("t2", "a", 2.0), ("t2", "b", np.nan)]
    found = summary(pd.DataFrame(rows, columns=["table", "tool", "loss"]))
    assert list(found.index) == ["a", "b"]
    assert list(found["mean rank"]) == [1.0, 2.0]
    assert found["largest distance (%)"].to_numpy() == pytest.approx([0.0, 10.0])
    assert list(found["nothing given"]) == [0, 1]


def test_cuts_of_a_table_are_ranked_apart_and_stated_intervals_are_counted():
    columns = ["table", "cut", "tool", "loss", "low", "high", "lowest", "highest"]
    rows = [
        ("t", 1, "a", 1.0, 0.8, 1.2, 0.1, 3.0), ("t", 1, "b", 2.0, None, None, None, None),
        ("t", 2, "a", 3.0, 0.8, 1.2, 0.1, 3.0), ("t", 2, "b", 2.0, None, None, None, None),
    ]  # fmt: skip
    found = summary(pd.DataFrame(rows, columns=columns))
    assert found.loc["a", "mean rank"] == found.loc["b", "mean rank"] == 1.5
    assert found.loc["a", "interval holds (%)"] == 50.0
    assert found.loc["a", "interval of a single table holds (%)"] == 100.0
    assert np.isnan(found.loc["b", "interval holds (%)"])


def test_each_cut_is_another(tmp_path):
    first, second = (cases(tmp_path / str(k), [], seed=k)[0] for k in (1, 2))
    assert pd.read_csv(first.test).shape == pd.read_csv(second.test).shape
    assert not pd.read_csv(first.test).equals(pd.read_csv(second.test))


def test_the_distance_has_the_error_of_paired_rows():
    """By hand: 2, 4 against 1, 3 are one apart in each row; 1, 5 against 1, 3 are 0 and 2 apart, of 2."""
    others = np.array([1.0, 3.0])
    assert distance(np.array([2.0, 4.0]), others, regression=False) == (0.5, 0.0)
    assert distance(np.array([1.0, 5.0]), others, regression=False) == pytest.approx((0.5, 0.5))
    behind, error = distance(np.array([1.0, 7.0]), others, regression=True)
    assert (behind, error) == pytest.approx((np.sqrt(2) - 1, 0.5))


def test_our_tools_are_held_against_the_best_of_the_others():
    losses = {"mine": np.array([2.0, 2.0]), "good": np.array([1.0, 1.0]), "poor": np.array([9.0, 9.0])}
    assert distances(losses, ("mine",), regression=False) == [
        {"tool": "mine", "beside": "good", "behind (%)": 100.0, "error (%)": 0.0}
    ]
    assert distances({"mine": losses["mine"]}, ("mine",), regression=False) == []

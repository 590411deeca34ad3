import numpy as np
import pandas as pd

from helpers.bootstrap import resamples
from helpers.evaluation.classes import class_frame, class_results, confusion
from helpers.evaluation.shares import share_of
from helpers.results import Estimate

TRUTH = pd.Series(["<b>", "<b>", "<b>", "$x$", "$x$"])
ANSWERS = ["<b>", "<b>", "$x$", "$x$", "<b>"]


def test_confusion_counts_truth_down_and_answer_across() -> None:
    counts = confusion(TRUTH, ANSWERS, classes=("$x$", "<b>", "never"))
    assert counts.to_numpy().tolist() == [[1, 1, 0], [1, 2, 0], [0, 0, 0]]
    assert list(counts.index) == list(counts.columns) == ["$x$", "<b>", "never"]


def test_shares_of_each_class_by_hand() -> None:
    one, other, never = class_results(TRUTH, ANSWERS, ["<b>"] * 5, classes=("$x$", "<b>", "never"))
    assert (one.found, one.right, one.false_alarm) == (share_of(1, 2), share_of(1, 2), share_of(1, 3))
    assert (other.found, other.right, other.false_alarm) == (share_of(2, 3), share_of(2, 3), share_of(1, 2))
    assert (other.baseline_found, other.baseline_false_alarm) == (1.0, 1.0)
    assert (never.rows, never.found, never.right) == (0, Estimate(value=None), Estimate(value=None))
    assert never.false_alarm == share_of(0, 5)


def test_groups_widen_but_never_narrow() -> None:
    truth = pd.Series(["a", "b"] * 40)
    answers = np.where(np.arange(80) % 40 < 30, truth, "a")
    groups = pd.Series(np.arange(80) // 20)
    draws = resamples(80, seed=0, groups=groups, draws=300)
    for alone, grouped in zip(
        class_results(truth, list(answers), list(answers), classes=("a", "b")),
        class_results(truth, list(answers), list(answers), classes=("a", "b"), draws=draws),
        strict=True,
    ):
        assert grouped.found.low is not None and alone.found.low is not None
        assert grouped.found.low <= alone.found.low


def test_the_frame_holds_values_and_limits() -> None:
    frame = class_frame(class_results(TRUTH, ANSWERS, ["<b>"] * 5, classes=("$x$", "<b>")))
    assert frame["class"].tolist() == ["$x$", "<b>"]
    assert frame["found"].tolist() == [0.5, 2 / 3]

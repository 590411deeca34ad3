import matplotlib as mpl
import matplotlib.pyplot as plt
import numpy as np
import pandas as pd

import helpers.model_selection.figures as figures
import helpers.model_selection.record as record
from helpers.metrics import METRICS, Task
from helpers.model_selection.candidates import CANDIDATES
from helpers.model_selection.cross_validation import CandidateResult, FoldScore
from helpers.model_selection.extrapolation import MoreRows, score_ahead
from helpers.model_selection.validation import validation_table
from helpers.results import Estimate, LearningPoint

RMSE = METRICS["rmse"]


def board():
    return pd.DataFrame(
        {
            "model": ["linear", "xgboost", "baseline", "neural_network"],
            "label": ["Linear model", "Gradient boosting (XGBoost)", "Baseline", "Neural network"],
            "score": [2.0, 2.5, 4.0, np.nan],
            "low": [1.5, np.nan, 3.5, np.nan],
            "high": [2.5, np.nan, 4.5, np.nan],
            "train_score": [1.8, 0.5, 4.0, np.nan],
            "fit_seconds": [0.1, 2.0, 0.01, np.nan],
            "predict_seconds": [0.01, 0.02, 0.01, np.nan],
            "failed": [False, False, False, True],
        }
    )


def gaps():
    return pd.DataFrame(
        {
            "model": ["Gradient boosting (XGBoost)", "Baseline"],
            "difference": [-0.5, -2.0],
            "from": [-1.0, -2.5],
            "to": [0.1, -1.5],
        }
    )


def drawn(figure):
    texts = [text.get_text() for text in figure.axes[0].get_yticklabels()]
    plt.close(figure)
    return texts


def test_leaderboard_shows_the_best_on_top_and_no_failed_model():
    before = mpl.rcParams.copy()
    figure = figures.leaderboard_figure(board(), gaps(), metric=RMSE, chosen="linear", unit="points")
    axes = figure.axes[0]
    assert axes.get_xlabel() == "RMSE (points),\nless is better"
    assert axes.get_title(loc="left") == "RMSE on unseen\nrows"
    beside = figure.axes[1]
    assert beside.get_xlabel() == "difference\n(points), more\nis better"
    # The model near the best decides this axis: from its interval, cut at twice its distance, with some room.
    low, high = beside.get_xlim()
    assert -2.0 < low < -1.0 and 0.1 < high < 1.0
    assert [text.get_text() for text in beside.texts] == [" ← −2"]
    assert drawn(figure) == ["Baseline", "Gradient boosting (XGBoost)", "Linear model"]
    assert mpl.rcParams == before
    assert figures.leaderboard_alt(board(), gaps(), metric=RMSE, chosen="linear", unit="points") == (
        "Dots with 95 % intervals of RMSE (points), the best first: Linear model 2 (1.50 to 2.50), Gradient boosting "
        "(XGBoost) 2.50 and Baseline 4 (3.50 to 4.50). Difference from the best, more is better: Gradient "
        "boosting (XGBoost) −0.500 (−1 to 0.100) and Baseline −2 (−2.50 to −1.50). Chosen: Linear model."
    )


def test_a_very_bad_model_stands_at_the_edge_with_its_score():
    bad = board().assign(score=[2.0, 500.0, 4.0, np.nan], train_score=[2.0, 2.0, 4.0, np.nan])
    figure = figures.leaderboard_figure(bad, gaps(), metric=RMSE, chosen="linear")
    axes = figure.axes[0]
    # Best 2, baseline 4: shown as far as 6, with a fifth of the width as room.
    assert axes.get_xlim() == (2.0 - 0.8, 6.0 + 0.8)
    assert [text.get_text() for text in axes.texts] == ["500 → "]
    plt.close(figure)


def test_the_axis_does_not_leave_the_metrics_range():
    scores = board().assign(score=[0.999, 0.9, 0.5, np.nan], train_score=[1.0, 1.0, 0.5, np.nan])
    figure = figures.leaderboard_figure(scores, gaps(), metric=METRICS["roc_auc"], chosen="linear")
    low, high = figure.axes[0].get_xlim()
    assert 0 < low < 0.5
    assert 1.0 < high < 1.03
    plt.close(figure)
    losses = board().assign(score=[0.01, 0.1, 1.0, np.nan], train_score=[0.0, 0.0, 1.0, np.nan])
    figure = figures.leaderboard_figure(losses, gaps(), metric=METRICS["log_loss"], chosen="linear")
    assert figure.axes[0].get_title(loc="left") == "Log loss on\nunseen rows"
    assert -0.08 < figure.axes[0].get_xlim()[0] < 0
    plt.close(figure)


def test_sentences_of_the_leaderboard():
    assert record.leading_sentence(board(), metric=RMSE, unit="mm") == (
        "Linear model has the best mean RMSE: 2\xa0mm; the baseline has 4\xa0mm."
    )
    only = board().iloc[2:]
    assert record.leading_sentence(only, metric=RMSE) == (
        "No model has a better mean RMSE than the baseline: 4."
    )


def test_how_many_candidates_have_a_score():
    fold = FoldScore(80, 20, 1.0, 1.0, 0.1, 0.1)
    scored = CandidateResult(CANDIDATES["linear"], {}, (fold,) * 5)
    failed = CandidateResult(CANDIDATES["xgboost"], {}, (), failed="no")
    assert record.fitted_sentence([scored, scored]) == "All 2 candidates have a score, after 10 fits."
    assert record.fitted_sentence([scored, failed]) == (
        "With a score: 1 of 2 candidates, after 5 fits; without: Gradient boosting (XGBoost)."
    )


def test_differences_of_a_single_fold_and_of_a_baseline_alone_are_drawn():
    one = gaps().assign(**{"from": -np.inf, "to": np.inf})
    single = figures.leaderboard_figure(board(), one, metric=RMSE, chosen="linear")
    low, high = single.axes[1].get_xlim()
    assert -1.0 < low < -0.5 and 0 < high < 0.5
    assert len(single.axes[1].lines) == 5  # at 0, three dots, and the best one's interval of no width
    alone = figures.leaderboard_figure(board().iloc[2:3], gaps().iloc[:0], metric=RMSE, chosen="baseline")
    assert alone.axes[1].get_xlim() == (-0.2, 0.2)
    plt.close("all")


def test_times_are_told_the_slowest_first():
    names = drawn(figures.times_figure(board()))
    assert names == ["Baseline", "Gradient boosting (XGBoost)", "Linear model"]
    assert figures.times_alt(board()) == (
        "Bars of the seconds to fit and to predict one fold, the slowest first: Gradient boosting (XGBoost) "
        "2 and 0.020, Linear model 0.10 and 0.010 and Baseline 0.010 and 0.010."
    )


def test_learning_curve_names_its_axes_and_says_its_points():
    estimate = Estimate(value=2.0, low=1.0, high=3.0)
    points = [LearningPoint(rows=rows, train=estimate, validation=Estimate(value=3.0)) for rows in (10, 40)]
    figure = figures.learning_curve_figure(points, metric=RMSE, label="Linear model")
    axes = figure.axes[0]
    assert (axes.get_xlabel(), axes.get_ylabel()) == (
        "rows that the model learnt from (count)",
        "RMSE, less is better",
    )
    plt.close(figure)
    assert figures.learning_curve_alt(points, metric=RMSE, label="Linear model") == (
        "Lines of RMSE of Linear model: with 10 rows 2 in training and 3 in validation and with 40 rows 2 in "
        "training and 3 in validation."
    )


def test_a_learning_curve_is_continued_where_its_shape_allows():
    points = [LearningPoint(rows=40, train=Estimate(value=2.0), validation=Estimate(value=3.0))]
    doubled = MoreRows(Estimate(value=0.5, low=0.25, high=1.0), 40)
    ahead = score_ahead(doubled, points, metric=RMSE)
    assert ahead == (80, Estimate(value=2.5, low=2.0, high=2.75))
    halfway = [LearningPoint(rows=40, train=Estimate(value=0.9), validation=Estimate(value=0.25))]
    # No more than a perfect score is to be expected.
    assert score_ahead(doubled, halfway, metric=METRICS["r2"]) == (
        80,
        Estimate(value=0.75, low=0.5, high=1.0),
    )
    assert score_ahead(MoreRows(Estimate(value=None), 40, "no"), points, metric=RMSE) is None
    figure = figures.learning_curve_figure(points, metric=RMSE, label="Linear model", ahead=ahead)
    assert [list(line.get_ydata()) for line in figure.axes[0].get_lines()[2:]] == [
        [3.0, 2.5],
        [2.5],
        [2.0, 2.75],
    ]
    plt.close(figure)
    said = figures.learning_curve_alt(points, metric=RMSE, label="Linear model", ahead=ahead)
    assert said.endswith("and with 80 rows 2.50 to be expected in validation.")


def test_validation_table_says_what_each_side_holds(make_table, deal):
    table = make_table(Task.BINARY, {"x": np.arange(6.0)})
    found = validation_table(table, deal(6))
    positive = table.positive
    assert list(found.columns) == [
        "repeat", "fold", "training rows", f"training share of {positive}", "validation rows",
        f"validation share of {positive}",
    ]  # fmt: skip
    assert found["validation rows"].tolist() == [2, 2, 2]
    assert found[f"validation share of {positive}"].tolist() == [0.5, 0.5, 0.5]
    # Six rows of three classes dealt out in turn to three folds: each fold keeps one class back.
    several = validation_table(make_table(Task.MULTICLASS, {"x": np.arange(6.0)}), deal(6))
    assert several["validation shares of a], b[, c "].tolist() == [
        "100 %, 0 %, 0 %",
        "0 %, 100 %, 0 %",
        "0 %, 0 %, 100 %",
    ]
    assert several["training shares of a], b[, c "].tolist() == [
        "0 %, 50 %, 50 %",
        "50 %, 0 %, 50 %",
        "50 %, 50 %, 0 %",
    ]
    numbers = validation_table(make_table(Task.REGRESSION, {"x": np.arange(6.0)}), deal(6))
    assert numbers["validation mean of target"].tolist() == [1.5, 2.5, 3.5]

"""The table, the figure and the words of a search, from made-up trials."""

import matplotlib as mpl
import matplotlib.pyplot as plt
import numpy as np
import pytest

from helpers.metrics import METRICS
from helpers.model_selection.candidates import CANDIDATES
from helpers.model_selection.cross_validation import STOPPED, CandidateResult, FoldScore
from helpers.model_selection.search import SearchResult
from helpers.model_selection.search_figures import (
    search_alt,
    search_figure,
    search_sentence,
    shown_trials,
    trials_table,
)

RMSE, TREE, NEAREST = METRICS["rmse"], CANDIDATES["decision_tree"], CANDIDATES["nearest_neighbours"]
EARLY = "stopped early after 2 of 4 folds: credibly worse than the best before it"


def trial(candidate, scores, failed="", **settings):
    folds = tuple(FoldScore(40, 10, score, score, 0.2, 0.05) for score in scores)
    named = {f"model__{name}": value for name, value in settings.items()}
    return CandidateResult(candidate, named, folds, None, failed)


OWN = [trial(TREE, [3.0] * 4), trial(NEAREST, [], failed="no")]
SEARCHED = SearchResult(
    (
        trial(TREE, [2.0, 3.0, 2.0, 3.0], max_depth=3),
        trial(NEAREST, [9.0, 8.0], EARLY, weights="<b>$x$"),
        trial(NEAREST, [], "fold 1: ValueError: no", n_neighbors=1),
        trial(TREE, [2.5, 2.0, np.nan, 1.5], alpha=0.123456),
    ),
    asked=6,
)


@pytest.fixture
def trials():
    return trials_table(SEARCHED, OWN, metric=RMSE)


def test_the_table_says_what_each_trial_gave(trials):
    assert trials["score"].fillna(-1).tolist() == [2.5, 8.5, -1, 2.0]
    assert trials["best"].tolist() == [2.5, 2.5, 2.5, 2.0]
    assert trials["seconds"].tolist() == [1.0, 0.5, 0.0, 1.0]
    assert trials["state"].tolist() == ["whole", "stopped early", "failed", "whole"]
    assert trials["settings"].tolist() == [
        "max_depth = 3", "weights = <b>$x$", "n_neighbors = 1", "alpha = 0.123"
    ]  # fmt: skip
    assert list(shown_trials(trials, metric=RMSE)) == [
        "trial", "model", "RMSE", "folds", "time (s)", "settings", "remark"
    ]  # fmt: skip


def test_the_sentence_says_what_ended_it(trials):
    assert search_sentence(SEARCHED, trials, metric=RMSE) == (
        "4 trials of the 6 asked for: 1 was stopped early, being credibly worse than the best, so that 38 % of "
        "the fits were spared and 1 has no score."
    )
    whole = SearchResult(SEARCHED.trials[:1], asked=1)
    assert search_sentence(whole, trials_table(whole, OWN, metric=RMSE), metric=RMSE) == (
        "1 trial of the 1 asked for, each on all folds."
    )
    assert search_sentence(whole, trials_table(whole, OWN, metric=RMSE), metric=METRICS["roc_auc"]) == (
        "1 trial of the 1 asked for, each on all folds. They were compared by log loss: ROC AUC does not see "
        "whether probabilities are true."
    )
    ended = SearchResult((*whole.trials, trial(TREE, [], STOPPED)), asked=9)
    assert search_sentence(ended, trials_table(ended, OWN, metric=RMSE), metric=RMSE) == (
        "2 trials of the 9 asked for: 1 has no score and the seconds of the budget ended the search."
    )


def test_the_figure_tells_models_apart_in_grey_too(trials):
    before = mpl.rcParams.copy()
    figure = search_figure(trials, metric=RMSE, unit="mm")
    scores, times = figure.axes
    assert scores.get_ylabel() == "RMSE (mm)"
    assert (times.get_xlabel(), times.get_ylabel()) == ("trial, in order (count)", "time (s)")
    assert scores.lines[0].get_ydata().tolist() == [2.5, 2.5, 2.5, 2.0]
    assert len({line.get_marker() for line in scores.lines[1:]}) == 2
    assert len({bar.patches[0].get_hatch() for bar in times.containers}) == 2
    assert [text.get_text() for text in figure.legends[0].get_texts()] == [
        "Decision tree", "Nearest neighbours", "best so far", "stopped early: its first folds alone"
    ]  # fmt: skip
    plt.close(figure)
    assert mpl.rcParams == before
    assert search_alt(trials, metric=RMSE, unit="mm") == (
        "Dots of RMSE (mm) of 4 trials in their order, bars of the time that each took under them: Decision tree "
        "2 trials, the best 2, 2 s in all; Nearest neighbours 2 trials, none of them whole, 0.50 s in all. 1 of "
        "them, hollow, stopped early: the score is that of their first folds alone. The best so far goes from 2.50 to 2."
    )


def test_trials_without_any_score_are_drawn():
    nothing = SearchResult((trial(TREE, [], STOPPED),), asked=3)
    plt.close(search_figure(trials_table(nothing, [], metric=RMSE), metric=RMSE))

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

import helpers.model_selection.search as searching
import helpers.model_selection.trial_store as trial_store
from helpers.metrics import METRICS, Task
from helpers.model_selection.candidates import CANDIDATES
from helpers.model_selection.cross_validation import (
    STOPPED,
    CandidateResult,
    Deadline,
    FoldScore,
    evaluate,
)
from helpers.model_selection.search import BATCH, search, why_no_trials
from helpers.model_selection.searched import to_search
from helpers.model_selection.space import Choice, Range, draw, varied, within
from helpers.model_selection.trial_store import TrialStore
from helpers.tables.table import Role

RMSE = METRICS["rmse"]


def searched(signal, deal, *, trials, seconds=60.0, names=("decision_tree", "nearest_neighbours"), **options):
    table, folds = signal(Task.REGRESSION), deal(60, 2)
    candidates = [CANDIDATES[name] for name in names]
    known = {"metric": RMSE, "seed": 0, "deadline": Deadline(60)}
    results = [evaluate(table, candidate, folds, **known) for candidate in candidates]
    return search(
        table, results, folds, metric=RMSE, seed=3, trials=trials, deadline=Deadline(seconds), **options
    )


def tried(found):
    return [
        (trial.candidate.name, dict(trial.settings), trial.failed, list(trial.validation))
        for trial in found.trials
    ]


def test_a_candidate_has_trials_in_proportion_to_what_it_has_to_vary(signal, deal):
    """Ridge regression has a penalty, scikit-learn's boosting four settings: 1 of 5 trials, and 2 of 10."""
    for trials, expected in ((5, 1), (10, 2)):
        found = searched(signal, deal, trials=trials, names=("linear", "hist_gradient_boosting"))
        names = [trial.candidate.name for trial in found.trials]
        assert (names.count("linear"), len(names)) == (expected, trials)


def test_trials_take_turns_over_two_families_and_repeat_exactly(signal, deal):
    found = searched(signal, deal, trials=4)
    names = [trial.candidate.name for trial in found.trials]
    assert names in (
        ["decision_tree", "nearest_neighbours"] * 2,
        ["nearest_neighbours", "decision_tree"] * 2,
    )
    assert len(found.best) == 2
    assert why_no_trials(found) == ""
    assert all(best.name.endswith("_tuned") and not best.failed for best in found.best)

    # Many at once, whichever is done first: the same trials.
    def all_at_once(table, entries, folds, **options):
        done = [
            evaluate(table, each, folds, settings=settings, **options) for each, settings in entries[::-1]
        ]
        assert 1 <= len(entries) <= BATCH
        return done[::-1]

    assert tried(searched(signal, deal, trials=4, evaluate_all=all_at_once)) == tried(found)


def made_up(table, candidate, folds, *, settings, **_):
    """Score without a fit: the nearer to a depth of 7 and to leaves of 20 rows the better."""
    depth, rows = settings["model__max_depth"], settings.get("model__min_samples_leaf", 20)
    score = 1 + abs(depth - 7) / 10 + abs(rows - 20) / 100
    scores = [FoldScore(40, 10, score, score + k / 1000, 0.0, 0.0) for k in range(len(folds))]
    frame = pd.DataFrame({"row": table.frame.index, "prediction": score})
    return CandidateResult(candidate, settings, tuple(scores), frame)


def test_on_many_rows_few_of_the_given_are_begun_at_once(signal, deal, monkeypatch):
    tree, table, folds = CANDIDATES["decision_tree"], signal(Task.REGRESSION), deal(60, 2)
    starts = [(tree, {"model__max_depth": depth}) for depth in (3, 4, 5, 6, 8)]
    own, sizes = [made_up(table, tree, folds, settings={"model__max_depth": 2})], []

    def all_at_once(table, entries, folds, **options):
        sizes.append(len(entries))
        return [made_up(table, each, folds, settings=settings) for each, settings in entries]

    options = {"metric": RMSE, "seed": 0, "deadline": Deadline(60), "trials": 10, "starts": starts}
    options |= {"evaluate": made_up, "evaluate_all": all_at_once, "sampler": "tpe"}
    search(table, own, folds, **options)
    assert sizes[:2] == [4, 1]
    sizes.clear()
    monkeypatch.setattr(searching, "QUICK_ROWS", 59)
    search(table, own, folds, **options)
    assert sizes[:3] == [2, 2, 1]


@pytest.mark.parametrize(
    ("share", "most_rows", "whole"),
    [(0.19, 60, True), (0.21, 60, False), (0.049, 59, True), (0.051, 59, False)],
)
def test_what_is_given_of_another_family_goes_on_and_further_where_fits_are_quick(
    signal, deal, monkeypatch, share, most_rows, whole
):
    monkeypatch.setattr(searching, "QUICK_ROWS", most_rows)
    table, folds = signal(Task.REGRESSION), deal(60, 5)
    tree, other = CANDIDATES["decision_tree"], CANDIDATES["nearest_neighbours"]

    def scored(table, candidate, folds, *, settings, **_):
        score = 1.0 + share * bool(settings)
        scores = [FoldScore(48, 12, score, score + k / 1e6, 0.0, 0.0) for k in range(len(folds))]
        frame = pd.DataFrame({"row": table.frame.index, "prediction": score})
        return CandidateResult(candidate, settings, tuple(scores), frame)

    best = scored(table, tree, folds, settings={})
    starts = [(tree, {"model__max_depth": 5}), (other, {"model__n_neighbors": 3})]
    found = search(
        table,
        [best],
        folds,
        metric=RMSE,
        seed=0,
        trials=4,
        deadline=Deadline(60),
        starts=starts,
        evaluate=scored,
    )
    given = {trial.candidate.name: trial for trial in found.trials[:2]}
    assert given["decision_tree"].failed.startswith("stopped early")
    assert (given["nearest_neighbours"].failed == "") is whole


def test_a_genetic_search_repeats_exactly(signal, deal):
    tree, table, folds = CANDIDATES["decision_tree"], signal(Task.REGRESSION), deal(60, 2)
    with_a_choice = {**tree.space, "model__criterion": Choice(("squared_error", "absolute_error"))}
    options = {"metric": RMSE, "seed": 3, "deadline": Deadline(60), "trials": 24, "evaluate": made_up}
    for space in (tree.space, with_a_choice):  # CMA-ES and NSGA-II
        own = [made_up(table, replace(tree, space=space), folds, settings={"model__max_depth": 2})]
        first, second = (search(table, own, folds, sampler="genetic", **options) for _ in range(2))
        assert len({str(trial.settings) for trial in first.trials}) == 24
        assert tried(first) == tried(second)
        assert first.best[0].validation.mean() < 1.2  # two steps of depth, or twenty rows, off at most


def test_good_configurations_come_first_and_have_half_of_the_trials(signal, deal):
    tree, table, folds = CANDIDATES["decision_tree"], signal(Task.REGRESSION), deal(60, 2)
    own = [made_up(table, tree, folds, settings={"model__max_depth": 2})]
    starts = [(tree, {"model__max_depth": depth}) for depth in (9, 3, 4, 5)]
    options = {"metric": RMSE, "seed": 3, "deadline": Deadline(60), "evaluate": made_up, "starts": starts}
    for trials, given in ((1, 1), (3, 2), (6, 3)):
        found = search(table, own, folds, trials=trials, **options)
        assert len(found.trials) == trials
        assert [dict(trial.settings) for trial in found.trials[:given]] == [
            each for _, each in starts[:given]
        ]
        assert not any(dict(trial.settings) in [each for _, each in starts] for trial in found.trials[given:])
    # With nothing to search they have all.
    bare = replace(tree, space={})
    starts[:] = [(bare, settings) for _, settings in starts]
    own = [made_up(table, bare, folds, settings={"model__max_depth": 2})]
    assert len(search(table, own, folds, trials=9, **options).trials) == 4


def test_a_space_that_is_used_up_ends_the_search(signal, deal):
    few = replace(CANDIDATES["decision_tree"], space={"model__max_depth": Choice((1, 2, 3))})
    table, folds = signal(Task.REGRESSION), deal(60, 2)
    own = [made_up(table, few, folds, settings={"model__max_depth": 9})]
    options = {"metric": RMSE, "seed": 0, "deadline": Deadline(60), "evaluate": made_up}
    found = search(table, own, folds, trials=9, **options)
    assert sorted(trial.settings["model__max_depth"] for trial in found.trials) == [1, 2, 3]
    assert found.used_up


def test_no_trials_and_nothing_to_search_try_nothing(signal, deal):
    unasked = searched(signal, deal, trials=0)
    assert unasked.trials == ()
    assert why_no_trials(unasked) == "No trials were asked for: each candidate keeps its own settings."
    fixed = searched(signal, deal, trials=3, names=())
    assert fixed.trials == ()
    assert (
        why_no_trials(fixed) == "Nothing could be searched: no candidate with a score has settings to vary."
    )


def test_the_seconds_end_a_search(signal, deal):
    found = searched(signal, deal, trials=5, seconds=0.0)
    assert found.stopped
    assert [trial.failed for trial in found.trials] == [STOPPED]
    assert found.best == ()
    assert found.asked == 5


class Killed(BaseException):
    """The end of the process, as far as a test can have it."""


@pytest.mark.parametrize(
    # In the middle of the candidates, and in the middle of the trials.
    ("done", "error"),
    [(2, KeyboardInterrupt), (6, Killed)],
)
def test_a_search_that_was_cut_off_goes_on_and_ends_the_same(
    done, error, tmp_path, monkeypatch, signal, deal
):
    names = ("decision_tree", "nearest_neighbours", "linear")
    table, folds, fits = signal(Task.REGRESSION, rows=200), deal(200, 2), []

    def until(limit):
        def counted(*arguments, **options):
            if len(fits) == limit:
                raise error
            fits.append(arguments[1].name)
            return evaluate(*arguments, **options)

        return counted

    def whole(given):
        options = {"metric": RMSE, "seed": 3, "deadline": Deadline(60), "evaluate": given}
        known = {name: value for name, value in options.items() if name != "evaluate"}
        results = [given(table, CANDIDATES[name], folds, **known) for name in names]
        found = search(table, results, folds, trials=5, **options)
        return [*results, *found.trials], [*found.best]

    tried, best = whole(evaluate)
    monkeypatch.setattr(trial_store, "evaluate", until(done))
    with pytest.raises(error):
        whole(TrialStore(tmp_path).evaluate)
    assert len(fits) == done
    monkeypatch.setattr(trial_store, "evaluate", until(None))
    store = TrialStore(tmp_path)
    again, best_again = whole(store.evaluate)
    assert len(fits) == len(names) + 5  # each once, in two sittings
    assert (store.candidates, store.trials) == (min(done, 3), max(0, done - 3))
    for one, other in zip([*tried, *best], [*again, *best_again], strict=True):
        assert (one.name, one.settings, one.notes) == (other.name, other.settings, other.notes)
        assert (list(one.validation), list(one.train)) == (list(other.validation), list(other.train))
        pd.testing.assert_frame_equal(one.out_of_fold, other.out_of_fold, check_exact=True)


def test_draws_stay_in_their_ranges():
    rng = np.random.default_rng(0)
    space = {"a": Range(0.01, 10, log=True), "b": Range(2, 5, whole=True), "c": Choice(("x", "y"))}
    drawn = [draw(space, rng) for _ in range(200)]
    assert all(0.01 <= found["a"] <= 10 for found in drawn)
    assert {found["b"] for found in drawn} == {2, 3, 4, 5}
    assert {found["c"] for found in drawn} == {"x", "y"}
    # Half of the draws of a logarithmic range lie below its geometric middle.
    assert 70 <= sum(found["a"] < 0.316 for found in drawn) <= 130


@pytest.mark.parametrize(
    ("settings", "inside"),
    [
        ({"a": 0.1, "b": 2, "c": "x"}, True),
        ({"a": 10, "b": 5.0, "c": "y", "d": 1}, True),  # the ends are in it, and more is told than it varies
        ({"a": 10.1, "b": 2, "c": "x"}, False),
        ({"a": 0.1, "b": 2}, False),
        ({"a": 0.1, "b": 2, "c": "z"}, False),
        ({"a": 0.1, "b": "sqrt", "c": "x"}, False),
        ({"a": True, "b": 2, "c": "x"}, False),
    ],
)
def test_settings_are_within_a_space_where_each_part_allows_its_value(settings, inside):
    space = {"a": Range(0.1, 10, log=True), "b": Range(2, 5, whole=True), "c": Choice(("x", "y"))}
    assert within(space, settings) is inside


@pytest.mark.parametrize(
    ("space", "number"),
    [
        ({"a": Range(0.1, 10), "b": Choice(("x", "y")), "c": Choice(("x",))}, 2),
        ({"c": Choice(("x",))}, 1),  # there is one configuration to try
    ],
)
def test_what_a_space_varies_has_more_than_one_value(space, number):
    assert varied(space) == number


def test_every_space_names_parameters_that_exist(make_table):
    for candidate in [found for found in CANDIDATES.values() if found.installed]:
        for task in candidate.tasks:
            table = make_table(task, {"x": np.arange(40.0)})
            pipeline = candidate.build(task, table, 0)
            space = candidate.space_for(task)
            assert {*space, *(candidate.other_space or {})} <= set(pipeline.get_params()), candidate.name
            assert space, candidate.name
            if candidate.family == "linear":  # what it is built of goes with the task
                pipeline.set_params(**draw(space, np.random.default_rng(0)))
                pipeline.fit(table.X, np.arange(40) % 3)


@pytest.fixture
def told(monkeypatch):
    """What each search was told when it began: its space and the settings with their scores."""
    known = {}

    def suggestions(space, scored, *, name, **_options):
        known[name] = (dict(space), [(dict(settings), score) for settings, score in scored])

    monkeypatch.setattr("helpers.model_selection.suggestions.Suggestions", suggestions)
    return known


NETWORK = CANDIDATES["neural_network"]
USUAL = {
    "model__method": "batches", "model__alpha": 0.1, "model__units": 128, "model__left_out": 0.2,
    "model__pieces": False,
}  # fmt: skip
AT_ONCE = {"model__method": "at_once", "model__units": 16, "model__alpha": 3.0}


def network(settings, score):
    """A network whose two folds scored so much."""
    folds = tuple(FoldScore(80, 20, 0.7, score + off, 0.1, 0.1) for off in (-0.05, 0.05))
    return CandidateResult(NETWORK, settings, folds)


def searches_of(table, known):
    return to_search(table, known, trials=4, metric=METRICS["roc_auc"], seed=0, sampler="tpe")


def test_settings_that_no_search_varies_tell_it_nothing(signal, told):
    known = [network({}, 0.75), network({"model__units": 32}, 0.75), network({"model__tol": 1.0}, 0.75)]
    searches_of(signal(Task.BINARY), known)
    assert told["neural_network"] == (
        dict(NETWORK.space),
        [(USUAL, pytest.approx(0.75)), ({**USUAL, "model__units": 32}, pytest.approx(0.75))],
    )


@pytest.mark.parametrize(("score", "around"), [(0.8, "at_once"), (0.7, "batches")])
def test_networks_are_searched_around_the_best_of_them(signal, told, score, around):
    searches_of(signal(Task.BINARY), [network({}, 0.75), network(AT_ONCE, score)])
    space, scored = told["neural_network"]
    assert space["model__method"].values == (around,)
    # The other kind has settings of its own, which say nothing about these.
    assert ({**AT_ONCE, "model__pieces": False} in [settings for settings, _ in scored]) == (
        around == "at_once"
    )


def test_networks_of_rows_that_belong_together_are_searched_as_they_are(signal, told):
    table = signal(Task.BINARY)
    beside = replace(table.columns["noise"], role=Role.GROUP)
    searches_of(replace(table, columns={**table.columns, "noise": beside}), [network({}, 0.75)])
    assert told["neural_network"][0] == dict(NETWORK.other_space)

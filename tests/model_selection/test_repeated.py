from dataclasses import replace

import numpy as np
import pytest

from helpers.metrics import METRICS, Task
from helpers.model_selection.candidates import CANDIDATES, baseline_candidate
from helpers.model_selection.choice import choose
from helpers.model_selection.cross_validation import STOPPED, CandidateResult, Deadline, FoldScore
from helpers.model_selection.repeated import finalists, finalists_of, repeat_finalists
from helpers.parameters.check import checked
from helpers.tables.folds import folds
from helpers.tables.table import Role

AUC, RMSE = METRICS["roc_auc"], METRICS["rmse"]


def result(name, scores, *, seconds=0.1, settings=None):
    candidate = baseline_candidate(RMSE) if name == "baseline" else CANDIDATES[name]
    return CandidateResult(
        candidate, settings or {}, tuple(FoldScore(80, 20, s, s, seconds, 0.0) for s in scores)
    )


BASELINE = result("baseline", [9.0, 9.0, 9.0, 9.0, 9.0])
LINEAR = result("linear", [2.0, 2.1, 1.9, 2.0, 2.0])
FOREST = result("random_forest", [2.1, 1.9, 2.0, 2.0, 2.05])
XGBOOST = result("xgboost", [2.0, 2.2, 1.8, 2.1, 2.0])
NETWORK = result("neural_network", [1.9, 2.3, 1.9, 2.1, 2.0])
TREE = result("decision_tree", [5.0, 5.1, 4.9, 5.0, 5.0])


def params(**changes):
    values = {"experiment": "try", "question": "?", "data": "table.csv", "target": "target", **changes}
    return checked(values, where="test")


def test_finalists_are_the_baseline_and_at_most_three_that_may_still_win():
    found = finalists([BASELINE, LINEAR, TREE, FOREST, XGBOOST, NETWORK], metric=RMSE)
    assert [one.name for one in found] == ["baseline", "linear", "random_forest", "xgboost"]
    in_use = replace(CANDIDATES["neural_network"], name="incumbent_neural_network")
    found = finalists([BASELINE, LINEAR, FOREST, XGBOOST, replace(NETWORK, candidate=in_use)], metric=RMSE)
    assert [one.name for one in found] == [
        "baseline", "linear", "incumbent_neural_network", "random_forest",
    ]  # fmt: skip
    assert [one.name for one in finalists([BASELINE, LINEAR, TREE], metric=RMSE)] == ["baseline", "linear"]
    assert finalists([BASELINE], metric=RMSE) == [BASELINE]


@pytest.fixture
def repeat(signal):
    """Repeat with made-up scores; returns what came out and on how many rows each call validated."""

    def run(contenders, *, scores=None, given=None, fits=1_000, deadline=None, strategy="random", table=None):
        table = table or signal(Task.REGRESSION, 60)
        given = given or params()
        cut = replace(folds(table, given), strategy=strategy)
        calls = []

        def evaluate(table, candidate, again, *, metric, seed, deadline, settings):
            calls.append(frozenset(part.tobytes() for _, part in again))
            known = next(one for one in contenders if one.candidate is candidate)
            if scores is None:
                return known
            if scores[candidate.name] is None:
                return CandidateResult(candidate, failed=STOPPED)
            return result(candidate.name, scores[candidate.name])

        options = {"metric": RMSE, "seed": 0, "deadline": deadline or Deadline(600), "fits": fits}
        found = repeat_finalists(table, contenders, cut, given, evaluate=evaluate, **options)
        return found, calls, cut

    return run


def test_finalists_get_the_scores_of_fresh_folds_and_the_others_stay(repeat):
    found, calls, cut = repeat([BASELINE, LINEAR, FOREST, TREE])
    # Further repeats could narrow the intervals by less than a tenth after four cuts.
    assert found.repeats == 3
    assert [len(one.folds) for one in found.results] == [20, 20, 20, 5]
    assert [one.name for one in found.finalists] == ["baseline", "linear", "random_forest"]
    assert len(set(calls)) == 3 and frozenset(part.tobytes() for _, part in cut) not in calls
    assert found.reason == (
        "Evaluated on fresh folds, beside the baseline: Linear model; Random forest. That ended after 3 repeats, all "
        "that were planned."
    )
    chosen = choose(found.finalists, metric=RMSE)
    rows = finalists_of(found, chosen, metric=RMSE)
    assert [row.model for row in rows] == ["linear", "random_forest", "baseline"]
    assert rows[0].p_worse is None and rows[2].p_worse == pytest.approx(1.0)


def test_it_ends_where_nothing_is_open_any_more(repeat):
    clear = {"baseline": [9.0] * 5, "linear": [2.0] * 5, "random_forest": [4.0, 4.1, 3.9, 4.0, 4.0]}
    found, _, _ = repeat([BASELINE, LINEAR, FOREST], scores=clear)
    # One repeat leaves the difference unsure; two make it plain.
    assert found.reason.endswith("That ended after 2 repeats: nothing was open any more.")


@pytest.mark.parametrize(
    ("contenders", "options", "reason"),
    [
        ([BASELINE, LINEAR, FOREST], {"strategy": "time"}, "Not repeated: folds by time leave nothing to draw."),
        ([BASELINE, LINEAR, FOREST], {"given": params(validation={"repeats": 2})},
         "Not repeated: the params ask for 2 repeats of all models already."),
        ([BASELINE, LINEAR, TREE], {},
         "Not repeated: all others are clearly worse than the best, or have no score."),
        ([BASELINE, LINEAR, FOREST], {"fits": 45},
         "Not repeated: once more for 2 finalists is 10 fits, more than 20 % of the 45 made so far; validation: "
         "{repeats: 2} asks for it."),
        ([BASELINE, LINEAR, replace(FOREST, folds=result("linear", [2.1, 1.9, 2, 2, 2.05], seconds=40.0).folds)], {},
         "Not repeated: once more for the finalists would take about 200 seconds, more than 20 % of the budget or "
         "than is left of it."),
    ],
)  # fmt: skip
def test_it_says_why_nothing_is_repeated(repeat, contenders, options, reason):
    found, calls, _ = repeat(contenders, **options)
    assert (found.reason, found.repeats, calls) == (reason, 0, [])
    assert found.results == found.finalists == tuple(contenders)


def test_groups_that_can_be_cut_in_one_way_only_are_not_repeated(repeat, make_table):
    table = make_table(Task.REGRESSION, {"clinic": np.arange(60) % 5, "x": np.arange(60.0)})
    columns = dict(table.columns) | {"clinic": replace(table.columns["clinic"], role=Role.GROUP)}
    found, calls, _ = repeat(
        [BASELINE, LINEAR, FOREST], table=replace(table, columns=columns), strategy="group"
    )
    assert (found.reason, calls) == ("Not repeated: the groups leave no other folds to cut.", [])


def test_what_cannot_be_finished_is_told(repeat):
    stopped = {"baseline": [9.0] * 5, "linear": None, "random_forest": [2.0] * 5}
    found, _, _ = repeat([BASELINE, LINEAR, FOREST], scores=stopped)
    assert found.reason == f"Not repeated: {STOPPED}."
    assert found.repeats == 0

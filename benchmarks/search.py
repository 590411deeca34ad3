"""What the search is worth: how often stopping early is wrong, what it spares, and asking against drawing.

Two parts. Simulated trials, whose true quality is known, race against a best one. Then real models are tuned
with the same number of trials by each sampler and by plain draws, on tables that come with scikit-learn: the
best score in cross-validation, averaged over seeds, the share of fits spared, and the share of the wall time
that was spent inside fits.
"""

import os
import time
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from helpers.metrics import METRICS, Metric
from helpers.model_selection.candidates import CANDIDATES, Candidate
from helpers.model_selection.comparison import difference
from helpers.model_selection.cross_validation import (
    NO_SETTINGS,
    CandidateResult,
    Deadline,
    Settings,
    evaluate_all,
)
from helpers.model_selection.racing import LOOKS, STILL_POSSIBLE
from helpers.model_selection.search import SearchResult, search
from helpers.model_selection.space import draw
from helpers.model_selection.spaces import space_of
from helpers.parameters.check import checked
from helpers.tables.folds import Folds, folds
from helpers.tables.prepare import load_development
from helpers.tables.table import Table

FOLDS = 5
SIMULATED = 2_000
# True differences from the best, in standard deviations of a fold's difference; above 0 is better.
TRUE = (1.0, 0.5, 0.0, -0.5, -1.0, -2.0, -4.0)
TRIALS = 24
SEEDS = (0, 1, 2)
CASES = (
    ("diabetes", "rmse", "xgboost"),
    ("breast_cancer", "log_loss", "xgboost"),
    ("wine", "log_loss", "linear"),
)
HEADINGS = ("drawn", "tpe", "genetic")
TIMELESS = 10_000.0


def main() -> None:
    """Measure and print."""
    print(
        f"Simulated trials in {FOLDS} folds, stopped where P(better) < {STILL_POSSIBLE}, {SIMULATED:,} each"
    )
    print(f"{'true difference (sd)':<22}{'stopped':>9}{'fits spared':>13}")
    for true in TRUE:
        ended = np.array([_ends_after(differences) for differences in _simulated(true)])
        print(f"{true:<22}{np.mean(ended < FOLDS):9.1%}{1 - ended.mean() / FOLDS:13.1%}")
    print(f"\n{TRIALS} trials, mean of the best over {len(SEEDS)} seeds; {os.cpu_count()} cores")
    print(f"{'table':<15}{'model':<10}{'own':>9}", *(f"{name:>9}" for name in HEADINGS), "  spared  in fits")
    for name, metric, model in CASES:
        _print_case(_Case(name, METRICS[metric], CANDIDATES[model]))


def _simulated(true: float) -> npt.NDArray[np.float64]:
    """Return differences by trial and fold, correlated as those of overlapping folds are."""
    rng = np.random.default_rng(0)
    share = 1 / (FOLDS - 1)
    correlation = share / (1 + share)
    common = rng.normal(size=(SIMULATED, 1)) * np.sqrt(correlation)
    return np.asarray(true + common + rng.normal(size=(SIMULATED, FOLDS)) * np.sqrt(1 - correlation))


def _ends_after(differences: npt.NDArray[np.float64]) -> int:
    for look in LOOKS:
        if look < FOLDS and difference(differences[:look], share=1 / (FOLDS - 1)).better < STILL_POSSIBLE:
            return look
    return FOLDS


@dataclass(frozen=True)
class _Case:
    name: str
    metric: Metric
    candidate: Candidate


def _print_case(case: _Case) -> None:
    best: dict[str, list[float]] = {name: [] for name in HEADINGS}
    own, spared, inside = [], [], []
    for seed in SEEDS:
        given = {
            "experiment": "search", "question": "q", "data": f"sklearn:{case.name}", "target": "target",
            "holdout": 0, "seed": seed,
        }  # fmt: skip
        params = checked(given, where="search")
        table = load_development(params).table
        cut = folds(table, params)
        (start,) = _fitted(table, cut, case, [NO_SETTINGS], seed)
        own.append(start.validation.mean())
        rng = np.random.default_rng(seed)
        drawn = [draw(space_of(case.candidate, table.task), rng) for _ in range(TRIALS)]
        best["drawn"].append(_best(_fitted(table, cut, case, drawn, seed), case.metric))
        for sampler in HEADINGS[1:]:
            began = time.perf_counter()
            found = _searched(table, cut, case, start, sampler, seed)
            inside.append(_seconds(found.trials) / (time.perf_counter() - began))
            best[sampler].append(_best(found.trials, case.metric))
            spared.append(1 - sum(len(each.folds) for each in found.trials) / (TRIALS * len(cut)))
    values = "".join(f"{np.mean(best[name]):10.4f}" for name in HEADINGS)
    print(
        f"{case.name:<15}{case.candidate.name:<10}{np.mean(own):9.4f}{values}"
        f"{np.mean(spared):9.0%}{np.mean(inside):9.0%}"
    )


def _fitted(
    table: Table, cut: Folds, case: _Case, asked: Sequence[Settings], seed: int
) -> list[CandidateResult]:
    return evaluate_all(
        table, [(case.candidate, settings) for settings in asked], cut,
        metric=case.metric, seed=seed, deadline=Deadline(TIMELESS),
    )  # fmt: skip


def _searched(
    table: Table, cut: Folds, case: _Case, start: CandidateResult, sampler: str, seed: int
) -> SearchResult:
    return search(
        table, [start], cut,
        metric=case.metric, seed=seed, trials=TRIALS, deadline=Deadline(TIMELESS), sampler=sampler,
        evaluate_all=evaluate_all,
    )  # fmt: skip


def _best(results: Sequence[CandidateResult], metric: Metric) -> float:
    scores = [float(found.validation.mean()) for found in results if not found.failed]
    return max(scores) if metric.higher_is_better else min(scores)


def _seconds(trials: Sequence[CandidateResult]) -> float:
    """Return the wall time that the fits would take if all cores were always busy with them."""
    spent = sum(fold.fit_seconds + fold.predict_seconds for found in trials for fold in found.folds)
    return spent / (os.cpu_count() or 1)


if __name__ == "__main__":
    main()

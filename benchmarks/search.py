"""What the search is worth: how often stopping early is wrong, what it spares, and asking against drawing.

Two parts. Simulated trials, whose true quality is known, race against a best one. Then real models are tuned
with the same number of trials by each sampler and by plain draws, on tables that come with scikit-learn: the
best score in cross-validation, averaged over seeds, the share of fits spared, and the share of the wall time
that was spent inside fits. With `--data` other tables take the place of scikit-learn's.
"""

import argparse
import os
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from helpers.metrics import Metric, chosen_metric
from helpers.model_selection.candidates import CANDIDATES, Candidate
from helpers.model_selection.comparison import difference
from helpers.model_selection.cross_validation import (
    NO_SETTINGS,
    CandidateResult,
    Deadline,
    evaluate_all,
)
from helpers.model_selection.racing import LOOKS, STILL_POSSIBLE
from helpers.model_selection.search import search
from helpers.model_selection.space import draw
from helpers.model_selection.workers import Workers
from helpers.parameters.check import checked
from helpers.tables.folds import folds
from helpers.tables.prepare import load_development

FOLDS = 5
SIMULATED = 2_000
# True differences from the best, in standard deviations of a fold's difference; above 0 is better.
TRUE = (1.0, 0.5, 0.0, -0.5, -1.0, -2.0, -4.0)
TRIALS = 24
SEEDS = 3
HEADINGS = ("drawn", "tpe", "genetic")
TIMELESS = 10_000.0


@dataclass(frozen=True)
class _Case:
    """A table, what to predict, and the model that is searched; without a metric the task's own."""

    name: str
    data: str
    target: str
    candidate: Candidate
    metric: str = "auto"


BUNDLED = (
    _Case("diabetes", "sklearn:diabetes", "target", CANDIDATES["xgboost"], "rmse"),
    _Case("breast_cancer", "sklearn:breast_cancer", "target", CANDIDATES["xgboost"], "log_loss"),
    _Case("wine", "sklearn:wine", "target", CANDIDATES["linear"], "log_loss"),
)


def main(arguments: Sequence[str] = ()) -> None:
    """Measure and print."""
    given = _parser().parse_args(arguments)
    if not given.data:
        _print_simulated()
    seeds, workers = range(given.seeds), Workers()
    print(f"\n{TRIALS} trials, mean of the best over {len(seeds)} seeds; {os.cpu_count()} cores")
    print(f"{'table':<15}{'model':<24}{'own':>9}", *(f"{name:>9}" for name in HEADINGS), "  spared  in fits")
    for case in _own_cases(given.data, given.models) or BUNDLED:
        _print_case(case, seeds, workers)
    workers.stop()


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m benchmarks search", description=__doc__)
    parser.add_argument("--data", nargs="*", default=[], metavar="FILE:TARGET", help="tables and targets")
    parser.add_argument("--models", nargs="+", default=["xgboost"], choices=sorted(CANDIDATES),
                        help="what is searched on them (xgboost)")  # fmt: skip
    parser.add_argument("--seeds", type=int, default=SEEDS, help=f"how often each is searched ({SEEDS})")
    return parser


def _own_cases(data: Sequence[str], models: Sequence[str]) -> list[_Case]:
    found = []
    for given in data:
        file, _, target = given.rpartition(":")
        path = Path(file).resolve()
        found += [_Case(path.stem, str(path), target, CANDIDATES[model]) for model in models]
    return found


def _print_simulated() -> None:
    print(
        f"Simulated trials in {FOLDS} folds, stopped where P(better) < {STILL_POSSIBLE}, {SIMULATED:,} each"
    )
    print(f"{'true difference (sd)':<22}{'stopped':>9}{'fits spared':>13}")
    for true in TRUE:
        ended = np.array([_ends_after(differences) for differences in _simulated(true)])
        print(f"{true:<22}{np.mean(ended < FOLDS):9.1%}{1 - ended.mean() / FOLDS:13.1%}")


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


def _print_case(case: _Case, seeds: Iterable[int], workers: Workers) -> None:
    best: dict[str, list[float]] = {name: [] for name in HEADINGS}
    own, spared, inside = [], [], []
    for seed in seeds:
        given = {
            "experiment": "search", "question": "q", "data": case.data, "target": case.target,
            "holdout": 0, "seed": seed, "metric": case.metric,
        }  # fmt: skip
        params = checked(given, where="search")
        table = load_development(params).table
        metric = chosen_metric(params.metric, table.task)
        cut = folds(table, params)
        options: dict[str, Any] = {"metric": metric, "seed": seed, "deadline": Deadline(TIMELESS)}
        fitted = partial(evaluate_all, fitting=workers)
        (start,) = fitted(table, [(case.candidate, NO_SETTINGS)], cut, **options)
        own.append(start.validation.mean())
        rng = np.random.default_rng(seed)
        drawn = [draw(case.candidate.space_for(table.task), rng) for _ in range(TRIALS)]
        found = fitted(table, [(case.candidate, settings) for settings in drawn], cut, **options)
        best["drawn"].append(_best(found, metric))
        for sampler in HEADINGS[1:]:
            began = time.perf_counter()
            made = search(
                table, [start], cut, trials=TRIALS, sampler=sampler, evaluate_all=fitted, **options
            ).trials  # fmt: skip
            inside.append(_seconds(made) / (time.perf_counter() - began))
            best[sampler].append(_best(made, metric))
            spared.append(1 - sum(len(each.folds) for each in made) / (TRIALS * len(cut)))
    values = "".join(f"{np.mean(best[name]):10.4f}" for name in HEADINGS)
    print(
        f"{case.name:<15}{case.candidate.name:<24}{np.mean(own):9.4f}{values}"
        f"{np.mean(spared):9.0%}{np.mean(inside):9.0%}",
        flush=True,
    )


def _best(results: Sequence[CandidateResult], metric: Metric) -> float:
    scores = [float(found.validation.mean()) for found in results if not found.failed]
    return max(scores) if metric.higher_is_better else min(scores)


def _seconds(trials: Sequence[CandidateResult]) -> float:
    """Return the wall time that the fits would take if all cores were always busy with them."""
    spent = sum(fold.fit_seconds + fold.predict_seconds for found in trials for fold in found.folds)
    return spent / (os.cpu_count() or 1)


if __name__ == "__main__":
    main()

"""What mixes of models gain on rows kept away, on real tables: where `known_gain` has its knowledge from.

A quarter of each table is kept away. On the rest the candidates and a number of trials are evaluated as 04
does, without seconds; the mix and the best single model by its mean are fitted, and asked for the rows kept
away. Gains are shares of the loss of the best single model.
"""

import argparse
from collections.abc import Iterator, Sequence
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
import pandas as pd

from benchmarks.accuracy.tables import SEED, Case, cases
from helpers.metrics import METRICS
from helpers.model_selection import demands, portfolio
from helpers.model_selection.candidates import baseline_candidate, candidates_for
from helpers.model_selection.cross_validation import CandidateResult, Deadline, evaluate_all
from helpers.model_selection.ensemble import together
from helpers.model_selection.fitting import fit_candidate
from helpers.model_selection.in_turns import evaluate_in_turns
from helpers.model_selection.known_gain import CREDIBLE, KNOWN_MEAN, KNOWN_SPREAD
from helpers.model_selection.search import search
from helpers.model_selection.workers import Workers
from helpers.parameters import Parameters
from helpers.parameters.check import checked
from helpers.scoring import score
from helpers.tables.folds import folds
from helpers.tables.prepare import load_development
from helpers.tables.table import Table

TRIALS = 20
TIMELESS = 10_000.0
# Thresholds of the probability by the folds alone, and by the folds and other tables.
ALONE, BOTH = (0.5, 0.75), (0.5, CREDIBLE, 0.7)


def main(arguments: Sequence[str] = ()) -> None:
    """Measure and print."""
    given = _parser().parse_args(arguments)
    workers = Workers()
    rows = []
    print(
        f"{'table':<18}{'rows':>7}{'gain in folds':>15}{'by folds':>10}{'by both':>9}{'gain kept away':>16}"
    )
    with TemporaryDirectory() as folder:
        for seed in given.seeds:
            own = Path(folder) / str(seed)
            for case in cases(own, given.data, bundled=not given.data, seed=seed):
                found = _measured(case, workers)
                rows.append(found)
                print(
                    f"{case.name:<18}{found['rows']:>7}{found['in_folds']:>15.2%}{found['alone']:>10.2f}"
                    f"{found['both']:>9.2f}{found['gain']:>16.2%}",
                    flush=True,
                )
    workers.stop()
    for line in _lines(pd.DataFrame(rows)):
        print(line)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m benchmarks mixes", description=__doc__)
    parser.add_argument("--data", nargs="*", default=[], metavar="FILE:TARGET", help="tables and targets")
    parser.add_argument("--seeds", nargs="+", type=int, default=[SEED], help="cuts of the tables (1)")
    return parser


def _measured(case: Case, workers: Workers) -> dict[str, Any]:
    """Return what the folds say of the mix, and what it gains on the rows kept away."""
    params = _params(case, case.train)
    table, kept = load_development(params).table, load_development(_params(case, case.test)).table
    results = _tried(table, params, workers)
    metric = METRICS[params.metric]
    mix = together(table, results, folds(table, params), metric=metric)
    able = [found for found in results if found.by_fold]
    single = min(able, key=lambda found: float(np.mean(found.validation)))
    loss = _loss(single, table, kept, params)
    known = {"rows": len(table)}
    if mix.result is None or mix.gain is None:
        return known | {"in_folds": 0.0, "alone": 0.0, "both": 0.0, "gain": 0.0}
    return known | {
        "in_folds": mix.gain.mean / float(np.mean(mix.result.validation)),
        "alone": mix.gain.better,
        "both": mix.better,
        "gain": 1 - _loss(mix.result, table, kept, params) / loss,
    }


def _params(case: Case, data: Path) -> Parameters:
    given = {
        "experiment": "mixes", "question": "q", "data": str(data), "target": case.target, "holdout": 0,
        "task": "regression" if case.regression else "classification",
        "metric": "rmse" if case.regression else "log_loss",
    }  # fmt: skip
    return checked(given, where="mixes")


def _tried(table: Table, params: Parameters, workers: Workers) -> list[CandidateResult]:
    metric, cut = METRICS[params.metric], folds(table, params)
    options: dict[str, Any] = {"metric": metric, "seed": params.seed, "deadline": Deadline(TIMELESS)}
    options["evaluate_all"] = partial(evaluate_all, fitting=workers)
    able, _ = demands.able([baseline_candidate(metric), *candidates_for(params, table.task)], table, params)
    results = evaluate_in_turns(table, able, cut, **options)
    starts = portfolio.portfolio(results, table, metric=metric, trials=TRIALS)
    searched = search(table, results, cut, starts=starts, trials=TRIALS, **options)
    return [*results, *searched.trials]


def _loss(found: CandidateResult, table: Table, kept: Table, params: Parameters) -> float:
    model = fit_candidate(
        found.candidate,
        table,
        seed=params.seed,
        settings=found.settings,
        rounds=found.rounds,
        fold_rows=found.fold_rows,
    )
    return score(METRICS[params.metric], kept.truth, model.predict(kept.frame))


def _lines(found: pd.DataFrame) -> Iterator[str]:
    gain = found["gain"]
    error = gain.std() / np.sqrt(len(gain))
    yield f"\nmean gain {gain.mean():.2%} (standard error {error:.2%}), spread over tables {gain.std():.2%}"
    yield f"taken as known: {KNOWN_MEAN:.2%}, spread {KNOWN_SPREAD:.2%}"
    for name, thresholds in (("alone", ALONE), ("both", BOTH)):
        how = "by the folds alone" if name == "alone" else "by folds and other tables"
        for threshold in thresholds:
            taken = found[name] >= threshold
            gained = gain.where(taken, 0).mean()
            yield f"taken at {threshold:g} {how}: {taken.mean():.0%} of mixes, mean gain {gained:.2%}"

"""False alarms of the comparison, what the choice gives up, and whether the chosen score's interval holds."""

import numpy as np
import pandas as pd

from benchmarks.choosing.worlds import (
    ORDER,
    SHARE,
    LinearWorld,
    as_result,
    different_models,
    equal_models,
    fold_losses,
)
from helpers.comparing.paired import judged_rows
from helpers.metrics import METRICS, Task
from helpers.model_selection.candidates import baseline_candidate
from helpers.model_selection.choice import choose
from helpers.model_selection.comparison import compare, corrected_interval
from helpers.model_selection.cross_validation import CandidateResult, FoldScore
from helpers.model_selection.expected import expected_score
from helpers.model_selection.optimism import optimism

RMSE = METRICS["rmse"]
ROWS = 150


def false_alarms(seed: int, times: int) -> pd.DataFrame:
    """Return how often a difference's 95 % interval leaves out nought for two models that are equal."""
    rows = []
    for repeats in (1, 4):
        rng, alarms = np.random.default_rng(seed), 0
        for _ in range(times):
            world = equal_models(models=2)
            losses = world.folds(*world.rows(ROWS, rng), rng, repeats=repeats)
            found = compare(as_result(losses[0]), as_result(losses[1]), metric=RMSE)
            alarms += found.low > 0 or found.high < 0
        rows.append(
            ("false alarms on two equal models", f"{repeats} × 5 folds", alarms / times, "at most 0.05")
        )
    return pd.DataFrame(rows, columns=["what", "where", "share", "promised"])


def wrong_simplicity(seed: int, times: int) -> pd.DataFrame:
    """Return how often a simpler model is taken, and is truly worse than the best by more than the margin."""
    rng, taken, wrong, cost = np.random.default_rng(seed), 0, 0, []
    for _ in range(times):
        true = 1 + np.sort(rng.exponential(rng.choice([0.002, 0.01, 0.05]), 6))[rng.permutation(6)]
        losses = fold_losses(true, rng, error=float(rng.choice([0.001, 0.004, 0.02])), common=0.05)
        results = [
            _baseline(losses.shape[1]),
            *(as_result(one, place=place) for place, one in enumerate(losses)),
        ]
        chosen = choose(results, metric=RMSE)
        by_name = {ORDER[place].name: value for place, value in enumerate(true)}
        lost = by_name.get(chosen.result.name, np.nan) - by_name.get(chosen.best.name, np.nan)
        if chosen.result is not chosen.best and chosen.beats_baseline:
            taken += 1
            wrong += lost > chosen.margin
        cost.append(lost if chosen.beats_baseline else 0.0)
    what = "a simpler model than the best is taken"
    return pd.DataFrame(
        [
            (what, "six models", taken / times, "–"),
            (
                "… and is truly worse by more than the margin",
                "of those",
                wrong / max(1, taken),
                "at most 0.2",
            ),
            ("mean loss given up, of a loss of about 1", "six models", float(np.mean(cost)), "under 0.005"),
        ],
        columns=["what", "where", "share", "promised"],
    )


def coverage(seed: int, times: int) -> pd.DataFrame:
    """Return how often the interval of the best of many holds its true loss, corrected or not."""
    rows = []
    # The worlds give scores of folds and no answers of rows.
    nothing = judged_rows(pd.Series([], dtype=float), task=Task.REGRESSION, classes=(), positive=None)
    for models in (3, 10, 40):
        rng, held, raw = np.random.default_rng(seed), 0, 0
        for _ in range(times):
            world: LinearWorld = different_models(rng, models=models)
            losses = world.folds(*world.rows(ROWS, rng), rng)
            results = [as_result(one, trial=place) for place, one in enumerate(losses)]
            best = int(losses.mean(axis=1).argmin())
            true = LinearWorld(world.slopes, world.noise, (world.columns[best],)).truth(ROWS * 4 // 5, rng)[0]
            flattery = optimism(results, metric=RMSE, seed=0)
            score = expected_score(nothing, results[best], flattery, metric=RMSE, seed=0).score
            plain = corrected_interval(losses[best], share=SHARE)
            held += score.low <= true <= score.high
            raw += plain.low <= true <= plain.high
        where = f"{models} models"
        rows += [
            ("interval of the best score holds the truth, corrected", where, held / times, "0.93 to 0.97"),
            ("… and without the correction", where, raw / times, "–"),
        ]
    return pd.DataFrame(rows, columns=["what", "where", "share", "promised"])


def _baseline(folds: int) -> CandidateResult:
    scores = tuple(FoldScore(400, 100, 2.0, 2.0, 0.0, 0.0) for _ in range(folds))
    return CandidateResult(baseline_candidate(RMSE), {}, scores)

"""How often a mix of models is taken that gains nothing, and what taking or leaving one costs on new rows."""

import numpy as np
import pandas as pd
from sklearn.metrics import root_mean_squared_error as rmse

from benchmarks.choosing.worlds import FOLDS, Floats
from helpers.comparing.paired import judged_rows
from helpers.metrics import METRICS, Task
from helpers.model_selection.candidates import CANDIDATES, Candidate
from helpers.model_selection.cross_validation import CandidateResult, FoldScore
from helpers.model_selection.ensemble import together
from helpers.model_selection.known_gain import CREDIBLE
from helpers.tables.folds import Folds

RMSE = METRICS["rmse"]
KINDS: tuple[Candidate, ...] = tuple(list(CANDIDATES.values())[:6])
NEW_ROWS = 20_000
# How far each model's own error reaches, beside an error of 0.56 that all of them share.
NO_GAIN, GAIN = 0.0, 0.1
THRESHOLDS = (0.5, CREDIBLE, 0.75)


def mixing(seed: int, times: int) -> pd.DataFrame:
    """Return, for mixes that gain nothing and that gain something, how often one is taken and what it costs.

    Notes
    -----
    Six models say ``truth / 2`` and share an error. Where a mix gains nothing, the first has no other error
    and the others' is added noise; where it gains, each has one of its own.
    """
    rows = []
    for what, own in (("gains nothing", NO_GAIN), ("gains about 1 %", GAIN)):
        for size in (300, 3_000):
            rng = np.random.default_rng(seed)
            found = np.array([_once(rng, size, own) for _ in range(max(20, times * 60 // size))])
            rows += _lines(found, f"{what}, {size:,} rows")
    return pd.DataFrame(rows, columns=["what", "where", "share", "promised"])


def _lines(found: Floats, where: str) -> list[tuple[str, str, float, str]]:
    """Return how often a mix is taken, and the loss beyond the better of always and never, by threshold."""
    sure, single, mixed = found.T
    least = min(single.mean(), mixed.mean())
    lines = []
    for threshold in THRESHOLDS:
        taken = sure >= threshold
        lost = np.where(taken, mixed, single).mean() / least - 1
        lines.append((f"a mix is taken at P(better) ≥ {threshold:g}", where, taken.mean(), "–"))
        lines.append(("… share of the loss that this adds to the better of all and none", where, lost, "–"))
    return lines


def _once(rng: np.random.Generator, size: int, own: float) -> tuple[float, float, float]:
    """Return P(better) of the mix, the loss on new rows of the best single model, and that of the mix."""
    answers, stated = _world(rng, size + NEW_ROWS, own)
    folds = _folds(size)
    table = judged_rows(pd.Series(answers[:size]), task=Task.REGRESSION, classes=(), positive=None)
    results = [_result(kind, answers, said, folds) for kind, said in zip(KINDS, stated, strict=True)]
    found = together(table, results, folds, metric=RMSE)
    best = int(np.argmin([np.mean(result.validation) for result in results]))
    single = rmse(answers[size:], stated[best, size:])
    if found.gain is None:
        return 0.0, single, single
    mix = sum(weight * stated[results.index(part)] for part, weight in found.parts)
    return found.better, single, rmse(answers[size:], np.asarray(mix)[size:])


def _world(rng: np.random.Generator, rows: int, own: float) -> tuple[Floats, Floats]:
    """Return answers, and what each model says of them: models × rows."""
    answers, shared = rng.normal(size=rows), rng.normal(size=rows)
    errors = rng.normal(size=(len(KINDS), rows))
    reach = own * (1 + 0.1 * np.arange(len(KINDS)))
    if own == NO_GAIN:
        reach[1:] = 0.25
    return answers, 0.5 * answers + 0.25 * shared + reach[:, None] * errors


def _folds(rows: int) -> Folds:
    places = np.arange(rows)
    parts = tuple((places[places % FOLDS != k], places[places % FOLDS == k]) for k in range(FOLDS))
    return Folds(parts, "random", FOLDS, 1, "")


def _result(kind: Candidate, answers: Floats, said: Floats, folds: Folds) -> CandidateResult:
    by_fold = tuple(said[validation] for _, validation in folds)
    scores = tuple(
        FoldScore(len(train), len(validation), 0.0, rmse(answers[validation], part), 0.0, 0.0)
        for (train, validation), part in zip(folds, by_fold, strict=True)
    )
    size = sum(len(validation) for _, validation in folds)
    rows = pd.DataFrame({"row": range(size), "truth": answers[:size], "prediction": said[:size]})
    return CandidateResult(kind, {}, scores, out_of_fold=rows, by_fold=by_fold)

"""What happens to the score when new rows are worse kept than the old ones: gaps, noise, unknown levels."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
import pandas as pd

from helpers.bootstrap import resamples
from helpers.errors import shortened
from helpers.evaluation.importance import DRAWS
from helpers.evaluation.worsening import worse_by
from helpers.metrics import Metric
from helpers.results import Estimate, RobustnessResult
from helpers.scoring import Prediction
from helpers.tables.table import Kind, Table
from helpers.wording import percent

MISSING_SHARES = (0.05, 0.2)
NOISE_DEVIATIONS = (0.1, 0.3)
UNSEEN_SHARE = 0.2
UNSEEN_LEVEL = "(never seen before)"
REPEATS = 3
MOST_ROWS = 5_000

Predict = Callable[[pd.DataFrame], Prediction]
Change = Callable[[np.random.Generator], pd.DataFrame]


@dataclass(frozen=True)
class Disturbance:
    """One way to spoil rows: its name in records, what it does, and the spoiled features."""

    name: str
    plain: str
    change: Change


def robustness(
    rows: Table, predict: Predict, *, deviations: pd.Series, metric: Metric, seed: int
) -> list[RobustnessResult]:
    """Return how much worse the metric gets on the same rows once each disturbance has spoiled them.

    Parameters
    ----------
    rows : Table
        Holdout rows, at most 5,000 are wanted.
    predict : callable
        From features to predictions, labels decided as they will be in use.
    deviations : pandas.Series
        Standard deviation of each number among the development rows, by its name.
    metric : Metric
        The headline metric.
    seed : int
        Each disturbance is drawn three times, and the results averaged.

    Returns
    -------
    list of RobustnessResult
        Disturbances that no column can suffer are left out. A model that cannot answer says why.
    """
    draws = resamples(len(rows), seed=seed, groups=rows.groups, draws=DRAWS)
    as_it_is = predict(rows.X)
    results = []
    for number, spoiled in enumerate(disturbances(rows, deviations)):
        rng = np.random.default_rng([seed, number])
        copies = pd.concat([spoiled.change(rng) for _ in range(REPEATS)], ignore_index=True)
        try:
            said = predict(copies)
        except MemoryError:
            raise
        except Exception as error:
            reason = f"{type(error).__name__}: {shortened(error, limit=160)}"
            results.append(
                RobustnessResult(
                    name=spoiled.name, plain=spoiled.plain, worse_by=Estimate(value=None), failed=reason
                )
            )
            continue
        changed = [_part(said, repeat * len(rows), len(rows)) for repeat in range(REPEATS)]
        worse = worse_by(rows, as_it_is, changed, metric=metric, draws=draws, seed=seed)
        results.append(RobustnessResult(name=spoiled.name, plain=spoiled.plain, worse_by=worse))
    return results


def disturbances(rows: Table, deviations: pd.Series) -> Iterator[Disturbance]:
    """Yield the disturbances that the table's columns can suffer."""
    for share in MISSING_SHARES:
        yield Disturbance(f"missing_{share:g}", f"{percent(share)} of all cells missing", _gaps(rows, share))
    numbers = [column.name for column in rows.features if column.kind is Kind.NUMBER]
    for deviation in NOISE_DEVIATIONS if numbers else ():
        yield Disturbance(
            f"noise_{deviation:g}",
            f"every number off by {deviation:g} of its standard deviation",
            _noise(rows, numbers, deviations * deviation),
        )
    levels = [column.name for column in rows.features if column.kind in (Kind.CATEGORY, Kind.TEXT)]
    if levels:
        yield Disturbance(
            f"unseen_{UNSEEN_SHARE:g}",
            f"{percent(UNSEEN_SHARE)} of all categories and texts never seen before",
            _unseen(rows, levels),
        )


def _gaps(rows: Table, share: float) -> Change:
    def change(rng: np.random.Generator) -> pd.DataFrame:
        features = rows.X.copy()
        for name in features:
            gone = rng.random(len(features)) < share
            values = features[name]
            # Whole numbers have no room for a gap.
            values = values.astype(float) if pd.api.types.is_integer_dtype(values.dtype) else values
            features[name] = values.mask(gone)
        return features

    return change


def _noise(rows: Table, names: list[str], deviations: pd.Series) -> Change:
    def change(rng: np.random.Generator) -> pd.DataFrame:
        noisy = {
            name: rows.frame[name].astype(float)
            + rng.normal(size=len(rows)) * float(np.nan_to_num(deviations.get(name, 0.0)))
            for name in names
        }
        return rows.X.assign(**noisy)

    return change


def _unseen(rows: Table, names: list[str]) -> Change:
    def change(rng: np.random.Generator) -> pd.DataFrame:
        features = rows.X.copy()
        for name in names:
            hit = rng.random(len(features)) < UNSEEN_SHARE
            values = features[name].astype(object)
            replaced = values.mask(hit & values.notna().to_numpy(), UNSEEN_LEVEL)
            categorical = isinstance(features[name].dtype, pd.CategoricalDtype)
            features[name] = replaced.astype("category" if categorical else features[name].dtype)
        return features

    return change


def _part(said: Prediction, start: int, size: int) -> Prediction:
    stated = None if said.probabilities is None else said.probabilities.iloc[start : start + size]
    return Prediction(said.values[start : start + size], stated)  # noqa: PD011

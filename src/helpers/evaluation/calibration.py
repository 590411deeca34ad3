"""Whether stated probabilities can be taken at their word, and whether there are rows enough to tell."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from helpers.bootstrap import CONFIDENCE, Resamples, interval
from helpers.evaluation.shares import share_of
from helpers.results import CalibrationResult, Estimate
from helpers.scoring.weighted import Floats

MOST_BINS = 10
ROWS_PER_BIN = 20
LEAST_ROWS = 40
# Fewer groups cannot show a deviation that chance would show in fewer than one of twenty cases.
LEAST_UNITS = 6
SIMULATIONS = 2_000
MOST_WORK = 80_000_000
# An excess below this is no reason to distrust a probability, however sure it is.
WORTH_NOTICING = 0.02
# To be called calibrated there must be rows enough to have noticed an error of this size.
MUST_BE_NOTICED = 0.10


@dataclass(frozen=True)
class Calibration:
    """The verdict on calibration and what it rests on.

    Attributes
    ----------
    result : CalibrationResult
        The expected calibration error (mean distance between stated and observed share, 0 to 1) and verdict.
    table : pandas.DataFrame
        The reliability table, see `reliability`.
    by_chance : float
        The error that perfectly calibrated probabilities would show on as many rows, on average.
    noticeable : float
        The error that they would exceed in one of twenty cases: smaller ones cannot be told from chance.
    p_value : float
        How often perfectly calibrated probabilities would show an error as large as the one observed.
    """

    result: CalibrationResult
    table: pd.DataFrame
    by_chance: float
    noticeable: float
    p_value: float


def reliability(stated: Floats, happened: npt.NDArray[np.bool_]) -> pd.DataFrame:
    """Return stated against observed shares in bins of about equal numbers of rows.

    Returns
    -------
    pandas.DataFrame
        Columns ``from``, ``to`` (stated probabilities in the bin), ``rows``, ``stated`` (their mean),
        ``observed`` (share that happened) with Wilson's ``low`` and ``high``; ascending.
    """
    bins = bin_numbers(stated)
    records = []
    for number in range(int(bins.max()) + 1 if len(bins) else 0):
        inside = bins == number
        observed = share_of(int(happened[inside].sum()), int(inside.sum()))
        records.append(
            {
                "from": stated[inside].min(),
                "to": stated[inside].max(),
                "rows": int(inside.sum()),
                "stated": stated[inside].mean(),
                "observed": observed.value,
                "low": observed.low,
                "high": observed.high,
            }
        )
    return pd.DataFrame(records, columns=["from", "to", "rows", "stated", "observed", "low", "high"])


def bin_numbers(stated: Floats) -> npt.NDArray[np.intp]:
    """Return each row's bin: equal counts, equal values together, at most 10, of 20 rows or more."""
    bins = int(np.clip(len(stated) // ROWS_PER_BIN, 1, MOST_BINS))
    edges = np.unique(np.quantile(stated, np.linspace(0, 1, bins + 1)[1:-1])) if len(stated) else np.array([])
    numbers = np.searchsorted(edges, stated, side="left")
    return np.unique(numbers, return_inverse=True)[1]


def judge_calibration(
    stated: Floats, happened: npt.NDArray[np.bool_], *, draws: Resamples, seed: int
) -> Calibration:
    """Return whether the stated probabilities agree with what happened, as far as the rows can tell.

    Parameters
    ----------
    stated : numpy.ndarray
        For two classes the probability of the positive one; for more the one of the class that was named.
    happened : numpy.ndarray of bool
        Whether it was so.
    draws : Resamples
        Draws of the same rows.
    seed : int
        Seed of the simulation.

    Notes
    -----
    On few rows the error is above 0 even for perfect probabilities. So it is held against simulations in
    which the probabilities are true (Bröcker and Smith 2007); with groups, whose rows go together, the signs
    of whole groups' deviations are drawn instead. The interval is the basic bootstrap's, which takes off
    the error that resampling itself adds, widened where needed to hold the observed value.
    """
    bins = bin_numbers(stated)
    deviations = np.zeros((len(stated), int(bins.max()) + 1))
    deviations[np.arange(len(stated)), bins] = stated - happened
    observed = float(np.abs(deviations.sum(axis=0)).sum() / len(stated))
    chance = _errors_by_chance(stated, bins, deviations, draws, seed)
    p_value = float((1 + np.sum(chance >= observed - 1e-12)) / (1 + len(chance)))
    noticeable = float(np.quantile(chance, CONFIDENCE))
    few = len(stated) < LEAST_ROWS or draws.unit_count < LEAST_UNITS
    verdict = _verdict(few, observed - float(chance.mean()), p_value, noticeable)
    drawn = np.concatenate(
        [np.abs(weights @ deviations).sum(axis=1) / weights.sum(axis=1) for weights in draws.weights()]
    )
    result = CalibrationResult.model_validate(
        {"expected_calibration_error": _basic(observed, drawn, draws.unit_count), "verdict": verdict}
    )
    return Calibration(result, reliability(stated, happened), float(chance.mean()), noticeable, p_value)


def _verdict(few: bool, excess: float, p_value: float, noticeable: float) -> str:
    if few:
        return "cannot tell"
    if p_value < 1 - CONFIDENCE and excess >= WORTH_NOTICING:
        return "miscalibrated"
    return "calibrated" if noticeable <= MUST_BE_NOTICED else "cannot tell"


def _errors_by_chance(
    stated: Floats, bins: npt.NDArray[np.intp], deviations: Floats, draws: Resamples, seed: int
) -> Floats:
    """Return calibration errors as they come about by chance where the probabilities are true."""
    rng = np.random.default_rng(seed)
    rows, units = len(stated), draws.unit_count
    simulations = int(np.clip(MOST_WORK // rows, 200, SIMULATIONS))
    by_unit = np.zeros((units, deviations.shape[1]))
    np.add.at(by_unit, draws.units, deviations)
    inside = np.zeros_like(deviations)
    inside[np.arange(rows), bins] = 1.0
    errors = np.empty(simulations)
    for place in range(simulations):
        if draws.grouped:
            total = rng.choice(np.array([-1.0, 1.0]), size=units) @ by_unit
        else:
            total = (stated - (rng.random(rows) < stated)) @ inside
        errors[place] = np.abs(total).sum() / rows
    return errors


def _basic(value: float, drawn: Floats, units: int) -> Estimate:
    percentile = interval(value, drawn, units=units)
    if percentile.low is None or percentile.high is None:
        return percentile
    low, high = (
        float(limit) for limit in np.clip([2 * value - percentile.high, 2 * value - percentile.low], 0, 1)
    )
    return Estimate(value=value, low=min(low, value), high=max(high, value))

"""What the fits of known distributions say: the table, the sentences, and what their figure is drawn from."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from helpers.errors import listed
from helpers.exploration.families import POSITIVE
from helpers.exploration.fits import ABOVE_ZERO, CLOSE, COLUMNS_FITTED, FIT_ROWS, ROUGH, Fit, Verdict
from helpers.exploration.readings import name
from helpers.tables.table import Role
from helpers.wording import count, joined, number, percent

FITS_DRAWN = 4
POINTS_DRAWN = 60
COUNTS_DRAWN = 30
AS_GOOD = 2.0  # BIC: a family within it of the best one is as good (Raftery 1995: 'not worth a mention')
NAMED = 6
CELLS = ("column", "verdict", "nearest", "apart", "at most", "what follows", "parameters", "as good")
TEXT_CELLS = ("nearest", "parameters", "as good")
CAPTION = (
    "The known distribution of greatest likelihood (BIC) for each number, those that matter most first. "
    "'Apart' is the largest distance between the share of values below any point and the share that the "
    "distribution has there (Kolmogorov–Smirnov D); 'at most' is the end of its 95 % interval for all rows "
    f"like these. Closely: by {percent(CLOSE, digits=1)} or less; roughly: by {percent(ROUGH)} or less; "
    "else none fits."
)
FORMATS = {"apart": ".1%", "at most": ".1%"}


def fit_table(fits: Sequence[Fit]) -> pd.DataFrame:
    """Return one row a column: verdict, family with parameters, distances, what else, what follows."""
    return pd.DataFrame([_row(fit) for fit in fits], columns=list(CELLS))


def candidate_table(fits: Sequence[Fit]) -> pd.DataFrame:
    """Return every family tried on every column, with likelihood, AIC, BIC and distance."""
    parts = [
        fit.candidates.assign(
            column=fit.column.name, part=fit.part, parameters=fit.candidates["parameters"].map(_parameters)
        )
        for fit in fits
        if len(fit.candidates)
    ]
    return pd.concat(parts, ignore_index=True) if parts else pd.DataFrame({"column": []})


def caption(fits: Sequence[Fit], left_out: int) -> str:
    """Return what the table says, on how many values it rests, and which columns it leaves out and why."""
    text = CAPTION
    if any(fit.drawn for fit in fits):
        text += (
            f" Fitted to at most {FIT_ROWS:,} values a column, drawn at random; 'at most' holds the error "
            "that this brings."
        )
    if left_out:
        text += (
            f" Fitted are the {COLUMNS_FITTED} numbers that matter most to the target, as more would not be "
            f"read; {count(left_out, 'number')} {'is' if left_out == 1 else 'are'} not."
        )
    return text


def fit_words(fits: Sequence[Fit]) -> list[str]:
    """Return which distribution fits which columns, for which none does and why, and what that asks for."""
    if not fits:
        return ["The table has no numbers, so there is no distribution to compare them with."]
    said = []
    for verdict, how in ((Verdict.CLOSE, "closely"), (Verdict.ROUGH, "roughly")):
        found = [fit for fit in fits if fit.verdict is verdict]
        if found:
            names = [f"{name(fit.column.name)} ({fit.best['family']}{_of(fit)})" for fit in found]
            said.append(f"A known distribution fits {_numbers(found)} {how}: {listed(names, limit=NAMED)}.")
    none = [fit for fit in fits if fit.verdict is Verdict.NONE]
    if none:
        names = [f"{name(fit.column.name)}{f' ({fit.why})' if fit.why else ''}" for fit in none]
        said.append(f"None fits {_numbers(none)}: {listed(names, limit=NAMED)}.")
    few = [fit for fit in fits if fit.verdict is Verdict.TOO_FEW]
    if few:
        names = [f"{name(fit.column.name)} (perhaps {fit.best['family']})" for fit in few]
        said.append(f"Too few rows to tell for {_numbers(few)}: {listed(names, limit=NAMED)}.")
    if all(fit.verdict is Verdict.NOT_FITTED for fit in fits):
        said.append("No number has enough different values for a distribution to be fitted.")
    target = [fit for fit in fits if fit.column.role is Role.TARGET and fit.fits]
    said += [
        f"The target, {name(fit.column.name)}, is {fit.best['family']}: {fit.family.use}." for fit in target
    ]
    return said


@dataclass(frozen=True)
class FitPanel:
    """What one small figure shows of a fit.

    Attributes
    ----------
    fit : Fit
        The fit.
    frame : pandas.DataFrame
        ``at`` (a share for quantiles, a count for counts), ``expected`` and ``found``: the quantiles of the
        distribution and of the values, or the shares of rows with that count.
    """

    fit: Fit
    frame: pd.DataFrame

    @property
    def counts(self) -> bool:
        """Whether the frame holds shares of counts, and not quantiles."""
        return self.fit.family.discrete and bool((self.frame["at"] % 1 == 0).all())

    @property
    def log(self) -> bool:
        """Whether both axes are logarithmic: the family stands on positive numbers only."""
        return self.fit.family.support == POSITIVE and bool(
            (self.frame[["expected", "found"]] > 0).all(axis=None)
        )


def fit_panels(fits: Sequence[Fit]) -> list[FitPanel]:
    """Return the panels of the first 4 columns that could be fitted."""
    drawn = [fit for fit in fits if fit.verdict is not Verdict.NOT_FITTED][:FITS_DRAWN]
    return [FitPanel(fit, _count_frame(fit) if _few_counts(fit) else _quantile_frame(fit)) for fit in drawn]


def fit_table_drawn(panels: Sequence[FitPanel]) -> pd.DataFrame:
    """Return the panels' tables below each other, with the column's name first."""
    return pd.concat(
        [panel.frame.assign(column=panel.fit.column.name) for panel in panels], ignore_index=True
    )


def fit_alt(panels: Sequence[FitPanel]) -> str:
    """Say, for those who cannot see it, how near the points of each panel are to the line."""
    parts = [
        f"{name(panel.fit.column.label)} against {panel.fit.best['family']}{_of(panel.fit)}: "
        f"{panel.fit.verdict}, apart by at most {percent(panel.fit.distance, digits=1)}"
        for panel in panels
    ]
    drawn = count(len(panels), "number")
    return f"The values of {drawn} beside the known distribution that is nearest: {'; '.join(parts)}."


def _row(fit: Fit) -> dict[str, object]:
    row: dict[str, object] = {"column": fit.column.name, "verdict": fit.verdict.value}
    if fit.verdict is Verdict.NOT_FITTED:
        return row | dict.fromkeys(TEXT_CELLS, "") | {"what follows": fit.why}
    best = fit.best
    return row | {
        "nearest": f"{best['family']}{_of(fit)}",
        "apart": fit.distance,
        "at most": fit.at_most,
        "what follows": fit.family.use if fit.fits else fit.why,
        "parameters": _parameters(best["parameters"]),
        "as good": _as_good(fit),
    }


def _as_good(fit: Fit) -> str:
    near = fit.candidates[fit.candidates["BIC"] <= fit.candidates["BIC"].iloc[0] + AS_GOOD]
    return joined([str(family) for family in near["family"].iloc[1:]])


def _of(fit: Fit) -> str:
    return f" of the {percent(fit.part_share)} above 0" if fit.part == ABOVE_ZERO else ""


def _numbers(fits: Sequence[Fit]) -> str:
    return count(len(fits), "number")


def _parameters(parameters: dict[str, float]) -> str:
    return ", ".join(f"{key} {number(value)}" for key, value in parameters.items())


def _few_counts(fit: Fit) -> bool:
    """Return whether the values are counts of which each can have a bar of its own."""
    return fit.family.discrete and float(np.ptp(fit.values)) < COUNTS_DRAWN


def _quantile_frame(fit: Fit) -> pd.DataFrame:
    points = min(POINTS_DRAWN, len(fit.values))
    # The outermost points are of the middle of the outermost rows, so that the tails are seen.
    inner = np.linspace(0, 1, points + 2)[1:-1]
    edge = 0.5 / len(fit.values)
    at = np.unique(np.concatenate([[edge, 1 - edge], inner]))
    found = np.quantile(fit.values, at, method="inverted_cdf")
    return pd.DataFrame({"at": at, "expected": fit.frozen.ppf(at), "found": found})


def _count_frame(fit: Fit) -> pd.DataFrame:
    found, rows = np.unique(fit.values, return_counts=True)
    at = np.arange(found[0], found[-1] + 1)
    shares = pd.Series(rows / len(fit.values), index=found).reindex(at, fill_value=0.0)
    return pd.DataFrame({"at": at, "expected": fit.frozen.pmf(at), "found": shares.to_numpy()})

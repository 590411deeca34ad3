"""Every candidate through the same folds: scores on validation and training rows, predictions, times.

A candidate that fails gets the reason instead of a score, and the others go on; running out of memory and
being interrupted end the notebook, as they should. Fits of different candidates and folds run side by side;
the results are the same on any number of cores.
"""

import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace

import numpy as np
import numpy.typing as npt
import pandas as pd

from helpers.errors import shortened
from helpers.metrics import Metric
from helpers.model_selection.candidates import Candidate
from helpers.model_selection.deadline import Deadline, Pace
from helpers.model_selection.fitting import (
    NO_SETTINGS,
    Fitting,
    FoldScore,
    Here,
    Job,
    Settings,
    fit_and_score,
    fit_candidate,
    sample,
)
from helpers.model_selection.parallel import cores, side_by_side
from helpers.scoring import Prediction
from helpers.scoring.stored import stated_column
from helpers.tables.folds import Folds, Positions
from helpers.tables.table import Table

__all__ = [
    "NO_SETTINGS",
    "STOPPED",
    "Asked",
    "CandidateResult",
    "Deadline",
    "FoldScore",
    "Settings",
    "evaluate",
    "evaluate_all",
    "fit_and_score",
    "fit_candidate",
    "limited",
]

# Past these sizes a fold is fitted, and validated, on a sample of its rows.
FOLD_ROWS = 50_000
VALIDATION_ROWS = 20_000
STOPPED = "the seconds of the budget do not suffice for it"

Values = npt.NDArray[np.float64]


@dataclass(frozen=True)
class CandidateResult:
    """A candidate after cross-validation.

    Attributes
    ----------
    candidate : Candidate
        What was fitted.
    settings : mapping
        Parameters that differ from the candidate's own; empty but for a search's finds.
    folds : tuple of FoldScore
        One a fold, in the folds' order; empty where it failed.
    out_of_fold : pandas.DataFrame or None
        Columns `row`, `truth`, `prediction` and for classes `probability:<class>`: for each row that was in
        some validation part, the answer of the model (of the first repeat) that had not seen it.
    failed : str
        Why it has no score; empty where it has one.
    notes : tuple of str
        What to know of the score, for instance that a fit did not converge.
    by_fold : tuple of numpy.ndarray
        The predictions for each fold's validation rows, in their order: numbers, or rows × classes; empty
        where it failed.
    rounds_to_take : int
        The boosting rounds to take on all rows where they do not follow from the folds; else 0.
    ahead : bool
        Whether it was held against the best of the others as each picks on the other folds, and is better.
        What leads it by its mean over all folds then owes that to the picking, in hindsight, of the luckiest.
    """

    candidate: Candidate
    settings: Settings = field(default_factory=dict)
    folds: tuple[FoldScore, ...] = ()
    out_of_fold: pd.DataFrame | None = None
    failed: str = ""
    notes: tuple[str, ...] = ()
    by_fold: tuple[Values, ...] = ()
    rounds_to_take: int = 0
    ahead: bool = False

    @property
    def rounds(self) -> int:
        """The boosting rounds to take on all rows: the median of those that the folds found; 0 for none."""
        if self.rounds_to_take:
            return self.rounds_to_take
        found = [fold.rounds for fold in self.folds if fold.rounds]
        return round(float(np.median(found))) if found else 0

    @property
    def fold_rows(self) -> int:
        """How many rows it was fitted on in a fold, the median; 0 without folds."""
        return round(float(np.median([fold.train_rows for fold in self.folds]))) if self.folds else 0

    @property
    def name(self) -> str:
        """The name in records: the candidate's, marked where a search changed its settings."""
        return f"{self.candidate.name}_tuned" if self.settings else self.candidate.name

    @property
    def label(self) -> str:
        """The name for people."""
        return f"{self.candidate.label}, tuned" if self.settings else self.candidate.label

    @property
    def validation(self) -> npt.NDArray[np.float64]:
        """The score on each fold's validation rows."""
        return np.array([fold.validation for fold in self.folds])

    @property
    def mean(self) -> float:
        """The mean score over the validation rows of the folds that define it; NaN where none does."""
        known = [fold.validation for fold in self.folds if np.isfinite(fold.validation)]
        return float(np.mean(known)) if known else float("nan")

    @property
    def train(self) -> npt.NDArray[np.float64]:
        """The score on each fold's training rows."""
        return np.array([fold.train for fold in self.folds])


Asked = tuple[Candidate, Settings]
Evaluate = Callable[..., CandidateResult]


def evaluate(
    table: Table,
    candidate: Candidate,
    folds: Folds,
    *,
    metric: Metric,
    seed: int,
    deadline: Deadline,
    settings: Settings = NO_SETTINGS,
    fitting: Fitting | None = None,
) -> CandidateResult:
    """Return one candidate's result; `settings` change parameters of its pipeline."""
    asked = [(candidate, settings)]
    return evaluate_all(table, asked, folds, metric=metric, seed=seed, deadline=deadline, fitting=fitting)[0]


def evaluate_all(
    table: Table,
    asked: Sequence[Asked],
    folds: Folds,
    *,
    metric: Metric,
    seed: int,
    deadline: Deadline,
    fitting: Fitting | None = None,
    at_once: int | None = None,
    when_done: Callable[[int, CandidateResult], None] = lambda _place, _found: None,
) -> list[CandidateResult]:
    """Return the results of many candidates and settings on the same folds, fitted side by side.

    Parameters
    ----------
    table : Table
        The development rows.
    asked : sequence of (Candidate, settings)
        What to fit; those of a low `Candidate.turn` are begun first, which matters only where the seconds
        end it.
    folds : Folds
        Through `limited` first where the table may be large.
    metric : Metric
        What to score with.
    seed : int
        Seed of the estimators and of samples.
    deadline : Deadline
        Looked at before each fit; what was not done by then, or cannot be by the pace of its first folds,
        fails, saying so. Only the baseline is always fitted.
    fitting : Fitting, optional
        What fits, `fitting.Here` or `workers.Workers`; given where other calls are about the same table.
    at_once : int, optional
        How many fits run at the same time; as many as there are cores if none is given.
    when_done : callable
        Called with the place in `asked` and the result as soon as one is complete.

    Returns
    -------
    list of CandidateResult
        In the order of `asked`.
    """
    asking = fitting or Here()
    pace = Pace(len(folds), at_once or cores())

    def fit(fold: _Fit) -> _Outcome:
        candidate, settings = asked[fold.place]
        # The baseline takes no time, and without it no other score says anything.
        if candidate.family != "baseline" and not pace.suffices(fold.place, deadline.remaining):
            return STOPPED
        began = time.monotonic()
        try:
            job = Job(candidate, fold.train, fold.validation, metric, seed, settings)
            found = asking.fit(table, job)
            pace.done(fold.place, time.monotonic() - began)
            return found
        except MemoryError:
            raise
        except Exception as error:
            return f"fold {fold.number + 1}: {type(error).__name__}: {shortened(error, limit=200)}"

    fits = _fits(asked, folds)
    outcomes: list[dict[int, _Outcome]] = [{} for _ in asked]
    results: dict[int, CandidateResult] = {}
    for at, outcome in side_by_side(fit, fits, at_once=at_once, stop=asking.stop):
        place = fits[at].place
        outcomes[place][fits[at].number] = outcome
        if len(outcomes[place]) == len(folds):
            ordered = [outcomes[place][number] for number in range(len(folds))]
            results[place] = _result(table, asked[place], folds, ordered, metric)
            when_done(place, results[place])
    return [results[place] for place in range(len(asked))]


_Outcome = tuple[FoldScore, Prediction] | str


@dataclass(frozen=True)
class _Fit:
    """One fit to do: which of those asked for, on which fold."""

    place: int
    number: int
    train: Positions
    validation: Positions


def _fits(asked: Sequence[Asked], folds: Folds) -> list[_Fit]:
    turns = sorted(range(len(asked)), key=lambda place: (asked[place][0].turn, place))
    return [
        _Fit(place, number, train, validation)
        for place in turns
        for number, (train, validation) in enumerate(folds)
    ]


def _result(
    table: Table, asked: Asked, folds: Folds, outcomes: Sequence[_Outcome], metric: Metric
) -> CandidateResult:
    """Return the result of one candidate; the first fold that failed says why there is none."""
    candidate, settings = asked
    failed = [outcome for outcome in outcomes if isinstance(outcome, str)]
    if failed:
        # Why a fit broke says more than that the seconds ran out.
        reason = next((found for found in failed if found != STOPPED), STOPPED)
        return CandidateResult(candidate, settings, failed=reason)
    done = [outcome for outcome in outcomes if not isinstance(outcome, str)]
    scores = [fold for fold, _ in done]
    predictions = [prediction for _, prediction in done]
    if not np.isfinite([fold.validation for fold in scores]).any():
        return CandidateResult(candidate, settings, failed=f"no fold defines {metric.label}")
    return CandidateResult(
        candidate,
        settings,
        tuple(scores),
        out_of_fold(table, folds, predictions),
        notes=notes_of(scores, folds, metric),
        by_fold=tuple(_values(prediction) for prediction in predictions),
    )


def _values(prediction: Prediction) -> Values:
    stated = prediction.probabilities
    return np.asarray(prediction.values if stated is None else stated, dtype=float)  # noqa: PD011


def limited(folds: Folds, *, seed: int) -> Folds:
    """Return the folds with at most `FOLD_ROWS` rows to fit on and `VALIDATION_ROWS` to validate on."""
    parts = tuple(
        (sample(train, FOLD_ROWS, seed + number), sample(validation, VALIDATION_ROWS, seed + number))
        for number, (train, validation) in enumerate(folds)
    )
    return replace(folds, parts=parts)


def notes_of(scores: Sequence[FoldScore], folds: Folds, metric: Metric) -> tuple[str, ...]:
    """Return what to know of the scores on the folds."""
    notes = []
    fitted, given = max(fold.train_rows for fold in scores), max(len(train) for train, _ in folds)
    if fitted < given:
        notes.append(f"fitted on {fitted:,} of a fold's {given:,} training rows")
    undefined = sum(not np.isfinite(fold.validation) for fold in scores)
    if unconverged := sum(fold.unconverged for fold in scores):
        notes.append(f"had not converged in {unconverged} of {len(scores)} fits")
    if undefined:
        notes.append(
            f"{metric.label} is not defined on {undefined} of {len(scores)} folds, which are left out"
        )
    return tuple(notes)


def out_of_fold(table: Table, folds: Folds, predictions: Iterable[Prediction]) -> pd.DataFrame:
    """Return the predictions of the folds' validation rows, each row once, as `CandidateResult` describes."""
    parts = []
    for (_, validation), prediction in zip(folds, predictions, strict=True):
        part = pd.DataFrame({"position": validation, "prediction": np.asarray(prediction.values)})
        if prediction.probabilities is not None:
            stated = prediction.probabilities.rename(columns=stated_column)
            part = pd.concat([part, stated.reset_index(drop=True)], axis=1)
        parts.append(part)
    # Later repeats predict the same rows again; the first answer stands, so that each row counts once.
    joined = pd.concat(parts, ignore_index=True).drop_duplicates("position").sort_values("position")
    positions = joined.pop("position").to_numpy()
    joined.insert(0, "row", table.frame.index.to_numpy()[positions])
    joined.insert(1, "truth", table.y.to_numpy()[positions])
    return joined.reset_index(drop=True)


def in_order_of_rows(table: Table, *parts: pd.DataFrame) -> pd.DataFrame:
    """Return the predictions in the order of the rows; of several for a row the first stands."""
    joined = pd.concat(parts, ignore_index=True).drop_duplicates("row")
    places = table.frame.index.get_indexer(pd.Index(joined["row"]))
    return joined.iloc[np.argsort(places, kind="stable")].reset_index(drop=True)

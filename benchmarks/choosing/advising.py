"""The stopping advice: what twice the rows and twice the trials bring, and how often the advice is right."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from benchmarks.choosing.worlds import SHARE, LinearWorld, as_result, fold_losses
from helpers.metrics import METRICS, Task
from helpers.model_selection.choice import NOTHING, Chosen
from helpers.model_selection.comparison import EQUAL_SHARE
from helpers.model_selection.extrapolation import MoreRows, more_rows_gain
from helpers.model_selection.learning_curve import SHARES
from helpers.model_selection.noise import Noise, noise_share
from helpers.model_selection.search_gain import MoreTrials, more_trials_gain
from helpers.model_selection.stopping import advise
from helpers.results import Estimate
from helpers.tables.table import Column, Kind, Role, Table

RMSE = METRICS["rmse"]
CONTINUATIONS = 40
MANY_ROWS = 100_000
UNKNOWN = Noise(Estimate(value=None), why_not="not asked here")
NO_ROWS = MoreRows(Estimate(value=None), 0, "not asked here")
NO_TRIALS = MoreTrials(Estimate(value=None), float("nan"), 0, "not asked here")
COLUMNS = ["what", "where", "share", "promised"]
HELPS, CANNOT_TELL = "helps", "cannot tell"


@dataclass(frozen=True)
class _Asked:
    """Whether the interval held the true gain, what was answered, and whether the effort pays."""

    held: bool
    answer: str
    pays: bool


def more_rows(seed: int, times: int) -> pd.DataFrame:
    """Return coverage and rightness for curves of power laws, and for linear models fitted on drawn rows."""
    tables = []
    for where, draw in (("power laws", _power_law), ("least squares", _least_squares)):
        rng = np.random.default_rng(seed)
        asked: list[_Asked] = []
        for _ in range(times):
            curve, gain, last = draw(rng)
            found = more_rows_gain(curve, metric=RMSE, share=SHARE, seed=0)
            if found.gain.value is None:
                continue
            held = found.gain.low <= gain <= found.gain.high
            answer = _advice(rows=found, loss=last)[0]
            asked.append(_Asked(held, answer, gain > EQUAL_SHARE * last))
        tables.append(_summary("twice the rows", where, asked, times))
    return pd.concat(tables)


def more_trials(seed: int, times: int) -> pd.DataFrame:
    """Return coverage and rightness for searches whose trials have known losses."""
    rng = np.random.default_rng(seed)
    asked: list[_Asked] = []
    for _ in range(times):
        amount, spread = int(rng.choice([10, 20, 40, 80])), float(rng.choice([0.01, 0.05, 0.2]))
        error, shape = float(rng.choice([0.002, 0.01, 0.03])), float(rng.choice([1.0, 3.0, 8.0]))

        def drawn(amount: int = amount, spread: float = spread, shape: float = shape) -> np.ndarray:
            return 1 + spread * rng.gamma(shape, 1, amount) / np.sqrt(shape)

        true = drawn()
        losses = fold_losses(true, rng, error=error)
        last = float(losses.mean(axis=1).min())
        trials = [as_result(one, trial=n) for n, one in enumerate(losses)]
        found = more_trials_gain(trials, metric=RMSE, margin=EQUAL_SHARE * last, seed=seed)
        gain = float(np.mean([_continued(true, losses, drawn(), error, rng) for _ in range(CONTINUATIONS)]))
        # Going on may also pick a luckier and worse trial: that is no gain, and counts as none.
        held = found.gain.low <= max(gain, 0.0) <= found.gain.high
        answer = _advice(trials=found, loss=last)[1]
        asked.append(_Asked(held, answer, gain > EQUAL_SHARE * last))
    where = "random search"
    rows = [
        (
            f"… pays where it says '{said}'",
            where,
            _mean_of([one.pays for one in asked if one.answer == said]),
            "–",
        )
        for said in (HELPS, CANNOT_TELL, "helps little")
    ]
    summary = _summary("twice the trials", where, asked, times)
    return pd.concat([summary, pd.DataFrame(rows, columns=COLUMNS)])


def noise(seed: int, times: int) -> pd.DataFrame:
    """Return how often the interval of the noise's share holds it, for smooth truths of few columns.

    A share of 1, where nothing lies above, is held more often than any other; it is counted apart.
    """
    rows = []
    for columns, whole in ((1, False), (3, False), (5, False), (1, True), (3, True)):
        rng = np.random.default_rng(seed)
        held: dict[bool, list[bool]] = {False: [], True: []}
        for _ in range(times):
            table, answers, share = _smooth(rng, columns=columns, whole=whole)
            found = noise_share(table, answers, strategy="random", seed=0)
            if found.share.value is not None:
                held[share == 1].append(found.share.low <= share <= found.share.high)
        where = f"{columns} {'columns of whole numbers, rows repeat' if whole else 'columns'}"
        known = sum(map(len, held.values()))
        rows += [
            ("noise's share: told", where, known / times, "–"),
            ("… and its interval holds a share below 1", where, _mean_of(held[False]), "0.93 to 0.97"),
            ("… and its interval holds 1", where, _mean_of(held[True]), "at least 0.93"),
        ]
    return pd.DataFrame(rows, columns=COLUMNS)


def _mean_of(held: Sequence[bool]) -> float:
    return float(np.mean(held)) if held else 0.0


def _advice(*, loss: float, rows: MoreRows = NO_ROWS, trials: MoreTrials = NO_TRIALS) -> list[str]:
    best = as_result(np.full(5, loss))
    chosen = Chosen(best, best, NOTHING, NOTHING, EQUAL_SHARE * loss, "", beats_baseline=True)
    return [row.answer for row in advise(rows, trials, UNKNOWN, chosen=chosen, measure="RMSE").rows]


def _summary(what: str, where: str, asked: Sequence[_Asked], times: int) -> pd.DataFrame:
    told = [one for one in asked if one.answer != CANNOT_TELL]
    rows = [
        (f"{what}: estimated", where, len(asked) / times, "–"),
        ("… and the interval holds the truth", where, _mean_of([one.held for one in asked]), "0.93 to 0.97"),
        ("… helps or helps little is told", where, len(told) / times, "–"),
        (
            "… and right",
            where,
            _mean_of([(one.answer == HELPS) == one.pays for one in told]),
            "more than both below",
        ),
        ("… where 'always' is right", where, _mean_of([one.pays for one in told]), "–"),
        ("… where 'never' is right", where, _mean_of([not one.pays for one in told]), "–"),
    ]
    return pd.DataFrame(rows, columns=COLUMNS)


def _curve(sizes: np.ndarray, losses: np.ndarray) -> pd.DataFrame:
    """Return folds × sizes as `learning_curve` would."""
    return pd.DataFrame(
        [
            {"share": share, "fold": fold + 1, "rows": rows, "validation": losses[fold, place]}
            for place, (share, rows) in enumerate(zip(SHARES, sizes, strict=True))
            for fold in range(len(losses))
        ]
    )


def _power_law(rng: np.random.Generator) -> tuple[pd.DataFrame, float, float]:
    rows = int(rng.choice([200, 1_000, 5_000]))
    power, floor = rng.uniform(0.2, 1.2), rng.uniform(0.3, 1.0)
    drop = np.exp(
        rng.uniform(np.log(0.003), np.log(0.6))
    )  # of the loss between the smallest and the largest part
    sizes = np.array(SHARES) * rows
    scale = drop / (sizes[0] ** -power - sizes[-1] ** -power)
    true = floor + scale * sizes**-power
    error = float(rng.choice([0.003, 0.01, 0.03]))
    # Small parts differ more from fold to fold; what is hard in a fold is so at every size.
    own = np.array([fold_losses(np.zeros(1), rng, error=error / np.sqrt(share))[0] for share in SHARES]).T
    common = fold_losses(np.zeros(1), rng, error=0.05)[0][:, None]
    gain = scale * (sizes[-1] ** -power - (2 * sizes[-1]) ** -power)
    return _curve(sizes, true + own + common), float(gain), float(true[-1])


def _least_squares(rng: np.random.Generator) -> tuple[pd.DataFrame, float, float]:
    columns, rows = int(rng.choice([5, 20, 40])), int(rng.choice([250, 500, 1_000]))
    world = LinearWorld(rng.normal(size=columns) * 0.3, 1.0, (np.arange(columns),))
    X, y = world.rows(rows, rng)
    part = rng.permutation(rows) % 5
    sizes = np.array([round(share * rows * 0.8) for share in SHARES])
    losses = np.zeros((5, len(SHARES)))
    for fold in range(5):
        train = rng.permutation(np.flatnonzero(part != fold))
        for place, size in enumerate(sizes):
            kept = train[: max(size, columns + 5)]
            slopes = np.linalg.lstsq(X[kept], y[kept], rcond=None)[0]
            losses[fold, place] = np.sqrt(np.mean((y[part == fold] - X[part == fold] @ slopes) ** 2))
    # The loss of least squares on normal columns, exactly: 1 + p / (n - p - 1) in squares.
    now, then = (np.sqrt(1 + columns / (n - columns - 1)) for n in (sizes[-1], 2 * sizes[-1]))
    return _curve(np.maximum(sizes, columns + 5), losses), float(now - then), float(now)


def _continued(
    true: np.ndarray, losses: np.ndarray, more: np.ndarray, error: float, rng: np.random.Generator
) -> float:
    again = fold_losses(more, rng, error=error)
    means = np.concatenate([losses, again]).mean(axis=1)
    return float(true[losses.mean(axis=1).argmin()] - np.concatenate([true, more])[means.argmin()])


def _smooth(rng: np.random.Generator, *, columns: int, whole: bool) -> tuple[Table, pd.DataFrame, float]:
    rows, size = int(rng.choice([400, 1_500])), float(rng.choice([0.3, 1.0]))
    X = rng.normal(size=(rows, columns))
    X = np.round(X * 2) if whole else X
    truth = np.sin(X @ rng.normal(size=columns) / np.sqrt(columns)) + 0.3 * X[:, 0]
    off = float(rng.choice([0.0, 0.5]))
    bias = off * np.cos(X[:, 0])
    y = truth + rng.normal(0, size, rows)
    names = [f"x{number}" for number in range(columns)]
    frame = pd.DataFrame(X, columns=names).assign(y=y)
    described = {
        name: Column(name, Kind.NUMBER, Role.TARGET if name == "y" else Role.FEATURE, name) for name in frame
    }
    answers = pd.DataFrame({"row": frame.index, "truth": y, "prediction": truth + bias})
    # Of all rows that could have been drawn, not of these.
    anywhere = rng.normal(size=MANY_ROWS)
    anywhere = np.round(anywhere * 2) if whole else anywhere
    share = size**2 / (size**2 + off**2 * float(np.mean(np.cos(anywhere) ** 2)))
    return Table(frame, described, Task.REGRESSION), answers, share

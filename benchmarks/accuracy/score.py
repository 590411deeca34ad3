"""What predictions are worth: log loss, AUC, RMSE; ranks, and the distance from the best."""

from collections.abc import Collection, Mapping
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pandas as pd
from sklearn.metrics import roc_auc_score

from benchmarks.accuracy.tables import Case

Floats = npt.NDArray[np.float64]

# The same for all: a class ruled out that happened.
LEAST = 1e-6
STATED = (
    ("low", "high", "interval holds (%)"),
    ("lowest", "highest", "interval of a single table holds (%)"),
)


def row_losses(case: Case, answers: Path) -> Floats:
    """Return the loss of each row to predict: its squared error, or minus the log of its class's probability.

    Parameters
    ----------
    case : Case
        The table.
    answers : Path
        A file with `prediction` or one `probability:<class>` column a class.
    """
    return _losses(*_read(case, answers))


def _losses(truth: pd.Series, stated: pd.Series | pd.DataFrame) -> Floats:
    if isinstance(stated, pd.Series):
        return np.asarray((truth - stated) ** 2)
    return np.asarray(-np.log(stated.to_numpy()[np.arange(len(truth)), stated.columns.get_indexer(truth)]))


def _read(case: Case, answers: Path) -> tuple[pd.Series, pd.Series | pd.DataFrame]:
    """Return the truth and the predictions; of classes their names, and rows × classes of probabilities."""
    truth, given = pd.read_csv(case.test)[case.target], pd.read_csv(answers)
    if case.regression:
        return truth, given["prediction"]
    truth = truth.astype(str)
    table = given.filter(regex="^probability:").rename(columns=lambda name: name.partition(":")[2])
    classes = sorted(set(truth) | set(table.columns))
    table = table.reindex(columns=classes, fill_value=0.0).clip(LEAST, 1 - LEAST)
    return truth, table.div(table.sum(axis=1), axis=0)


def scores(case: Case, answers: Path) -> dict[str, float]:
    """Return the scores of a file of answers: the log loss, of numbers the RMSE; of two classes the AUC."""
    truth, stated = _read(case, answers)
    loss = float(_losses(truth, stated).mean())
    if isinstance(stated, pd.Series):
        return {"loss": float(np.sqrt(loss))}
    if len(stated.columns) != 2:
        return {"loss": loss}
    last = stated.columns[1]
    return {"loss": loss, "auc": float(roc_auc_score(truth == last, stated[last]))}


def distance(losses: Floats, others: Floats, *, regression: bool) -> tuple[float, float]:
    """Return by which share the loss is above that of another tool on the same rows, and its standard error.

    The error is that of the paired difference of the rows' losses; half of it for an RMSE, their mean's root.
    """
    apart = (losses - others) / others.mean()
    share, error = float(apart.mean()), float(apart.std(ddof=1) / np.sqrt(len(apart)))
    return (float(np.sqrt(1 + share) - 1), error / 2) if regression else (share, error)


def distances(
    by_tool: Mapping[str, Floats], ours: Collection[str], *, regression: bool
) -> list[dict[str, object]]:
    """Return how far each of our tools is behind the best of the others, with the standard error of that.

    One dict a tool of ours: `tool`, `beside` (the other), `behind (%)`, `error (%)`.
    """
    others = {tool: losses for tool, losses in by_tool.items() if tool not in ours}
    if not others:
        return []
    best = min(others, key=lambda tool: others[tool].mean())
    found: list[dict[str, object]] = []
    for tool in (each for each in by_tool if each in ours):
        behind, error = distance(by_tool[tool], others[best], regression=regression)
        found.append({"tool": tool, "beside": best, "behind (%)": 100 * behind, "error (%)": 100 * error})
    return found


def summary(found: pd.DataFrame) -> pd.DataFrame:
    """Return one row a tool: its mean rank by loss, and how far it is from the best at most and on average.

    Where runs stated an interval for the loss in the long run (`low`, `high`), and one for that of a single
    table (`lowest`, `highest`), also how often each held it.

    Parameters
    ----------
    found : pandas.DataFrame
        Columns `table`, `tool`, `loss` and, where tables were cut more than once, `cut`; a tool that gave
        nothing has NaN and the last rank.
    """
    index = ["table", "cut"] if "cut" in found else ["table"]
    losses = found.pivot_table(index=index, columns="tool", values="loss", dropna=False).dropna(how="all")
    ranks = losses.rank(axis=1, na_option="bottom")
    behind = losses.div(losses.min(axis=1), axis=0) - 1
    table = pd.DataFrame(
        {
            "mean rank": ranks.mean(),
            "mean distance (%)": 100 * behind.mean(),
            "largest distance (%)": 100 * behind.max(),
            "nothing given": losses.isna().sum(),
        }
    )
    for low, high, heading in STATED:
        if low in found:
            told = found.dropna(subset=[low, high, "loss"])
            held = told["loss"].between(told[low], told[high])
            table[heading] = 100 * held.groupby(told["tool"]).mean()
    return table.sort_values("mean rank").replace(np.inf, np.nan)

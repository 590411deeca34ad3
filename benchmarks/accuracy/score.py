"""What predictions are worth: log loss, AUC, RMSE; ranks, and the distance from the best."""

from pathlib import Path

import numpy as np
import pandas as pd
from sklearn.metrics import log_loss, roc_auc_score, root_mean_squared_error

from benchmarks.accuracy.tables import Case

# The same for all: a class ruled out that happened.
LEAST = 1e-6
STATED = (
    ("low", "high", "interval holds (%)"),
    ("lowest", "highest", "interval of a single table holds (%)"),
)


def scores(case: Case, answers: Path) -> dict[str, float]:
    """Return the scores of a file with `prediction` or one `probability:<class>` column a class."""
    truth = pd.read_csv(case.test)[case.target]
    given = pd.read_csv(answers)
    if case.regression:
        return {"loss": float(root_mean_squared_error(truth, given["prediction"]))}
    stated = given.filter(regex="^probability:")
    classes = sorted(set(truth.astype(str)) | {name.partition(":")[2] for name in stated.columns})
    table = stated.rename(columns=lambda name: name.partition(":")[2])
    table = table.reindex(columns=classes, fill_value=0.0).clip(LEAST, 1 - LEAST)
    table = table.div(table.sum(axis=1), axis=0)
    found = {"loss": float(log_loss(truth.astype(str), table, labels=classes))}
    if len(classes) == 2:
        found["auc"] = float(roc_auc_score(truth.astype(str) == classes[1], table[classes[1]]))
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

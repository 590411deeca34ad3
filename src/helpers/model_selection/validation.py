"""How the development rows are cut for validation, as a table: what each side of each fold holds."""

from collections.abc import Mapping

import pandas as pd

from helpers.errors import shortened
from helpers.metrics import Task
from helpers.tables.folds import Folds, Positions
from helpers.tables.table import Table
from helpers.wording import percent

MOST_CLASSES = 5


def validation_table(table: Table, folds: Folds) -> pd.DataFrame:
    """Return one row a fold.

    Returns
    -------
    pandas.DataFrame
        Columns `repeat`, `fold`, and for the sides training and validation: `… rows`; the mean of the
        target, the share of the positive class, or the shares of the five largest classes; the number of
        groups and the first and last time where there are any.
    """
    return pd.DataFrame(
        [
            {
                "repeat": number // folds.folds + 1,
                "fold": number % folds.folds + 1,
                **_side(table, train, "training"),
                **_side(table, validation, "validation"),
            }
            for number, (train, validation) in enumerate(folds)
        ]
    )


def _side(table: Table, positions: Positions, side: str) -> Mapping[str, object]:
    target = table.y.iloc[positions]
    row: dict[str, object] = {f"{side} rows": len(positions)}
    if table.task is Task.REGRESSION:
        row[f"{side} mean of target"] = float(target.mean())
    elif table.positive is not None:
        row[f"{side} share of {table.positive}"] = float((target == table.positive).mean())
    else:
        largest = table.y.value_counts().sort_index().nlargest(MOST_CLASSES).index
        names = ", ".join(shortened(name, limit=20) for name in largest)
        shares = [percent(float((target == name).mean())) for name in largest]
        row[f"{side} shares of {names}"] = ", ".join(shares)
    if table.groups is not None:
        row[f"{side} groups"] = int(table.groups.iloc[positions].nunique())
    if table.times is not None:
        times = table.times.iloc[positions]
        row[f"{side} from"], row[f"{side} to"] = str(times.min()), str(times.max())
    return row

from collections.abc import Callable, Mapping
from typing import Any

import matplotlib as mpl
import matplotlib.pyplot as plt
import pandas as pd
import pytest

from helpers.metrics import Task
from helpers.tables.table import Column, Kind, Role, Table

MakeTable = Callable[..., Table]


@pytest.fixture(autouse=True)
def _no_figure_stays_open():
    mpl.use("Agg")
    before = dict(mpl.rcParams)
    yield
    plt.close("all")
    assert dict(mpl.rcParams) == before


@pytest.fixture
def make_table() -> MakeTable:
    """Build a table from columns; the target is called "y", text in it means classes."""

    def make(
        columns: Mapping[str, Any],
        *,
        kinds: Mapping[str, Kind] | None = None,
        roles: Mapping[str, Role] | None = None,
        positive: str | None = None,
        labels: Mapping[str, str] | None = None,
    ) -> Table:
        frame = pd.DataFrame(columns)
        classes: tuple[str, ...] = ()
        task = Task.REGRESSION
        if not pd.api.types.is_numeric_dtype(frame["y"].dtype):
            frame["y"] = frame["y"].astype(object)
            classes = tuple(sorted(set(frame["y"])))
            task = Task.BINARY if len(classes) == 2 else Task.MULTICLASS
        target_kind = Kind.NUMBER if task is Task.REGRESSION else Kind.CATEGORY
        described = {
            name: Column(
                name,
                target_kind if name == "y" else (kinds or {}).get(name, Kind.NUMBER),
                Role.TARGET if name == "y" else (roles or {}).get(name, Role.FEATURE),
                (labels or {}).get(name, name),
            )
            for name in frame.columns
        }
        return Table(frame, described, task, classes, positive)

    return make

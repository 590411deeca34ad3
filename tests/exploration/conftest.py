from collections.abc import Callable, Mapping, Sequence
from typing import Any

import pandas as pd
import pytest

from helpers.metrics import Task
from helpers.tables.table import Column, Kind, Role, Table

MakeTable = Callable[..., Table]


@pytest.fixture
def make_table() -> MakeTable:
    """Return a function that builds a table: name to (kind, values), the target, and roles that differ."""

    def make(
        columns: Mapping[str, tuple[Kind, Any]],
        target: Sequence[Any],
        *,
        positive: str | None = None,
        roles: Mapping[str, Role] | None = None,
        units: Mapping[str, str] | None = None,
    ) -> Table:
        frame, described = {}, {}
        for name, (kind, values) in columns.items():
            frame[name] = pd.Categorical(values) if kind is Kind.CATEGORY else values
            role = (roles or {}).get(name, Role.FEATURE)
            described[name] = Column(name, kind, role, name, (units or {}).get(name, ""))
        classes = tuple(sorted(set(target))) if isinstance(target[0], str) else ()
        frame["y"] = pd.Series(list(target), dtype=object if classes else float)
        kind = Kind.CATEGORY if classes else Kind.NUMBER
        described["y"] = Column("y", kind, Role.TARGET, "y")
        task = Task.REGRESSION if not classes else Task.BINARY if len(classes) == 2 else Task.MULTICLASS
        lead = positive or (classes[0] if task is Task.BINARY else None)
        return Table(pd.DataFrame(frame), described, task, classes, lead)

    return make

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import pandas as pd
import pytest

from helpers.data_quality.context import Context
from helpers.data_quality.rule import Rule
from helpers.findings import Finding
from helpers.metrics import Task
from helpers.tables.prepare import DataInfo, Development, SplitSummary
from helpers.tables.table import Column, Kind, Role, Table

MakeTable = Callable[..., Table]
Develop = Callable[..., Development]
Ask = Callable[..., Any]


def kind_of(values: pd.Series) -> Kind:
    if isinstance(values.dtype, pd.CategoricalDtype):
        return Kind.CATEGORY
    if pd.api.types.is_datetime64_any_dtype(values.dtype):
        return Kind.DATE
    return Kind.NUMBER


@pytest.fixture(scope="session")
def make_table() -> MakeTable:
    """Return a function that builds a table: columns, the target `y`; texts are categories unless told."""

    def make(
        target: Sequence[Any],
        columns: Mapping[str, Any],
        *,
        kinds: Mapping[str, Kind] | None = None,
        roles: Mapping[str, Role] | None = None,
    ) -> Table:
        frame, described = {}, {}
        for name, given in columns.items():
            values = pd.Series(given)
            kind = (kinds or {}).get(name)
            if kind is None and values.dtype.kind not in "ifMm":
                values = values.astype("category")
            frame[name] = values
            role = (roles or {}).get(name, Role.FEATURE)
            described[name] = Column(name, kind or kind_of(values), role, name)
        classes = tuple(sorted(set(target))) if isinstance(target[0], str) else ()
        frame["y"] = pd.Series(list(target), dtype=object if classes else float)
        described["y"] = Column("y", Kind.CATEGORY if classes else Kind.NUMBER, Role.TARGET, "y")
        task = Task.REGRESSION if not classes else Task.BINARY if len(classes) == 2 else Task.MULTICLASS
        positive = classes[0] if task is Task.BINARY else None
        return Table(pd.DataFrame(frame), described, task, classes, positive)

    return make


@pytest.fixture(scope="session")
def develop() -> Develop:
    """Return a function that takes a table for the development rows of a table read without a remark."""

    def make(table: Table, *, findings: Sequence[Finding] = ()) -> Development:
        return Development(
            table,
            DataInfo("made.csv", len(table), len(table.columns), "f" * 64),
            SplitSummary("none", len(table), 0, "holdout is 0", "k" * 64),
            tuple(findings),
            pd.DataFrame(columns=["step", "column", "changed", "before", "after"]),
        )

    return make


@pytest.fixture(scope="session")
def ask(develop: Develop) -> Ask:
    """Return a function that puts one rule to a table and returns its one finding."""

    def answer(rule: Rule, table: Table, *, findings: Sequence[Finding] = ()) -> Finding:
        found = rule(table, Context(develop(table, findings=findings)))
        assert len(found) == 1, [finding.message for finding in found]
        return found[0]

    return answer

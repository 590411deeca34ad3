"""From the params' `data` to the two sides of the split: read, typed, checked, cleaned, split once.

The holdout rows are sealed: `load_development` neither returns nor keeps them; `Session.open_holdout` is the
one place that hands them out.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

import helpers.files as files
import helpers.tables.side_findings as side_findings
from helpers.errors import Problem, UserError, shortened
from helpers.findings import Finding
from helpers.metrics import Task
from helpers.parameters import Parameters
from helpers.tables.clean import cleaning_log
from helpers.tables.draft import Draft, drafted
from helpers.tables.info import DataInfo
from helpers.tables.look import Look, look_at, texts_of
from helpers.tables.row_keys import combined
from helpers.tables.split import Held, Rows, Side, split
from helpers.tables.table import Column, Kind, Role, Table
from helpers.tables.target import (
    assumed_positive,
    matching_class,
    positive_finding,
    task_finding,
)

__all__ = ["DataInfo", "Development", "SplitSummary", "both_sides", "load_development", "split_look"]


@dataclass(frozen=True)
class SplitSummary:
    """How development and holdout rows were told apart."""

    strategy: str  # stratified, group, time, id, none
    development_rows: int
    holdout_rows: int
    reason: str
    key: str  # hash over which rows are held out: equal keys mean the same holdout
    column: str = ""  # the column that it goes by; empty where it goes by none


@dataclass(frozen=True)
class Development:
    """The development rows and what was found out on the way to them."""

    table: Table
    info: DataInfo
    split: SplitSummary
    findings: tuple[Finding, ...]
    cleaning: pd.DataFrame  # columns: step, column, changed (cells or rows), before, after
    advised_split: bool = False  # whether the table itself, not the params, asked for this split


def load_development(params: Parameters, *, where: str | None = None) -> Development:
    """Return the development rows with all that reading, cleaning and splitting found out.

    Parameters
    ----------
    params : Parameters
        The checked parameters.
    where : str, optional
        What messages begin with, the params file for instance; the experiment's name if none is given.

    Raises
    ------
    UserError
        If the table cannot be read, or the parameters do not fit it; all problems at once.
    """
    return both_sides(params, where=where)[0]


def both_sides(params: Parameters, *, where: str | None = None) -> tuple[Development, Table]:
    """Return the development rows and the holdout rows as the params say."""
    place = where or params.experiment
    look = look_at(params.data, params=params, where=f"{place}: data")
    return split_look(look, params, where=place)


def split_look(look: Look, params: Parameters, *, where: str) -> tuple[Development, Table]:
    """Return the development rows and the holdout rows of a table that was read.

    Raises
    ------
    UserError
        If the parameters do not fit it; all problems at once.
    """
    draft = drafted(look, params, where=where)
    rows = _rows(look, draft, params)
    side = split(rows, share=params.holdout)
    found = _two_tables(draft, side.held, params, where)
    info = DataInfo(look.name, look.rows, len(look.typed), look.fingerprint)
    summary = _summary(found, side, look.fingerprint, params)
    findings = (
        *look.findings, *draft.findings, *found.findings,
        *side_findings.of_split(rows, side, share=params.holdout, target=params.target),
    )  # fmt: skip
    development = Development(found.development, info, summary, findings, cleaning_log(draft.changes))
    return development, found.holdout


def _rows(look: Look, draft: Draft, params: Parameters) -> Rows:
    """Gather what the split looks at; identifiers say nothing of whether two rows are the same."""
    kept = draft.frame.index.to_numpy()
    telling = sorted(
        name
        for name, column in look.typed.items()
        if name not in (params.target, params.id) and column.inferred is not Kind.IDENTIFIER
    )
    content = combined((look.keys[name][kept] for name in telling), rows=len(kept))
    named = {
        key: draft.frame[name] for key in ("group", "time") if (name := getattr(params, key)) is not None
    }
    ids = texts_of(look.cells[params.id]).loc[kept] if params.id is not None else None
    return Rows(content, draft.labels.y, ids, named.get("group"), named.get("time"))


@dataclass(frozen=True)
class _Tables:
    development: Table
    holdout: Table
    findings: tuple[Finding, ...]


def _two_tables(draft: Draft, held: Held, params: Parameters, where: str) -> _Tables:
    """Return both sides as tables with the same columns, classes and positive class."""
    y = draft.labels.y
    findings: list[Finding] = []
    unknown = sorted(set(y[held]) - set(y[~held])) if draft.labels.task is not Task.REGRESSION else []
    if unknown:
        findings.append(
            side_findings.unlearnt_classes(params.target, unknown, int(y[held].isin(unknown).sum()))
        )
    classes = tuple(name for name in draft.labels.classes if name not in unknown)
    if draft.labels.task is not Task.REGRESSION and len(classes) < 2:
        raise UserError(_one_class_left(classes, where))
    two = draft.labels.task is Task.BINARY
    positive = _positive(y[~held], classes, params, findings) if two else None
    if draft.labels.reason:
        findings.append(task_finding(params.target, draft.labels))
    known = held & ~y.isin(unknown).to_numpy()
    development, holdout = draft.frame.loc[~held], draft.frame.loc[known]
    development, holdout = _categories_of_development(development, holdout)
    columns = _without_empty(draft.columns, development)
    task = draft.labels.task
    return _Tables(
        Table(development, columns, task, classes, positive),
        Table(holdout, columns, task, classes, positive),
        tuple(findings),
    )


def _positive(
    y: pd.Series, classes: tuple[str, ...], params: Parameters, findings: list[Finding]
) -> str | None:
    if params.positive is not None:
        return matching_class(params.positive, classes)
    positive, why = assumed_positive(y, classes)
    findings.append(positive_finding(params.target, positive, why, classes))
    return positive


def _one_class_left(classes: tuple[str, ...], where: str) -> Problem:
    return Problem(
        f"{where}: holdout",
        f"a split that leaves only the class {shortened(classes[0])!r} to learn from",
        "development rows of at least two classes",
        "Take out time or group, or take another holdout share.",
    )


def _categories_of_development(
    development: pd.DataFrame, holdout: pd.DataFrame
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Let categories be those of the development rows; the holdout has its new ones behind them."""
    names = [name for name in development.columns if isinstance(development[name].dtype, pd.CategoricalDtype)]
    seen = {name: development[name].cat.remove_unused_categories() for name in names}
    late = {}
    for name in names:
        own = holdout[name].cat.remove_unused_categories().cat.categories
        order = seen[name].cat.categories.append(own.difference(seen[name].cat.categories))
        late[name] = holdout[name].cat.set_categories(order)
    return development.assign(**seen), holdout.assign(**late)


def _without_empty(columns: Mapping[str, Column], development: pd.DataFrame) -> dict[str, Column]:
    """Return the columns; a feature without any value in the development rows teaches nothing."""
    return {
        name: replace(column, kind=Kind.EMPTY, role=Role.UNUSED)
        if column.role is Role.FEATURE and not development[name].notna().any()
        else column
        for name, column in columns.items()
    }


def _summary(found: _Tables, side: Side, fingerprint: str, params: Parameters) -> SplitSummary:
    held = found.holdout.frame.index.to_numpy(dtype="<i8")
    key = files.hash_of([fingerprint, np.sort(held).tobytes()])
    column = {"group": params.group, "time": params.time, "id": params.id}.get(side.strategy) or ""
    return SplitSummary(side.strategy, len(found.development), len(held), side.reason, key, column)

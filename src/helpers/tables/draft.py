"""The table between reading and splitting: limits applied, rows without use left out, parameters checked."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
from numpy.typing import NDArray

import helpers.tables.against_table as against_table
import helpers.tables.clean as clean
from helpers.errors import UserError
from helpers.findings import Finding, Severity
from helpers.metrics import Task
from helpers.parameters import Parameters
from helpers.tables.group_parts import named_parts
from helpers.tables.kinds import Typed
from helpers.tables.look import Look
from helpers.tables.remarks import Remark, Rule, findings_of
from helpers.tables.row_keys import combined
from helpers.tables.spellings import rare_variants_finding
from helpers.tables.table import Column, Kind, Role
from helpers.tables.target import Labels, is_numeric, labels_of

NAMES_ROWS = Rule(
    "T121", "identifier_column", Severity.NOTE,
    "Identifiers, which name rows rather than describe them, are not shown to models: {columns}.",
    "Some columns only number or name the rows and were not used.",
    "If one is a quantity, declare it under clean.types as number; if it names a row for good, set it as id.",
)  # fmt: skip
EMPTY = Rule(
    "T122", "empty_column", Severity.NOTE,
    "Without any value, so not shown to models: {columns}.",
    "Some columns are empty and were not used.",
    "Take them out of the table, or list them under drop.",
)  # fmt: skip


@dataclass(frozen=True)
class Draft:
    """The rows to be split.

    Attributes
    ----------
    frame : pandas.DataFrame
        Typed values of the rows kept; the index counts rows as read.
    columns : mapping of str to Column
        The columns with their roles.
    labels : Labels
        The target of the rows kept.
    changes : tuple of Change
        What cleaning changed.
    findings : tuple of Finding
        What was left out.
    """

    frame: pd.DataFrame
    columns: Mapping[str, Column]
    labels: Labels
    changes: tuple[clean.Change, ...]
    findings: tuple[Finding, ...]


def drafted(look: Look, params: Parameters, *, where: str) -> Draft:
    """Return the rows to be split, once the params have been held against the table.

    Raises
    ------
    UserError
        With everything in the params that does not fit the table.
    """
    problems = against_table.unknown_columns(params, list(look.typed), where=where)
    problems += against_table.wrong_types(params, look.typed, where=where)
    target = look.typed.get(params.target)
    of_target = against_table.target_of_wrong_kind(params, target, where=where) if target is not None else []
    problems += of_target
    if target is None or of_target:
        raise UserError(*problems)
    draft = _draft(look, params)
    features = sum(column.role is Role.FEATURE for column in draft.columns.values())
    problems += against_table.wrong_for_task(params, draft.labels, where=where)
    left_out = [item for item in draft.findings if item.kind == "rare_class"]
    problems += against_table.too_little_left(
        params, draft.labels.y, features, rare="".join(item.message for item in left_out), where=where
    )
    if problems:
        raise UserError(*problems)
    return draft


def _draft(look: Look, params: Parameters) -> Draft:
    typed, limits = limited(look, params)
    typed, large = _reckonable(typed, params.target)
    typed = _grouped(typed, params)
    labels = labels_of(look.cells[params.target], typed[params.target], task=params.task)
    kept, dropped, findings = _kept_rows(look, params, labels)
    columns = described(typed, params)
    # Whatever the cells hold, yes and no or 0 and 1 for instance, classes are classes to everyone.
    kind = Kind.NUMBER if labels.task is Task.REGRESSION else Kind.CATEGORY
    columns[params.target] = replace(columns[params.target], kind=kind)
    frame = pd.DataFrame({name: column.series for name, column in typed.items()}, copy=False)
    frame[params.target] = labels.y
    frame = frame.loc[kept]
    labels = with_values(labels, frame[params.target])
    declared = clean.cleaning_finding(
        [*look.changes, *limits, *(each for each in dropped if each.step == "duplicates")]
    )
    said = [finding for finding in (declared, clean.too_large_finding(large)) if finding is not None]
    changes = (*look.changes, *limits, *large, *dropped)
    return Draft(frame, columns, labels, changes, (*findings, *_role_findings(columns), *said))


def limited(look: Look, params: Parameters) -> tuple[dict[str, Typed], list[clean.Change]]:
    """Return the columns with values outside their declared limits missing."""
    typed, changes = dict(look.typed), []
    for name, limits in params.clean.limits.items():
        if name in typed and is_numeric(typed[name]):
            before = int(typed[name].series.isna().sum())
            values, changed = clean.within(typed[name].series, limits)
            typed[name] = replace(typed[name], series=values)
            changes.append(clean.missing_change("limits", name, changed, before))
    return typed, changes


def _reckonable(typed: Mapping[str, Typed], target: str) -> tuple[dict[str, Typed], list[clean.Change]]:
    """Return the columns with numbers too large to reckon with missing; those of the target are refused."""
    kept, changes = dict(typed), []
    for name, column in typed.items():
        if name == target or column.kind is not Kind.NUMBER:
            continue
        values, changed = clean.within(column.series, (-clean.LARGEST, clean.LARGEST))
        if changed:
            kept[name] = replace(column, series=values)
            before = int(column.series.isna().sum())
            changes.append(clean.missing_change("too large", name, changed, before))
    return kept, changes


def _grouped(typed: dict[str, Typed], params: Parameters) -> dict[str, Typed]:
    """Return the columns with the one of groups cut to the parts that name the group."""
    if params.group not in typed or not params.group_parts:
        return typed
    column = typed[params.group]
    groups = named_parts(column.series, params.group_parts).astype("category")
    return {**typed, params.group: replace(column, series=groups, kind=Kind.CATEGORY)}


def without_repeats(look: Look, params: Parameters) -> NDArray[np.bool_]:
    """Return which rows are kept where repeats of a row go if the params declare it."""
    if params.clean.duplicates == "drop":
        repeated: NDArray[np.bool_] = (
            pd.Series(combined(look.keys.values(), rows=look.rows)).duplicated().to_numpy()
        )
        return ~repeated
    return np.ones(look.rows, dtype=bool)


def _kept_rows(
    look: Look, params: Parameters, labels: Labels
) -> tuple[NDArray[np.bool_], list[clean.Change], list[Finding]]:
    """Return which rows are kept: repeats go if declared, rows without target or of rare classes always."""
    kept = without_repeats(look, params)
    changes: list[clean.Change] = []
    findings: list[Finding] = []
    if params.clean.duplicates == "drop":
        changes.append(clean.rows_change("duplicates", int((~kept).sum()), look.rows))
    absent = labels.y.isna().to_numpy() & kept
    if absent.any():
        findings.append(clean.target_missing_finding(params.target, int(absent.sum()), int(kept.sum())))
        changes.append(clean.rows_change("target missing", int(absent.sum()), int(kept.sum()), params.target))
        kept = kept & ~absent
    if labels.task is not Task.REGRESSION:
        rare = clean.rare_classes(labels.y[kept])
        if rare:
            gone = labels.y.isin(list(rare)).to_numpy() & kept
            others = [str(name) for name in labels.y[kept].value_counts().index if name not in rare]
            findings.append(clean.rare_class_finding(params.target, rare))
            findings += rare_variants_finding(params.target, rare, others)
            changes.append(clean.rows_change("rare class", int(gone.sum()), int(kept.sum()), params.target))
            kept = kept & ~gone
    return kept, changes, findings


def with_values(labels: Labels, values: pd.Series) -> Labels:
    """Return the labels of some of the rows; two classes that are left of several make a binary task."""
    if labels.task is Task.REGRESSION:
        return replace(labels, y=values)
    task = Task.BINARY if values.nunique() <= 2 else Task.MULTICLASS
    return replace(labels, y=values, task=task)


def described(typed: Mapping[str, Typed], params: Parameters) -> dict[str, Column]:
    """Return each column with its kind, its role, and what people call it."""
    return {
        name: Column(
            name, column.kind, _role(name, column.kind, params), params.label(name), params.unit(name)
        )
        for name, column in typed.items()
    }


def _role(name: str, kind: Kind, params: Parameters) -> Role:
    named = {
        params.target: Role.TARGET, params.time: Role.TIME, params.group: Role.GROUP, params.id: Role.ID,
        params.weight: Role.WEIGHT,
    }  # fmt: skip
    for column, role in named.items():
        if name == column:
            return role
    if name in params.drop:
        return Role.DROPPED
    return Role.UNUSED if kind in (Kind.IDENTIFIER, Kind.EMPTY) else Role.FEATURE


def _role_findings(columns: Mapping[str, Column]) -> list[Finding]:
    rules = {Kind.IDENTIFIER: NAMES_ROWS, Kind.EMPTY: EMPTY}
    unused = [column for column in columns.values() if column.role is Role.UNUSED]
    return findings_of(
        Remark(rules[column.kind], column.name, {"kind": column.kind.value}) for column in unused
    )

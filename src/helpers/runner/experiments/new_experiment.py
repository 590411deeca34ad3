"""`nightbook new`: a params file for the user's own table, with what was found out as comments."""

import math
import re
from pathlib import Path

import pandas as pd
import yaml

import helpers.files as files
from helpers.contracts.place import default_path
from helpers.data_quality.context import Context
from helpers.data_quality.group_candidates import group_candidates
from helpers.data_quality.phrases import written
from helpers.data_quality.run import run_rules
from helpers.errors import Problem, UserError, shortened
from helpers.findings import Finding, Severity, by_severity
from helpers.metrics import Task
from helpers.parameters import Parameters
from helpers.parameters.check import checked
from helpers.paths import params_folder, shown_path
from helpers.tables.database_address import SQLITE, is_address
from helpers.tables.prepare import Development, load_development
from helpers.tables.table import Kind, Role, Table
from helpers.wording import count, number, percent

FINDINGS_SHOWN = 10
GROUPS_SHOWN = 6
CLASSES_SHOWN = 6


def write_new(table: str, *, target: str, name: str = "", query: str | None = None) -> Path:
    """Write ``params/<name>.yaml`` for the table and return its path.

    Parameters
    ----------
    table : str
        A file as a person at the command line names it, ``sklearn:NAME``, or the address of a database.
    target : str
        The column to predict.
    name : str
        The experiment's name; empty takes the table's.
    query : str, optional
        The SQL of the table, for a database.

    Raises
    ------
    UserError
        If the file exists already, or the table or the target cannot be used.
    """
    data = _data(table)
    name = name or re.sub(r"[^A-Za-z0-9_-]+", "_", _short_name(table)).strip("_-") or "table"
    path = params_folder() / f"{name}.yaml"
    if path.exists():
        raise UserError(
            Problem(
                str(path), "a file that exists", "a name that is free",
                "Give another with --name, or remove the file; it is not overwritten.",
            )
        )  # fmt: skip
    question = f"Can {shortened(target)} be told from the other columns?"
    values = {"experiment": name, "question": question, "data": data, "query": query, "target": target}
    params = checked(values, where="nightbook new")
    development = load_development(params, where="nightbook new")
    files.write_text(path, "\n".join(_lines(development, params, data=data)) + "\n")
    return path


def _data(table: str) -> str:
    """Return what to write under `data`: a path that starts at the repository where the file is inside it."""
    if is_address(table):
        file = table.removeprefix(SQLITE)
        return table if file == table or "${" in file else SQLITE + shown_path(Path(file).resolve())
    if ":" in table and not Path(table).exists():
        return table
    return shown_path(Path(table).expanduser().resolve())


def _short_name(table: str) -> str:
    """Return what the experiment is called if nothing is said, from how the table is named."""
    if is_address(table):
        table = table.partition("?")[0]
    return Path(table.removeprefix("sklearn:")).stem


def _lines(development: Development, params: Parameters, *, data: str) -> list[str]:
    table, info = development.table, development.info
    size = f"{count(info.rows, 'row')} × {count(info.columns, 'column')}"
    return [
        "# yaml-language-server: $schema=schema.json",
        f"# Written by `nightbook new` from {shortened(info.name)}: {size}. Ready to run.",
        f"experiment: {params.experiment}",
        f"question: {_quoted(params.question)}  # write your own, in words for everyone",
        f"data: {_quoted(data)}",
        *([f"query: {_quoted(params.query)}"] if params.query is not None else []),
        f"target: {_quoted(table.target.name)}",
        "",
        *_task(table),
        "",
        *_roles(development),
        "",
        *_dropped(table),
        "",
        *_remarks(development),
        "# What else can be said here: params/schema.json, and the examples beside this file.",
        "# holdout: 0.2          # share of rows kept sealed for the evaluation",
        f"# costs: {_costs(table.task)}",
        f"# contract: {shown_path(default_path(params.experiment))}  # what later tables must keep; "
        f"`nightbook contract params/{params.experiment}.yaml` writes it",
        "# columns:              # names and units for people",
        f"#   {_quoted(table.target.name)}: {{label: …, unit: …}}",
    ]


def _task(table: Table) -> list[str]:
    if table.task is Task.REGRESSION:
        low, middle, high = (number(float(value)) for value in table.y.quantile([0, 0.5, 1]))
        return [
            f"task: regression  # the target's numbers go from {low} to {high}, half of them below {middle}"
        ]
    shares = table.y.value_counts(normalize=True)
    shown = ", ".join(
        f"{shortened(value, limit=30)} {percent(share)}"
        for value, share in shares.head(CLASSES_SHOWN).items()
    )
    more = f" and {len(shares) - CLASSES_SHOWN} more" if len(shares) > CLASSES_SHOWN else ""
    lines = [f"task: classification  # {count(len(shares), 'class')}: {shown}{more}"]
    if table.positive is not None:
        lines.append(
            f"positive: {_quoted(table.positive)}  # the value to find; false alarms are the other way round"
        )
    return lines


def _roles(development: Development) -> list[str]:
    """Return the candidates for id, time and group; a person knows which are true."""
    table = development.table
    rows = len(table)
    lines = [
        "# What belongs together? Uncomment what is true: a wrong split makes a model look better than it is."
    ]
    for column in table.columns.values():
        if column.role not in (Role.FEATURE, Role.UNUSED):
            continue
        values = table.frame[column.name]
        if column.kind is Kind.IDENTIFIER and values.nunique() == values.notna().sum() == rows:
            lines.append(f"# id: {_quoted(column.name)}  # another value in each row")
        elif column.kind is Kind.DATE:
            lines.append(f"# time: {_quoted(column.name)}  # {_span(values)}")
    candidates = group_candidates(table, Context(development).codes)[:GROUPS_SHOWN]
    lines += [f"# group? {shortened(item.words)}: {written(item.lines)}" for item in candidates]
    nothing = "# No column looks like an id, a time or a group; name one if you know better."
    return lines if len(lines) > 1 else [nothing]


def _span(values: pd.Series) -> str:
    return f"from {values.min():%Y-%m-%d} to {values.max():%Y-%m-%d}"


def _dropped(table: Table) -> list[str]:
    """Return the columns that tell a model nothing, each with the reason."""
    found: list[tuple[str, str]] = []
    for column in table.columns.values():
        values = table.frame[column.name]
        if column.role is Role.UNUSED:
            reason = (
                "it holds nothing"
                if column.kind is Kind.EMPTY
                else "it names rows rather than describing them"
            )
            found.append((column.name, reason))
        elif column.role is Role.FEATURE and values.nunique(dropna=False) < 2:
            found.append((column.name, "it holds the same value everywhere"))
    if len(found) == len(table.features) + len(table.with_role(Role.UNUSED)):
        found = []
    if not found:
        return ["drop: []  # columns that models must not see"]
    return ["drop:", *(f"  - {_quoted(name)}  # {reason}" for name, reason in found)]


def _remarks(development: Development) -> list[str]:
    findings = [*development.findings, *run_rules(development)]
    grave = [item for item in by_severity(findings) if item.severity in (Severity.STOP, Severity.WARN)]
    if not grave:
        return []
    more = (
        [f"# … and {len(grave) - FINDINGS_SHOWN} more, in 01_data_quality.html"]
        if len(grave) > FINDINGS_SHOWN
        else []
    )
    return ["# What to look at first:", *(_remark(item) for item in grave[:FINDINGS_SHOWN]), *more, ""]


def _remark(finding: Finding) -> str:
    remedy = f" {finding.remedy}" if finding.remedy else ""
    return f"# - {finding.severity}: {shortened(finding.message + remedy, limit=400)}"


def _costs(task: Task) -> str:
    return {
        Task.BINARY: "{unit: €, false_negative: 100, false_positive: 5}  # what each costs",
        Task.MULTICLASS: "{unit: €, mistake: 10}  # what each costs",
        Task.REGRESSION: "{unit: €, too_low: 1, too_high: 1}  # what each unit costs",
    }[task]


def _quoted(text: str) -> str:
    """Return the text as YAML in double quotes, on one line."""
    quoted: str = yaml.safe_dump(text, allow_unicode=True, default_style='"', width=math.inf)
    return quoted.strip()

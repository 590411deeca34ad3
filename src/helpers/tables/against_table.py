"""Parameters held against the table: everything that does not fit it, all at once."""

from collections.abc import Mapping, Sequence

import pandas as pd
from pandas.api.types import is_numeric_dtype

from helpers.errors import Problem, did_you_mean, listed, shortened
from helpers.metrics import METRICS, Task, metrics_for
from helpers.parameters import Parameters
from helpers.tables.clean import LARGEST
from helpers.tables.group_parts import named_parts
from helpers.tables.kinds import Typed
from helpers.tables.table import Kind
from helpers.tables.target import Labels, is_numeric, matching_class
from helpers.wording import count

# More classes than this are no classification that anyone could check.
MOST_CLASSES = 200
LEAST_ROWS = 30
COSTS = {
    Task.BINARY: ("false_negative", "false_positive"),
    Task.MULTICLASS: ("mistake",),
    Task.REGRESSION: ("too_low", "too_high"),
}
_KIND_WORDS = {
    Kind.NUMBER: "numbers",
    Kind.BOOLEAN: "two values",
    Kind.CATEGORY: "categories",
    Kind.DATE: "dates",
    Kind.TEXT: "text",
    Kind.IDENTIFIER: "identifiers",
    Kind.EMPTY: "no value at all",
}
_TASK_WORDS = {
    Task.BINARY: "a target of two classes",
    Task.MULTICLASS: "a target of several classes",
    Task.REGRESSION: "a regression",
}


def unknown_columns(params: Parameters, columns: Sequence[str], *, where: str) -> list[Problem]:
    """Return a problem for each name in the params that no column has, with the nearest that one has."""
    named: list[tuple[str, str]] = [
        (key, name) for key in ("target", "id", "group", "time") if (name := getattr(params, key)) is not None
    ]
    if params.weight is not None:
        named.append(("weight", params.weight))
    named += [("drop", name) for name in params.drop]
    # Notebooks that ignore these two load their table without them.
    for key in ("monotone", "sensitive"):
        named += [(key, name) for name in (getattr(params, key) if key in params.model_fields_set else ())]
    named += [("columns", name) for name in params.columns]
    named += [("clean.missing", name) for name in params.clean.missing if name != "*"]
    named += [("clean.types", name) for name in params.clean.types]
    named += [("clean.replace", name) for name in params.clean.replace]
    named += [("clean.limits", name) for name in params.clean.limits]
    known = set(columns)
    return [_unknown(f"{where}: {key}", name, columns) for key, name in named if name not in known]


def _unknown(place: str, name: str, columns: Sequence[str]) -> Problem:
    given = f"{shortened(name)!r}, which is no column of the table"
    remedy = shortened(did_you_mean(name, columns), limit=120)
    return Problem(place, given, f"one of {listed(list(columns))}", remedy)


def wrong_types(params: Parameters, typed: Mapping[str, Typed], *, where: str) -> list[Problem]:
    """Return what is wrong with `clean`, `time` and the roles that columns play together."""
    problems: list[Problem] = []
    for name, declared in params.clean.types.items():
        found = typed.get(name)
        if found is not None and found.inferred is not Kind.EMPTY and found.series.isna().all():
            given = f"{declared} for {shortened(name)!r}, no value of which can be read so"
            expected = f"{found.inferred}, as which it is read when nothing is declared"
            problems.append(Problem(f"{where}: clean.types", given, expected))
    problems += [
        Problem(f"{where}: clean.limits", _given(name, typed[name]), "a column of numbers")
        for name in params.clean.limits
        if name in typed and not is_numeric(typed[name])
    ]
    time = typed.get(params.time) if params.time is not None else None
    if time is not None and time.kind is not Kind.DATE and not is_numeric(time):
        remedy = "If they are dates, declare the column under clean.types as date."
        given = _given(str(params.time), time)
        problems.append(Problem(f"{where}: time", given, "a column of dates or numbers", remedy))
    if params.time is not None and params.time == params.group:
        given = f"{shortened(params.time)!r}, which is the time as well"
        problems.append(Problem(f"{where}: group", given, "another column than the time"))
    problems += _wrong_weight(params, typed, where) + _wrong_monotone(params, typed, where)
    return problems + _parts_that_nothing_has(params, typed, where)


def _wrong_weight(params: Parameters, typed: Mapping[str, Typed], where: str) -> list[Problem]:
    """Return why the column under `weight` cannot say how much a row counts."""
    found = typed.get(params.weight) if params.weight is not None else None
    if found is None:
        return []
    name, place = shortened(params.weight), f"{where}: weight"
    if not is_numeric(found):
        return [Problem(place, _given(str(params.weight), found), "a column of numbers, 0 or more")]
    values = found.series
    missing, negative = int(values.isna().sum()), int((values < 0).sum())
    wrong = [
        f"{count(number, 'value')} {what}"
        for number, what in ((missing, "missing"), (negative, "below 0"))
        if number
    ]
    if wrong:
        given = f"{name!r} with {' and '.join(wrong)}"
        return [Problem(place, given, "a number of 0 or more in every row", "0 leaves a row out.")]
    if not (values > 0).any():
        return [Problem(place, f"{name!r}, in which every value is 0", "at least one row that counts")]
    return []


def _wrong_monotone(params: Parameters, typed: Mapping[str, Typed], where: str) -> list[Problem]:
    """Return what is wrong with the columns under `monotone`."""
    if "monotone" not in params.model_fields_set:
        return []
    roles = {params.id, params.group, params.time, params.weight, *params.drop}
    problems = []
    for name in params.monotone:
        if name not in typed:
            continue  # told already
        if typed[name].kind is not Kind.NUMBER:
            expected = "columns of numbers"
            problems.append(Problem(f"{where}: monotone", _given(name, typed[name]), expected))
        elif name in roles:
            given = f"{shortened(name)!r}, which models do not see"
            problems.append(Problem(f"{where}: monotone", given, "columns that models see"))
    return problems


def _parts_that_nothing_has(params: Parameters, typed: Mapping[str, Typed], where: str) -> list[Problem]:
    found = typed.get(params.group) if params.group is not None else None
    if found is None or not params.group_parts or named_parts(found.series, params.group_parts).notna().any():
        return []
    example = shortened(found.series.dropna().iloc[0], limit=40) if found.series.notna().any() else ""
    given = f"{params.group_parts}, but no value of {shortened(params.group)!r} has so many parts"
    remedy = f"Parts are counted from 1 and separated by spaces or one of _ - . / : # (a value: {example!r})."
    return [Problem(f"{where}: group_parts", given, "parts that the texts have", remedy)]


def _given(name: str, typed: Typed) -> str:
    return f"{shortened(name)!r}, a column of {_KIND_WORDS[typed.kind]}"


def target_of_wrong_kind(params: Parameters, target: Typed, *, where: str) -> list[Problem]:
    """Return why the column cannot be a target, or not one of the declared task."""
    place, values = f"{where}: target", target.series.dropna()
    distinct = values.nunique()
    numeric = is_numeric(target)
    name = shortened(params.target)
    if not distinct:
        return [
            Problem(place, f"{name!r}, a column without any value", "a column with the values to predict")
        ]
    if target.kind is Kind.DATE:
        return [Problem(place, _given(params.target, target), "a column of numbers or classes")]
    if distinct < 2:
        only = shortened(values.iloc[0])
        return [
            Problem(place, f"{name!r}, whose only value is {only!r}", "a column with at least two values")
        ]
    if params.task == "regression" and not numeric:
        remedy = "Set task: classification, or declare the column under clean.types as number."
        given = f"regression for {_given(params.target, target)}"
        return [Problem(f"{where}: task", given, "a target of numbers", remedy)]
    if distinct > MOST_CLASSES and (params.task == "classification" or not numeric):
        remedy = "Set task: regression." if numeric else "Choose another target, or group its values."
        given = f"{name!r} with {distinct:,} different values"
        return [Problem(place, given, f"a target of at most {MOST_CLASSES} classes", remedy)]
    return []


def wrong_for_task(params: Parameters, labels: Labels, *, where: str) -> list[Problem]:
    """Return what in the params does not fit the task: positive, metric, costs, validation.

    The last three are looked at where they were given: their defaults fit every task, and a notebook that
    ignores them loads its table without them.
    """
    task = labels.task
    given_keys = params.model_fields_set
    problems = _positive_problems(params, labels, f"{where}: positive")
    if "metric" in given_keys and params.metric != "auto" and task not in METRICS[params.metric].tasks:
        fitting = ", ".join(metric.name for metric in metrics_for(task))
        given = f"{params.metric} for {_TASK_WORDS[task]}"
        problems.append(Problem(f"{where}: metric", given, f"auto or one of {fitting}"))
    if "costs" in given_keys and params.costs is not None:
        costs = params.costs.model_dump(exclude={"unit"}, exclude_none=True)
        odd = [key for key in costs if key not in COSTS[task]]
        if odd:
            given = f"{' and '.join(odd)} for {_TASK_WORDS[task]}"
            problems.append(Problem(f"{where}: costs", given, " and ".join(COSTS[task])))
    if "monotone" in given_keys and params.monotone and task is Task.MULTICLASS:
        given = f"a direction for {_TASK_WORDS[task]}"
        remedy = "Take it out: which of several classes should become more probable is not defined."
        expected = f"{_TASK_WORDS[Task.BINARY]} or {_TASK_WORDS[Task.REGRESSION]}"
        problems.append(Problem(f"{where}: monotone", given, expected, remedy))
    stratified = "validation" in given_keys and params.validation.strategy == "stratified"
    if stratified and task is Task.REGRESSION:
        expected = "auto, random, group or time"
        problems.append(Problem(f"{where}: validation", "stratified for a regression", expected))
    return problems


def _positive_problems(params: Parameters, labels: Labels, place: str) -> list[Problem]:
    if params.positive is None:
        return []
    given = shortened(repr(params.positive))
    if labels.task is not Task.BINARY:
        given = f"{given} for {_TASK_WORDS[labels.task]}"
        return [Problem(place, given, "nothing; it is for targets of two classes", "Leave it out.")]
    if matching_class(params.positive, labels.classes) is not None:
        return []
    remedy = did_you_mean(str(params.positive), labels.classes)
    given = f"{given}, which is no value of the target"
    return [Problem(place, given, f"one of {listed(labels.classes)}", remedy)]


def too_little_left(
    params: Parameters, values: pd.Series, features: int, *, rare: str = "", where: str
) -> list[Problem]:
    """Return why what is left after cleaning is no table to learn from; `rare` says which classes went."""
    problems = []
    if len(values) < LEAST_ROWS:
        given = f"a table with {_count_rows(len(values))}"
        expected = f"at least {LEAST_ROWS} rows with a value of the target, in classes that are not too rare"
        problems.append(Problem(f"{where}: data", given, expected, rare))
    elif values.nunique() < 2:
        given = f"{shortened(params.target)!r}, of which only one value is left after cleaning"
        problems.append(Problem(f"{where}: target", given, "at least two values with enough rows each", rare))
    elif is_numeric_dtype(values.dtype) and values.abs().max() > LARGEST:
        given = f"{shortened(params.target)!r} with values as large as {values.abs().max():.0e}"
        remedy = "Their squares cannot be reckoned with; scale them, or set clean: {limits: …}."
        problems.append(Problem(f"{where}: target", given, f"numbers of at most {LARGEST:.0e}", remedy))
    if not features:
        given = "a table in which no column is left to predict from"
        expected = "at least one column that is neither target, identifier, group, time, weight nor dropped"
        remedy = "If the file should have more columns, look at its delimiter."
        problems.append(Problem(f"{where}: data", given, expected, remedy))
    return problems


def _count_rows(rows: int) -> str:
    """Return how many rows can be used, in words."""
    return f"{rows} usable row{'' if rows == 1 else 's'}"

"""Keys that must go together, or must not, looked at in the values as they were given."""

from collections.abc import Mapping
from typing import Any

from helpers.errors import Problem, shortened
from helpers.tables.database_address import FORMS, address_problems, is_address


def problems_together(values: Mapping[str, Any], *, where: str) -> list[Problem]:
    """Return what is wrong between keys; a value that is itself wrong is left to the check of its key.

    Parameters
    ----------
    values : mapping
        The top-level keys as given.
    where : str
        The file or notebook, for the messages.
    """
    target = values.get("target")
    problems = [
        Problem(f"{where}: {role}", shortened(repr(target)), "another column than the target")
        for role in ("id", "group", "time", "weight")
        if target is not None and values.get(role) == target
    ]
    drop = values.get("drop")
    if isinstance(drop, list) and target in drop:
        problems.append(
            Problem(f"{where}: drop", shortened(repr(drop)), f"a list without the target {target!r}")
        )
    weight = values.get("weight")
    problems += [
        Problem(
            f"{where}: weight",
            f"{shortened(repr(weight))}, which is the {role} as well",
            "a column of its own",
        )
        for role in ("id", "group", "time")
        if weight is not None and values.get(role) == weight
    ]
    problems += _without_target("monotone", values, where=where) + _without_target(
        "sensitive", values, where=where
    )
    if values.get("group_parts") and values.get("group") is None:
        given = shortened(repr(values["group_parts"]))
        problems.append(
            Problem(f"{where}: group_parts", given, "the key group beside it", "Name the column under group.")
        )
    validation = values.get("validation")
    strategy = validation.get("strategy") if isinstance(validation, Mapping) else validation
    if strategy in ("group", "time") and values.get(strategy) is None:
        remedy = f"Name the column under {strategy}, or choose another strategy."
        problems.append(
            Problem(f"{where}: validation", repr(strategy), f"the key {strategy} beside it", remedy)
        )
    return [*problems, *_no_price(values, where=where), *_data_and_query(values, where=where)]


def _no_price(values: Mapping[str, Any], *, where: str) -> list[Problem]:
    """Return the problem of costs by which no mistake costs anything."""
    costs = values.get("costs")
    if not isinstance(costs, Mapping) or not costs:
        return []
    prices = [value for key, value in costs.items() if key != "unit" and value is not None]
    if any(value != 0 for value in prices):
        return []
    given, remedy = shortened(repr(dict(costs))), "Say what mistakes cost, or leave costs out."
    return [Problem(f"{where}: costs", given, "a mistake that costs something", remedy)]


def _without_target(key: str, values: Mapping[str, Any], *, where: str) -> list[Problem]:
    """Return the problem of columns under `key` that are the target."""
    columns, target = values.get(key), values.get("target")
    if not isinstance(columns, (list, Mapping)) or target is None or target not in columns:
        return []
    return [Problem(f"{where}: {key}", shortened(repr(target)), "columns other than the target")]


def _data_and_query(values: Mapping[str, Any], *, where: str) -> list[Problem]:
    """Return what is wrong with addresses under `data`, and between `data` and `query`."""
    data, query = values.get("data"), values.get("query")
    items = [data] if isinstance(data, str) else data if isinstance(data, list) else []
    addresses = [item for item in items if isinstance(item, str) and is_address(item)]
    problems = [problem for item in addresses for problem in address_problems(item, where=f"{where}: data")]
    if addresses and query is None:
        remedy = "For instance query: SELECT * FROM customers ORDER BY id"
        given = "the address of a database"
        problems.append(Problem(f"{where}: data", given, "the key query beside it", remedy))
    if query is not None and items and not addresses:
        given = shortened(repr(query))
        remedy = f"Take it out, or write {FORMS} under data."
        problems.append(Problem(f"{where}: query", given, "the address of a database under data", remedy))
    return problems

"""The runs of a grid as one table: a row a combination, a column what varies, and which did best."""

import json
from collections import Counter, defaultdict
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from helpers.runner.overview.index_best import comparison
from helpers.runner.overview.index_parts import RunRow, part, run_row, text
from helpers.wording import count, joined, name

LABEL_CHARACTERS = 40
OPEN_ROWS = 30  # a longer table is folded even where it is the newest
TIME_STAMP = len("20261125-160000-123")  # what the name of a run begins with

Record = Mapping[str, Any]


@dataclass(frozen=True)
class GridRow:
    """One combination: the values `given`, in the order of the columns, and how its run went."""

    given: tuple[str, ...]
    combination: str
    run: RunRow
    best: bool


@dataclass(frozen=True)
class GridTable:
    """The combinations of one call, in the order in which they were asked for."""

    title: str
    caption: str
    keys: tuple[str, ...]
    rows: tuple[GridRow, ...]
    unfolded: bool


def parted(runs: Sequence[Record]) -> tuple[list[list[Record]], list[Record]]:
    """Return the grids that the runs of one experiment make up, and the runs that belong to none.

    The runs of a grid come from the same call and vary the same keys; a single run is no grid. The grids and
    the other runs keep the order of `runs`; within a grid, the runs are as they were asked for.
    """
    together: defaultdict[Hashable, list[Record]] = defaultdict(list)
    for place, run in enumerate(runs):
        variant, batch = part(run, "variant"), text(run.get("batch"))
        together[(batch, frozenset(variant)) if variant and batch else place].append(run)
    grids = [sorted(found, key=_asked_for) for found in together.values() if len(found) > 1]
    return grids, [found[0] for found in together.values() if len(found) == 1]


def grid_table(runs: Sequence[Record], *, newest: bool) -> GridTable:
    """Return the table of a grid's runs.

    Parameters
    ----------
    runs : sequence of mapping
        Two or more records that vary the same keys, in the order of the rows.
    newest : bool
        Whether the experiment's newest run is among them; such a table lies open unless it is long.
    """
    keys, combinations = tuple(part(runs[0], "variant")), combinations_of(runs)
    columns = {key: labels([part(run, "variant")[key] for run in runs]) for key in keys}
    compared = comparison(runs, combinations)
    rows = tuple(
        GridRow(
            tuple(columns[key][place] for key in keys),
            combinations[place],
            run_row(run),
            place in compared.best,
        )
        for place, run in enumerate(runs)
    )
    varied = [
        f"{name(key, limit=LABEL_CHARACTERS)} ({count(len(set(columns[key])), 'value')})" for key in keys
    ]
    return GridTable(
        title=f"Grid over {joined([name(key, limit=LABEL_CHARACTERS) for key in keys])}: "
        f"{count(len(runs), 'combination')}, {rows[0].run.started}",
        caption=f"Varied: {joined(varied)}. {_how_they_ended(runs)} {compared.words}",
        keys=tuple(name(key, limit=LABEL_CHARACTERS) for key in keys),
        rows=rows,
        unfolded=newest and len(rows) <= OPEN_ROWS,
    )


def combinations_of(runs: Sequence[Record]) -> list[str]:
    """Return for each run of a grid what it was given, as in ``seed=1, models=linear``."""
    keys = tuple(part(runs[0], "variant"))
    columns = [labels([part(run, "variant")[key] for run in runs]) for key in keys]
    shown = [name(key, limit=LABEL_CHARACTERS) for key in keys]
    return [
        ", ".join(f"{key}={value}" for key, value in zip(shown, values, strict=True))
        for values in zip(*columns, strict=True)
    ]


def labels(values: Sequence[Any]) -> list[str]:
    """Return values as short texts; different values that look the same when cut are numbered.

    >>> labels([1, ["linear", "xgboost"], None, True])
    ['1', 'linear, xgboost', 'null', 'true']
    """
    identities = [json.dumps(value, sort_keys=True, default=str) for value in values]
    cut = {
        identity: name(_as_text(value), limit=LABEL_CHARACTERS)
        for identity, value in zip(identities, values, strict=True)
    }
    shared, seen = Counter(cut.values()), Counter[str]()
    shown: dict[str, str] = {}
    for identity, label in cut.items():
        seen[label] += 1
        shown[identity] = f"{label} ({seen[label]})" if shared[label] > 1 else label
    return [shown[identity] for identity in identities]


def _as_text(value: Any) -> str:
    """Return a value as a person writes it in YAML, without the quotes and brackets."""
    if isinstance(value, str):
        return value or "''"
    if isinstance(value, Mapping):
        return ", ".join(f"{key}: {_as_text(item)}" for key, item in value.items()) or "{}"
    if isinstance(value, Sequence):
        return ", ".join(_as_text(item) for item in value) or "[]"
    if value is None or isinstance(value, bool):
        return {None: "null", True: "true", False: "false"}[value]
    return str(value)


def _asked_for(run: Record) -> tuple[Any, ...]:
    """Return what the runs of a grid sort by: when its folder was made, then its values."""
    values = part(run, "variant").values()
    return text(run.get("run"))[:TIME_STAMP], [_as_number_or_text(value) for value in values]


def _as_number_or_text(value: Any) -> tuple[int, float, str]:
    if isinstance(value, (int, float)):
        return 0, value, ""
    return 1, 0, _as_text(value)


def _how_they_ended(runs: Sequence[Record]) -> str:
    """Return how many combinations there are and how they ended."""
    statuses = Counter(text(run.get("status")) or "status unknown" for run in runs)
    if len(statuses) == 1:
        return f"{count(len(runs), 'combination')}, all {name(next(iter(statuses)))}."
    ended = joined([f"{number} {name(status)}" for status, number in statuses.most_common()])
    return f"{count(len(runs), 'combination')}: {ended}."

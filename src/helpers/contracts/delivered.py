"""The table that a contract is about: every row as it was read and typed, `clean` applied, nothing split."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from helpers.parameters import Parameters
from helpers.tables.draft import limited, without_repeats
from helpers.tables.kinds import Typed
from helpers.tables.look import Look


@dataclass(frozen=True)
class Delivered:
    """A table as it was delivered.

    Attributes
    ----------
    name, fingerprint : str
        As in `Look`.
    rows : int
        Rows, without repeats where the params drop these.
    columns : mapping of str to Typed
        The columns; the index of their values counts rows as read, from 0.
    time, id : str or None
        The columns of these roles.
    """

    name: str
    fingerprint: str
    rows: int
    columns: Mapping[str, Typed]
    time: str | None = None
    id: str | None = None


def delivered(look: Look, params: Parameters) -> Delivered:
    """Return the table that was looked at, with what the params declare under `clean` applied to it."""
    kept = without_repeats(look, params)
    columns, _ = limited(look, params)
    if not kept.all():
        columns = {name: replace(each, series=each.series.loc[kept]) for name, each in columns.items()}
    return Delivered(look.name, look.fingerprint, int(kept.sum()), columns, params.time, params.id)

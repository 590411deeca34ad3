"""What a table is called, how large it is, and a hash of what it holds."""

from dataclasses import dataclass


@dataclass(frozen=True)
class DataInfo:
    """The table as it was read, before anything was left out."""

    name: str
    rows: int
    columns: int
    fingerprint: str

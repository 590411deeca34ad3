"""What messages of the rules are made of: names, counts, differences, lines of a params file."""

from collections.abc import Mapping, Sequence
from typing import Any

import yaml

from helpers.errors import listed
from helpers.wording import count

NAMES_IN_A_MESSAGE = 5


def named(columns: Sequence[str]) -> str:
    """Return the first few names, quoted, and how many more there are."""
    return listed([f"'{name}'" for name in columns], limit=NAMES_IN_A_MESSAGE)


def points(share: float) -> str:
    """Return a difference of shares in per cent, which may be negative.

    >>> points(0.034), points(-0.002), points(-0.05)
    ('3 %', '0 %', '−5 %')
    """
    return f"{round(100 * share) + 0:d} %".replace("-", "−")


def counted(amount: int, noun: str, one: str, many: str) -> str:
    """Return the amount with its noun and the verb that goes with it.

    >>> counted(1, "row", "has", "have"), counted(2, "row", "has", "have")
    ('1 row has', '2 rows have')
    """
    return f"{count(amount, noun)} {one if amount == 1 else many}"


def written(lines: Mapping[str, Any]) -> str:
    """Return keys of a params file as YAML within a sentence, for instance ``drop: [a, b]``."""
    text = yaml.safe_dump(
        dict(lines), allow_unicode=True, default_flow_style=True, width=10**9, sort_keys=False
    )
    return text.strip().removeprefix("{").removesuffix("}")

"""Mistakes of the user: what was given, what was expected, what to do. Never a traceback."""

import difflib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Problem:
    """One thing that is wrong with what the user gave.

    Attributes
    ----------
    where : str
        The file, and in it the key or the line, for instance ``params/churn.yaml: target``.
    given : str
        What was given.
    expected : str
        What would have been accepted.
    remedy : str
        What to do; may be empty where `expected` says it all.
    """

    where: str
    given: str
    expected: str
    remedy: str = ""

    def __str__(self) -> str:
        text = f"{self.where}: given {self.given}; expected {self.expected}."
        return f"{text} {self.remedy}" if self.remedy else text


class UserError(Exception):
    """One or more problems with what the user gave; the command line prints them and exits with 2."""

    def __init__(self, *problems: Problem) -> None:
        self.problems: tuple[Problem, ...] = problems
        super().__init__("\n".join(str(problem) for problem in problems))

    def _render_traceback_(self) -> list[str]:
        """Let IPython show the problems alone, without the stack of our own functions."""
        return [f"{type(self).__name__}: {problem}" for problem in self.problems]


def nearest(name: str, known: Iterable[str]) -> str | None:
    """Return the known name that looks most like `name`, ignoring case, or None if none comes close."""
    by_lower = {candidate.lower(): candidate for candidate in known}
    found = difflib.get_close_matches(name.lower(), by_lower, n=1, cutoff=0.6)
    return by_lower[found[0]] if found else None


def did_you_mean(name: str, known: Iterable[str]) -> str:
    """Return "Did you mean 'x'?" for the nearest known name, or an empty text."""
    found = nearest(name, known)
    return f"Did you mean {found!r}?" if found else ""


def listed(names: Sequence[str], *, limit: int = 12) -> str:
    """Return the names separated by commas, and how many more there are past the limit."""
    shown = ", ".join(shortened(name) for name in names[:limit])
    return shown if len(names) <= limit else f"{shown} and {len(names) - limit} more"


def shortened(value: object, *, limit: int = 80) -> str:
    """Return the value as printable text of at most `limit` characters, on one line."""
    text = "".join(ch if ch.isprintable() else " " for ch in str(value))
    return text if len(text) <= limit else f"{text[: limit - 1]}…"

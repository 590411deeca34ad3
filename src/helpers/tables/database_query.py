"""The SQL of a table, looked at before it is sent: one statement that reads; whether it orders its rows."""

import re

from helpers.errors import Problem, UserError, shortened

READING = ("SELECT", "WITH", "VALUES", "TABLE")

# What stands in quotes or in a comment says nothing of what the statement does.
_QUOTED = re.compile(
    r"""(?<!\w)[eE]'(?:\\.|''|[^'\\])*' | '(?:[^']|'')*' | "(?:[^"]|"")*" | `[^`]*` | \$(\w*)\$.*?\$\1\$
    | (?P<comment>--[^\n]*|/\*.*?\*/)""",
    re.DOTALL | re.VERBOSE,
)
_ORDERED = re.compile(r"\border\s+by\b", re.IGNORECASE)


def one_statement(query: str, *, where: str) -> str:
    """Return the query without what follows its statement.

    Raises
    ------
    UserError
        If it is empty, holds a second statement, or begins with a word that does not read.
    """
    bare = _bare(query)
    end = bare.find(";")
    if end >= 0 and bare[end:].strip("; \t\r\n"):
        given = f"more than one statement ({shortened(query)})"
        raise UserError(Problem(where, given, "one statement that reads rows"))
    statement = query if end < 0 else query[:end]
    first = re.match(r"[\s(]*(\w*)", bare)
    word = first[1] if first else ""
    if word.upper() not in READING:
        given = f"SQL that begins with {shortened(word)!r}" if word else "no SQL"
        raise UserError(Problem(where, given, f"a statement that reads: {', '.join(READING)}"))
    return statement


def orders_rows(query: str) -> bool:
    """Tell whether the query says in which order its rows come."""
    return _ORDERED.search(_bare(query)) is not None


def _bare(query: str) -> str:
    """Return the query of the same length, comments as blanks and quoted texts as quotes."""
    return _QUOTED.sub(lambda found: (" " if found["comment"] else "'") * len(found[0]), query)

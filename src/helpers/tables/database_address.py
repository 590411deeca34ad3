"""Addresses of databases: as the params write them for people, filled from the environment to connect.

Nothing here imports a database library, and no message repeats what may hold a password.
"""

import os
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal
from urllib.parse import unquote

from helpers.errors import Problem, UserError, shortened
from helpers.paths import from_repository

POSTGRESQL, SQLITE = "postgresql://", "sqlite:///"
EXAMPLE = "postgresql://user:${PGPASSWORD}@host/database"
FORMS = f"{POSTGRESQL}… or {SQLITE}…"
HIDDEN = "***"

_NAME = re.compile(r"\$\{([A-Za-z_][A-Za-z0-9_]*)\}")
_SCHEME = re.compile(r"(postgres(ql)?(\+\w+)?|sqlite)://", re.IGNORECASE)
# Up to the last @ everything is user and password: a password in plain text may hold any sign.
_SERVER = re.compile(
    r"(?:(?P<user>[^:@]*)(?::(?P<password>.*))?@)?"
    r"(?P<host>\[[^\]]*\]|(?:\$\{\w+\}|[^:/?@])*)(?::(?P<port>(?:\$\{\w+\}|\d)+))?"
    r"/(?P<database>[^?/@]+)(?:\?(?P<options>[^?]*))?",
    re.DOTALL,
)
_SECRET_OPTIONS = frozenset({"password", "sslpassword"})
# Shorter values are masked only where they stand as a word: else a user called "a" would eat every a.
_SHORTEST_ANYWHERE = 4


@dataclass(frozen=True)
class Address:
    """Where a database is; what came from the environment shows in no text about it.

    Attributes
    ----------
    kind : 'postgresql' or 'sqlite'
        Which database it is.
    name : str
        What people call it, as the params write it: the database and its server, or the file.
    server : str
        The server as the params write it, empty for a file.
    variables : tuple of str
        The environment variables that it names.
    parts : mapping of str to str
        What to connect with: user, password, host, port, database; those that are empty are left out.
    options : mapping of str to str
        What stands behind the question mark.
    secrets : tuple of (str, str)
        Values that must not be shown, each with what to show instead.
    """

    kind: Literal["postgresql", "sqlite"]
    name: str
    server: str
    variables: tuple[str, ...]
    parts: Mapping[str, str] = field(repr=False)
    options: Mapping[str, str] = field(repr=False)
    secrets: tuple[tuple[str, str], ...] = field(repr=False)

    def masked(self, text: str) -> str:
        """Return the text with everything from the environment as it is written in the params."""
        for value, shown in sorted(self.secrets, key=lambda pair: -len(pair[0])):
            for form in {value, repr(value)[1:-1]}:
                whole = len(form) >= _SHORTEST_ANYWHERE or shown == HIDDEN
                pattern = re.escape(form) if whole else rf"(?<!\w){re.escape(form)}(?!\w)"
                text = re.sub(pattern, shown.replace("\\", r"\\"), text)
        return text


def is_address(item: str) -> bool:
    """Tell whether an item of `data` is the address of a database, or one environment variable alone."""
    return _SCHEME.match(item) is not None or _NAME.fullmatch(item) is not None


def database_item(data: Sequence[str], *, where: str) -> str | None:
    """Return the address that `data` holds, or None for files and bundled tables.

    Raises
    ------
    UserError
        If an address stands beside something else.
    """
    if not any(is_address(item) for item in data):
        return None
    if len(data) > 1:
        given = f"the address of a database among {len(data)} items"
        raise UserError(Problem(where, given, "one address alone, or files"))
    return data[0]


def query_place(where: str) -> str:
    """Return what messages on the key `query` begin with, from what those on `data` begin with."""
    return where.removesuffix("data") + "query" if where.endswith("data") else where


def address_problems(item: str, *, where: str) -> list[Problem]:
    """Return what is wrong with how an address is written, whatever the environment holds."""
    if _NAME.fullmatch(item):
        return []
    if _is_file(item):
        return [] if _path(item).strip("/") else [_shape(where, f"{SQLITE} and the path of the file")]
    apart = _taken_apart(item)
    parts, options = apart or ({"password": _after_colon(item)}, {})
    secrets = [parts.get("password", "")]
    secrets += [value for key, value in options.items() if key.lower() in _SECRET_OPTIONS]
    if any(_NAME.sub("", secret) for secret in secrets):
        remedy = f"Write ${{PGPASSWORD}} in its place, as in {EXAMPLE}, and set that variable."
        given = "an address with a password in it"
        return [Problem(where, given, "a password that comes from the environment", remedy)]
    return [] if apart else [_shape(where, f"an address such as {EXAMPLE}")]


def read_address(item: str, *, where: str) -> Address:
    """Return the address with each ``${NAME}`` filled from the environment, at this moment.

    Parameters
    ----------
    item : str
        As `database_item` returns it.
    where : str
        What messages begin with.

    Raises
    ------
    UserError
        If it is not written as an address, holds a password, or names a variable that is not set.
    """
    problems = address_problems(item, where=where)
    names = tuple(dict.fromkeys(_NAME.findall(item)))
    problems += [_unset(name, where) for name in names if not os.environ.get(name)]
    if problems:
        raise UserError(*problems)
    alone = _NAME.fullmatch(item)
    if alone is None:
        return _read(item, names)
    value = os.environ[alone[1]]
    if not _SCHEME.match(value) or (found := _read_whole(value, item, names)) is None:
        given = f"{item}, whose value is no address of a database"
        raise UserError(Problem(where, given, f"a value such as {FORMS}"))
    return found


def _read(item: str, names: tuple[str, ...]) -> Address:
    """Return an address that is written well and whose variables are set."""
    secrets = [(os.environ[name], f"${{{name}}}") for name in names]
    secrets += [(value, "${PGPASSWORD}") for value in [os.environ.get("PGPASSWORD")] if value]
    if _is_file(item):
        path = _filled(_path(item), decode=False)
        return _file(path, Path(_path(item)).name, names, secrets)
    written, options = _taken_apart(item) or ({}, {})
    server = written.get("host", "") + (f":{written['port']}" if "port" in written else "")
    name = f"{written['database']} on {server}" if server else written["database"]
    parts = {key: _filled(text) for key, text in written.items()}
    filled = {key: _filled(text) for key, text in options.items()}
    return _server(parts, filled, (name, server), names, secrets)


def _read_whole(value: str, item: str, names: tuple[str, ...]) -> Address | None:
    """Return the address that one variable holds as a whole, or None where it is badly written."""
    if _is_file(value):
        path = _path(value)
        return _file(path, item, names, [(value, item), (path, HIDDEN)]) if path.strip("/") else None
    apart = _taken_apart(value)
    if apart is None:
        return None
    written, options = apart
    parts = {key: unquote(text) for key, text in written.items()}
    options = {key: unquote(text) for key, text in options.items()}
    shown = {*written.values(), *parts.values()} - {written.get("port")}
    shown |= {options[key] for key in options if key.lower() in _SECRET_OPTIONS}
    hidden = [(value, item), *((text, HIDDEN) for text in sorted(map(str, shown)))]
    return _server(parts, options, (item, item), names, hidden)


def _file(path: str, name: str, names: tuple[str, ...], secrets: list[tuple[str, str]]) -> Address:
    return Address("sqlite", name, "", names, {"database": str(from_repository(path))}, {}, tuple(secrets))


def _server(
    parts: Mapping[str, str],
    options: Mapping[str, str],
    shown: tuple[str, str],
    names: tuple[str, ...],
    secrets: list[tuple[str, str]],
) -> Address:
    parts = {**parts, "host": parts.get("host", "").strip("[]")}
    return Address("postgresql", *shown, names, parts, options, tuple(secrets))


def _is_file(item: str) -> bool:
    return item.lower().startswith("sqlite:")


def _path(item: str) -> str:
    """Return the path in the address of a file, empty where it has not the three slashes."""
    return item[len(SQLITE) :] if item.lower().startswith(SQLITE) else ""


def _taken_apart(item: str) -> tuple[dict[str, str], dict[str, str]] | None:
    """Return the parts of a server's address as written, and its options; None where it cannot be read."""
    found = _SERVER.fullmatch(item.partition("://")[2])
    if found is None:
        return None
    pairs = [pair.partition("=") for pair in (found["options"] or "").split("&") if pair]
    if not all(key and sign for key, sign, _ in pairs):
        return None
    written = {key: found[key] for key in ("user", "password", "host", "port", "database") if found[key]}
    return written, {key: value for key, _, value in pairs}


def _filled(text: str, *, decode: bool = True) -> str:
    """Return a part with its variables filled in; only what was written is percent-decoded."""
    pieces = _NAME.split(text)  # text, name, text, name, …
    return "".join(
        os.environ[piece] if place % 2 else unquote(piece) if decode else piece
        for place, piece in enumerate(pieces)
    )


def _after_colon(item: str) -> str:
    """Return what may be a password in an address that cannot be read."""
    before = item.partition("://")[2].rpartition("@")[0]
    return before.partition(":")[2]


def _shape(where: str, expected: str) -> Problem:
    return Problem(where, "an address that cannot be read as one of a database", expected)


def _unset(name: str, where: str) -> Problem:
    shown = shortened(name)
    return Problem(
        where,
        f"${{{shown}}}, which the environment does not set",
        f"the environment variable {shown}",
        f"Set it first: export {shown}=…",
    )

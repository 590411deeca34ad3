"""YAML as our files may use it: plain values only, every key once, booleans only `true` and `false`."""

import re
from collections.abc import Hashable
from pathlib import Path
from typing import Any

import yaml

from helpers.errors import Problem, UserError, shortened

MAX_BYTES = 1_000_000


class _StrictLoader(yaml.SafeLoader):
    """SafeLoader without aliases, duplicate keys and YAML 1.1's surprises (`No`, dates, base 60)."""

    yaml_implicit_resolvers: dict[str, list[tuple[str, re.Pattern[str]]]] = {}  # noqa: RUF012 - PyYAML's own name

    def compose_node(self, parent: yaml.Node | None, index: int) -> yaml.Node | None:
        event = self.peek_event()  # type: ignore[no-untyped-call]
        if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None):
            raise yaml.composer.ComposerError(
                None, None, "anchors and aliases are not allowed", event.start_mark
            )
        return super().compose_node(parent, index)

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Hashable, Any]:
        seen: set[Hashable] = set()
        for key_node, _ in node.value:
            key = self.construct_object(key_node, deep=True)
            if not isinstance(key, Hashable):
                raise yaml.constructor.ConstructorError(
                    None, None, "a key must be plain text", key_node.start_mark
                )
            if key in seen:
                raise yaml.constructor.ConstructorError(
                    None, None, f"the key {shortened(key)!r} stands here twice", key_node.start_mark
                )
            seen.add(key)
        return super().construct_mapping(node, deep=deep)


_CORE_SCHEMA = (
    ("tag:yaml.org,2002:bool", r"true|True|TRUE|false|False|FALSE", "tTfF"),
    ("tag:yaml.org,2002:int", r"[-+]?(?:0|[1-9][0-9]*)|0o[0-7]+|0x[0-9a-fA-F]+", "-+0123456789"),
    (
        "tag:yaml.org,2002:float",
        r"[-+]?(?:\.[0-9]+|(?:0|[1-9][0-9]*)\.[0-9]*|[1-9][0-9]*(?=[eE]))(?:[eE][-+]?[0-9]+)?"
        r"|[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN)",
        "-+0123456789.",
    ),
    ("tag:yaml.org,2002:null", r"~|null|Null|NULL|", "~nN"),
)
for _tag, _pattern, _first in _CORE_SCHEMA:
    _StrictLoader.add_implicit_resolver(_tag, re.compile(rf"^(?:{_pattern})$"), [*_first, ""])


def read_yaml(text: str, *, where: str) -> Any:
    """Return what the YAML text holds.

    Raises
    ------
    UserError
        With line and column where the text is not YAML or holds what is not allowed.
    """
    try:
        return yaml.load(text, Loader=_StrictLoader)  # noqa: S506 - a SafeLoader made stricter
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        place = f"{where}, line {mark.line + 1}, column {mark.column + 1}" if mark else where
        raise UserError(_not_yaml(place, error.problem or str(error))) from None
    except yaml.reader.ReaderError as error:
        raise UserError(_not_yaml(f"{where}, character {error.position}", str(error.reason))) from None
    except RecursionError:
        raise UserError(_not_yaml(where, "nested too deeply")) from None
    except ValueError as error:
        raise UserError(_not_yaml(where, str(error))) from None


def _not_yaml(place: str, what: str) -> Problem:
    if what.startswith("could not determine a constructor for the tag"):
        what = "a tag, which would build an object"
    return Problem(
        place,
        shortened(what, limit=200),
        "YAML with plain values, each key once, no anchors, aliases or tags",
    )


def read_yaml_file(path: Path, *, limit: int = MAX_BYTES) -> Any:
    """Return what the YAML file of at most `limit` bytes holds; see `read_yaml`."""
    where = str(path)
    try:
        if path.is_dir():
            raise UserError(
                Problem(where, "a folder", "a YAML file", f"Name the files in it: {path.name}/*.yaml")
            )
        if path.stat().st_size > limit:
            raise UserError(Problem(where, f"{path.stat().st_size:,} bytes", f"at most {limit:,} bytes"))
        return read_yaml(path.read_text(encoding="utf-8-sig"), where=where)
    except UnicodeDecodeError as error:
        raise UserError(
            Problem(where, f"a byte that is not UTF-8 at position {error.start}", "UTF-8 text")
        ) from None
    except OSError as error:
        raise UserError(
            Problem(where, f"a file that cannot be read ({error.strerror})", "a readable file")
        ) from None

"""What notebook cells call: small modules, one idea each, tables in and tables or figures out."""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from helpers.session import start

__all__ = ["start"]


def __getattr__(name: str) -> Any:
    """Import `start` only when it is asked for, so that the command line does not pay for pandas."""
    if name == "start":
        from helpers.session import start

        return start
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")

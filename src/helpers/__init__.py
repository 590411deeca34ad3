"""What notebook cells call: small modules, one idea each, tables in and tables or figures out."""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from helpers.prediction.usable import load_model
    from helpers.session import start

__all__ = ["load_model", "start"]


def __getattr__(name: str) -> Any:
    """Import what is asked for only then, so that the command line does not pay for pandas."""
    if name == "start":
        from helpers.session import start

        return start
    if name == "load_model":
        from helpers.prediction.usable import load_model

        return load_model
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")

"""How good the predictions are beside those of other tools: same splits, same seconds, same cores."""

from benchmarks.accuracy.command import main

__all__ = ["main"]

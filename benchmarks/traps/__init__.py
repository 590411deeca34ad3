"""The documented traps of real tables: which a run with naive parameters names, beside other tools."""

from benchmarks.traps.command import main

__all__ = ["main"]

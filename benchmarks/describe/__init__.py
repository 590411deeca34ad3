"""Describing a table: time, memory and page weight of notebooks 01 to 03, beside two other tools."""

from benchmarks.describe.command import main

__all__ = ["main"]

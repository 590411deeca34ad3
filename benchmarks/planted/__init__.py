"""Faults planted into clean tables: which of them the rules of 01 name, and what they say of clean ones."""

from benchmarks.planted.command import main

__all__ = ["main"]

"""What the statements of 04 promise, held against truths that are known because they are simulated."""

from benchmarks.choosing.command import main

__all__ = ["main"]

"""One notebook to execute, as plain values: what a worker needs, here or on another machine."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from helpers.runner.kernels.watch import Limits

OnCell = Callable[[int, int], None]


@dataclass(frozen=True)
class Task:
    """A notebook of a run.

    Attributes
    ----------
    notebook : str
        Its name, for instance ``05_evaluation``.
    path : Path
        Its file, which stays as it is.
    parameters : mapping
        The values to inject; plain ones.
    folder : Path
        The run's folder; the executed notebook goes to ``notebooks/`` in it.
    limits : Limits
        What it may take.
    cores : int
        How many cores it may keep busy.
    retries : int
        How often it is started again after a failure of the machine; errors of the code never are.
    """

    notebook: str
    path: Path
    parameters: Mapping[str, Any]
    folder: Path
    limits: Limits = field(default_factory=Limits)
    cores: int = 1
    retries: int = 0

    @property
    def place(self) -> str:
        """What tells the task from the others that run."""
        return str(self.folder / self.notebook)

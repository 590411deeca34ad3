"""From an experiment's parameters to what one of its notebooks may take."""

from helpers.parameters import Parameters
from helpers.runner.kernels.watch import Limits


def limits_of(params: Parameters, notebook: str) -> Limits:
    """Return the notebook's limits; where `memory` names it, that goes before what holds for all."""
    return Limits(
        memory_bytes=params.memory_bytes(notebook),
        cell_seconds=params.timeout.cell,
        notebook_seconds=params.timeout.notebook,
        start_seconds=params.timeout.start,
    )

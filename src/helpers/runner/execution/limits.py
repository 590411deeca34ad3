"""From an experiment's parameters to what one of its notebooks may take."""

from helpers.parameters import Parameters
from helpers.parameters.model import EVERY_NOTEBOOK
from helpers.runner.kernels.watch import Limits

GIB = 2**30


def limits_of(params: Parameters, notebook: str) -> Limits:
    """Return the notebook's limits; where `memory` names it, that goes before what holds for all."""
    allowed = params.memory or {}
    gib = allowed.get(notebook, allowed.get(EVERY_NOTEBOOK))
    return Limits(
        memory_bytes=None if gib is None else int(gib * GIB),
        cell_seconds=params.timeout.cell,
        notebook_seconds=params.timeout.notebook,
        start_seconds=params.timeout.start,
    )

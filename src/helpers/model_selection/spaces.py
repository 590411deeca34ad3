"""What a search may vary of models whose builders name nothing, by the task that they are built for.

A builder may build another estimator for numbers than for classes; the spaces here follow it.
"""

from collections.abc import Mapping
from types import MappingProxyType

from helpers.metrics import Task
from helpers.model_selection.candidates import Candidate
from helpers.model_selection.space import Choice, Range

Space = Mapping[str, Choice | Range]

_LOGISTIC: Space = MappingProxyType({"model__C": Range(1e-4, 1e3, log=True)})
# One penalty of its own choice in place of the few that ridge regression picks from.
_RIDGE: Space = MappingProxyType({"model__alphas": Range(1e-3, 1e5, log=True)})

SPACES: Mapping[str, Mapping[Task, Space]] = MappingProxyType(
    {
        "linear": MappingProxyType(
            {Task.BINARY: _LOGISTIC, Task.MULTICLASS: _LOGISTIC, Task.REGRESSION: _RIDGE}
        ),
        "elastic_net": MappingProxyType(
            {Task.REGRESSION: MappingProxyType({"model__l1_ratio": Range(0.05, 1.0)})}
        ),
    }
)


def space_of(candidate: Candidate, task: Task) -> Space:
    """Return what a search may vary of the candidate; empty where there is nothing."""
    return SPACES.get(candidate.name, {}).get(task, candidate.space)

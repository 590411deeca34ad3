"""Whether the goal is a value that its metric can have, which only the task decides."""

import math

from helpers.errors import Problem
from helpers.metrics import Task, bounds, chosen_metric
from helpers.parameters.model import Parameters


def goal_problems(params: Parameters, task: Task, *, where: str) -> list[Problem]:
    """Return what is wrong with the goal, once the task says which metric ``auto`` is."""
    if params.goal is None:
        return []
    metric = chosen_metric(params.metric, task)
    low, high = bounds(metric)
    if low <= params.goal <= high:
        return []
    ends = [f"{words} {end:g}" for words, end in (("at least", low), ("at most", high)) if math.isfinite(end)]
    given = f"{params.goal:g} for {metric.label}"
    return [Problem(f"{where}: goal", given, f"a value that it can have: {' and '.join(ends)}")]

"""The headline metric of a run, from what its notebooks recorded."""

from collections.abc import Mapping
from typing import Any

from helpers.metrics import METRICS
from helpers.results import EvaluationResult, SelectionResult


def headline_metrics(recorded: Mapping[str, dict[str, Any] | None]) -> dict[str, Any] | None:
    """Return the headline metric: on the holdout where it was opened, else from cross-validation."""
    evaluation = recorded.get("05_evaluation")
    if evaluation and evaluation["result"]["evaluated"]:
        result = EvaluationResult.model_validate(evaluation["result"])
        every = {item.metric: item.model_dump(mode="json") for item in result.metrics}
        headline = every[result.metric]
        return _headline(result.metric, "holdout", headline["chosen"], headline["baseline"]) | {"all": every}
    selection = recorded.get("04_model_selection")
    if selection:
        chosen = SelectionResult.model_validate(selection["result"])
        scores = {item.model: item.score.model_dump(mode="json") for item in chosen.leaderboard}
        in_use = chosen.incumbent.score if chosen.incumbent else None
        return _headline(chosen.metric, "cross-validation", scores[chosen.chosen], scores["baseline"]) | {
            "incumbent": in_use.model_dump(mode="json") if in_use else None,
            "all": scores,
        }
    return None


def _headline(name: str, rows: str, chosen: dict[str, Any], baseline: dict[str, Any]) -> dict[str, Any]:
    metric = METRICS[name]
    return {
        "name": name,
        "label": metric.label,
        "higher_is_better": metric.higher_is_better,
        "measured_on": rows,
        "chosen": chosen,
        "baseline": baseline,
        "incumbent": None,
    }

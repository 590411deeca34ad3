"""Hold one run against another."""

from collections.abc import Sequence
from dataclasses import dataclass

from helpers.bootstrap import DRAWS, LEAST_DRAWS, resamples
from helpers.comparing.differences import (
    changed_findings,
    changed_surroundings,
    changed_table,
    changed_values,
)
from helpers.comparing.holdouts import Holdout, Pair, paired
from helpers.comparing.paired import judged_rows, paired_metrics
from helpers.comparing.reading import ComparedRun
from helpers.comparing.results import Comparison, PairedMetric
from helpers.errors import Problem, UserError, shortened
from helpers.metrics import METRICS, Metric, metrics_for
from helpers.results import Estimate

NOTHING = Estimate(value=None)
# Draws × rows where only the headline is asked for: that is done in passing, whenever a run ends.
QUICK_WORK = 10_000_000


def comparison(first: ComparedRun, second: ComparedRun, *, headline_only: bool = False) -> Comparison:
    """Return what differs between two runs, and whether the second is better than the first.

    Parameters
    ----------
    first, second : ComparedRun
        As a rule the earlier one first: every difference is the second minus the first.
    headline_only : bool
        Whether to compare the headline metric alone, which on many rows saves most of the time.

    Raises
    ------
    UserError
        If the two do not answer the same question: another target, or another kind of answer.
    """
    _same_question(first, second)
    models = {"chosen model": first.chosen or None}, {"chosen model": second.chosen or None}
    alone = first.finished ^ second.finished
    found = Comparison(
        first=first.named,
        second=second.named,
        parameters=changed_values(first.params, second.params),
        table=changed_table(first.record.get("data") or {}, second.record.get("data") or {}),
        surroundings=[*changed_values(*models), *changed_surroundings(first.record, second.record)],
        findings=changed_findings(
            *(
                [item for item in run.findings or () if item.get("notebook") not in alone]
                for run in (first, second)
            )
        ),
        findings_left_out=sorted(alone),
    )
    for run in (first, second):
        if isinstance(run.holdout, str):
            return found.model_copy(
                update={"why_not": run.holdout, "metrics": _beside(first, second, headline_only)}
            )
    assert isinstance(first.holdout, Holdout) and isinstance(second.holdout, Holdout)
    pair = paired(first.holdout, second.holdout)
    if isinstance(pair, str):
        return found.model_copy(update={"why_not": pair, "metrics": _beside(first, second, headline_only)})
    metrics = _metrics(second.holdout, headline_only=headline_only)
    some = max(LEAST_DRAWS, min(DRAWS, QUICK_WORK // len(pair.truth))) if headline_only else DRAWS
    seed = int(second.params.get("seed") or 0)
    judged = judge_pair(pair, metrics, seed=seed, draws=some)
    return found.model_copy(
        update={
            "rows": judged.rows, "units": judged.units, "notes": list(judged.notes),
            "same_answers": pair.same_answers, "metrics": judged.metrics,
        }
    )  # fmt: skip


@dataclass(frozen=True)
class PairJudged:
    """Two models on the same rows: how many, how many are drawn as one, what there is to say, the metrics."""

    rows: int
    units: int
    notes: tuple[str, ...]
    metrics: list[PairedMetric]


def judge_pair(pair: Pair, metrics: Sequence[Metric], *, seed: int, draws: int = DRAWS) -> PairJudged:
    """Return each metric of both models on the rows of the pair, in the order given."""
    holdout = pair.second
    rows = judged_rows(
        pair.truth,
        task=holdout.task,
        classes=holdout.classes,
        positive=holdout.result.positive,
        weights=pair.weights,
    )
    drawn = resamples(len(rows), seed=seed, groups=pair.units, draws=draws)
    baselines = {found.metric: found.baseline.value for found in pair.first.result.metrics}
    found = paired_metrics(
        rows, pair.first.prediction(), holdout.prediction(), metrics=metrics, draws=drawn, baselines=baselines
    )
    if pair.same_answers:
        found = [_the_same(metric) for metric in found]
    return PairJudged(len(rows), drawn.unit_count, pair.notes, found)


def _the_same(metric: PairedMetric) -> PairedMetric:
    """Return the metric of two runs that say the same of every row: here nothing is left to chance."""
    nothing = Estimate(value=0.0, low=0.0, high=0.0)
    return metric.model_copy(update={"difference": nothing, "better": 0.0, "same": 1.0, "worse": 0.0})


def _metrics(holdout: Holdout, *, headline_only: bool) -> list[Metric]:
    """Return the metrics of the task, the headline of this run first."""
    headline = METRICS[holdout.result.metric]
    if headline_only:
        return [headline]
    return [headline, *(metric for metric in metrics_for(holdout.task) if metric is not headline)]


def _beside(first: ComparedRun, second: ComparedRun, headline_only: bool) -> list[PairedMetric]:
    """Return the metrics of both runs as each measured them, without a difference."""
    results = [run.holdout.result if isinstance(run.holdout, Holdout) else None for run in (first, second)]
    measured = [
        {found.metric: found.chosen for found in result.metrics} if result else {} for result in results
    ]
    leading = next((result for result in reversed(results) if result), None)
    if leading is None:
        return []
    names = sorted({**measured[1], **measured[0]}, key=lambda name: name != leading.metric)
    return [
        PairedMetric(
            metric=name, first=measured[0].get(name, NOTHING), second=measured[1].get(name, NOTHING),
            difference=NOTHING,
        )
        for name in (names[:1] if headline_only else names)
    ]  # fmt: skip


def _same_question(first: ComparedRun, second: ComparedRun) -> None:
    """Refuse two runs that do not answer the same question."""
    targets = [shortened(run.params.get("target")) for run in (first, second)]
    if first.params.get("target") != second.params.get("target"):
        given = f"{first.named.title} predicts {targets[0]!r}, {second.named.title} predicts {targets[1]!r}"
        raise UserError(Problem("RUN RUN", given, "two runs with the same target"))
    if not (isinstance(first.holdout, Holdout) and isinstance(second.holdout, Holdout)):
        return
    tasks = [run.task for run in (first.holdout, second.holdout)]
    if tasks[0] is not tasks[1]:
        given = f"{first.named.title} is a {tasks[0]} task, {second.named.title} a {tasks[1]} one"
        raise UserError(Problem("RUN RUN", given, "two runs with the same task"))

"""The chosen model beside the model in use, on the holdout rows that neither had seen.

What the model in use said of them was stored by its own run; its model is not asked anew, because which rows
of this table it learnt from can only be told where its run held them out.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pandas as pd

import helpers.files as files
from helpers.comparing.compare import judge_pair
from helpers.comparing.holdouts import Holdout, paired
from helpers.comparing.reading import read_run
from helpers.comparing.results import PairedMetric
from helpers.comparing.words import Change, chances_sentence, change_of, difference_text, value_text
from helpers.errors import shortened
from helpers.evaluation.case import Case
from helpers.evaluation.comparison import in_order
from helpers.evaluation.steps import Step
from helpers.metrics import METRICS
from helpers.paths import reports_folder
from helpers.prediction.stored import find_model
from helpers.results import EvaluationResult, InUseResult, MetricResult
from helpers.session import Session
from helpers.wording import count


def in_use_step(case: Case, run: Session, metrics: Sequence[MetricResult]) -> Step[InUseResult]:
    """Return every metric of the chosen model and of the one in use on the rows that both held out.

    Parameters
    ----------
    case : Case
        The chosen model on the holdout.
    run : Session
        Its params name the model in use under `incumbent`.
    metrics : sequence of MetricResult
        What was measured of the chosen model, as from `metrics_step`.

    Raises
    ------
    UserError
        If there is no such run.
    """
    if case.why_not:
        return Step(None, (case.why_not,))
    name = run.params.incumbent
    if name is None:
        return Step(None, ("No model in use is named under incumbent.",))
    stored = stored_holdout(name, target=case.rows.target.name, reports=reports_folder())
    mine = _holdout(case, run, metrics)
    pair = stored if isinstance(stored, str) else paired(stored, mine, called=("the run in use", "this one"))
    if isinstance(pair, str):
        why = f"The model in use, {shortened(name, limit=60)}, is not judged on these rows: {pair}."
        return Step(InUseResult(run=name, why_not=why), (why,))
    found = judge_pair(pair, in_order(case.judged.metric, case.rows), seed=case.seed)
    unit = case.rows.target.unit
    table = pd.DataFrame(
        {
            "metric": [METRICS[metric.metric].label for metric in found.metrics],
            "in use": [value_text(metric, "first", unit=unit) for metric in found.metrics],
            "chosen": [value_text(metric, "second", unit=unit) for metric in found.metrics],
            "difference, more is better": [difference_text(metric, unit=unit) for metric in found.metrics],
        }
    )
    headline = found.metrics[0]
    result = InUseResult(
        run=name, rows=found.rows, metric=headline.metric, score=headline.first, gain=headline.difference,
        change=str(change_of(headline, same_answers=pair.same_answers)),
        p_better=headline.better, p_same=headline.same, p_worse=headline.worse,
    )  # fmt: skip
    said = (_sentence(result, headline, unit), *found.notes)
    caption = f"On the {count(found.rows, 'holdout row')} that neither model learnt from; 95 % intervals."
    return Step(result, said, table, caption)


def stored_holdout(name: str, *, target: str, reports: Path) -> Holdout | str:
    """Return what the run that `name` names said of its holdout rows, or why that is not known."""
    folder = find_model(name, reports=reports, where="incumbent").path.parent.parent
    try:
        record = files.read_json(folder / "run.json")
    except (OSError, ValueError):
        return "there is no record of a run beside it"
    predicted = (record.get("params") or {}).get("target")
    if predicted != target:
        return f"it predicts {shortened(predicted)!r}, not {shortened(target)!r}"
    return read_run(folder, record).holdout


def _holdout(case: Case, run: Session, metrics: Sequence[MetricResult]) -> Holdout:
    """Return this run's answers as the comparison of runs reads them."""
    result = EvaluationResult(
        evaluated=True, rows=len(case.rows), metric=case.judged.metric.name, metrics=list(metrics),
        positive=case.rows.positive,
    )  # fmt: skip
    params: Any = run.params
    by_id = (params.experiment, params.id) if params.id else ()
    return Holdout(case.predictions(), result, run.development.info.fingerprint, by_id)


def _sentence(found: InUseResult, headline: PairedMetric, unit: str) -> str:
    """Say whether the chosen model is better than the one in use on the rows of both."""
    label = METRICS[headline.metric].label
    on = f"on the {count(found.rows, 'holdout row')} that neither learnt from"
    size = difference_text(headline, unit=unit)
    change = Change(found.change)
    if change is Change.NONE:
        return f"The chosen model says exactly what the one in use says, {on}."
    said = {
        Change.BETTER: f"By {label} the chosen model is better than the one in use, {on}: {size}.",
        Change.WORSE: f"By {label} the chosen model is worse than the one in use, {on}: {size}.",
        Change.SAME: f"By {label} chosen model and model in use are practically the same, {on}: {size}.",
        Change.CHANCE: f"By {label} neither model is surely the better one, {on}: {size}.",
        Change.UNKNOWN: f"By {label} no difference to the model in use can be given, {on}.",
    }[change]
    return f"{said} {chances_sentence(headline, unit=unit)}".rstrip()

"""What the selection found out, as findings: M101 to M111."""

from collections.abc import Sequence

from helpers.findings import Finding, Severity
from helpers.metrics import Metric
from helpers.model_selection.bias_variance import Spread
from helpers.model_selection.choice import CREDIBLE, Chosen
from helpers.model_selection.cross_validation import (
    FOLD_ROWS,
    STOPPED,
    VALIDATION_ROWS,
    CandidateResult,
    Deadline,
)
from helpers.model_selection.incumbent import incumbent_sentence
from helpers.model_selection.learning_curve import Diagnosis
from helpers.model_selection.optimism import Optimism
from helpers.model_selection.racing import stopped_early
from helpers.model_selection.search import SearchResult
from helpers.model_selection.stopping import Advice
from helpers.results import IncumbentResult
from helpers.tables.folds import Folds
from helpers.wording import capital, count, joined, number, percent, with_unit

MORE_DATA = "Look at the learning curve: if it still rises, more rows help."


def all_findings(
    chosen: Chosen,
    diagnosis: Diagnosis,
    results: Sequence[CandidateResult],
    *,
    searched: SearchResult,
    folds: Folds,
    rows: int,
    metric: Metric,
    deadline: Deadline,
    flattery: Optimism,
    advice: Advice,
    spread: Spread,
    incumbent: IncumbentResult | None = None,
    unit: str = "",
) -> list[Finding]:
    """Return the findings M101 to M111; `results` are all contenders, `rows` the development rows."""
    return [
        no_better_than_baseline(chosen, metric=metric, unit=unit),
        fit(diagnosis),
        stopped_by_seconds([*results, *searched.trials], deadline),
        candidates_failed([*results, *searched.broken]),
        fit_remarks(results),
        sampled(rows, folds),
        flattered(flattery, chosen),
        advised(advice),
        error_parts(spread),
        *([] if incumbent is None else [against_incumbent(incumbent, metric=metric, unit=unit)]),
    ]


def no_better_than_baseline(chosen: Chosen, *, metric: Metric, unit: str = "") -> Finding:
    """M101: whether any candidate is credibly better than answering the same for every row."""
    if chosen.beats_baseline:
        return Finding(
            "M101", "no_better_than_baseline", Severity.PASS,
            f"{chosen.result.label} beats the baseline by {with_unit(number(chosen.gain.mean), unit)} in "
            f"{metric.label}; P(better) is {percent(chosen.gain.better, digits=1)}, "
            f"where {percent(CREDIBLE, digits=1)} is asked for.",
            "The chosen model is better than giving the same answer every time.",
        )  # fmt: skip
    return Finding(
        "M101", "no_better_than_baseline", Severity.WARN, chosen.reason,
        "No model was found that is clearly better than giving the same answer every time.",
        "Ask whether the columns can know the answer at all; then gather more rows or more telling columns.",
    )  # fmt: skip


def fit(diagnosis: Diagnosis) -> Finding:
    """M102 and M103: whether the chosen model follows its training rows too closely, or not enough."""
    if diagnosis.word == "overfit":
        return Finding(
            "M102", "overfit", Severity.NOTE, diagnosis.reason,
            "The model knows the past cases better than it will know new ones; the scores reported here are "
            "those on cases it had not seen.",
            f"Quote the validation score, never the training score. {MORE_DATA} A simpler model or a search "
            "(budget: {trials: 50}) may narrow the gap.",
        )  # fmt: skip
    if diagnosis.word == "underfit":
        return Finding(
            "M103", "underfit", Severity.NOTE, diagnosis.reason,
            "A more complex model would have learnt a little more; the simpler one was taken.",
            "Name the more complex candidate under models, or describe the columns better.",
        )  # fmt: skip
    severity = Severity.PASS if diagnosis.word == "balanced" else Severity.NOT_APPLICABLE
    plain = (
        "The model does about as well on new cases as on those it learnt from."
        if diagnosis.word == "balanced"
        else "Whether the model learnt too closely or too loosely cannot be told."
    )
    return Finding("M102", "overfit", severity, diagnosis.reason, plain)


def was_stopped(results: Sequence[CandidateResult]) -> bool:
    """Return whether the safety stop kept any of the results from a score."""
    return any(found.failed == STOPPED for found in results)


def stopped_by_seconds(results: Sequence[CandidateResult], deadline: Deadline) -> Finding:
    """M104: whether the safety stop ended the comparison; then another machine may choose another model."""
    stopped = list(dict.fromkeys(found.label for found in results if found.failed == STOPPED))
    limit = count(round(deadline.seconds), "second")
    if not stopped:
        message = f"All fits were done within the budget of {limit}."
        return Finding("M104", "stopped_by_seconds", Severity.PASS, message, "Everything planned was tried.")
    return Finding(
        "M104", "stopped_by_seconds", Severity.WARN,
        f"The budget of {limit} ran out before {joined(stopped)} could be scored; a faster machine may "
        "choose differently.",
        "Time ran out before every model had been tried.",
        "Raise budget.seconds, or name fewer candidates under models.",
    )  # fmt: skip


def candidates_failed(results: Sequence[CandidateResult]) -> Finding:
    """M105: which candidates could not be fitted, with the reason of each."""
    failed = [
        found for found in results if found.failed and found.failed != STOPPED and not stopped_early(found)
    ]
    if not failed:
        message = "Every candidate could be fitted on every fold."
        return Finding("M105", "candidate_failed", Severity.PASS, message, "All models could be tried.")
    return Finding(
        "M105", "candidate_failed", Severity.NOTE,
        f"{joined([found.label for found in failed])} could not be scored; the others are not affected.",
        f"{count(len(failed), 'model')} could not be tried on these data.",
        "Read the reasons; leave the candidate out under models if it does not fit the table.",
        evidence=tuple({"model": found.label, "reason": found.failed} for found in failed),
    )  # fmt: skip


def fit_remarks(results: Sequence[CandidateResult]) -> Finding:
    """M106: which scores have a remark, such as fits that had not converged."""
    noted = [found for found in results if found.notes]
    if not noted:
        return Finding(
            "M106", "fit_remarks", Severity.PASS, "No fit left a remark.", "No model had trouble learning."
        )
    return Finding(
        "M106", "fit_remarks", Severity.NOTE,
        f"Fits of {joined([found.label for found in noted])} left remarks; their scores may be a little off.",
        "Some models had trouble learning; their scores may be a little off.",
        evidence=tuple({"model": found.label, "remark": "; ".join(found.notes)} for found in noted),
    )  # fmt: skip


def sampled(rows: int, folds: Folds) -> Finding:
    """M107: whether the folds, as they were before `limited`, are larger than what is used of them."""
    if all(len(train) <= FOLD_ROWS and len(validation) <= VALIDATION_ROWS for train, validation in folds):
        message = "Every fold was fitted and validated on all of its rows."
        return Finding("M107", "sampled", Severity.PASS, message, "All rows were used.")
    return Finding(
        "M107", "sampled", Severity.NOTE,
        f"There are {rows:,} development rows; a fold is fitted on at most {FOLD_ROWS:,} and validated on "
        f"at most {VALIDATION_ROWS:,} of them, so that the comparison is done in minutes.",
        "The models were compared on a random part of the rows, because there are very many.",
    )  # fmt: skip


def flattered(flattery: Optimism, chosen: Chosen) -> Finding:
    """M108: whether the best of many scores looks better than it is by more than is practically nothing."""
    if flattery.flattery.value is None:
        severity, plain = (
            Severity.NOT_APPLICABLE,
            "Whether the best was lucky as well is not known.",
        )
    elif flattery.flattery.value > chosen.margin:
        severity, plain = Severity.NOTE, "The best of many also was a little lucky; that has been taken off."
    else:
        severity, plain = Severity.PASS, "Choosing the best of many did not make it look better than it is."
    return Finding("M108", "selection_optimism", severity, flattery.reason, plain)


def advised(advice: Advice) -> Finding:
    """M109: what would make the predictions better: more rows, more trials, other columns, or nothing."""
    evidence = tuple({"what": row.effort, "answer": row.answer, "reason": row.reason} for row in advice.rows)
    helpful = any(row.answer == "helps" for row in advice.rows)
    unknown = all(row.answer == "cannot tell" for row in advice.rows)
    severity = Severity.NOTE if helpful else Severity.NOT_APPLICABLE if unknown else Severity.PASS
    remedy = advice.sentence if helpful else ""
    message = capital("; ".join(f"{row.effort}: {row.answer}" for row in advice.rows)) + "."
    return Finding("M109", "stopping", severity, message, advice.sentence, remedy, evidence=evidence)


def error_parts(spread: Spread) -> Finding:
    """M110: whether the error comes from answers that change with the rows learnt from, or from elsewhere."""
    plain = {
        "variance": "The model's answers depend much on which cases it happened to learn from.",
        "bias or noise": "The model's answers are steady, whichever cases it happened to learn from.",
        "both": "The model's errors come in part from which cases it happened to learn from.",
        "cannot tell": "Whether the errors come from which cases it learnt from is not known.",
    }[spread.word]
    if spread.word == "cannot tell":
        return Finding("M110", "bias_variance", Severity.NOT_APPLICABLE, spread.reason, plain)
    severity = Severity.NOTE if spread.word == "variance" else Severity.PASS
    remedy = "Gather more rows, or name steadier models." if spread.word == "variance" else ""
    return Finding("M110", "bias_variance", severity, spread.reason, plain, remedy)


def against_incumbent(found: IncumbentResult, *, metric: Metric, unit: str = "") -> Finding:
    """M111: whether the chosen model is better than the one in use."""
    message = incumbent_sentence(found, metric=metric, unit=unit)
    if found.why_not:
        plain = "The model in use could not be compared with the new one."
        return Finding("M111", "incumbent", Severity.NOT_APPLICABLE, message, plain)
    if found.p_better is not None and found.p_better >= CREDIBLE:
        return Finding(
            "M111", "incumbent", Severity.PASS, message, "The new model is better than the one in use."
        )
    return Finding(
        "M111", "incumbent", Severity.NOTE, message,
        "The new model is not shown to be better than the one in use.",
        "Keep the model in use until a new one is shown to be better.",
    )  # fmt: skip

"""What the evaluation makes known beyond its numbers: one rule, one finding."""

from helpers.errors import listed, shortened
from helpers.evaluation.rule_parts import Rule, not_applicable, rule
from helpers.evaluation.rules_stress import RULES as STRESS_RULES
from helpers.evaluation.slices import LEAST_HALF
from helpers.evaluation.words import ranged
from helpers.findings import Finding, Outcome, Severity
from helpers.metrics import METRICS
from helpers.results import EvaluationResult
from helpers.wording import count, number, times

# Holdouts below this many rows are worn out by few looks (Dwork et al. 2015; Roelofs et al. 2019).
WEARS_OUT_BELOW = 1_000
LOOKS_ON_FEW = 3
LOOKS_ON_MANY = 20
FEW_ROWS = 100
FEW_OF_A_CLASS = 10


def findings_of(result: EvaluationResult) -> list[Finding]:
    """Return what every rule says of the evaluation."""
    own: tuple[Rule, ...] = (
        miscalibrated, weak_slice, holdout_overused, no_gain, small_holdout, model_in_use
    )  # fmt: skip
    return [judge(result) for judge in (*own, *STRESS_RULES)]


@rule("V101", "miscalibrated")
def miscalibrated(result: EvaluationResult) -> Outcome:
    """V101: the stated probabilities are off by more than chance."""
    if result.calibration is None or result.calibration.verdict == "not applicable":
        return not_applicable("A regression states no probabilities.")
    error = ranged(result.calibration.expected_calibration_error)
    if result.calibration.verdict == "miscalibrated":
        return Outcome(
            Severity.WARN,
            f"The expected calibration error is {error}, more than calibrated probabilities show by chance.",
            "The probabilities that the model states are off: what it calls 80 % happens more often than "
            "that, or less often.",
            "Use the probabilities to rank rows, not as percentages, or recalibrate the model on "
            "development rows.",
        )  # fmt: skip
    if result.calibration.verdict == "cannot tell":
        return Outcome(
            Severity.NOTE,
            f"The expected calibration error is {error}, which too few rows allow to judge.",
            "There were too few checked cases to tell whether stated probabilities can be taken at their "
            "word.",
            "Hold out more rows.",
        )  # fmt: skip
    return Outcome(
        Severity.PASS,
        f"The expected calibration error is {error}, no more than chance and tolerance allow.",
        "The probabilities that the model states agree with what happened.",
    )  # fmt: skip


@rule("V102", "weak_slice")
def weak_slice(result: EvaluationResult) -> Outcome:
    """V102: groups of rows on which the model is confirmed to be worse than elsewhere."""
    if result.rows < 2 * LEAST_HALF:
        return not_applicable(f"Weak groups are looked for from {2 * LEAST_HALF} holdout rows on.")
    if not result.slices_examined:
        return not_applicable(
            "No group had rows enough, or the errors did not differ: no weak group was looked for.",
        )
    confirmed = [found for found in result.slices if found.confirmed]
    if not confirmed:
        return Outcome(
            Severity.PASS, "No group of rows is confirmed to be worse than the rest.",
            "No group of cases stood out as clearly worse than the others.",
        )  # fmt: skip
    names = listed([f"“{shortened(found.description)}”" for found in confirmed], limit=3)
    evidence = tuple(
        {"rows with": found.description, "rows": found.rows, found.measure: found.inside.value,
         "elsewhere": found.outside.value}
        for found in confirmed
    )  # fmt: skip
    return Outcome(
        Severity.WARN,
        f"The {confirmed[0].measure} is higher on rows with {names}, confirmed on rows that did not serve to "
        "find them.",
        f"The model is less reliable for cases with {names}.",
        "Have such rows checked by a person, collect more of them, or look for a column that tells them "
        "apart.",
        tuple(dict.fromkeys(found.column for found in confirmed)), evidence,
    )  # fmt: skip


@rule("V103", "holdout_overused")
def holdout_overused(result: EvaluationResult) -> Outcome:
    """V103: so many models were judged on the same holdout rows that the best looks better than it is."""
    opened = f"The {count(result.rows, 'holdout row')} were opened {times(result.openings)}"
    if result.looks <= 1:
        return Outcome(
            Severity.PASS, f"{opened}, for one model.",
            "The checked cases were kept aside until now; no other model was judged on them.",
        )  # fmt: skip
    limit = LOOKS_ON_FEW if result.rows < WEARS_OUT_BELOW else LOOKS_ON_MANY
    severity = Severity.WARN if result.looks >= limit else Severity.NOTE
    return Outcome(
        severity,
        f"{opened}, to judge {count(result.looks, 'different model')}{_optimism(result)}.",
        f"{count(result.looks, 'model')} were judged on the same cases, so the best of them looks a little "
        "better than it is.",
        f"Judge the final model on new rows; from {limit} models on, so many rows are worn out."
        if severity is Severity.WARN else "",
    )  # fmt: skip


@rule("V104", "no_better_than_baseline")
def no_gain(result: EvaluationResult) -> Outcome:
    """V104: on the holdout the model is not clearly better than the baseline."""
    headline = result.headline()
    if headline is None or headline.gain.low is None or headline.gain.high is None:
        return not_applicable("The rows do not define the headline metric's interval.")
    label, gain = METRICS[headline.metric].label, ranged(headline.gain)
    if headline.gain.low > 0:
        return Outcome(
            Severity.PASS, f"On the holdout {label} is better than the baseline's by {gain}.",
            "On cases that it had never seen, the model does better than guessing without looking.",
        )  # fmt: skip
    worse = headline.gain.high < 0
    how = "worse than" if worse else "not clearly better than"
    return Outcome(
        Severity.STOP if worse else Severity.WARN,
        f"On the holdout {label} is {how} the baseline's: gain {gain}.",
        f"On cases that it had never seen, the model does {how} guessing without looking.",
        "Do not use it for decisions; look for columns that say more, or for more rows.",
    )  # fmt: skip


@rule("V105", "small_holdout")
def small_holdout(result: EvaluationResult) -> Outcome:
    """V105: so few holdout rows that intervals are wide and weak groups go unseen."""
    rare = [found for found in result.classes if found.rows < FEW_OF_A_CLASS]
    if result.rows >= FEW_ROWS and not rare:
        return Outcome(
            Severity.PASS, f"{count(result.rows, 'holdout row')} are {FEW_ROWS} or more.",
            "There were enough checked cases for a first judgement.",
        )  # fmt: skip
    reasons = (
        [f"{count(result.rows, 'holdout row')}, fewer than {FEW_ROWS}"] if result.rows < FEW_ROWS else []
    )
    if rare:
        names = listed([f"“{shortened(found.name, limit=40)}” ({found.rows})" for found in rare], limit=3)
        reasons.append(f"fewer than {FEW_OF_A_CLASS} rows of {names}")
    return Outcome(
        Severity.NOTE, f"The holdout is small: {' and '.join(reasons)}.",
        f"The model was checked on few cases ({result.rows:,}), so all numbers are rough.",
        "Collect more rows, or hold out a larger share.",
        evidence=tuple({"class": found.name, "rows": found.rows} for found in rare),
    )  # fmt: skip


@rule("V110", "model_in_use")
def model_in_use(result: EvaluationResult) -> Outcome:
    """V110: on rows that neither had seen, the chosen model is not surely better than the one in use."""
    found = result.in_use
    if found is None:
        return not_applicable("No model in use is named under incumbent.")
    if found.why_not:
        return not_applicable(found.why_not)
    gain = f"{METRICS[found.metric].label}, gain {ranged(found.gain)}"
    on = f"on the {count(found.rows, 'holdout row')} that neither learnt from"
    if found.gain.low is not None and found.gain.low > 0 and found.change == "better":
        return Outcome(
            Severity.PASS, f"The chosen model is better than the one in use {on}: {gain}.",
            "On cases that neither had seen, the new model does better than the one in use.",
        )  # fmt: skip
    worse = found.change == "worse"
    how = "worse than" if worse else "not surely better than"
    return Outcome(
        Severity.WARN if worse else Severity.NOTE,
        f"The chosen model is {how} the one in use {on}: {gain}.",
        f"On cases that neither had seen, the new model is {how} the one in use.",
        "Keep the model in use until a new one is shown to be better.",
    )  # fmt: skip


def _optimism(result: EvaluationResult) -> str:
    """Say how much the best of so many equally good models would gain by luck."""
    if result.optimism is None:
        return ""
    label, luck = METRICS[result.metric].label, number(result.optimism.expected, digits=2)
    return f"; the best of so many equals would look better by about {luck} in {label}"

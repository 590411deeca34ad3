"""What follows from putting the model under stress: unequal treatment, spoiled rows, shuffled targets."""

from helpers.errors import listed, shortened
from helpers.evaluation.rule_parts import Rule, not_applicable, rule
from helpers.evaluation.words import ranged
from helpers.findings import Outcome, Severity
from helpers.metrics import METRICS
from helpers.results import EvaluationResult
from helpers.wording import count, number

# A mild disturbance that takes this part of the gain over the baseline is worth a warning.
MUCH_OF_GAIN = 0.5
MILD = frozenset({"missing_0.05", "noise_0.1"})


@rule("V106", "unequal_treatment")
def unequal_treatment(result: EvaluationResult) -> Outcome:
    """V106: groups of a sensitive column are treated unequally, by more than chance and by much."""
    if not result.fairness:
        return not_applicable("No column with groups to compare is named under sensitive.")
    if not result.fairness_gaps:
        return not_applicable("No two groups of a sensitive column have rows enough to compare.")
    unequal = result.unequal_gaps
    if not unequal:
        return Outcome(
            Severity.PASS,
            "No difference between groups of the sensitive columns is both more than chance and large.",
            "No group of cases stood out as clearly treated differently.",
        )  # fmt: skip
    said = [f"{gap.measure} of rows with {gap.lowest} below {gap.highest}" for gap in unequal]
    evidence = tuple(
        {"column": gap.column, "measure": gap.measure, "lowest": gap.lowest, "highest": gap.highest,
         "difference": gap.difference, "ratio": gap.ratio}
        for gap in unequal
    )  # fmt: skip
    groups = listed([f"“{shortened(gap.lowest)}”" for gap in unequal], limit=2)
    return Outcome(
        Severity.WARN, f"Groups are treated unequally: {listed(said, limit=3)}.",
        f"The model treats some groups of cases differently from others, such as {groups}.",
        "Find out why before using it on people; a difference that the cases themselves do not call for is "
        "not to be automated.",
        tuple(dict.fromkeys(gap.column for gap in unequal)), evidence,
    )  # fmt: skip


@rule("V107", "fragile")
def fragile(result: EvaluationResult) -> Outcome:
    """V107: a few gaps or a little noise in new rows take much of what the model gains."""
    if not result.robustness:
        return not_applicable("No disturbance of the rows was tried.")
    failed = [found.plain for found in result.robustness if found.failed]
    headline = result.headline()
    gain = None if headline is None else headline.gain.value
    hurt = [
        found
        for found in result.robustness
        if found.name in MILD
        and gain is not None
        and gain > 0
        and (found.worse_by.low or 0.0) > 0
        and (found.worse_by.value or 0.0) > MUCH_OF_GAIN * gain
    ]
    if not hurt and not failed:
        return Outcome(
            Severity.PASS,
            f"No mild disturbance takes more than {MUCH_OF_GAIN:.0%} of the gain over the baseline.",
            "A few missing or slightly wrong values do little harm.",
        )  # fmt: skip
    said = [f"{found.plain} makes it worse by {ranged(found.worse_by)}" for found in hurt]
    said += [f"with {plain} it gives no answer" for plain in failed]
    return Outcome(
        Severity.WARN,
        f"{METRICS[result.metric].label}, gain {'–' if gain is None else number(gain)}: "
        f"{listed(said, limit=4)}.",
        "Missing or slightly wrong values in new cases would harm the answers much.",
        "Check new rows against the contract before they are predicted, and mend what fails there.",
    )  # fmt: skip


@rule("V108", "label_leak")
def label_leak(result: EvaluationResult) -> Outcome:
    """V108: the configuration predicts shuffled targets better than the baseline does."""
    found = result.label_shuffle
    if found is None:
        return not_applicable("The label-shuffle test was not made.")
    fits = f"{count(found.fits, 'fit')} on shuffled targets"
    if found.leak:
        return Outcome(
            Severity.STOP,
            f"In {fits} {METRICS[found.metric].label} is better than the baseline's by {ranged(found.gain)}: "
            "answers reach the model by another way than the columns.",
            "The model seems to see the answers that it is to predict, so its results cannot be trusted.",
            "Look for what reads the target outside the training part: an estimator of your own, or a cache.",
        )  # fmt: skip
    return Outcome(
        Severity.PASS, f"In {fits} nothing was learned: gain {ranged(found.gain)}.",
        "Given scrambled answers the model learned nothing, as it should be.",
    )  # fmt: skip


@rule("V109", "recalibration")
def recalibration(result: EvaluationResult) -> Outcome:
    """V109: probabilities moved by a curve from development rows would be clearly better."""
    if result.recalibration is None:
        return not_applicable("No recalibrated alternative was fitted.")
    gain = ranged(result.recalibration.gain)
    if result.recalibration.worth_it:
        return Outcome(
            Severity.NOTE,
            f"Recalibrated ({result.recalibration.method}) the gain in log loss is {gain}.",
            "The stated probabilities could be made more truthful without another model.",
            "Fit the same curve on the out-of-fold predictions where probabilities are used as such.",
        )  # fmt: skip
    if (result.recalibration.gain.low or 0.0) > 0:
        return not_applicable(f"Recalibrated the gain in log loss is {gain}, with too few mistakes to tell.")
    return Outcome(
        Severity.PASS, f"Recalibrating does not clearly improve the log loss: gain {gain}.",
        "The stated probabilities gain nothing certain from being corrected.",
    )  # fmt: skip


RULES: tuple[Rule, ...] = (unequal_treatment, fragile, label_leak, recalibration)

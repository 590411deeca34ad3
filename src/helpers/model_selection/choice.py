"""Which model is chosen: the simplest that is practically as good as the best and beats the baseline."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from helpers.metrics import Metric
from helpers.model_selection.comparison import Difference, compare
from helpers.model_selection.cross_validation import CandidateResult
from helpers.results import Estimate
from helpers.wording import joined, number, percent, with_unit

# A model that keeps so much of the best one's gain over the baseline is practically as good as the best.
KEPT_SHARE = 0.98
# A model beats the baseline when the probability that it is better is at least so high.
CREDIBLE = 0.975


@dataclass(frozen=True)
class Chosen:
    """The chosen model and why.

    Attributes
    ----------
    result : CandidateResult
        The chosen one; the baseline's where nothing beats it.
    best : CandidateResult
        The one with the best mean score among the candidates, which need not be the chosen one.
    gain : Difference
        Chosen minus baseline, more is better.
    margin : float
        What counts as practically equal, in the metric's unit.
    reason : str
        For engineers.
    beats_baseline : bool
        Whether any candidate credibly does.
    """

    result: CandidateResult
    best: CandidateResult
    gain: Difference
    margin: float
    reason: str
    beats_baseline: bool

    @property
    def gain_estimate(self) -> Estimate:
        """The gain as it is recorded."""
        ends = [end if np.isfinite(end) else None for end in (self.gain.mean, self.gain.low, self.gain.high)]
        return Estimate(value=ends[0], low=ends[1], high=ends[2])


def choose(results: Sequence[CandidateResult], *, metric: Metric, unit: str = "") -> Chosen:
    """Return the choice among the results.

    A candidate is eligible when P(better than the baseline) is at least 0.975 and its mean score keeps at
    least 98 % of the best candidate's gain over the baseline. Of the eligible ones the simplest is chosen;
    with none, the baseline.

    Parameters
    ----------
    results : sequence of CandidateResult
        All results on the same folds; the baseline must be among them and must not have failed.
    metric : Metric
        What they were scored with.
    unit : str
        The unit of the scores, for the words; empty for one without.

    Raises
    ------
    ValueError
        If there is no baseline to compare with.
    """
    scored = [found for found in results if not found.failed]
    baseline = next((found for found in scored if found.candidate.family == "baseline"), None)
    if baseline is None:
        raise ValueError("the results hold no baseline with a score")
    gains = {found.name: compare(found, baseline, metric=metric) for found in scored if found is not baseline}
    others = [found for found in scored if found is not baseline]
    credible = [found for found in others if gains[found.name].better >= CREDIBLE]
    none = Difference(0.0, 0.0, 0.0, 0.0, 1.0, 0.0)
    if not others:
        return Chosen(baseline, baseline, none, 0.0, "No candidate has a score; the baseline stands.", False)
    best = max(credible or others, key=lambda found: (gains[found.name].mean, -_rank(found)))
    if not credible:
        return Chosen(baseline, best, none, 0.0, _nothing_better(best, gains[best.name], metric, unit), False)
    margin = (1 - KEPT_SHARE) * gains[best.name].mean
    near = [found for found in credible if gains[found.name].mean >= gains[best.name].mean - margin]
    chosen = min(near, key=lambda found: (_rank(found), -gains[found.name].mean))
    reason = _reason(chosen, best, near, gains[chosen.name], margin, metric, unit)
    return Chosen(chosen, best, gains[chosen.name], margin, reason, True)


def _rank(result: CandidateResult) -> float:
    """Return the rank of complexity; tuned settings count half a step more than the candidate's own."""
    return result.candidate.complexity + (0.5 if result.settings else 0.0)


def _nothing_better(best: CandidateResult, gain: Difference, metric: Metric, unit: str) -> str:
    sure = (
        f"P(better) is {percent(gain.better)}" if np.isfinite(gain.better) else "P(better) cannot be computed"
    )
    return (
        f"No candidate beats the baseline credibly: the best, {best.label}, gains "
        f"{with_unit(number(gain.mean), unit)} in "
        f"{metric.label}, and {sure}, where {percent(CREDIBLE, digits=1)} is asked for."
    )


def _reason(
    chosen: CandidateResult,
    best: CandidateResult,
    near: Sequence[CandidateResult],
    gain: Difference,
    margin: float,
    metric: Metric,
    unit: str,
) -> str:
    beats = f"It beats the baseline by {_with_interval(gain, unit)}."
    given_up = compare(best, chosen, metric=metric)
    share = percent(1 - KEPT_SHARE)
    near_by = with_unit(number(margin), unit)
    rule = f"within {near_by} in {metric.label} ({share} of the best gain over the baseline)"
    if chosen is best and len(near) == 1:
        return f"{chosen.label} has the best score, and no other is {rule}. {beats}"
    if chosen is best:
        names = [found.label for found in near if found is not chosen]
        are = "is" if len(names) == 1 else "are"
        return (
            f"{chosen.label} has the best score and is the simplest {rule}; {joined(names)} {are} as near. "
            f"{beats}"
        )
    return (
        f"{chosen.label} is the simplest {rule} of the best, {best.label}; given up: "
        f"{_with_interval(given_up, unit)}. {beats}"
    )


def _with_interval(found: Difference, unit: str) -> str:
    value = with_unit(number(found.mean), unit)
    return f"{value} (95 % interval {number(found.low)} to {number(found.high)})"

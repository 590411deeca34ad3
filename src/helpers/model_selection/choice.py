"""Which model is chosen: the simplest that is practically as good as the best and beats the baseline."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from helpers.metrics import Metric
from helpers.model_selection.comparison import Difference, compare, distance, practical_margin
from helpers.model_selection.cross_validation import CandidateResult
from helpers.model_selection.proper import proper_metric, turned
from helpers.results import Estimate
from helpers.wording import count, joined, number, percent, with_unit

# A simpler model is taken when the probability that it is worse by more than the margin is at most so high.
RISK = 0.2
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
        The one with the best mean score among the candidates, or that is ahead of it (`CandidateResult`);
        it need not be the chosen one.
    gain : Difference
        Chosen minus baseline, more is better.
    given_up : Difference
        Best minus chosen, more is better: what its simplicity costs.
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
    given_up: Difference
    margin: float
    reason: str
    beats_baseline: bool

    @property
    def gain_estimate(self) -> Estimate:
        """The gain as it is recorded."""
        return as_estimate(self.gain)


NOTHING = Difference(0.0, 0.0, 0.0, 0.0, 1.0, 0.0)


def choose(results: Sequence[CandidateResult], *, metric: Metric, unit: str = "") -> Chosen:
    """Return the choice among the results.

    A candidate is eligible when P(better than the baseline) is at least 0.975. The best eligible one sets the
    margin, `practical_margin`; one that is `ahead` counts as better than any mean. The simplest one whose
    probability of being worse than it by more than the margin is at most 0.2 is chosen; with none eligible,
    the baseline. Where the metric does not see whether probabilities are true, those that are
    practically as good by it must be so by the log loss, too, beside the best of them.

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
    others = [found for found in scored if found is not baseline]
    if not others:
        said = "No candidate has a score; the baseline stands."
        return Chosen(baseline, baseline, NOTHING, NOTHING, 0.0, said, False)
    gains = {id(found): _gain(found, baseline, metric) for found in others}
    credible = [found for found in others if gains[id(found)].better >= CREDIBLE]
    leading = max(credible or others, key=lambda found: (gains[id(found)].mean, -rank(found)))
    best = next((found for found in credible if found.ahead), leading)
    if not credible:
        said = _nothing_better(best, gains[id(best)], metric, unit)
        return Chosen(baseline, best, NOTHING, NOTHING, 0.0, said, False)
    margin = practical_margin(best, metric=metric)
    near = [
        found
        for found in credible
        if found is best or compare(found, best, metric=metric, margin=margin).worse <= RISK
    ]
    truthful = _truthful(near, metric)
    chosen = min(truthful, key=lambda found: (rank(found), -gains[id(found)].mean))
    given_up = NOTHING if chosen is best else compare(best, chosen, metric=metric)
    words = _Words(metric, unit, margin, leading)
    reason = words.reason(chosen, best, truthful, credible, given_up)
    beats = f"It beats the baseline by {_with_interval(gains[id(chosen)], unit)}."
    left = [found.label for found in near if found not in truthful and rank(found) < rank(chosen)]
    said = " ".join(part for part in (reason, _less_truthful(left, metric), beats) if part)
    return Chosen(chosen, best, gains[id(chosen)], given_up, margin, said, True)


def _truthful(near: Sequence[CandidateResult], metric: Metric) -> list[CandidateResult]:
    """Return those whose log loss is practically as good as the best of them, where the metric sees none."""
    proper = proper_metric(metric)
    if any(fold.proper is None for found in near for fold in found.folds):
        return list(near)
    seen = [turned(found) for found in near]
    best = min(seen, key=lambda found: found.mean)
    margin = practical_margin(best, metric=proper)
    return [
        found
        for found, beside in zip(near, seen, strict=True)
        if beside is best or compare(beside, best, metric=proper, margin=margin).worse <= RISK
    ]


def _less_truthful(labels: Sequence[str], metric: Metric) -> str:
    if not labels:
        return ""
    states = "states" if len(labels) == 1 else "state"
    return (
        f"By {metric.label} {joined(labels)} would be as good and simpler, but {states} less truthful "
        f"probabilities ({proper_metric(metric).label})."
    )


def rank(result: CandidateResult) -> float:
    """Return the rank of complexity; tuned settings count half a step more than the candidate's own."""
    return result.candidate.complexity + (0.5 if result.settings else 0.0)


def as_estimate(found: Difference) -> Estimate:
    """Return a difference as it is recorded: without what is not finite."""
    ends = [float(end) if np.isfinite(end) else None for end in (found.mean, found.low, found.high)]
    return Estimate(value=ends[0], low=ends[1], high=ends[2])


def _nothing_better(best: CandidateResult, gain: Difference, metric: Metric, unit: str) -> str:
    sure = (
        f"P(better) is {percent(gain.better)}" if np.isfinite(gain.better) else "P(better) cannot be computed"
    )
    return (
        f"No candidate beats the baseline credibly: the best, {best.label}, gains "
        f"{with_unit(number(gain.mean), unit)} in "
        f"{metric.label}, and {sure}, where {percent(CREDIBLE, digits=1)} is asked for."
    )


@dataclass(frozen=True)
class _Words:
    """How the choice is told."""

    metric: Metric
    unit: str
    margin: float
    leading: CandidateResult

    def reason(
        self,
        chosen: CandidateResult,
        best: CandidateResult,
        near: Sequence[CandidateResult],
        credible: Sequence[CandidateResult],
        given_up: Difference,
    ) -> str:
        size = with_unit(number(self.margin), self.unit)
        rule = f"more than {size} in {self.metric.label}, which is practically nothing"
        if chosen is not best:
            risk = compare(chosen, best, metric=self.metric, margin=self.margin).worse
            return (
                f"{chosen.label} is the simplest that is practically as good as the best, {best.label}: "
                f"P(worse by {rule}) is {percent(risk)}, and at most {percent(RISK)} is accepted; given up: "
                f"{_with_interval(given_up, self.unit)}."
            )
        if self.leading is best:
            said = f"{chosen.label} has the best mean score over {count(len(best.folds), 'fit')}"
        else:
            said = (
                f"{chosen.label} is more probably than not better than the best single model, by these fits "
                "and by what mixes gain on other tables; by these fits alone, as in the table, the better "
                f"mean score is that of {self.leading.label}, more likely the luck of the pick"
            )
        as_good = [found.label for found in near if found is not best]
        if as_good:
            said += f", and of those practically as good it is the simplest ({joined(as_good)} as well)"
        simpler = [found for found in credible if rank(found) < rank(best)]
        if not simpler:
            return f"{said}; no simpler one beats the baseline." if not as_good else f"{said}."
        nearest = min(simpler, key=lambda found: compare(found, best, metric=self.metric).worse)
        risk = compare(nearest, best, metric=self.metric, margin=self.margin).worse
        sure = percent(risk) if np.isfinite(risk) else "unknown"
        return (
            f"{said}; no simpler one is shown to be practically as good: for the nearest, {nearest.label}, "
            f"P(worse by {rule}) is {sure}, and at most {percent(RISK)} is accepted."
        )


def _gain(found: CandidateResult, baseline: CandidateResult, metric: Metric) -> Difference:
    """Return the gain over the baseline, cut to what is left to gain; no score is beyond the ideal."""
    gain = compare(found, baseline, metric=metric)
    most = distance(baseline.mean, metric=metric)
    return replace(gain, high=max(gain.mean, min(gain.high, most)))


def _with_interval(found: Difference, unit: str) -> str:
    value = with_unit(number(found.mean), unit)
    return f"{value} (95 % interval {number(found.low)} to {number(found.high)})"

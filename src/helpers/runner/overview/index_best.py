"""Which of several runs did best by the headline metric, and how little that may mean."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from helpers.runner.overview.index_parts import finite, measured_part, metric_label, part, text, unit_of
from helpers.wording import about, joined, with_unit

# Half of an interval that holds 95 of 100 is this many standard errors wide.
HALF_WIDTH = 1.96

Record = Mapping[str, Any]


@dataclass(frozen=True)
class Comparison:
    """The places of the runs that did best, and what to make of it in words."""

    words: str
    best: frozenset[int] = frozenset()


def comparison(runs: Sequence[Record], combinations: Sequence[str]) -> Comparison:
    """Return which run did best by the headline metric, as far as they can be compared.

    Only runs that succeeded and have a value are compared, and only by one metric measured on one kind of
    rows.

    Parameters
    ----------
    runs : sequence of mapping
        The records.
    combinations : sequence of str
        What to call each of them.
    """
    metrics = {
        place: part(run, "metrics") for place, run in enumerate(runs) if run.get("status") == "succeeded"
    }
    scores = {place: part(found, "chosen") for place, found in metrics.items() if found}
    values = {
        place: value for place, score in scores.items() if (value := finite(score.get("value"))) is not None
    }
    if len(values) < 2:
        return Comparison(
            f"{'Only one' if values else 'None'} of them has a score, so there is nothing to compare."
        )
    if len({_judged_by(metrics[place]) for place in values}) > 1:
        return Comparison(
            "They were not judged by one metric on one kind of rows, so none is called the best."
        )
    first = metrics[next(iter(values))]
    higher = first.get("higher_is_better")
    if not isinstance(higher, bool):
        return Comparison("It is not recorded which way the metric is better, so none is called the best.")
    value = (max if higher else min)(values.values())
    best = [place for place in values if values[place] == value]
    unit = unit_of(runs[best[0]])
    words = (
        f"Best by {metric_label(first)}: {_named(best, combinations, measured_part(scores[best[0]], unit))}.",
        _overlap([scores[place] for place in values], scores[best[0]]),
        _other_rows([runs[place] for place in values]),
        _luck([scores[place] for place in values], unit),
    )
    return Comparison(" ".join(sentence for sentence in words if sentence), frozenset(best))


def _judged_by(metrics: Record) -> tuple[str, ...]:
    return tuple(text(metrics.get(key)) for key in ("name", "label", "higher_is_better", "measured_on"))


def _named(best: Sequence[int], combinations: Sequence[str], said: tuple[str, str]) -> str:
    measured = ", ".join(part for part in said if part)
    if len(best) == 1:
        return f"{combinations[best[0]]} ({measured})"
    return f"{len(best)} are equal ({measured}), the first of them {combinations[best[0]]}"


def _overlap(scores: Sequence[Record], best: Record) -> str:
    """Return how many of the intervals overlap with that of the best."""
    mine, known = _interval(best), [interval for score in scores if (interval := _interval(score))]
    if mine is None:
        return "Nobody can say how far chance moves it: it has no interval."
    without = len(scores) - len(known)
    if not without and max(low for low, _ in known) <= min(high for _, high in known):
        every = "Both" if len(known) == 2 else f"All {len(known)}"
        return f"{every} intervals overlap: this does not show that any of them is better than another."
    near = sum(low <= mine[1] and high >= mine[0] for low, high in known) - 1
    others = len(known) - 1
    said = []
    if near:
        they = "it may be as good" if near == 1 else "they may be as good"
        of = f"the {others} other intervals" if others > 1 else "the other intervals"
        said.append(f"{near} of {of} {'overlaps' if near == 1 else 'overlap'} with its own: {they}.")
    else:
        said.append("No other interval overlaps with its own.")
    if without:
        said.append(f"{without} {'has' if without == 1 else 'have'} no interval.")
    return " ".join(said)


def _interval(score: Record) -> tuple[float, float] | None:
    low, high = finite(score.get("low")), finite(score.get("high"))
    return None if low is None or high is None else (low, high)


def _other_rows(runs: Sequence[Record]) -> str:
    """Return a warning where the table or the rows that were checked are not the same for all."""
    differ = []
    if len({text(part(run, "data").get("fingerprint")) for run in runs}) > 1:
        differ.append("tables")
    if len({finite(part(part(run, "metrics"), "baseline").get("value")) for run in runs}) > 1:
        differ.append("baselines")
    if not differ:
        return ""
    return (
        f"Their {joined(differ)} differ, so they were not judged on the same rows: that moves the scores too."
    )


def _luck(scores: Sequence[Record], unit: str) -> str:
    """Return by how much the best of so many looks better than it is, were all equally good.

    The expected largest of n standard normal errors by Blom's approximation (1958), times the standard error:
    an upper bound, since errors on the same rows go together.
    """
    from statistics import NormalDist, median  # late: only pages with a grid need it

    errors = [(high - low) / 2 / HALF_WIDTH for low, high in filter(None, map(_interval, scores))]
    number = len(scores)
    gain = median(errors) * NormalDist().inv_cdf((number - 0.375) / (number + 0.25)) if errors else 0.0
    by = f": were all equally good, by up to {with_unit(about(gain, digits=1), unit)}" if gain > 0 else ""
    return (
        f"The best of {number} looks better than it is, the more so the more are compared{by}. "
        "Check it on rows that none of them has seen."
    )

"""What ran last, and what it changed against the previous comparable run of the same experiment.

A static page cannot know when somebody looked at it last. What began within some hours before the newest run
counts as new: the calls of one night, or of one working day.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from pydantic import ValidationError

from helpers.comparing.results import Comparison, PairedMetric
from helpers.comparing.words import Change, capitalised, change_of, difference_text, value_text
from helpers.errors import shortened
from helpers.metrics import METRICS
from helpers.runner.overview.index_parts import (
    all_reused,
    metric_label,
    moment,
    part,
    report_links,
    text,
    unit_of,
)
from helpers.wording import count, joined, name

LAST_HOURS = 12
MOST_NAMED = 6
_ORDER = (Change.WORSE, Change.BETTER, Change.CHANCE, Change.SAME, Change.NONE)
LOOKS = {
    Change.WORSE: "nb-stop", Change.BETTER: "nb-pass", Change.SAME: "nb-note", Change.NONE: "nb-note",
    Change.CHANCE: "nb-not-applicable", Change.UNKNOWN: "nb-not-applicable",
}  # fmt: skip

Record = Mapping[str, Any]


@dataclass(frozen=True)
class ChangeRow:
    """One experiment's change; `look` is the class of its badge, `href` leads to the new run's summary."""

    experiment: str
    href: str
    metric: str
    before: str
    now: str
    difference: str
    says: str
    look: str
    rows: str
    against: str
    asked: str


@dataclass(frozen=True)
class LastRuns:
    """What ran last: in a sentence, as changes (the real ones first), and what cannot be compared."""

    words: str
    rule: str
    changes: tuple[ChangeRow, ...]
    remarks: tuple[str, ...]


def last_runs(by_experiment: Mapping[str, Sequence[Record]]) -> LastRuns | None:
    """Return what ran last; None where nothing has run.

    Parameters
    ----------
    by_experiment : mapping of str to sequence of mapping
        The records, the newest first; one of a run that was compared holds its `comparison.json` under
        ``comparison``.
    """
    times = {id(run): _started(run) for runs in by_experiment.values() for run in runs}
    newest = max((when for when in times.values() if when), default=None)
    if newest is None:
        return None
    since = newest - timedelta(hours=LAST_HOURS)
    recent = {
        experiment: found
        for experiment, runs in by_experiment.items()
        if (found := [run for run in runs if (when := times[id(run)]) and when >= since])
    }
    new = [run for runs in recent.values() for run in runs]
    rule = (
        f"A page cannot know when you looked last: what began in the {LAST_HOURS} hours before the newest "
        "run counts as new."
    )
    changes, remarks = _changes(by_experiment, recent)
    return LastRuns(_in_words(new, len(recent), since), rule, changes, remarks)


def _in_words(runs: Sequence[Record], experiments: int, since: datetime) -> str:
    ended = Counter(text(run.get("status")) or "of unknown status" for run in runs)
    how = joined([f"{amount:,} {shortened(status)}" for status, amount in ended.most_common()])
    what = f"{count(len(runs), 'run')} of {count(experiments, 'experiment')}"
    said = f"Since {since:%Y-%m-%d %H:%M}: {what}, {how}."
    idle = sum(map(all_reused, runs))
    if idle:
        said += f" {idle:,} of them computed nothing: all was reused from earlier runs."
    return said


def _changes(
    by_experiment: Mapping[str, Sequence[Record]], recent: Mapping[str, Sequence[Record]]
) -> tuple[tuple[ChangeRow, ...], tuple[str, ...]]:
    rows: list[tuple[int, ChangeRow]] = []
    first, apart = [], []
    for experiment, runs in recent.items():
        run = next((run for run in runs if run.get("status") == "succeeded" and not all_reused(run)), None)
        if run is None or text(part(run, "metrics").get("measured_on")) != "holdout":
            continue
        found = _comparison(run)
        if found is None:
            earlier = [other for other in by_experiment[experiment] if other.get("status") == "succeeded"]
            if len(earlier) == 1:
                first.append(name(experiment))
        elif found.why_not or found.headline is None:
            reason = found.why_not or "no metric was measured"
            apart.append(f"{name(experiment)} cannot be compared with its run of {_when(found)}: {reason}.")
        else:
            change = change_of(found.headline, same_answers=found.same_answers)
            place = _ORDER.index(change) if change in _ORDER else len(_ORDER)
            rows.append((place, _row(experiment, run, found, found.headline, change)))
    remarks = [shortened(said, limit=400) for said in apart]
    if first:
        named = first[:MOST_NAMED]
        more = [f"{len(first) - MOST_NAMED} more"] if len(first) > MOST_NAMED else []
        remarks.append(f"Succeeded for the first time, with nothing to compare: {joined([*named, *more])}.")
    return tuple(row for _, row in sorted(rows, key=lambda pair: pair[0])), tuple(remarks)


def _row(experiment: str, run: Record, found: Comparison, metric: PairedMetric, change: Change) -> ChangeRow:
    unit = unit_of(run)
    asked = [name(item.key, limit=40) for item in found.parameters]
    asked += [f"the table ({', '.join(item.key for item in found.table)})"] if found.table else []
    links = report_links(run)
    more = [f"{len(asked) - MOST_NAMED} more"] if len(asked) > MOST_NAMED else []
    return ChangeRow(
        experiment=shortened(experiment),
        href=links[0].href if links else "",
        metric=f"{METRICS[metric.metric].label}, {metric_label(part(run, 'metrics')).rpartition(', ')[2]}",
        before=value_text(metric, "first", unit=unit),
        now=value_text(metric, "second", unit=unit),
        difference=difference_text(metric, unit=unit),
        says=capitalised(change),
        look=LOOKS[change],
        rows=count(found.rows, "row"),
        against=_when(found),
        asked=joined([*asked[:MOST_NAMED], *more]) or "nothing in the parameters or the table",
    )


def _comparison(run: Record) -> Comparison | None:
    try:
        return Comparison.model_validate(run["comparison"]) if run.get("comparison") else None
    except ValidationError:
        return None


def _when(found: Comparison) -> str:
    return moment(found.first.model_dump())


def _started(run: Record) -> datetime | None:
    try:
        when = datetime.fromisoformat(text(run.get("started")))
    except ValueError:
        return None
    return when.replace(tzinfo=UTC) if when.tzinfo is None else when.astimezone(UTC)

"""Everything that the summary may say, gathered from what the other notebooks recorded."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from helpers.findings import SERIOUS, Finding, Severity, by_severity
from helpers.metrics import METRICS, Metric, Task
from helpers.parameters import Parameters
from helpers.results import ClassResult, EvaluationResult, MetricResult, QualityResult, Score, SelectionResult

if TYPE_CHECKING:
    from helpers.session import Session

LEAKS = frozenset({"target_leak", "target_parts", "missingness_leak", "row_order_leak", "label_leak"})
SAME_ON_BOTH_SIDES = frozenset({"duplicates_across_split", "group_structure"})
TIME = frozenset({"time_order"})
TOO_GOOD = LEAKS | SAME_ON_BOTH_SIDES | TIME  # each of them makes the measured number better than the truth
SMALL_SHARE = 0.1  # of the way from the baseline to a perfect score: a gain below it is a small one


@dataclass(frozen=True)
class Facts:
    """What one run learned, without a single row of the table.

    Attributes
    ----------
    params : Parameters
        The experiment's parameters: question, labels, units, costs, goal.
    task : Task
        Binary, multiclass or regression.
    target, unit : str
        What people call the target, and the unit of its values.
    split : str
        How the holdout was told apart: stratified, random, group, time, id or none.
    quality, selection, evaluation
        The results of 01, 04 and 05.
    findings : tuple of Finding
        The findings of all three.
    of_data : tuple of Finding
        Those of 01 among them: what is wrong with the table, not with the model.
    """

    params: Parameters
    task: Task
    target: str
    unit: str
    split: str
    quality: QualityResult
    selection: SelectionResult
    evaluation: EvaluationResult
    findings: tuple[Finding, ...] = ()
    of_data: tuple[Finding, ...] = ()

    @property
    def metric(self) -> Metric:
        """The headline metric: of the evaluation, or of the selection where nothing was evaluated."""
        return METRICS[self.evaluation.metric if self.evaluation.evaluated else self.selection.metric]

    @property
    def headline(self) -> MetricResult | None:
        """The headline metric's result on the holdout, if there is one."""
        return self.evaluation.headline() if self.evaluation.evaluated else None

    @property
    def positive(self) -> ClassResult | None:
        """Two classes: the one to find."""
        return next(
            (found for found in self.evaluation.classes if found.name == self.evaluation.positive), None
        )

    @property
    def negative(self) -> ClassResult | None:
        """Two classes: the other one."""
        return next(
            (found for found in self.evaluation.classes if found.name != self.evaluation.positive), None
        )

    @property
    def frequent(self) -> str | None:
        """The class that the baseline always answers, where the evaluation shows it."""
        return next((found.name for found in self.evaluation.classes if found.baseline_found == 1), None)

    @property
    def room(self) -> float | None:
        """How far the baseline is from a perfect score, in the headline metric's own measure."""
        headline = self.headline
        if headline is None or headline.baseline.value is None:
            return None
        return abs((1.0 if self.metric.higher_is_better else 0.0) - headline.baseline.value)

    @property
    def small_gain(self) -> float:
        """The gain over the baseline below which it is a small one."""
        return SMALL_SHARE * (self.room or 0.0)

    @property
    def clearly_better(self) -> bool:
        """Whether the whole interval of the gain lies above what is a small gain."""
        gain = self.headline.gain if self.headline else None
        return gain is not None and gain.low is not None and gain.low >= self.small_gain > 0

    @property
    def leaks_searched(self) -> bool:
        """Whether it was looked for what gives the answer away."""
        return any(found.severity is not Severity.NOT_APPLICABLE for found in self.about(LEAKS))

    @property
    def kept_together(self) -> bool:
        """Whether the cases were parted by a column that says which belong together."""
        return self.split in ("group", "id")

    def score_of(self, model: str) -> Score | None:
        """Return the leaderboard's row of a model."""
        return next((score for score in self.selection.leaderboard if score.model == model), None)

    @property
    def out_of_time(self) -> bool:
        """Whether the seconds of the budget ran out before every model had been tried."""
        return bool(self.about({"stopped_by_seconds"}, {Severity.WARN}))

    def about(self, kinds: Iterable[str], severities: Iterable[Severity] = tuple(Severity)) -> list[Finding]:
        """Return the findings of these kinds and severities, the most serious first."""
        wanted, grave = set(kinds), set(severities)
        return by_severity(
            found for found in self.findings if found.kind in wanted and found.severity in grave
        )


def gather(run: "Session") -> Facts:
    """Return the facts of a run; the notebooks that `run` needs are run first where they have not been."""
    table, split = run.table, run.development.split
    params = run.params
    if run.development.advised_split:
        # For the reader it is the same whether the params or the table asked for the split.
        params = params.model_copy(update={split.strategy: split.column})
    of_data = tuple(settled(run.findings("01_data_quality"), split=split.strategy))
    return Facts(
        params=params,
        task=table.task,
        target=table.target.label,
        unit=table.target.unit,
        split=split.strategy,
        quality=run.result("01_data_quality", QualityResult),
        selection=run.result("04_model_selection", SelectionResult),
        evaluation=run.result("05_evaluation", EvaluationResult),
        findings=(*of_data, *run.findings("04_model_selection"), *run.findings("05_evaluation")),
        of_data=of_data,
    )


def settled(findings: Iterable[Finding], *, split: str) -> Iterator[Finding]:
    """Yield the findings; what the split has taken care of is no more than a note.

    Parameters
    ----------
    findings : iterable of Finding
        Of notebook 01.
    split : str
        The strategy by which the rows were split.
    """
    kind = {"group": "group_structure", "time": "time_order"}.get(split)
    for finding in findings:
        taken_care_of = finding.kind == kind and finding.severity in SERIOUS
        yield replace(finding, severity=Severity.NOTE) if taken_care_of else finding

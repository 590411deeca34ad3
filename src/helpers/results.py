"""What one notebook records and another reads: typed, so that the two agree.

`01_data_quality` records a `QualityResult`, `04_model_selection` a `SelectionResult`, `05_evaluation` an
`EvaluationResult`; `06_summary` and the run record read nothing else. Intervals are 95 % unless a field
says otherwise. Shares are between 0 and 1.
"""

from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

# What the names of candidates begin with that are the model in use.
INCUMBENT = "incumbent_"


class _Result(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Estimate(_Result):
    """A value with the interval in which it is likely to lie; None where it cannot be computed."""

    value: float | None
    low: float | None = None
    high: float | None = None


class QualityResult(_Result):
    """What 01 says of the table as a whole (the findings stand beside it)."""

    rows: int = Field(description="rows of the table as read")
    columns: int
    development_rows: int
    holdout_rows: int
    missing_share: float = Field(description="missing cells of the development rows")
    duplicate_rows: int = Field(description="development rows that repeat another one in every column")
    has_id: bool
    has_group: bool
    has_time: bool


class Score(_Result):
    """One row of the leaderboard."""

    model: str = Field(description="the name in params, or 'baseline'")
    label: str = Field(description="the name for people")
    score: Estimate = Field(description="mean over the validation folds, interval corrected for overlap")
    train_score: float | None = Field(description="mean over the training folds")
    fit_seconds: float = Field(description="mean seconds to fit one fold")
    predict_seconds: float
    failed: str = Field("", description="why it has no score; empty where it has one")


class LearningPoint(_Result):
    """One point of the learning curve of the chosen model."""

    rows: int = Field(description="rows fitted on")
    train: Estimate
    validation: Estimate


class Finalist(_Result):
    """A model that competed for the choice, on all cuts of the rows that it was evaluated on."""

    model: str
    label: str
    score: Estimate
    behind: Estimate = Field(description="best minus this one, in the direction where more is better")
    p_worse: float | None = Field(description="probability of being worse than the best by over the margin")


class IncumbentResult(_Result):
    """The model in use beside the chosen one."""

    run: str = Field(description="as the params name it")
    label: str = ""
    score: Estimate = Estimate(value=None)
    gain: Estimate = Field(
        Estimate(value=None), description="chosen minus it, in the direction where more is better"
    )
    p_better: float | None = Field(None, description="probability that the chosen one is better")
    why_not: str = Field("", description="why it could not be compared; empty where it was")


class InUseResult(_Result):
    """The model in use beside the chosen one, on the holdout rows that neither learnt from."""

    run: str = Field(description="as the params name it")
    why_not: str = Field("", description="a sentence: why they are not compared; empty where they are")
    rows: int = 0
    metric: str = Field("", description="the headline metric")
    score: Estimate = Field(Estimate(value=None), description="of the model in use")
    gain: Estimate = Field(
        Estimate(value=None), description="chosen minus it, in the direction where more is better"
    )
    change: str = Field("", description="what the gain says: better, worse, practically the same, …")
    p_better: float | None = Field(None, description="probability that it is better by more than the margin")
    p_same: float | None = None
    p_worse: float | None = None


class StoppingRow(_Result):
    """One answer to what would make the predictions better."""

    effort: Literal["twice the rows", "twice the trials", "other columns"]
    answer: Literal["helps", "helps little", "cannot tell"]
    amount: Estimate = Field(description="of what `measure` says; all None where it cannot be told")
    measure: str
    reason: str


class Parts(_Result):
    """What the squared error of the chosen model is made of."""

    word: Literal["variance", "bias or noise", "both", "cannot tell"]
    least_variance: float | None = Field(None, description="share of the squared error, at least")
    most_variance: float | None = None
    reason: str


class SelectionResult(_Result):
    """What 04 found and chose."""

    metric: str
    strategy: str = Field(description="how the development rows were cut: random, stratified, group, time")
    folds: int
    repeats: int
    rows: int
    leaderboard: list[Score] = Field(description="best first, the baseline among them")
    chosen: str = Field(description="the chosen model's name; 'baseline' where nothing beats it")
    chosen_label: str
    chosen_plain: str = Field(description="what kind of model that is, for everyone")
    reason: str = Field(description="why it was chosen, for engineers")
    gain: Estimate = Field(description="chosen minus baseline, in the direction where more is better")
    learning_curve: list[LearningPoint]
    fit_diagnosis: Literal["overfit", "underfit", "balanced", "cannot tell"]
    trials: int = Field(0, description="configurations tried beyond the defaults")
    stopped_by_seconds: bool = Field(False, description="whether the safety stop ended the search")
    chosen_settings: dict[str, Any] = Field(
        default_factory=dict, description="what differs from the chosen candidate's own settings"
    )
    chosen_score: Estimate = Field(
        Estimate(value=None), description="its score over all cuts, less what choosing it flatters it by"
    )
    another_table: Estimate = Field(
        Estimate(value=None), description="the same score on as many new rows as one fold has"
    )
    optimism: Estimate = Field(
        Estimate(value=None), description="how much better the best score looks than it is"
    )
    margin: float | None = Field(None, description="differences up to it are practically none")
    given_up: Estimate = Field(
        Estimate(value=None), description="best minus chosen, in the direction where more is better"
    )
    finalists: list[Finalist] = Field(default_factory=list, description="best first")
    repeats_added: int = Field(0, description="fresh cuts of the rows that the finalists were evaluated on")
    repeats_reason: str = Field("", description="what was repeated, or why nothing was")
    incumbent: IncumbentResult | None = Field(None, description="the model in use, where one is named")
    stopping: list[StoppingRow] = Field(default_factory=list)
    advice: str = Field("", description="more rows, more trials, other columns, or nothing: one sentence")
    parts: Parts | None = Field(None, description="bias and variance")

    @property
    def tried(self) -> list[Score]:
        """The models that have a score, without the baseline."""
        return [score for score in self.leaderboard if score.model != "baseline" and not score.failed]

    @property
    def keeps_incumbent(self) -> bool:
        """Whether the model in use was chosen."""
        return self.chosen.startswith(INCUMBENT)


class MetricResult(_Result):
    """One metric on the holdout rows."""

    metric: str
    chosen: Estimate
    baseline: Estimate
    gain: Estimate = Field(description="paired: chosen minus baseline, in the direction where more is better")
    another_table: Estimate = Field(
        Estimate(value=None), description="the headline alone: the chosen model's on as many other rows"
    )


class ClassResult(_Result):
    """How one class fares on the holdout rows."""

    name: str
    rows: int = Field(description="holdout rows of this class")
    found: Estimate = Field(description="share of its rows that the model names (recall)")
    right: Estimate = Field(description="share of the rows named so that are (precision)")
    false_alarm: Estimate = Field(description="share of the other classes' rows that are named so")
    baseline_found: float | None
    baseline_false_alarm: float | None


class CostResult(_Result):
    """What mistakes cost on the holdout rows, per 100 rows, in the user's unit."""

    unit: str
    chosen: Estimate
    baseline: Estimate
    saving: Estimate = Field(description="paired: baseline minus chosen")
    without_threshold: Estimate | None = Field(None, description="two classes: at the threshold 0.5")


class ErrorResult(_Result):
    """Regression: the size of the errors on the holdout rows, in the target's unit."""

    typical: Estimate = Field(description="median absolute error")
    mean: Estimate = Field(description="mean absolute error")
    nine_of_ten: Estimate = Field(description="90 % of the errors are smaller")
    baseline_typical: float
    baseline_mean: float
    target_low: float = Field(description="5 % quantile of the observed target")
    target_high: float = Field(description="95 % quantile")


class ImportanceResult(_Result):
    """How much worse the headline metric gets when one column is shuffled."""

    column: str
    label: str
    worse_by: Estimate


class SliceResult(_Result):
    """A group of holdout rows on which the model is worse than on the rest."""

    description: str = Field(description="for people, with labels and units")
    column: str
    rows: int = Field(description="holdout rows of the group, those that served to find it included")
    rows_confirming: int = Field(0, description="those of them that `inside` is measured on")
    measure: Literal["error rate", "mean absolute error"]
    inside: Estimate = Field(description="on the rows that had not served to find the group")
    outside: Estimate = Field(description="on the other rows that had not")
    p_corrected: float | None = Field(None, description="corrected for how many groups were tried")
    baseline_inside: float | None = Field(None, description="the baseline's value on the same rows")
    confirmed: bool = Field(
        description="whether the difference stands after correction for how many were tried"
    )

    @property
    def no_better_than_baseline(self) -> bool:
        """Whether the model is of no use on these rows, as far as is known."""
        return (
            self.baseline_inside is None
            or self.inside.value is None
            or self.inside.value >= self.baseline_inside
        )


class CalibrationResult(_Result):
    """Whether the stated probabilities can be taken at their word."""

    expected_calibration_error: Estimate
    verdict: Literal["calibrated", "miscalibrated", "cannot tell", "not applicable"]


class RecalibrationResult(_Result):
    """Whether probabilities moved by a curve that was fitted on development rows would be better ones."""

    method: Literal["platt", "isotonic", "temperature"]
    rows: int = Field(description="out-of-fold predictions that it was fitted on")
    gain: Estimate = Field(description="paired, on the holdout: log loss as it is minus recalibrated")
    worth_it: bool = Field(description="whether the gain is more than chance; it is never applied silently")


class CoverageResult(_Result):
    """How often the truth is inside the intervals, or the sets of classes, that the model gives new rows."""

    group: str = Field(description="of holdout rows, for people; the first is all of them")
    rows: int
    level: float = Field(description="the share that was promised")
    share: Estimate = Field(description="of the rows, with the truth inside")
    size: float = Field(description="mean width in the target's unit, or mean number of classes")


class OptimismResult(_Result):
    """How much the best of several models that were judged on the same rows would gain by luck alone."""

    looks: int
    standard_error: float = Field(description="of the headline metric on these rows")
    correlation: float = Field(description="assumed between the errors of the models' scores")
    expected: float = Field(description="in the headline metric's unit, at that correlation")
    at_most: float = Field(description="if the scores' errors had nothing in common")


class GroupImportanceResult(_Result):
    """How much worse the headline metric gets when columns that say the same are shuffled together."""

    columns: list[str]
    label: str
    worse_by: Estimate


class FairnessGroup(_Result):
    """One measure for one group of people or things."""

    column: str
    group: str = Field(description="for people, such as 'Sex “female”'")
    measure: Literal[
        "selection rate", "recall", "false alarm rate", "error rate", "mean residual", "mean absolute error"
    ]
    of: str = Field("", description="the class that is named or missed, where there are more than two")
    rows: int = Field(description="holdout rows that the measure looks at")
    value: Estimate
    p_corrected: float | None = Field(
        None,
        description="that it differs from the other groups, corrected for all comparisons; none: too few",
    )


class FairnessGap(_Result):
    """The largest difference between groups of one column in one measure."""

    column: str
    measure: str = Field(description="with the class that it is about, where there are more than two")
    lowest: str
    highest: str
    difference: float
    ratio: float | None = Field(description="lowest over highest; none where that says nothing")
    unequal: bool = Field(description="whether it is more than chance and large enough to matter")


class RobustnessResult(_Result):
    """What one disturbance of the rows does to the headline metric."""

    name: str
    plain: str
    worse_by: Estimate
    failed: str = Field("", description="why the model gave no answer; empty where it did")


class LabelShuffleResult(_Result):
    """What the chosen configuration learns from targets that were shuffled: nothing, if all is well."""

    metric: str
    fits: int
    rows: int = Field(description="development rows used, those that were predicted included")
    gain: Estimate = Field(description="over the baseline, mean of the fits; above 0 something leaks")
    leak: bool


class EvaluationResult(_Result):
    """What 05 measured on the holdout rows."""

    evaluated: bool = Field(description="false where holdout is 0: then everything below is empty")
    why_not: str = ""
    rows: int = 0
    metric: str = Field(description="the headline metric")
    openings: int = Field(0, description="how often these holdout rows were opened, this time included")
    looks: int = Field(0, description="how many different models were judged on them, this one included")
    metrics: list[MetricResult] = Field(default_factory=list)
    classes: list[ClassResult] = Field(default_factory=list)
    positive: str | None = None
    threshold: float | None = Field(None, description="two classes: from this probability it says 'positive'")
    threshold_reason: str = ""
    confusion: list[list[int]] = Field(
        default_factory=list, description="truth down, answer across, class order"
    )
    costs: CostResult | None = None
    errors: ErrorResult | None = None
    calibration: CalibrationResult | None = None
    coverage: list[CoverageResult] = Field(default_factory=list, description="all rows first, then groups")
    importance: list[ImportanceResult] = Field(default_factory=list, description="most important first")
    slices_examined: bool = Field(False, description="whether there were rows enough to look for weak groups")
    slices: list[SliceResult] = Field(default_factory=list, description="weakest first")
    in_use: InUseResult | None = Field(None, description="the model in use, where one is named")
    more_metrics: list[MetricResult] = Field(default_factory=list, description="those that select nothing")
    optimism: OptimismResult | None = Field(None, description="from the second model on these rows on")
    recalibration: RecalibrationResult | None = None
    group_importance: list[GroupImportanceResult] = Field(default_factory=list)
    fairness: list[FairnessGroup] = Field(default_factory=list)
    fairness_gaps: list[FairnessGap] = Field(default_factory=list)
    robustness: list[RobustnessResult] = Field(default_factory=list)
    label_shuffle: LabelShuffleResult | None = None

    @property
    def unequal_gaps(self) -> list[FairnessGap]:
        """The differences between groups that are more than chance and large enough to matter."""
        return [gap for gap in self.fairness_gaps if gap.unequal]

    def headline(self) -> MetricResult | None:
        """Return the headline metric's result, if anything was evaluated."""
        return next((result for result in self.metrics if result.metric == self.metric), None)


class Verdict(_Result):
    """The answer of the summary and the rule that gave it."""

    word: Literal["use it", "promising, not yet", "do not use", "cannot tell"]
    rule: str = Field(description="stable name of the row of the decision table")
    reason: str = Field(description="one or two sentences for everyone")

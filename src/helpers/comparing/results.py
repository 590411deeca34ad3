"""What a comparison of two runs says: typed, stored beside the second run and shown by every page."""

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from helpers.results import Estimate

SAME_SHARE = 0.02  # of the way from the baseline to a perfect score: less is practically no difference


class _Result(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Named(_Result):
    """Which run it is."""

    experiment: str
    run: str
    started: str = ""
    status: str = ""

    @property
    def title(self) -> str:
        """The experiment with the run's name, as every command takes it."""
        return f"{self.experiment}/{self.run}"


class Changed(_Result):
    """One thing that is not the same in both runs; a text is empty where the run has no such thing."""

    key: str
    first: str
    second: str


class FindingChange(_Result):
    """A finding that only one of the runs made, or that became graver or milder."""

    change: Literal["gained", "graver", "milder", "lost"]
    severity: str = Field(description="in the second run, or in the first one where it is lost")
    code: str
    columns: list[str]
    message: str


class PairedMetric(_Result):
    """One metric of both runs; `difference` is empty where they were not judged on the same rows."""

    metric: str
    first: Estimate
    second: Estimate
    difference: Estimate = Field(description="second minus first, in the direction where more is better")
    margin: float = Field(0.0, description="a difference of at most so much counts as practically none")
    better: float | None = Field(None, description="probability that the second is better by more than that")
    same: float | None = None
    worse: float | None = None


class Comparison(_Result):
    """Two runs held against each other, the earlier one first as a rule."""

    first: Named
    second: Named
    parameters: list[Changed]
    table: list[Changed] = Field(description="name, fingerprint, rows, columns where they differ")
    surroundings: list[Changed] = Field(description="chosen model, versions, state of the repository")
    findings: list[FindingChange]
    findings_left_out: list[str] = Field(
        default_factory=list, description="notebooks whose findings only one of the runs has"
    )
    rows: int = Field(0, description="holdout rows that both were judged on")
    units: int = Field(0, description="groups among them, or the rows where there are no groups")
    notes: list[str] = Field(default_factory=list, description="which rows were left out, and why")
    why_not: str = Field("", description="why the metrics cannot be paired; empty where they are")
    same_answers: bool = Field(False, description="whether both say exactly the same of every row")
    metrics: list[PairedMetric] = Field(default_factory=list, description="the headline first")

    @property
    def headline(self) -> PairedMetric | None:
        """The first metric, where there is any."""
        return self.metrics[0] if self.metrics else None

"""What the rules of 01 say of a table read with naive parameters, and whether that names a fault."""

import tempfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from benchmarks.planted.fault import Planted
from helpers.data_quality.context import Context
from helpers.data_quality.leak_findings import STRONG_KIND, strong_finding
from helpers.data_quality.leak_prices import LeakPrices
from helpers.data_quality.run import RULES, findings_of
from helpers.errors import UserError
from helpers.findings import ORDER, SERIOUS, Finding, Severity
from helpers.parameters import Parameters
from helpers.tables.prepare import load_development

SAID = SERIOUS | {Severity.NOTE}
SEED = 0


@dataclass(frozen=True)
class Said:
    """One finding, as far as it is judged.

    Attributes
    ----------
    code, kind : str
        As in `Finding`.
    severity : Severity
        Stop, warn or note.
    columns : tuple of str
        The columns that it names.
    """

    code: str
    kind: str
    severity: Severity
    columns: tuple[str, ...]

    def __str__(self) -> str:
        """Write it in short, for instance ``warn Q151 target_leak (stage)``."""
        names = ", ".join(self.columns[:5]) + (" …" if len(self.columns) > 5 else "")
        return f"{self.severity.value} {self.code} {self.kind} ({names})"


@dataclass(frozen=True)
class Answer:
    """What the rules said of a table.

    Attributes
    ----------
    said : tuple of Said
        The findings that say something, reading the table among them.
    refused : str
        Why the table was not read; empty if it was.
    broken : tuple of str
        Rules that could not run.
    """

    said: tuple[Said, ...]
    refused: str = ""
    broken: tuple[str, ...] = ()


def answer(
    frame: pd.DataFrame, target: str, *, parquet: bool = False, kinds: frozenset[str] | None = None
) -> Answer:
    """Return what the rules say of the table, written to a file and read with nothing declared.

    With `kinds` only the rules of these are asked: what no other could name need not be worked out.
    """
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / ("table.parquet" if parquet else "table.csv")
        if parquet:
            frame.to_parquet(path, index=False)
        else:
            frame.to_csv(path, index=False)
        params = Parameters(experiment="planted", question="What is wrong?", data=[str(path)], target=target)
        try:
            development = load_development(params)
        except UserError as error:
            return Answer((), refused=str(error))
        found = [*development.findings, *_found(Context(development, SEED), kinds)]
    broken = [f"{each.code} {each.message}" for each in found if "could not run" in each.message]
    return Answer(tuple(_said(found)), broken=tuple(broken))


def _found(context: Context, kinds: frozenset[str] | None) -> list[Finding]:
    found = findings_of(context, tuple(each for each in RULES if kinds is None or each.kind in kinds))
    if kinds is None or STRONG_KIND in kinds:
        found.append(strong_finding(LeakPrices(context, found)))
    return found


def _said(findings: Iterable[Finding]) -> Iterable[Said]:
    return (
        Said(each.code, each.kind, each.severity, tuple(each.columns))
        for each in findings
        if each.severity in SAID
    )


def naming(given: Answer, planted: Planted, before: Sequence[Said]) -> list[Said]:
    """Return the findings that name the fault, the most serious first.

    A finding counts if it is of an accepted kind, names a column concerned (all of them where the fault needs
    that) and said nothing as serious of this column before the fault was there. A table that is refused
    because of a column concerned counts as a 'stop'.
    """
    refused = tuple(name for name in planted.columns if repr(name) in given.refused)
    if refused:
        return [Said("refused", "refused", Severity.STOP, refused)]
    found = [each for each in given.said if each.kind in planted.kinds and _names(each, planted, before)]
    return sorted(found, key=lambda each: ORDER.index(each.severity))


def _names(each: Said, planted: Planted, before: Sequence[Said]) -> bool:
    earlier = [
        other
        for other in before
        if other.code == each.code and ORDER.index(other.severity) <= ORDER.index(each.severity)
    ]
    if not planted.columns or (each.kind in planted.without_column and not each.columns):
        return not earlier
    known = {name for other in earlier for name in other.columns}
    concerned = (set(planted.columns) & set(each.columns)) - known
    return len(concerned) == len(planted.columns) if planted.all_columns else bool(concerned)

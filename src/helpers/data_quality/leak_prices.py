"""What each suspect of leakage is worth: the score of a small model with it and without it.

Suspects come from the rules (a column, a few columns, gaps, the order of rows, groups, time) and from the
model itself: a column whose removal changes the score surely. All are priced by the same forest on the same
folds, which keep groups whole where the table has groups, beside the strongest features that nothing speaks
against.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np

from helpers.data_quality.cheap_model import (
    PRICED_FEATURES,
    PRICED_ROWS,
    Split,
    by_folds,
    inputs,
    most_used,
    predictions,
)
from helpers.data_quality.context import Context
from helpers.data_quality.price import Price, price
from helpers.data_quality.probe import folds_of, target_matrix
from helpers.data_quality.split_advice import MEASURE_NOTE
from helpers.findings import ORDER, SERIOUS, Finding, Severity
from helpers.tables.folds import group_numbers
from helpers.tables.sample import sampled
from helpers.tables.table import Table

FEWEST_ROWS = 30
PRICED_COLUMNS = 10
ASKED_OF_THE_MODEL = 5
# Several columns are tried; the interval of the one that is named must leave zero out for all of them.
CORRECTED = 2.58 / 1.96
STRONG = 0.02


@dataclass(frozen=True)
class Suspect:
    """Something that may tell the target though it will not be known when the model is used.

    Attributes
    ----------
    what : str
        column, columns together, gaps, row order, group, time, file order, strong column.
    columns : tuple of str
        The columns concerned.
    code : str
        The rule that suspects it.
    severity : Severity
        As in the rule's finding.
    price : Price
        With it against without it.
    lines : mapping of str to Any
        The keys of the params that take it out, empty where none can.
    """

    what: str
    columns: tuple[str, ...]
    code: str
    severity: Severity
    price: Price
    lines: Mapping[str, Any] = field(default_factory=dict)

    @property
    def decision(self) -> str:
        """What was decided about it, in words."""
        if self.what in ("group", "time", "file order"):
            return "a split at random flatters"
        if not self.price.is_sure:
            return "adds nothing that is sure"
        if self.what == "row order":
            return "tells the answer to whoever adds a row number"
        if self.severity is Severity.STOP:
            return "gives the answer away"
        return "too much hangs on it" if self.severity is Severity.WARN else "merely strong"


class LeakPrices:
    """The suspects on one table with their prices; each part is worked out when asked for.

    Parameters
    ----------
    context : Context
        The development rows.
    findings : sequence of Finding
        What the rules found about them.
    """

    def __init__(self, context: Context, findings: Sequence[Finding]) -> None:
        self._context = context
        self._findings = findings

    @property
    def apply(self) -> bool:
        """Whether there are rows and features enough to price anything."""
        return len(self._context.table) >= FEWEST_ROWS and bool(self._context.table.features)

    @cached_property
    def suspects(self) -> list[Suspect]:
        """The suspects that the rules named, the most serious first."""
        if not self.apply:
            return []
        found = [suspect for finding in self._findings for suspect in _named_by(finding, self._pricing)]
        return sorted(
            [*found, *_splits(self._context)], key=lambda each: (ORDER.index(each.severity), -each.price.loss)
        )

    @cached_property
    def strong(self) -> list[Suspect]:
        """The features that no rule suspects and the model cannot do without."""
        if not self.apply:
            return []
        priced = [(name, self._pricing.shuffled(name)) for name in self._pricing.most_used()]
        return [
            Suspect("strong column", (name,), "Q155", Severity.NOTE, found, {"drop": [name]})
            for name, found in priced
            if found.loss >= STRONG
            and found.loss > CORRECTED * (found.loss - found.low)
            and found.told >= MEASURE_NOTE
        ]

    @cached_property
    def _pricing(self) -> "_Pricing":
        context = self._context
        suspected = {name for each in self._findings if _suspects(each) for name in each.columns}
        honest = context.honest_features(at_most=PRICED_FEATURES + len(suspected))
        beside = [name for name in honest if name not in suspected][:PRICED_FEATURES]
        return _Pricing(sampled(context.sample, rows=PRICED_ROWS, seed=context.seed), beside, context.seed)


def _splits(context: Context) -> Iterator[Suspect]:
    """Yield for groups, time and the file's order the way that is advised, else the one that costs most."""
    flattering = [option for option in context.advice.options if option.flatters]
    first = sorted(flattering, key=lambda option: option is not context.advice.advised)
    for way, code in (("group", "Q161"), ("time", "Q162"), ("file order", "Q163")):
        option = next((each for each in first if each.way == way), None)
        if option is not None:
            severity = Severity.WARN if option.decides else Severity.NOTE
            yield Suspect(way, option.columns, code, severity, option.price, option.lines)


def _named_by(finding: Finding, pricing: "_Pricing") -> Iterator[Suspect]:
    """Yield what the finding suspects, priced; a finding that is no more than a note suspects nothing."""
    columns = finding.columns
    if finding.kind == "row_order_leak" and finding.severity in SERIOUS | {Severity.NOTE}:
        lines = {"drop": list(columns)} if columns else {}
        yield Suspect(
            "row order", columns, finding.code, finding.severity, pricing.with_places(columns), lines
        )
    elif finding.severity not in SERIOUS:
        return
    elif finding.kind == "target_leak":
        for name in columns[:PRICED_COLUMNS]:
            found = pricing.columns([name])
            yield Suspect("column", (name,), finding.code, finding.severity, found, {"drop": [name]})
    elif finding.kind == "target_parts":
        found = pricing.columns(columns)
        lines = {"drop": list(columns)}
        yield Suspect("columns together", columns, finding.code, finding.severity, found, lines)
    elif finding.kind == "missingness_leak":
        for name in columns[:PRICED_COLUMNS]:
            found = pricing.filled(name)
            yield Suspect("gaps", (name,), finding.code, finding.severity, found, {"drop": [name]})


def _suspects(finding: Finding) -> bool:
    return finding.severity in SERIOUS and finding.kind in ("target_leak", "target_parts", "missingness_leak")


class _Pricing:
    """Prices suspects on one sample of rows; predictions that several of them need are made once."""

    def __init__(self, table: Table, honest: Sequence[str], seed: int) -> None:
        self._table = table
        self._honest = list(honest)
        self._seed = seed
        self._target = target_matrix(table)
        self._groups = np.arange(len(table)) if table.groups is None else group_numbers(table)
        self._made: dict[tuple[str, ...], list[np.ndarray]] = {}

    def most_used(self) -> list[str]:
        """Return the honest features that a forest uses most."""
        if not self._honest:
            return []
        return most_used(self._table, self._honest, at_most=ASKED_OF_THE_MODEL, seed=self._seed)

    def columns(self, names: Sequence[str]) -> Price:
        """Price the columns: the honest features and they, against the honest features without them."""
        more = [name for name in names if name not in self._honest]
        fewer = [name for name in self._honest if name not in names]
        return self._price(self._by([*self._honest, *more]), self._by(fewer))

    def shuffled(self, name: str) -> Price:
        """Price a feature against itself with its values in another order.

        Fewer columns would change a forest even where the column is noise.
        """
        values, place = inputs(self._table, self._honest), self._honest.index(name)
        values[:, place] = np.random.default_rng(self._seed).permutation(values[:, place])
        return self._price(self._by(self._honest), self._predicted(values))

    def filled(self, name: str) -> Price:
        """Price a column's gaps: as they are, against filled with values drawn from the column itself."""
        names = list(dict.fromkeys([*self._honest, name]))
        values = inputs(self._table, names)
        place, rng = names.index(name), np.random.default_rng(self._seed)
        gaps = self._table.frame[name].isna().to_numpy()
        values[gaps, place] = rng.choice(values[~gaps, place], size=int(gaps.sum()))
        return self._price(self._by(names), self._predicted(values))

    def with_places(self, columns: Sequence[str]) -> Price:
        """Price the order of the file: a row's place beside the honest features, against these alone."""
        kept = [name for name in self._honest if name not in columns]
        places = self._table.frame.index.to_numpy(float)
        values = np.column_stack([inputs(self._table, kept), places])
        return self._price(self._predicted(values), self._by(kept))

    def _by(self, names: Sequence[str]) -> list[np.ndarray]:
        key = tuple(names)
        if key not in self._made:
            self._made[key] = self._predicted(inputs(self._table, names))
        return self._made[key]

    def _predicted(self, values: np.ndarray) -> list[np.ndarray]:
        return predictions(values, self._target, self._splits, seed=self._seed)

    def _splits(self, draw: int) -> Iterator[Split]:
        """Yield folds that keep groups whole, where the table has groups."""
        return by_folds(folds_of(int(self._groups.max()) + 1, seed=draw)[self._groups])

    def _price(self, flattered: list[np.ndarray], honest: list[np.ndarray]) -> Price:
        return price(flattered, honest, self._target, self._groups, task=self._table.task)

"""The model in use, put through the same folds as the candidates.

Its stored model learnt from rows that the folds keep back, so it cannot be scored on them; what can be
compared is its configuration, fitted anew in each fold. Where the columns or the answers differ from those
that it was made for, where its kind is not among the candidates, or where it does not keep what the params
demand of every model, it is left out and the reason is told.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from types import MappingProxyType
from typing import Any

import pandas as pd
from pydantic import ValidationError

import helpers.files as files
from helpers.errors import Problem, UserError, listed, shortened
from helpers.metrics import Metric
from helpers.model_selection.candidates import CANDIDATES, Candidate
from helpers.model_selection.choice import Chosen, as_estimate
from helpers.model_selection.comparison import compare, score_of
from helpers.model_selection.cross_validation import CandidateResult, Evaluate, Settings
from helpers.model_selection.demands import constrained, demanded, promised
from helpers.model_selection.fitted import BASELINE, FittedModel, load_model
from helpers.model_selection.weighting import takes_weights
from helpers.parameters import Parameters
from helpers.paths import reports_folder
from helpers.prediction.stored import find_model
from helpers.results import INCUMBENT, Estimate, IncumbentResult, SelectionResult
from helpers.tables.folds import Folds
from helpers.tables.table import Table
from helpers.wording import number, percent, with_unit

_TUNED = "_tuned"
_RECORD = "04_model_selection"
_IN_USE = "In use: "


@dataclass(frozen=True)
class Incumbent:
    """The model in use.

    Attributes
    ----------
    run : str
        The run as the params name it.
    candidate : Candidate or None
        Its configuration as a contender; None where it cannot be compared.
    settings : mapping
        What its search had changed.
    why_not : str
        A sentence: why it cannot be compared; empty where it can.
    """

    run: str
    candidate: Candidate | None = None
    settings: Settings = field(default_factory=dict)
    why_not: str = ""


def find_incumbent(
    run: str, table: Table, *, reports: Path, signs: Mapping[str, int] = MappingProxyType({})
) -> Incumbent:
    """Return the model of a run as a contender on the rows of `table`.

    Parameters
    ----------
    run : str
        An experiment's name (its latest success), ``experiment/run``, or a run's folder.
    table : Table
        The development rows.
    reports : Path
        The folder of all experiments.
    signs : mapping of str to int
        What `demands.demanded` asks of every model here. It is built with the constraints that it has itself,
        and left out where it promises less.

    Raises
    ------
    UserError
        If there is no such run, or none that selected a model.
    """
    folder = find_model(run, reports=reports, where="incumbent").path.parent
    try:
        stored = SelectionResult.model_validate(files.read_json(folder / f"{_RECORD}.json")["result"])
    except (OSError, ValueError, KeyError, TypeError, ValidationError) as error:
        cause = shortened(str(error).replace("\n", " "), limit=160)
        raise UserError(
            Problem(
                "incumbent", f"{shortened(run)!r}, whose record of the selection cannot be read ({cause})",
                "a run in which 04_model_selection was done",
            )
        ) from None  # fmt: skip
    name = stored.chosen.removesuffix(_TUNED)
    label = shortened(stored.chosen_label, limit=60)
    if name.startswith(INCUMBENT):
        name = name.removeprefix(INCUMBENT)
    if stored.chosen != BASELINE and name not in CANDIDATES:
        return Incumbent(run, why_not=f"The model in use, {label}, is of a kind that cannot be built anew.")
    if stored.chosen.endswith(_TUNED) and not stored.chosen_settings:
        why = f"The run of the model in use, {label}, is from a version that did not record its settings."
        return Incumbent(run, why_not=why)
    model = load_model(folder / "model.skops")
    if differs := _difference(model, table):
        return Incumbent(run, why_not=f"The model in use, {label}, cannot be compared here: {differs}.")
    if stored.chosen == BASELINE:
        return Incumbent(run, why_not="The model in use is the baseline, which is compared anyway.")
    kind, own = CANDIDATES[name], promised(model)
    if lacking := _lacking(kind, table, own=own, signs=signs):
        return Incumbent(run, why_not=f"The model in use, {label}, cannot be compared here: it {lacking}.")
    built = constrained(kind, table, own) if own else kind
    known = replace(built, name=f"{INCUMBENT}{name}", label=f"{_IN_USE}{kind.label}")
    return Incumbent(run, known, dict(stored.chosen_settings))


def named_incumbent(params: Parameters, table: Table) -> Incumbent | None:
    """Return the model in use that the params name under `incumbent`, None where they name none."""
    if params.incumbent is None:
        return None
    signs = demanded(table, params)
    return find_incumbent(params.incumbent, table, reports=reports_folder(), signs=signs)


def evaluated(
    incumbent: Incumbent | None, table: Table, folds: Folds, *, evaluate: Evaluate, **options: Any
) -> list[CandidateResult]:
    """Return the result of the model in use on the same folds, or nothing where it cannot be compared.

    Parameters
    ----------
    incumbent : Incumbent or None
        What `named_incumbent` returned.
    table, folds, evaluate, options
        As for the candidates.
    """
    if incumbent is None or incumbent.candidate is None:
        return []
    return [evaluate(table, incumbent.candidate, folds, settings=incumbent.settings, **options)]


def is_incumbent(result: CandidateResult) -> bool:
    """Return whether a contender is the model in use."""
    return result.candidate.name.startswith(INCUMBENT)


def _difference(model: FittedModel, table: Table) -> str:
    """Return what the model was made for and the table does not have, empty where they agree."""
    if model.task is not table.task or model.target != table.target.name:
        return f"it answers another question ({model.task} of {shortened(model.target, limit=40)!r})"
    if set(model.classes) != set(table.classes):
        return f"it knows the classes {listed(model.classes)}, the table has {listed(table.classes)}"
    mine, theirs = {column.name: str(column.kind) for column in table.features}, dict(model.columns)
    gone = [name for name in theirs if name not in mine]
    new = [name for name in mine if name not in theirs]
    other = [name for name in mine if name in theirs and mine[name] != theirs[name]]
    parts = [
        f"{what} {listed(names)}"
        for what, names in (
            ("it reads columns that are not there:", gone), ("it never saw the columns", new),
            ("of another kind than it knew are", other),
        )
        if names
    ]  # fmt: skip
    return "; ".join(parts)


def _lacking(kind: Candidate, table: Table, *, own: Mapping[str, int], signs: Mapping[str, int]) -> str:
    """Return which demand of this run it does not keep, empty where it keeps all."""
    free = [name for name, sign in signs.items() if own.get(name) != sign]
    if free:
        return f"does not promise to move with {listed(free)} as “monotone” asks"
    if table.weights is not None and not takes_weights(kind.build(table.task, table, 0)):
        return "cannot count rows by a weight"
    return ""


def incumbent_result(
    results: Sequence[CandidateResult], chosen: Chosen, incumbent: Incumbent | None, *, metric: Metric
) -> IncumbentResult | None:
    """Return the model in use beside the chosen one; None where none is named."""
    if incumbent is None:
        return None
    found = next((one for one in results if is_incumbent(one)), None)
    if found is None or found.failed:
        why = incumbent.why_not or (found.failed if found else "it was not evaluated")
        return IncumbentResult(run=incumbent.run, why_not=why)
    gap = compare(chosen.result, found, metric=metric)
    same = found is chosen.result
    return IncumbentResult(
        run=incumbent.run,
        label=found.label,
        score=score_of(found, metric=metric),
        gain=Estimate(value=0.0, low=0.0, high=0.0) if same else as_estimate(gap),
        p_better=None if same or pd.isna(gap.better) else gap.better,
    )


def incumbent_sentence(found: IncumbentResult, *, metric: Metric, unit: str = "") -> str:
    """Say how the chosen model fares beside the one in use, or why that is not known."""
    if found.why_not:
        return f"{found.why_not.rstrip('.')}."
    named = found.label.removeprefix(_IN_USE)
    if found.p_better is None:
        return f"The chosen model is the one in use, {named}, or cannot be told from it."
    value, low, high = found.gain.value or 0.0, found.gain.low, found.gain.high
    ends = "" if low is None or high is None else f" (95 % interval {number(low)} to {number(high)})"
    way = "better" if value >= 0 else "worse"
    return (
        f"The chosen model is {way} than the one in use, {named}, by "
        f"{with_unit(number(abs(value)), unit)} in {metric.label}{ends if value >= 0 else ''}; P(better) is "
        f"{percent(found.p_better)}."
    )

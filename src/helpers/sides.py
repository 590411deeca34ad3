"""The two sides of the split: as the params say, or, where they leave it open, as the table itself asks.

With `validation: auto` and neither id, group nor time, a first split at random is made, and what it scores
is held against folds of whole groups and later rows, on its development rows alone. Where a random split
surely flatters, the rows are split anew by the column that tells it.
"""

import json
from dataclasses import asdict, dataclass, replace
from pathlib import Path

import numpy as np
import sklearn
from pydantic import TypeAdapter, ValidationError

import helpers.files as files
from helpers.data_quality.split_advice import SplitAdvice, SplitOption, asks_for_advice, split_advice
from helpers.errors import UserError, shortened
from helpers.kept import kept_or_made
from helpers.kept_look import read_look
from helpers.keys import helpers_source
from helpers.parameters import Parameters
from helpers.tables.look import Look
from helpers.tables.prepare import Development, split_look
from helpers.tables.table import Table

# What the advice depends on besides the table's content.
DECIDING = ("target", "task", "positive", "drop", "clean", "id", "group", "time", "holdout", "validation")
# The advice, like the split, must not change with the params' seed.
SEED = 0


@dataclass(frozen=True)
class Sides:
    """Both sides of the split.

    Attributes
    ----------
    development : Development
        The development rows and what was found out on the way to them.
    holdout : Table
        The sealed rows.
    advice : SplitAdvice or None
        What was measured to split the rows; None where the params decided.
    """

    development: Development
    holdout: Table
    advice: SplitAdvice | None = None


def advised_sides(
    params: Parameters, *, where: str | None = None, kept: Path | None = None, look: Look | None = None
) -> Sides:
    """Return the development rows and the holdout rows.

    Parameters
    ----------
    params : Parameters
        The checked parameters.
    where : str, optional
        What messages begin with, the params file for instance; the experiment's name if none is given.
    kept : Path, optional
        A folder where tables and advice are kept for the next notebook that reads the same table.
    look : Look, optional
        The table, where the caller has read it.

    Raises
    ------
    UserError
        If the table cannot be read, or the parameters do not fit it; all problems at once.
    """
    place = where or params.experiment
    look = look or read_look(params, where=f"{place}: data", kept=kept)
    development, holdout = split_look(look, params, where=place)
    if params.validation.strategy != "auto" or not asks_for_advice(development.table):
        return Sides(development, holdout)
    advice = _advice(development.table, _key(look, params), None if kept is None else kept / "splits")
    return _split_as_advised(look, params, advice, place) or Sides(development, holdout, advice)


def _split_as_advised(look: Look, params: Parameters, advice: SplitAdvice, where: str) -> Sides | None:
    """Return the sides split by the advised column; None where there is none that can be taken."""
    option = advice.advised
    if option is None or not option.lines:
        return None
    try:
        development, holdout = split_look(look, params.model_copy(update=dict(option.lines)), where=where)
    except UserError:  # too little would be left to learn from
        return None
    reason = f"{development.split.reason}; by {option.words}, because validation is auto and {_why(option)}"
    split = replace(development.split, reason=reason)
    return Sides(replace(development, split=split, advised_split=True), holdout, advice)


def _why(option: SplitOption) -> str:
    price = option.price
    return f"a split at random flatters a small model: {price.measure} {price.flattered} for {price.honest}"


def _key(look: Look, params: Parameters) -> str:
    values = params.model_dump(mode="json", include=set(DECIDING))
    versions = [np.__version__, sklearn.__version__]
    return files.hash_of([look.fingerprint, json.dumps(values, sort_keys=True), helpers_source(), *versions])


def _advice(table: Table, key: str, folder: Path | None) -> SplitAdvice:
    """Return the advice on the table, from where it is kept if it was worked out before."""
    if folder is None:
        return _measured(table)
    return kept_or_made(
        folder / f"{key}.json",
        read=_known,
        make=lambda: _measured(table),
        write=lambda path, advice: files.write_text(path, json.dumps(asdict(advice))),
    )


def _measured(table: Table) -> SplitAdvice:
    try:
        return split_advice(table, seed=SEED)
    except Exception as error:  # the rows can be split as the params say; notebook 01 reports the error
        return SplitAdvice(failed=f"{type(error).__name__}: {shortened(error, limit=200)}")


def _known(path: Path) -> SplitAdvice | None:
    try:
        return TypeAdapter(SplitAdvice).validate_python(files.read_json(path))
    except (OSError, ValueError, ValidationError):
        return None

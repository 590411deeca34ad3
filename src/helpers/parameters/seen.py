"""The parameters as one notebook sees them: what it says that it ignores cannot be read there.

That is what makes it safe to reuse a notebook's result after a change of a parameter that it ignores.
"""

from collections.abc import Iterable
from typing import Any

from helpers.errors import Problem, UserError, did_you_mean, listed
from helpers.notebook_files import NotebookFile
from helpers.parameters.model import RUN_SETTINGS, Parameters

NEVER_IGNORED = frozenset({"experiment"})
# What people call things, what they hope for, whom they care for and which tables they refuse change no
# model: a look at the holdout under another question is the same look. Nothing else may be ignored where the
# holdout is opened, because looks are told apart by the parameters that this notebook sees.
CHANGE_NO_MODEL = frozenset({"question", "columns", "goal", "contract", "sensitive"})


class SeenParameters(Parameters):
    """Parameters some of which are not there: reading one of those is an error that says what to do."""

    _reader: str = ""

    def __getattr__(self, name: str) -> Any:
        """Refuse what is not there; pydantic asks here for its own attributes too."""
        if name not in Parameters.model_fields:
            return super().__getattr__(name)  # type: ignore[misc]
        if name in RUN_SETTINGS:
            raise UserError(
                Problem(self._reader, f"{name!r}, which it reads", "parameters of what is computed",
                        "It is a setting of the run, on which no result may depend.")
            )  # fmt: skip
        raise UserError(
            Problem(f"{self._reader}: metadata.nightbook.ignores", f"{name!r}, which is read all the same",
                    "only parameters that are not read", "Take it out of the list.")
        )  # fmt: skip


def hidden(notebook: NotebookFile) -> frozenset[str]:
    """Return the parameters that the notebook cannot read: what it ignores, and the settings of the run."""
    return RUN_SETTINGS | set(notebook.ignores)


def without(params: Parameters, names: Iterable[str], *, reader: str) -> SeenParameters:
    """Return `params` without the parameters called `names`; `reader` is who must not read them."""
    gone = set(names)
    kept = {name: value for name, value in params if name not in gone}
    seen = SeenParameters.model_construct(params.model_fields_set - gone, **kept)
    # model_construct fills in the defaults of what it was not given.
    for name in gone:
        seen.__dict__.pop(name, None)
    seen._reader = reader
    return seen


def seen_by(params: Parameters, notebook: NotebookFile) -> SeenParameters:
    """Return the parameters as the notebook sees them.

    Raises
    ------
    UserError
        If its metadata names under ``ignores`` what no notebook, or not this one, may ignore.
    """
    problems = ignores_problems(notebook)
    if problems:
        raise UserError(*problems)
    return without(params, hidden(notebook), reader=notebook.path.name)


def ignores_problems(notebook: NotebookFile) -> list[Problem]:
    """Return what is wrong with the names under ``ignores`` in the notebook's metadata."""
    place = f"{notebook.path.name}: metadata.nightbook.ignores"
    known = sorted(set(Parameters.model_fields) - NEVER_IGNORED)
    problems = [
        Problem(
            place, repr(name), f"names among {listed(known, limit=len(known))}", did_you_mean(name, known)
        )
        for name in notebook.ignores
        if name not in known
    ]
    judged = [name for name in notebook.ignores if name in known and name not in CHANGE_NO_MODEL]
    if notebook.opens_holdout and judged:
        remedy = "It opens the holdout, and the ledger tells models apart by the other parameters."
        expected = f"names among {listed(sorted(CHANGE_NO_MODEL))}"
        problems.append(Problem(place, listed([repr(name) for name in judged]), expected, remedy))
    return problems


def to_inject(params: Parameters, notebook: NotebookFile) -> dict[str, Any]:
    """Return the known parameters to inject into the notebook, as plain values: those that it can read."""
    return params.model_dump(mode="json", exclude=set(hidden(notebook)))

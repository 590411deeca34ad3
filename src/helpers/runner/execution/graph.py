"""Which notebooks run, and in which order: read from what each one's metadata says it needs."""

from collections.abc import Mapping, Sequence
from graphlib import CycleError, TopologicalSorter

from helpers.errors import Problem, UserError, did_you_mean, listed
from helpers.notebook_files import NotebookFile


def chosen_notebooks(
    notebooks: Mapping[str, NotebookFile], *, only: Sequence[str] = ()
) -> dict[str, NotebookFile]:
    """Return the notebooks to run in an order in which each comes after those it needs.

    Parameters
    ----------
    notebooks : mapping of str to NotebookFile
        All there are.
    only : sequence of str
        Names of those wanted; what they need is added. Empty means all.

    Raises
    ------
    UserError
        If a name is unknown, a need names no notebook, or needs go round in a circle.
    """
    problems = [
        Problem(
            "--only", repr(name), f"notebooks among {listed(list(notebooks))}", did_you_mean(name, notebooks)
        )
        for name in only
        if name not in notebooks
    ]
    problems += [
        Problem(
            f"{notebook.path.name}: metadata.nightbook.needs",
            repr(need),
            f"notebooks among {listed(list(notebooks))}",
            did_you_mean(need, notebooks),
        )
        for notebook in notebooks.values()
        for need in notebook.needs
        if need not in notebooks
    ]
    if problems:
        raise UserError(*problems)
    wanted = _with_needs(notebooks, only or list(notebooks))
    sorter = TopologicalSorter({name: notebooks[name].needs for name in sorted(wanted)})
    try:
        order = list(sorter.static_order())
    except CycleError as error:
        circle = " → ".join(error.args[1])
        raise UserError(
            Problem("metadata.nightbook.needs", circle, "needs that do not go round in a circle")
        ) from None
    return {name: notebooks[name] for name in order}


def _with_needs(notebooks: Mapping[str, NotebookFile], wanted: Sequence[str]) -> set[str]:
    found: set[str] = set()
    waiting = list(wanted)
    while waiting:
        name = waiting.pop()
        if name not in found:
            found.add(name)
            waiting.extend(notebooks[name].needs)
    return found


def awaited(notebooks: Mapping[str, NotebookFile]) -> dict[str, int]:
    """Return how many notebooks wait for each one, directly or through others."""
    waiting: dict[str, set[str]] = {name: set() for name in notebooks}
    for name in reversed(list(notebooks)):
        for need in notebooks[name].needs:
            waiting[need] |= {name, *waiting[name]}
    return {name: len(others) for name, others in waiting.items()}

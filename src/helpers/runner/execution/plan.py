"""What each experiment's run may reuse and what it must compute, found out before any kernel starts.

Nothing here imports pandas: a table that has not changed since it was checked is not read again.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import helpers.files as files
from helpers.errors import Problem, UserError
from helpers.keys import Ingredients, Surroundings, ingredients_of, surroundings
from helpers.metrics import Task
from helpers.notebook_files import NotebookFile
from helpers.parameters.goal import goal_problems
from helpers.paths import ledger_in
from helpers.prediction.stored import find_model
from helpers.runner.experiments.experiment_file import Experiment
from helpers.runner.experiments.variant import told_once
from helpers.runner.record.shelf import Kept, Shelf
from helpers.runner.record.table_checks import TableCheck, check_key, known, remember
from helpers.tables.info import DataInfo
from helpers.tables.state import FileHashes, table_state

MEBIBYTE = 2**20

# Reads one table for each experiment given, and returns what it is or what is wrong, in that order.
ReadTables = Callable[[Sequence[Experiment]], Sequence[TableCheck | Sequence[Problem]]]


@dataclass(frozen=True)
class Plan:
    """An experiment, checked against its table.

    Attributes
    ----------
    experiment : Experiment
        What to run.
    info : DataInfo
        What its table is.
    state : str
        The state of the table when it was looked at.
    ingredients : mapping of str to Ingredients
        What each notebook's result depends on.
    found : mapping of str to Kept or str
        By notebook the earlier result that stands for it, or why it must run.
    before, bytes_before : mapping of str to float, to int
        How many seconds notebooks took, and bytes at most, in the experiment's newest run that succeeded.
    """

    experiment: Experiment
    info: DataInfo
    state: str
    ingredients: Mapping[str, Ingredients]
    found: Mapping[str, Kept | str]
    before: Mapping[str, float]
    bytes_before: Mapping[str, int]

    @property
    def to_run(self) -> list[str]:
        """The notebooks that must run."""
        return [name for name, found in self.found.items() if isinstance(found, str)]


def check_experiments(
    experiments: Sequence[Experiment], *, around: Surroundings, reports: Path, read: ReadTables
) -> tuple[dict[str, tuple[str, TableCheck]], list[Problem]]:
    """Hold each experiment against its table; tables that were checked before are not read.

    Returns
    -------
    checked, problems
        By experiment's title the state of its table and what it is; and every problem of the others.
    """
    hashes = FileHashes()
    states: dict[str, str] = {}
    wrong: dict[str, Sequence[Problem]] = {}
    for experiment in experiments:
        try:
            where = f"{experiment.where}: data"
            params = experiment.params
            state = table_state(params.data, query=params.query, hashes=hashes, where=where)
            if params.incumbent is not None:
                find_model(params.incumbent, reports=reports, where=f"{experiment.where}: incumbent")
            states[experiment.title] = state
        except UserError as error:
            wrong[experiment.title] = error.problems
    keys = {
        experiment.title: check_key(experiment.params, state=states[experiment.title], around=around)
        for experiment in experiments
        if experiment.title in states
    }
    found = {key: check for key in dict.fromkeys(keys.values()) if (check := known(key, reports=reports))}
    # Combinations of one file's grid that do not differ for the table are read once.
    unread: dict[tuple[str, str], Experiment] = {}
    for experiment in experiments:
        key = keys.get(experiment.title)
        if key is not None and key not in found:
            unread.setdefault((key, experiment.where), experiment)
    bad: dict[tuple[str, str], Sequence[Problem]] = {}
    for place, outcome in zip(unread, read(list(unread.values())) if unread else (), strict=True):
        if isinstance(outcome, TableCheck):
            found[place[0]] = outcome
        else:
            bad[place] = outcome
    for experiment in experiments:
        key = keys.get(experiment.title, "")
        problems = bad.get((key, experiment.where), ())
        if key in found:
            problems = _unfit(experiment, found[key].task)
        if problems:
            wrong[experiment.title] = problems
    checked = {title: (states[title], found[key]) for title, key in keys.items() if key in found}
    return checked, _told(experiments, wrong)


def make_plans(
    experiments: Sequence[Experiment],
    checked: Mapping[str, tuple[str, TableCheck]],
    notebooks: Mapping[str, NotebookFile],
    *,
    around: Surroundings,
    reports: Path,
    force: bool,
) -> list[Plan]:
    """Look for what can be reused, experiment by experiment, and keep what was found out of the tables."""
    plans = []
    for experiment in experiments:
        state, check = checked[experiment.title]
        key = check_key(experiment.params, state=state, around=around)
        if known(key, reports=reports) != check:
            remember(key, check, reports=reports)
        folder = reports / experiment.params.experiment
        ingredients = ingredients_of(
            experiment.params, notebooks, own=experiment.own, data=state, around=around,
            ledger=ledger_in(folder),
        )  # fmt: skip
        found = _found(Shelf(folder), notebooks, ingredients, force=force)
        plans.append(Plan(experiment, check.info, state, ingredients, found, *_before(folder)))
    return plans


def _found(
    shelf: Shelf,
    notebooks: Mapping[str, NotebookFile],
    ingredients: Mapping[str, Ingredients],
    *,
    force: bool,
) -> dict[str, Kept | str]:
    """Return by notebook the result that stands for it, or why it must run."""
    found: dict[str, Kept | str] = {}
    every_time: set[str] = set()
    for name, notebook in notebooks.items():
        fresh = [need for need in notebook.needs if need in every_time]
        if fresh:
            found[name] = f"{fresh[0]} runs every time, which it needs"
        else:
            found[name] = shelf.look(notebook, ingredients[name], force=force)
        if fresh or not notebook.reuse:
            every_time.add(name)
    return found


def look_again(plan: Plan, notebooks: Mapping[str, NotebookFile], *, ledger: Path) -> dict[str, Ingredients]:
    """Return what the notebooks' results depend on at this moment, everything looked at afresh.

    Raises
    ------
    UserError
        If the table is gone, or a notebook says of itself what cannot be.
    """
    params = plan.experiment.params
    where = f"{plan.experiment.where}: data"
    state = table_state(params.data, query=params.query, hashes=FileHashes(), where=where)
    return ingredients_of(
        params, notebooks, own=plan.experiment.own, data=state, around=surroundings(notebooks), ledger=ledger
    )


def _unfit(experiment: Experiment, task: Task) -> list[Problem]:
    """Return what of the params is not for this task, which no look at the params alone could tell."""
    problems = goal_problems(experiment.params, task, where=experiment.where)
    if "models" in experiment.params.model_fields_set:  # the house's own selection always holds some
        from helpers.model_selection.candidates import unfit  # it brings scikit-learn

        problems += unfit(experiment.params, task, where=experiment.where)
    return problems


def _told(experiments: Sequence[Experiment], wrong: Mapping[str, Sequence[Problem]]) -> list[Problem]:
    """Return the problems of all experiments, those of one file's combinations each once."""
    by_file: dict[str, list[Experiment]] = {}
    for experiment in experiments:
        by_file.setdefault(experiment.where, []).append(experiment)
    return [
        problem
        for where, several in by_file.items()
        for problem in told_once([(one.variant, wrong.get(one.title, ())) for one in several], where=where)
    ]


def _before(folder: Path) -> tuple[dict[str, float], dict[str, int]]:
    """Return seconds and bytes of the newest run that succeeded; nothing where that cannot be read.

    They only serve to guess how long a batch takes, and what fits side by side.
    """
    try:
        notebooks = files.read_json(folder / "latest" / "run.json")["notebooks"]
        seconds = {name: float(outcome["seconds"]) for name, outcome in notebooks.items()}
        taken = {
            name: int((outcome["peak_memory_mb"] or 0) * MEBIBYTE) for name, outcome in notebooks.items()
        }
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return {}, {}
    return seconds, taken

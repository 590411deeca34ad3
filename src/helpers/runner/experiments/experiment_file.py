"""Params files to checked experiments: every problem of every file at once."""

import copy
import itertools
import os
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from helpers.contracts.place import SUFFIX
from helpers.errors import Problem, UserError, did_you_mean, listed, shortened
from helpers.notebook_files import NotebookFile
from helpers.parameters import Parameters
from helpers.parameters.check import checked_partly
from helpers.parameters.model import EVERY_NOTEBOOK
from helpers.paths import params_folder, repository, shown_path
from helpers.runner.experiments.grid import Axes, axes_given, axes_of_file, combinations, too_many
from helpers.runner.experiments.overrides import Override, override, read_overrides
from helpers.runner.experiments.variant import label, told_once
from helpers.strict_yaml import read_yaml_file

SUFFIXES = (".yaml", ".yml")
PATH_CHARACTERS = 300


@dataclass(frozen=True)
class Experiment:
    """One params file, or one combination of the grid in it, checked.

    Attributes
    ----------
    params : Parameters
        The known parameters; their `grid` is empty.
    where : str
        The file, for messages.
    own : mapping of str to mapping
        Notebook to the parameters that only this notebook declares, with the values given.
    variant : mapping
        What the grid lets vary, key to this combination's value; empty without a grid.
    """

    params: Parameters
    where: str
    own: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    variant: Mapping[str, Any] = field(default_factory=dict)

    @property
    def title(self) -> str:
        """The experiment's name with what varies, for instance ``wine seed=1``; no other in a call has it."""
        name = self.params.experiment
        return f"{name} {label(self.variant)}" if self.variant else name


@dataclass(frozen=True)
class _File:
    """A params file as it was read, its grid apart from its other values."""

    where: str
    values: Mapping[str, Any]
    axes: Axes


def read_experiments(
    given: Sequence[str],
    *,
    changes: Sequence[str] = (),
    grid: Sequence[str] = (),
    notebooks: Mapping[str, NotebookFile],
) -> list[Experiment]:
    """Return the experiments that the params files describe; see `gather_experiments`.

    Raises
    ------
    UserError
        With every problem of every file.
    """
    experiments, problems = gather_experiments(given, changes=changes, grid=grid, notebooks=notebooks)
    if problems:
        raise UserError(*problems)
    return experiments


def gather_experiments(
    given: Sequence[str],
    *,
    changes: Sequence[str] = (),
    grid: Sequence[str] = (),
    notebooks: Mapping[str, NotebookFile],
) -> tuple[list[Experiment], list[Problem]]:
    """Return the experiments that the params files describe, and every problem of the files.

    Where there are problems nothing may run: what is right in a file serves to find those of its table.

    Parameters
    ----------
    given : sequence of str
        Paths of params files, or names of files in ``params/``.
    changes : sequence of str
        ``key=value`` texts that override what the files say; dots lead into a section.
    grid : sequence of str
        ``key=value,value`` texts; each combination of the values is an experiment of its own, of every file.
    notebooks : mapping
        The notebooks there are: a key that one of them declares as a parameter of its own is allowed.
    """
    overrides, problems = read_overrides(changes)
    axes, wrong = axes_given(grid)
    problems += wrong
    files: list[_File] = []
    for name in _without_contracts(given):
        try:
            file, wrong = _read(_find(name), overrides, axes)
            files.append(file)
            problems += wrong
        except UserError as error:
            problems.extend(error.problems)
    excess = too_many({file.where: file.axes for file in files})
    by_file = []
    for file in files:
        # Too many are not made one by one: the first of each file shows what else is wrong.
        experiments, wrong = _of_file(file, notebooks, variants=1 if excess else None)
        by_file.append(experiments)
        problems += wrong
    problems += [*excess, *_named_twice([found[0] for found in by_file if found])]
    experiments = [experiment for found in by_file for experiment in found]
    return experiments, list({str(problem): problem for problem in problems}.values())


def _without_contracts(given: Sequence[str]) -> list[str]:
    """Return the names without those of contracts, which a pattern like ``params/*.yaml`` finds, too."""
    kept = [name for name in given if not name.endswith(SUFFIX)]
    if given and not kept:
        raise UserError(
            Problem(
                listed(given), "contracts of tables", "params files", "Name the file whose contract it is."
            )
        )
    return kept


def _find(name: str) -> Path:
    """Return the params file called `name`: a path as it stands, else a file of ``params/``."""
    path = Path(name).expanduser()
    tried = [path, repository() / name, *(params_folder() / f"{name}{suffix}" for suffix in SUFFIXES)]
    # Of os.path, because those of Path raise for a name that is too long.
    for there in (os.path.isfile, os.path.exists):
        for candidate in tried:
            if there(candidate):
                return candidate
    known = [shown_path(file) for file in sorted(params_folder().glob("*.y*ml"))]
    known = [file for file in known if not file.endswith(SUFFIX)]
    remedy = did_you_mean(name, [*known, *(Path(file).stem for file in known)])
    raise UserError(
        Problem(
            shortened(name, limit=PATH_CHARACTERS),
            "a file that does not exist",
            f"a params file; there are: {listed(known) or 'none'}",
            remedy,
        )
    )


def _read(path: Path, overrides: Sequence[Override], given: Axes) -> tuple[_File, list[Problem]]:
    where = shown_path(path.resolve())
    values = read_yaml_file(path)
    if not isinstance(values, dict) or not values:
        shown = "nothing" if values in (None, {}) else shortened(repr(values))
        raise UserError(
            Problem(where, shown, "keys and values", "Write at least experiment, question, data and target.")
        )
    values = {str(key): value for key, value in values.items()}
    for keys, value in overrides:
        override(values, keys, copy.deepcopy(value), place=f"{where}: --set {'.'.join(keys)}")
    axes, problems = axes_of_file(values, given, overrides=overrides, where=where)
    return _File(where, values, axes), problems


def _of_file(
    file: _File, notebooks: Mapping[str, NotebookFile], *, variants: int | None
) -> tuple[list[Experiment], list[Problem]]:
    """Return the file's experiments, the first `variants` of them, and their problems, each told once."""
    experiments: list[Experiment] = []
    found: list[tuple[Mapping[str, Any], list[Problem]]] = []
    for variant in itertools.islice(combinations(file.axes), variants):
        experiment, problems = _checked(file, variant, notebooks)
        experiments.extend([experiment] if experiment else [])
        found.append((variant, problems))
    return experiments, told_once(found, where=file.where)


def _checked(
    file: _File, variant: Mapping[str, Any], notebooks: Mapping[str, NotebookFile]
) -> tuple[Experiment | None, list[Problem]]:
    values = copy.deepcopy(dict(file.values))
    try:
        for key, value in variant.items():
            override(values, key.split("."), value, place=f"{file.where}: grid.{shortened(key)}")
    except UserError as error:
        return None, list(error.problems)
    own, rest = _notebooks_own(values, notebooks)
    params, problems = checked_partly(rest, where=file.where)
    problems += _wrong_types(own, notebooks, file.where)
    if params:
        problems += _unknown_notebooks(params.memory or {}, notebooks, file.where)
    return Experiment(params, file.where, own, variant) if params else None, problems


def _unknown_notebooks(
    memory: Mapping[str, float], notebooks: Mapping[str, NotebookFile], where: str
) -> list[Problem]:
    """Return the names under `memory` that no notebook has."""
    known = [EVERY_NOTEBOOK, *notebooks]
    return [
        Problem(
            f"{where}: memory",
            f"{shortened(repr(name))}, which is no notebook",
            f"one of {listed(known)}",
            did_you_mean(name, notebooks),
        )
        for name in memory
        if name not in known
    ]


def _notebooks_own(
    values: Mapping[str, Any], notebooks: Mapping[str, NotebookFile]
) -> tuple[dict[str, dict[str, Any]], dict[str, Any]]:
    """Tell the values that only some notebook declares from those of the model."""
    known = {*Parameters.model_fields, "run_folder"}
    own: dict[str, dict[str, Any]] = {}
    claimed: set[str] = set()
    for name, notebook in notebooks.items():
        found = {key: values[key] for key in values if key in notebook.parameters and key not in known}
        if found:
            own[name] = found
            claimed.update(found)
    return own, {key: value for key, value in values.items() if key not in claimed}


def _wrong_types(
    own: Mapping[str, Mapping[str, Any]], notebooks: Mapping[str, NotebookFile], where: str
) -> list[Problem]:
    """Return the values of notebooks' own parameters that are not of the type declared."""
    problems = []
    for name, values in own.items():
        for key, value in values.items():
            wanted = notebooks[name].parameters[key]
            fits = wanted is None or type(value) is wanted or (wanted is float and type(value) is int)
            if not fits and value is not None:
                expected = f"{wanted.__name__ if wanted else 'a value'}, as {name} declares"
                problems.append(Problem(f"{where}: {key}", shortened(repr(value)), expected))
    return problems


def _named_twice(experiments: Sequence[Experiment]) -> list[Problem]:
    """Return the names that several files give; `experiments` holds one of each file."""
    files = defaultdict(list)
    for experiment in experiments:
        files[experiment.params.experiment].append(experiment.where)
    return [
        Problem(f"{', '.join(where)}: experiment", f"{name!r} in each", "a name of its own in each file")
        for name, where in files.items()
        if len(where) > 1
    ]

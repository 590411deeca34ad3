"""Params files to checked experiments: every problem of every file at once."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from helpers.errors import Problem, UserError, did_you_mean, listed, shortened
from helpers.notebook_files import NotebookFile
from helpers.parameters import Parameters
from helpers.parameters.check import checked_partly
from helpers.paths import params_folder, repository, shown_path
from helpers.runner.strict_yaml import read_yaml, read_yaml_file

SUFFIXES = (".yaml", ".yml")


@dataclass(frozen=True)
class Experiment:
    """One params file, checked.

    Attributes
    ----------
    params : Parameters
        The known parameters.
    where : str
        The file, for messages.
    own : mapping of str to mapping
        Notebook to the parameters that only this notebook declares, with the values given.
    """

    params: Parameters
    where: str
    own: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)


def read_experiments(
    given: Sequence[str], *, changes: Sequence[str] = (), notebooks: Mapping[str, NotebookFile]
) -> list[Experiment]:
    """Return the experiments that the params files describe; see `gather_experiments`.

    Raises
    ------
    UserError
        With every problem of every file.
    """
    experiments, problems = gather_experiments(given, changes=changes, notebooks=notebooks)
    if problems:
        raise UserError(*problems)
    return experiments


def gather_experiments(
    given: Sequence[str], *, changes: Sequence[str] = (), notebooks: Mapping[str, NotebookFile]
) -> tuple[list[Experiment], list[Problem]]:
    """Return the experiments that the params files describe, and every problem of the files.

    Where there are problems nothing may run: what is right in a file serves to find those of its table.

    Parameters
    ----------
    given : sequence of str
        Paths of params files, or names of files in ``params/``.
    changes : sequence of str
        ``key=value`` texts that override what the files say; dots lead into a section.
    notebooks : mapping
        The notebooks there are: a key that one of them declares as a parameter of its own is allowed.
    """
    problems: list[Problem] = []
    experiments: list[Experiment] = []
    overrides = []
    for text in changes:
        try:
            overrides.append(_change(text))
        except UserError as error:
            problems.extend(error.problems)
    for name in given:
        try:
            experiment, wrong = _read_one(_find(name), overrides, notebooks)
            problems.extend(wrong)
            experiments.extend([experiment] if experiment else [])
        except UserError as error:
            problems.extend(error.problems)
    problems.extend(_named_twice(experiments))
    return experiments, list({str(problem): problem for problem in problems}.values())


def _find(name: str) -> Path:
    """Return the params file called `name`: a path as it stands, else a file of ``params/``."""
    path = Path(name).expanduser()
    tried = [path, repository() / name, *(params_folder() / f"{name}{suffix}" for suffix in SUFFIXES)]
    for there in (Path.is_file, Path.exists):
        for candidate in tried:
            if there(candidate):
                return candidate
    known = [shown_path(file) for file in sorted(params_folder().glob("*.y*ml"))]
    remedy = did_you_mean(name, [*known, *(Path(file).stem for file in known)])
    raise UserError(
        Problem(
            name, "a file that does not exist", f"a params file; there are: {listed(known) or 'none'}", remedy
        )
    )


def _read_one(
    path: Path, overrides: Sequence[tuple[list[str], Any]], notebooks: Mapping[str, NotebookFile]
) -> tuple[Experiment | None, list[Problem]]:
    where = shown_path(path.resolve())
    values = read_yaml_file(path)
    if not isinstance(values, dict) or not values:
        given = "nothing" if values in (None, {}) else shortened(repr(values))
        raise UserError(
            Problem(where, given, "keys and values", "Write at least experiment, question, data and target.")
        )
    values = {str(key): value for key, value in values.items()}
    for keys, value in overrides:
        _override(values, keys, value, where)
    own, rest = _notebooks_own(values, notebooks)
    params, problems = checked_partly(rest, where=where)
    problems += _wrong_types(own, notebooks, where)
    return Experiment(params, where, own) if params else None, problems


def _change(text: str) -> tuple[list[str], Any]:
    name, mark, value = text.partition("=")
    if not mark or not all(part.strip() for part in name.split(".")):
        raise UserError(Problem("--set", repr(text), "key=value", "For instance: --set seed=3"))
    return [part.strip() for part in name.split(".")], read_yaml(value, where=f"--set {name.strip()}")


def _override(values: dict[str, Any], keys: Sequence[str], value: Any, where: str) -> None:
    section = values
    for key in keys[:-1]:
        section = section.setdefault(key, {})
        if not isinstance(section, dict):
            raise UserError(
                Problem(
                    f"{where}: --set {'.'.join(keys)}",
                    f"{key} is {shortened(repr(section))}",
                    "a section of keys",
                )
            )
    section[keys[-1]] = value


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
    files = defaultdict(list)
    for experiment in experiments:
        files[experiment.params.experiment].append(experiment.where)
    return [
        Problem(f"{', '.join(where)}: experiment", f"{name!r} in each", "a name of its own in each file")
        for name, where in files.items()
        if len(where) > 1
    ]

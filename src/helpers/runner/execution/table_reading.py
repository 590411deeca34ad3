"""Tables read for their check; before a batch in processes of their own, so that the runner lives on."""

from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from helpers.errors import Problem
from helpers.metrics import Task
from helpers.runner.experiments.experiment_file import Experiment
from helpers.runner.kernels.warm import ChildDiedError, WarmError, warm_place
from helpers.runner.record.table_checks import TableCheck, check_one
from helpers.tables.info import DataInfo

CHECK = "helpers.runner.record.table_checks:check_one"


def read_tables(experiments: Sequence[Experiment], *, side_by_side: int) -> list[TableCheck | list[Problem]]:
    """Return what each experiment's table is, or what is wrong with it, in the order given."""
    with ThreadPoolExecutor(side_by_side, thread_name_prefix="table") as pool:
        return list(pool.map(_read_apart, experiments))


def read_tables_here(experiments: Sequence[Experiment]) -> list[TableCheck | list[Problem]]:
    """Return the same, read in this process: sooner done where no kernel will need the warm server."""
    return [_told(check_one(one.params.model_dump(mode="json"), one.where)) for one in experiments]


def _read_apart(experiment: Experiment) -> TableCheck | list[Problem]:
    values, where = experiment.params.model_dump(mode="json"), experiment.where
    try:
        said = warm_place().server().call(CHECK, [values, where])
    except ChildDiedError:
        given = "a table whose reading was killed, as happens when memory runs out"
        remedy = "Free memory, or take fewer rows or columns."
        return [Problem(f"{where}: data", given, "a table that fits into memory", remedy)]
    except WarmError:
        # There is no warm server here; the table is then read in this process.
        said = check_one(values, where)
    return _told(said)


def _told(said: Mapping[str, Any]) -> TableCheck | list[Problem]:
    """Return what `check_one` found, as its own types again."""
    if "info" in said:
        return TableCheck(DataInfo(**said["info"]), Task(said["task"]))
    return [Problem(*problem) for problem in said["problems"]]

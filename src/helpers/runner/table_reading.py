"""Tables read for their check in processes of their own, so that the runner stays small and lives on."""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor

from helpers.errors import Problem
from helpers.runner.experiment_file import Experiment
from helpers.runner.kernels.warm import ChildDiedError, WarmError, warm_place
from helpers.runner.table_checks import check_one
from helpers.tables.info import DataInfo

CHECK = "helpers.runner.table_checks:check_one"


def read_tables(experiments: Sequence[Experiment], *, side_by_side: int) -> list[DataInfo | list[Problem]]:
    """Return what each experiment's table is, or what is wrong with it, in the order given."""
    with ThreadPoolExecutor(side_by_side, thread_name_prefix="table") as pool:
        return list(pool.map(_read, experiments))


def _read(experiment: Experiment) -> DataInfo | list[Problem]:
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
    if "info" in said:
        return DataInfo(**said["info"])
    return [Problem(*problem) for problem in said["problems"]]

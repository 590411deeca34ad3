"""`nightbook check`, and what `run` checks before anything runs."""

import contextlib
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from rich.console import Console

from helpers.errors import Problem, UserError, shortened
from helpers.keys import Surroundings, surroundings
from helpers.notebook_files import NotebookFile, read_notebooks
from helpers.parameters.seen import ignores_problems
from helpers.paths import reports_folder
from helpers.runner.execution.graph import chosen_notebooks
from helpers.runner.execution.plan import check_experiments
from helpers.runner.experiments.experiment_file import Experiment, gather_experiments
from helpers.runner.experiments.variant import label
from helpers.runner.record.table_checks import TableCheck
from helpers.wording import count


def check_command(params: Sequence[str], *, changes: Sequence[str], grid: Sequence[str]) -> int:
    """Check the params files, their tables and the notebooks; return 0, or raise what is wrong."""
    checked = everything_checked(params, changes=changes, grid=grid)
    for experiment in checked.experiments:
        info = checked.tables[experiment.title][1].info
        size = f"{count(info.rows, 'row')} × {count(info.columns, 'column')}"
        varied = f" ({label(experiment.variant)})" if experiment.variant else ""
        contract = experiment.params.contract
        kept = f"; it keeps {shortened(contract)}" if contract is not None else ""
        print(f"{experiment.where}{varied}: good; {info.name}, {size}{kept}")
    return 0


@dataclass(frozen=True)
class Checked:
    """What is to run, everything checked; `tables` holds by title a table's state and what was found."""

    experiments: Sequence[Experiment]
    notebooks: dict[str, NotebookFile]
    tables: dict[str, tuple[str, TableCheck]]
    around: Surroundings


def everything_checked(
    params: Sequence[str],
    *,
    changes: Sequence[str],
    grid: Sequence[str],
    only: Sequence[str] = (),
    side_by_side: int | None = None,
) -> Checked:
    """Return what is to run; every problem of every file is raised at once.

    Tables are read in processes forked from the warm server, `side_by_side` of them; None reads them here.
    """
    notebooks, broken = read_notebooks()
    named = [problem for problem in broken if Path(problem.where.split(":")[0]).stem in only]
    if named:
        raise UserError(*named)
    for problem in broken:
        sys.stderr.write(f"nightbook: left out: {problem}\n")
    chosen = chosen_notebooks(notebooks, only=only)
    experiments, problems = gather_experiments(params, changes=changes, grid=grid, notebooks=notebooks)
    problems += [problem for notebook in chosen.values() for problem in ignores_problems(notebook)]
    if problems and not experiments:
        raise UserError(*problems)
    around = surroundings(chosen)  # before the warm server imports the helpers

    def read(unread: Sequence[Experiment]) -> list[TableCheck | list[Problem]]:
        # Imported here, once a file has passed: the mistakes of most calls are told without pandas.
        from helpers.runner.execution.table_reading import read_tables, read_tables_here

        console = Console(stderr=True)
        said = f"Reading {count(len(unread), 'table')}…"
        with console.status(said) if console.is_terminal else contextlib.nullcontext():
            if side_by_side is None:
                return read_tables_here(unread)
            return read_tables(unread, side_by_side=side_by_side)

    tables, wrong = check_experiments(experiments, around=around, reports=reports_folder(), read=read)
    if problems or wrong:
        raise UserError(*problems, *wrong)
    return Checked(experiments, chosen, tables, around)

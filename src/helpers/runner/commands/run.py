"""`nightbook run`."""

import contextlib
import shutil
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from helpers.notebook_files import NotebookFile
from helpers.paths import kept_in, reports_folder, shown_path
from helpers.runner.commands.check import everything_checked
from helpers.runner.execution.plan import Plan, make_plans
from helpers.runner.kernels.machine import cores
from helpers.runner.kernels.warm import WarmError, warm_place

if TYPE_CHECKING:
    from helpers.runner.execution.workers import Workers

FAILED = 1


@dataclass(frozen=True)
class RunOptions:
    """What the command line says of how to run.

    Attributes
    ----------
    jobs : int or None
        How many notebooks side by side; None is one a core.
    force : bool
        Whether to run what could be reused.
    cold : bool
        Whether to start ordinary kernels.
    scheduler : str or None
        The address of a Dask scheduler.
    """

    jobs: int | None = None
    force: bool = False
    cold: bool = False
    scheduler: str | None = None


def run_command(
    params: Sequence[str],
    *,
    changes: Sequence[str],
    grid: Sequence[str],
    only: Sequence[str],
    options: RunOptions,
) -> int:
    """Run the experiments; return 0 if all succeeded, else 1."""
    place = warm_place()
    if options.cold:
        place.refuse("--cold was given")
    jobs = options.jobs or cores()
    try:
        checked = everything_checked(params, changes=changes, grid=grid, only=only, side_by_side=jobs)
        plans = make_plans(
            checked.experiments, checked.tables, checked.notebooks,
            around=checked.around, reports=reports_folder(), force=options.force,
        )  # fmt: skip
        if options.force:
            _forget_trials(plans)
        make_workers = _make_workers(options, jobs, needed=any(plan.to_run for plan in plans))
        return _run(plans, checked.notebooks, make_workers)
    finally:
        place.close()


def _run(
    plans: Sequence[Plan],
    notebooks: Mapping[str, NotebookFile],
    make_workers: Callable[[], "Workers"],
) -> int:
    from helpers.runner.execution.batch import Batch
    from helpers.runner.execution.progress import make_progress

    outcomes = Batch(plans, notebooks, reports_folder(), make_workers, make_progress()).run()
    print(f"All runs: {shown_path(reports_folder() / 'index.html')}")
    return 0 if all(status == "succeeded" for _, status in outcomes) else FAILED


def _forget_trials(plans: Sequence[Plan]) -> None:
    """Remove the trials that searches which were cut off have left: they are to be run again, too."""
    for experiment in {plan.experiment.params.experiment for plan in plans}:
        trials = kept_in(reports_folder() / experiment) / "trials"
        if trials.exists():
            shutil.rmtree(trials)


def _make_workers(options: RunOptions, jobs: int, *, needed: bool) -> Callable[[], "Workers"]:
    """Return what gives the workers; here nothing is imported or started before it is called.

    A cluster that cannot be used is refused at once, before any run has a folder, if workers are `needed`.
    """
    if options.scheduler is not None:
        from helpers.runner.cluster.cluster_checks import checked_address
        from helpers.runner.cluster.cluster_workers import ClusterWorkers

        address = checked_address(options.scheduler)
        if needed:
            cluster = ClusterWorkers(address, reports=reports_folder(), most=options.jobs)
            return lambda: cluster

    def make() -> "Workers":
        with contextlib.suppress(WarmError):  # then each kernel says why it is an ordinary one
            warm_place().server()  # it imports while this process does
        from helpers.runner.execution.local_workers import LocalWorkers

        return LocalWorkers(jobs)

    return make

"""What a run's record holds before anything of it has run."""

from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

from helpers.runner.execution.plan import Plan
from helpers.runner.record.provenance import Origin
from helpers.runner.record.run_record import NotebookRecord, RunRecord, now, this_process


def first_record(
    plan: Plan, notebooks: Sequence[str], *, folder: Path, origin: Origin, batch: str
) -> RunRecord:
    """Return the record of a run that begins now in `folder`, all its notebooks waiting."""
    params = plan.experiment.params
    return RunRecord(
        experiment=params.experiment,
        run=folder.name,
        batch=batch,
        started=now(),
        process=this_process(),
        question=params.question,
        params=params.model_dump(mode="json"),
        variant=dict(plan.experiment.variant),
        data=asdict(plan.info),
        seed=params.seed,
        versions=origin.versions,
        git=origin.git,
        notebooks={name: NotebookRecord(report=f"{name}.html") for name in notebooks},
    )

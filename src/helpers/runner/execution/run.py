"""One experiment's run from its first record to its last: what a batch does with each experiment."""

import shutil
import threading
import time
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import helpers.files as files
from helpers.contracts.place import accept
from helpers.errors import UserError
from helpers.findings import Finding, counts
from helpers.notebook_files import NotebookFile
from helpers.parameters.seen import to_inject
from helpers.paths import ledger_in, shown_path
from helpers.runner.execution.first_record import first_record
from helpers.runner.execution.graph import awaited
from helpers.runner.execution.limits import limits_of
from helpers.runner.execution.plan import Plan, look_again
from helpers.runner.execution.room import USUAL_BYTES
from helpers.runner.execution.task import Task
from helpers.runner.record.cut_off import mark_running, unmark_running
from helpers.runner.record.headline import headline_metrics
from helpers.runner.record.provenance import Origin
from helpers.runner.record.reserve import Reserve
from helpers.runner.record.run_record import (
    CellError,
    NotebookRecord,
    RunStatus,
    new_run_folder,
    now,
    point_latest,
    write_record,
)
from helpers.runner.record.shelf import Kept, Shelf, changed_meanwhile

MODEL_CARD = "model_card.md"  # made by the summary, and put where whoever opens the run's folder sees it


class Run:
    """A run in progress: its folder, its record, and which of its notebooks may start.

    Several threads report to it; a lock keeps the record whole.

    Parameters
    ----------
    plan : Plan
        The experiment, and what of it is reused.
    notebooks : mapping of str to NotebookFile
        What it runs, each after those that it needs.
    reports : Path
        Where its folder is made.
    origin : Origin
        What computes it.
    batch : str
        The call that it belongs to.
    """

    def __init__(
        self,
        plan: Plan,
        notebooks: Mapping[str, NotebookFile],
        *,
        reports: Path,
        origin: Origin,
        batch: str,
    ) -> None:
        self.plan = plan
        self.experiment = plan.experiment
        self.notebooks = notebooks
        self.folder = new_run_folder(reports, self.experiment.params.experiment, self.experiment.variant)
        self.shelf = Shelf(self.folder.parent)
        self.reported: set[str] = set()  # the notebooks whose report came along with the reused result
        self._began = time.monotonic()
        self._lock = threading.Lock()
        self._awaited = awaited(notebooks)
        self._reserve: Reserve | None = None
        self.record = first_record(plan, list(notebooks), folder=self.folder, origin=origin, batch=batch)
        mark_running(self.folder)
        self._write()
        self._reuse()

    @property
    def title(self) -> str:
        """The experiment's name with what varies in a grid."""
        return self.experiment.title

    def task(self, notebook: str, *, cores: int) -> Task:
        """Return what a worker needs to execute the notebook."""
        params = self.experiment.params
        own = self.experiment.own.get(notebook, {})
        known = to_inject(params, self.notebooks[notebook])
        return Task(
            notebook=notebook,
            path=self.notebooks[notebook].path,
            parameters={**known, **own, "run_folder": shown_path(self.folder)},
            folder=self.folder,
            limits=limits_of(params, notebook),
            cores=cores,
            retries=params.retries,
        )

    def ready(self) -> list[str]:
        """Return the waiting notebooks that may start, those that most others wait for first."""
        with self._lock:
            states = {name: record.status for name, record in self.record.notebooks.items()}
        found = [
            name
            for name, status in states.items()
            if status == "waiting" and all(states[need] == "succeeded" for need in self.notebooks[name].needs)
        ]
        return sorted(found, key=lambda name: -self._awaited[name])

    def done(self) -> bool:
        """Tell whether every notebook has ended or can no longer run."""
        with self._lock:
            return not {record.status for record in self.record.notebooks.values()} & {"waiting", "running"}

    def begin(self, notebook: str) -> None:
        """Note that the notebook runs; in a batch the run's own time begins with its first notebook."""
        if self.notebooks[notebook].opens_holdout:
            # Other runs of this call may have looked at the same rows since the plan was made.
            self._look_again()
        with self._lock:
            if self._reserve is None:
                self._reserve = Reserve(self.folder)
                self._began = time.monotonic()
                self.record.started = now()
            self.record.notebooks[notebook].status = "running"
            self._write()

    def end(self, notebook: str, outcome: NotebookRecord) -> tuple[list[str], str]:
        """Note the notebook's outcome, and keep its result for other runs.

        Returns
        -------
        blocked, unkept
            The notebooks that can no longer run because of it; and why the result could not be kept, empty
            where it is.

        Raises
        ------
        OSError
            If the record cannot be written.
        """
        ingredients = self.plan.ingredients[notebook]
        why_run = self.plan.found[notebook]
        outcome = outcome.model_copy(
            update={
                "key": ingredients.key(),
                "ingredients": ingredients.model_dump(),
                "why_run": why_run if isinstance(why_run, str) else "",
            }
        )
        with self._lock:
            self.record.notebooks[notebook] = outcome
            blocked = self._block() if outcome.status != "succeeded" else []
            self._write()
        return blocked, self._keep(notebook, outcome) if outcome.status == "succeeded" else ""

    def finish(self, *, interrupted: bool) -> RunStatus:
        """Close the record with the run's status, metrics, verdict and findings; return the status.

        Raises
        ------
        OSError
            If the record cannot be written.
        """
        with self._lock:
            states = {record.status for record in self.record.notebooks.values()}
            self.record.status = (
                "interrupted"
                if interrupted and states != {"succeeded"}
                else "succeeded"
                if states == {"succeeded"}
                else "failed"
            )
            for record in self.record.notebooks.values():
                if record.status in ("waiting", "running"):
                    record.status = "not run"
            self.record.finished = now()
            self.record.seconds = round(time.monotonic() - self._began, 2)
            if self.record.status != "succeeded" and self._reserve:
                self._reserve.release()  # from here on little is written, and it says what went wrong
            self._collect()
            self._write()
        if self.record.status == "succeeded":
            point_latest(self.folder)
        return self.record.status

    def accept(self) -> None:
        """Keep what its table was as the last one accepted.

        Raises
        ------
        OSError
            If that cannot be written.
        """
        accept(self.folder, data=self.plan.state)

    def discard(self) -> None:
        """Remove the run: it has not begun, and another one of the same call cannot."""
        unmark_running(self.folder)
        shutil.rmtree(self.folder)

    def close(self) -> None:
        """Give back what the run held while it ran."""
        if self._reserve:
            self._reserve.release()
        if self.record.status != "running":  # else the next call finds the mark, and closes the record
            unmark_running(self.folder)

    def abandon(self, cause: str) -> None:
        """Give up the notebooks that wait: nothing can be written down of them."""
        with self._lock:
            for record in self.record.notebooks.values():
                if record.status in ("waiting", "running"):
                    record.status = "not run"
                    record.error = CellError(cell=None, line=None, cause=cause, kind="infrastructure")

    def expected_bytes(self, notebook: str) -> int:
        """Return the memory to set aside: what it may take, else what it took before, else the usual."""
        allowed = limits_of(self.experiment.params, notebook).memory_bytes
        return allowed or self.plan.bytes_before.get(notebook) or USUAL_BYTES

    def keep_report(self, notebook: str) -> None:
        """Keep the report beside the notebook's result, for runs that reuse it."""
        outcome = self.record.notebooks[notebook]
        if outcome.status == "succeeded" and outcome.key is not None:
            rendered_for = self.rendered_for(notebook)
            self.shelf.keep_report(self.folder, notebook, outcome.key, rendered_for=rendered_for)

    def rendered_for(self, notebook: str) -> dict[str, Any]:
        """Return what the notebook's report shows besides its result."""
        return {
            "question": self.record.question,
            "reports": list(self.notebooks),
            "audience": self.notebooks[notebook].audience,
        }

    def _write(self) -> None:
        """Write the record; the lock is held, or nobody else knows of the run yet."""
        if self._reserve is None:
            write_record(self.folder, self.record)
        else:
            self._reserve.write(lambda: write_record(self.folder, self.record))

    def shared_key(self, notebook: str) -> str:
        """Return what the notebook's result is known by; its own alone where it must never be reused."""
        key = self.plan.ingredients[notebook].key()
        return key if self.notebooks[notebook].reuse else f"{key} in {self.folder}"

    def reuse(self, notebook: str) -> None:
        """Take the result that another run of the same call has just computed.

        Raises
        ------
        OSError
            If it is not there, or cannot be brought here; the notebook is then still to run.
        """
        kept = self.shelf.find(notebook, self.plan.ingredients[notebook].key())
        if isinstance(kept, str):
            raise FileNotFoundError(kept or "no result is kept")
        with self._lock:
            self._adopt(notebook, kept)
            self._write()

    def _reuse(self) -> None:
        """Bring in the earlier results that stand for notebooks of this run."""
        for notebook, kept in self.plan.found.items():
            if isinstance(kept, str):
                continue
            try:
                self._adopt(notebook, kept)
            except OSError as error:
                reason = f"its earlier result could not be brought here ({error.strerror})"
                self.plan = replace(self.plan, found={**self.plan.found, notebook: reason})
        self._write()

    def _adopt(self, notebook: str, kept: Kept) -> None:
        if self.shelf.adopt(kept, self.folder, rendered_for=self.rendered_for(notebook)):
            self.reported.add(notebook)
        self.record.notebooks[notebook] = kept.reused_record()

    def _look_again(self) -> None:
        """Take what the waiting notebooks' results depend on as it is now; the table is the one checked."""
        try:
            fresh = look_again(self.plan, self.notebooks, ledger=ledger_in(self.folder.parent))
        except UserError:
            return  # the table or a notebook is gone; the notebook that is about to run says so
        waiting = {name for name, record in self.record.notebooks.items() if record.status == "waiting"}
        kept = {
            name: fresh[name].model_copy(update={"data": old.data}) if name in waiting else old
            for name, old in self.plan.ingredients.items()
        }
        self.plan = replace(self.plan, ingredients=kept)

    def _keep(self, notebook: str, outcome: NotebookRecord) -> str:
        """Keep the result, unless what it depends on changed meanwhile; return why it is not kept."""
        before = self.plan.ingredients[notebook]
        try:
            after = look_again(self.plan, self.notebooks, ledger=ledger_in(self.folder.parent))
        except UserError as error:
            return f"{notebook} will not be reused: {error.problems[0]}"
        changed = changed_meanwhile(
            self.folder, notebook, before=before, now=after[notebook], fingerprint=self.plan.info.fingerprint
        )
        reason = (
            "; ".join(changed) + " while it ran"
            if changed
            else self.shelf.keep(self.folder, notebook, outcome)
        )
        return f"{notebook} will not be reused: {reason}" if reason else ""

    def _block(self) -> list[str]:
        """Mark the waiting notebooks that need one that did not succeed; the lock is held."""
        blocked: list[str] = []
        for name, notebook in self.notebooks.items():
            record = self.record.notebooks[name]
            lost = [
                need
                for need in notebook.needs
                if self.record.notebooks[need].status in ("failed", "not run", "interrupted")
            ]
            if record.status == "waiting" and lost:
                record.status = "not run"
                record.error = CellError(
                    cell=None, line=None, kind="blocked",
                    cause=f"It needs {', '.join(lost)}, which did not succeed.",
                )  # fmt: skip
                blocked.append(name)
        return blocked

    def _collect(self) -> None:
        """Gather what the notebooks recorded; the lock is held."""
        recorded = {name: self._recorded(name) for name in self.notebooks}
        findings = [
            {**finding, "notebook": name}
            for name, content in recorded.items()
            for finding in (content or {}).get("findings", [])
        ]
        files.write_json(self.folder / "findings.json", findings)
        plain = [{key: value for key, value in item.items() if key != "notebook"} for item in findings]
        self.record.findings = counts([Finding.from_dict(item) for item in plain])
        self.record.metrics = headline_metrics(recorded)
        summary = recorded.get("06_summary")
        self.record.verdict = summary["result"] if summary else None
        card = self.folder / "artifacts" / MODEL_CARD
        if summary and card.exists():
            files.write_bytes(self.folder / MODEL_CARD, card.read_bytes())

    def _recorded(self, notebook: str) -> dict[str, Any] | None:
        path = self.folder / "artifacts" / f"{notebook}.json"
        succeeded = self.record.notebooks[notebook].status == "succeeded"
        return files.read_json(path) if succeeded and path.exists() else None

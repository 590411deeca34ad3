"""One experiment's run from its first record to its last: what a batch does with each experiment."""

import threading
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import helpers.files as files
from helpers.findings import Finding, counts
from helpers.metrics import METRICS
from helpers.notebook_files import NotebookFile
from helpers.paths import repository, shown_path
from helpers.results import EvaluationResult, SelectionResult
from helpers.runner.experiment_file import Experiment
from helpers.runner.provenance import git_state, versions
from helpers.runner.records import (
    CellError,
    NotebookRecord,
    RunRecord,
    RunStatus,
    new_run_folder,
    now,
    point_latest,
    this_process,
    write_record,
)
from helpers.tables.prepare import DataInfo


class Run:
    """A run in progress: its folder, its record, and which of its notebooks may start.

    Several threads report to it; a lock keeps the record whole.
    """

    def __init__(
        self, experiment: Experiment, notebooks: Mapping[str, NotebookFile], *, info: DataInfo, reports: Path
    ) -> None:
        self.experiment = experiment
        self.notebooks = notebooks
        self.folder = new_run_folder(reports, experiment.params.experiment)
        self._began = time.monotonic()
        self._lock = threading.Lock()
        self._awaited = _awaited(notebooks)
        self.record = self._first_record(info)
        write_record(self.folder, self.record)

    @property
    def name(self) -> str:
        """The experiment's name."""
        return self.experiment.params.experiment

    def parameters(self, notebook: str) -> dict[str, Any]:
        """Return the values to inject into the notebook."""
        own = self.experiment.own.get(notebook, {})
        known = self.experiment.params.model_dump(mode="json")
        return {**known, **own, "run_folder": shown_path(self.folder)}

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
        with self._lock:
            if all(record.status == "waiting" for record in self.record.notebooks.values()):
                self._began = time.monotonic()
                self.record.started = now()
            self.record.notebooks[notebook].status = "running"
            write_record(self.folder, self.record)

    def end(self, notebook: str, outcome: NotebookRecord) -> list[str]:
        """Note the notebook's outcome; return the notebooks that can no longer run because of it."""
        with self._lock:
            self.record.notebooks[notebook] = outcome
            blocked = self._block() if outcome.status != "succeeded" else []
            write_record(self.folder, self.record)
        return blocked

    def finish(self, *, interrupted: bool) -> RunStatus:
        """Close the record with the run's status, metrics, verdict and findings; return the status."""
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
            self._collect()
            self.record.finished = now()
            self.record.seconds = round(time.monotonic() - self._began, 2)
            write_record(self.folder, self.record)
        if self.record.status == "succeeded":
            point_latest(self.folder)
        return self.record.status

    def _first_record(self, info: DataInfo) -> RunRecord:
        params = self.experiment.params
        return RunRecord(
            experiment=params.experiment,
            run=self.folder.name,
            started=now(),
            process=this_process(),
            question=params.question,
            params=params.model_dump(mode="json"),
            data={
                "name": info.name,
                "rows": info.rows,
                "columns": info.columns,
                "fingerprint": info.fingerprint,
            },
            seed=params.seed,
            versions=versions(),
            git=git_state(repository()),
            notebooks={name: NotebookRecord(report=f"{name}.html") for name in self.notebooks},
        )

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
                    cell=None, line=None, cause=f"It needs {', '.join(lost)}, which did not succeed."
                )
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
        self.record.metrics = _metrics(recorded)
        summary = recorded.get("06_summary")
        self.record.verdict = summary["result"] if summary else None

    def _recorded(self, notebook: str) -> dict[str, Any] | None:
        path = self.folder / "artifacts" / f"{notebook}.json"
        succeeded = self.record.notebooks[notebook].status == "succeeded"
        return files.read_json(path) if succeeded and path.exists() else None


def _awaited(notebooks: Mapping[str, NotebookFile]) -> dict[str, int]:
    """Return how many notebooks wait for each one, directly or through others."""
    waiting: dict[str, set[str]] = {name: set() for name in notebooks}
    for name in reversed(list(notebooks)):
        for need in notebooks[name].needs:
            waiting[need] |= {name, *waiting[name]}
    return {name: len(others) for name, others in waiting.items()}


def _metrics(recorded: Mapping[str, dict[str, Any] | None]) -> dict[str, Any] | None:
    """Return the headline metric: on the holdout where it was opened, else from cross-validation."""
    evaluation = recorded.get("05_evaluation")
    if evaluation and evaluation["result"]["evaluated"]:
        result = EvaluationResult.model_validate(evaluation["result"])
        every = {item.metric: item.model_dump(mode="json") for item in result.metrics}
        headline = every[result.metric]
        return _headline(result.metric, "holdout", headline["chosen"], headline["baseline"]) | {"all": every}
    selection = recorded.get("04_model_selection")
    if selection:
        chosen = SelectionResult.model_validate(selection["result"])
        scores = {item.model: item.score.model_dump(mode="json") for item in chosen.leaderboard}
        return _headline(chosen.metric, "cross-validation", scores[chosen.chosen], scores["baseline"]) | {
            "all": scores
        }
    return None


def _headline(name: str, rows: str, chosen: dict[str, Any], baseline: dict[str, Any]) -> dict[str, Any]:
    metric = METRICS[name]
    return {
        "name": name,
        "label": metric.label,
        "higher_is_better": metric.higher_is_better,
        "measured_on": rows,
        "chosen": chosen,
        "baseline": baseline,
        "incumbent": None,
    }

"""The run record: what is in `run.json`, how a run's folder is made, and how runs are found again."""

import os
import re
import socket
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Literal

import psutil
from pydantic import BaseModel, ConfigDict, Field, ValidationError

import helpers.files as files
from helpers.errors import Problem, UserError, did_you_mean, listed, shortened
from helpers.paths import kept_in
from helpers.runner.experiments.variant import folder_suffix

NotebookStatus = Literal["waiting", "running", "succeeded", "failed", "not run", "interrupted", "cut off"]
RunStatus = Literal["running", "succeeded", "failed", "interrupted", "cut off"]
ErrorKind = Literal["code", "infrastructure", "limit", "interrupted", "blocked"]

RUN_NAME = re.compile(r"^\d{8}-\d{6}-\d{3}(-[A-Za-z0-9._=-]+)?$")  # a run of a grid ends with what varies


class _Record(BaseModel):
    model_config = ConfigDict(extra="forbid")


class CellError(_Record):
    """Where and why a notebook stopped."""

    cell: int | None = Field(
        description="number of the cell in the notebook's file, from 1, markdown cells counted"
    )
    line: int | None = Field(description="line within the cell")
    cause: str = Field(description="the error in one line")
    what: str = Field(default="", description="what a reader should know about this kind of failure")
    kind: ErrorKind = Field(
        default="code", description="whose fault it is; only infrastructure failures are tried again"
    )


class NotebookRecord(_Record):
    """What happened to one notebook of a run."""

    status: NotebookStatus = "waiting"
    seconds: float | None = None
    peak_memory_mb: float | None = Field(None, description="of the kernel with its children, in MiB")
    kernel: str = Field("", description="'warm', or 'ordinary' with the reason; empty where none was started")
    attempts: int = Field(1, ge=1, description="how often it was started, failures of the machine included")
    earlier_errors: list[CellError] = Field(
        default_factory=list, description="what ended the attempts before the last one"
    )
    key: str | None = Field(None, description="what its result depends on, as a hash")
    ingredients: dict[str, Any] = Field(default_factory=dict, description="what the key is made of")
    reused: bool = False
    reused_from: str | None = Field(None, description="the run that computed it")
    why_run: str = Field("", description="why an earlier result was not reused")
    error: CellError | None = None
    report: str = Field(description="file name of the report in the run's folder")


class Process(_Record):
    """The runner that writes the record, so that a record without a runner is seen to be cut off."""

    pid: int
    host: str
    created: float


class RunRecord(_Record):
    """Everything in a `run.json`."""

    format: Literal[1] = 1
    experiment: str
    run: str
    status: RunStatus = "running"
    started: str
    finished: str | None = None
    seconds: float | None = None
    process: Process
    question: str
    params: dict[str, Any]
    variant: dict[str, Any] = Field(
        default_factory=dict, description="what varies between the runs of a grid, with this run's values"
    )
    batch: str = Field("", description="the call that made the run; the runs of a grid share it")
    data: dict[str, Any]
    seed: int
    versions: dict[str, str]
    git: dict[str, str | bool | None]
    notebooks: dict[str, NotebookRecord]
    metrics: dict[str, Any] | None = None
    verdict: dict[str, Any] | None = None
    findings: dict[str, int] = Field(default_factory=dict)

    def effective_status(self) -> RunStatus:
        """Return the status, 'cut off' where it says 'running' and its runner is gone."""
        return "cut off" if self.status == "running" and not _alive(self.process) else self.status


def this_process() -> Process:
    """Return what identifies the running process."""
    me = psutil.Process(os.getpid())
    return Process(pid=me.pid, host=socket.gethostname(), created=me.create_time())


def _alive(process: Process) -> bool:
    """Tell whether the process still runs; one on another host counts as running, since we cannot know."""
    if process.host != socket.gethostname():
        return True
    try:
        return abs(psutil.Process(process.pid).create_time() - process.created) < 1.0
    except psutil.NoSuchProcess:
        return False


def now() -> str:
    """Return the time as ISO text in UTC, to the millisecond."""
    return datetime.now(UTC).isoformat(timespec="milliseconds")


def new_run_folder(reports: Path, experiment: str, variant: Mapping[str, Any] | None = None) -> Path:
    """Make and return the folder of a new run; its name sorts by time and ends with what varies in a grid."""
    suffix = folder_suffix(variant or {})
    parent = reports / experiment
    try:
        parent.mkdir(parents=True, exist_ok=True)
        while True:
            name = datetime.now(UTC).strftime("%Y%m%d-%H%M%S-%f")[:-3] + suffix
            try:
                (parent / name).mkdir()
            except FileExistsError:
                continue
            return parent / name
    except OSError as error:
        raise UserError(
            Problem(
                str(parent),
                f"a folder that cannot be written ({error.strerror})",
                "a writable folder",
                "Free space or mend its rights, or name another one in NIGHTBOOK_REPORTS.",
            )
        ) from None


def write_record(folder: Path, record: RunRecord) -> None:
    """Write the record to the run's folder, atomically."""
    files.write_json(folder / "run.json", record.model_dump(mode="json"))


def read_record(folder: Path) -> RunRecord:
    """Return the record of the run in `folder`.

    Raises
    ------
    UserError
        If there is none or it cannot be read.
    """
    path = folder / "run.json"
    try:
        return RunRecord.model_validate(files.read_json(path))
    except FileNotFoundError:
        raise UserError(Problem(str(folder), "a folder without run.json", "the folder of a run")) from None
    except (ValueError, ValidationError) as error:
        cause = shortened(str(error).replace("\n", " "), limit=200)
        raise UserError(
            Problem(str(path), f"a record that cannot be read ({cause})", "a run record")
        ) from None


def run_folders(reports: Path, experiment: str = "*") -> Iterator[Path]:
    """Yield the folders of the runs, an experiment after the other, the oldest first."""
    for path in sorted(reports.glob(f"{experiment}/*/run.json")):
        if RUN_NAME.match(path.parent.name):
            yield path.parent


def point_latest(folder: Path) -> None:
    """Let ``latest`` beside the run's folder point at it, unless it points at a newer run already.

    Another runner may do the same at this moment: between the look and the change nobody else gets in.
    """
    from filelock import FileLock  # its import takes longer than all else that `nightbook list` does

    link, lock = folder.parent / "latest", kept_in(folder.parent) / "latest.lock"
    lock.parent.mkdir(exist_ok=True)
    with FileLock(lock):
        if link.is_symlink() and link.readlink().name > folder.name:
            return
        fresh = folder.parent / f".latest-{folder.name}"
        fresh.unlink(missing_ok=True)
        fresh.symlink_to(folder.name, target_is_directory=True)
        fresh.replace(link)


def find_run(name: str, reports: Path) -> Path:
    """Return the folder of a run: an experiment's name (its latest), ``experiment/run``, or a folder.

    Raises
    ------
    UserError
        If there is no such run; names the nearest.
    """
    for folder in (Path(name).expanduser(), reports / name):
        if os.path.exists(folder / "run.json"):  # noqa: PTH110 - Path.exists raises for a name too long
            return folder.resolve()
    runs = list(run_folders(reports, name)) if re.fullmatch(r"[A-Za-z0-9_.-]{1,80}", name) else []
    if runs:
        return runs[-1]
    known = sorted({folder.parent.name for folder in run_folders(reports)})
    raise UserError(
        Problem(
            "RUN",
            shortened(repr(name)),
            f"an experiment ({listed(known) or 'none has run yet'}), experiment/run, or a folder",
            did_you_mean(name, known),
        )
    )

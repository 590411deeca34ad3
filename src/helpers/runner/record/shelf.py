"""Results of an experiment's notebooks, kept to stand in for running them again with nothing changed.

An entry names the run whose folder holds the files, and the hash of each: it is used only while every file is
there as it was. Entries are written at once or not at all, so that two runners do each other no harm.
"""

import errno
import hashlib
import os
from collections.abc import Mapping
from pathlib import Path, PurePosixPath
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError

import helpers.files as files
from helpers.artifacts import LIST_SUFFIX, listed_artifacts
from helpers.keys import Ingredients, differences
from helpers.notebook_files import NotebookFile
from helpers.paths import kept_in
from helpers.runner.record.newest import keep_newest, newest_first
from helpers.runner.record.run_record import RUN_NAME, NotebookRecord

# Entries a notebook: a grid of as many runs is still reused as a whole.
KEPT = 200
# Entries among which the one most alike is looked for, to say what is different.
COMPARED = 20
FORCED = "--force was given"
NEVER = "its metadata says reuse: false"
NO_RESULT = "no earlier result of it is kept"


def _inside(name: str) -> str:
    path = PurePosixPath(name)
    if path.is_absolute() or ".." in path.parts or not path.parts:
        raise ValueError("a path inside the run's folder")
    return name


class _Entry(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class KeptFile(_Entry):
    """One file of a result, by its path in the run's folder."""

    name: Annotated[str, AfterValidator(_inside)]
    sha256: str
    size: int


class KeptReport(_Entry):
    """A result's report, and what it shows besides the result."""

    file: KeptFile
    rendered_for: dict[str, Any]


class Kept(_Entry):
    """A result that can stand in for running its notebook."""

    format: Literal[1] = 1
    key: str
    notebook: str
    run: str = Field(pattern=RUN_NAME.pattern, description="the run whose folder holds the files")
    computed_in: str = Field(description="the run that computed it")
    files: list[KeptFile]
    report: KeptReport | None = None
    record: NotebookRecord
    ingredients: Ingredients

    def reused_record(self) -> NotebookRecord:
        """Return the record of the notebook in a run that reuses the result; times are those it once took."""
        return self.record.model_copy(update={"reused": True, "reused_from": self.computed_in, "why_run": ""})


class Shelf:
    """What is kept of one experiment.

    Parameters
    ----------
    experiment : Path
        The experiment's folder, in which the runs' folders are.
    """

    def __init__(self, experiment: Path) -> None:
        self.experiment = experiment
        self.folder = kept_in(experiment) / "results"

    def look(self, notebook: NotebookFile, ingredients: Ingredients, *, force: bool = False) -> Kept | str:
        """Return the kept result of the notebook, or why it must run."""
        if force:
            return FORCED
        if not notebook.reuse:
            return NEVER
        return self.find(notebook.name, ingredients.key()) or self.why_not(notebook.name, ingredients)

    def find(self, notebook: str, key: str) -> Kept | str:
        """Return the result with this key, its files verified, or why it cannot be used; empty for none."""
        path = self._path(notebook, key)
        if not path.exists():
            return ""
        kept = _read(path)
        if kept is None or (kept.notebook, kept.key) != (notebook, key):
            return "what is known of its earlier result is damaged"
        run = self.experiment / kept.run
        if not all(_is_as_it_was(run, file) for file in kept.files):
            return f"its files in run {kept.run} are gone or were changed"
        if kept.report is not None and not _is_as_it_was(run, kept.report.file):
            return kept.model_copy(update={"report": None})
        return kept

    def why_not(self, notebook: str, ingredients: Ingredients) -> str:
        """Return in plain words what is different from the most similar one among the newest results."""
        newest = (_read(path) for path in newest_first(self.folder / notebook)[:COMPARED])
        changed = [differences(kept.ingredients, ingredients) for kept in newest if kept is not None]
        fewest = min(changed, key=lambda words: len(words)) if changed else []
        return "; ".join(fewest) or NO_RESULT

    def keep(self, run: Path, notebook: str, record: NotebookRecord) -> str:
        """Keep what the notebook made in the run's folder; return why it cannot be kept, empty where it is.

        Parameters
        ----------
        run : Path
            The run's folder.
        notebook : str
            The notebook's name.
        record : NotebookRecord
            Of a notebook that succeeded, with the key and ingredients that held when it began; look at
            `changed_meanwhile` first.
        """
        if record.status != "succeeded" or record.reused or record.key is None:
            raise ValueError("only a result that was computed, and whose key is known, can be kept")
        try:
            kept = Kept(
                key=record.key,
                notebook=notebook,
                run=run.name,
                computed_in=run.name,
                files=[_kept_file(run, name) for name in _made_by(run, notebook)],
                record=record,
                ingredients=Ingredients.model_validate(record.ingredients),
            )
            self._write(kept)
        except (OSError, ValueError) as error:
            return f"its result could not be kept ({error})"
        return ""

    def keep_report(self, run: Path, notebook: str, key: str, *, rendered_for: Mapping[str, Any]) -> None:
        """Add the report in the run's folder to the kept result, unless another run holds that by now."""
        kept = _read(self._path(notebook, key))
        if kept is None or kept.run != run.name:
            return
        try:
            report = KeptReport(file=_kept_file(run, kept.record.report), rendered_for=_plain(rendered_for))
            self._write(kept.model_copy(update={"report": report}))
        except OSError:
            return  # whoever reuses the result renders its report anew

    def adopt(self, kept: Kept, run: Path, *, rendered_for: Mapping[str, Any]) -> bool:
        """Bring the result into another run's folder, which holds it from then on.

        Parameters
        ----------
        kept : Kept
            From `look`.
        run : Path
            The new run's folder.
        rendered_for : mapping
            What the new run's report would show besides the result; where that is the same, the report comes
            along.

        Returns
        -------
        bool
            Whether the report came along.

        Raises
        ------
        OSError
            If a file is gone or cannot be brought; nothing of the result is left in the folder then.
        """
        same = kept.report is not None and kept.report.rendered_for == _plain(rendered_for)
        report = kept.report if same else None
        brought: list[Path] = []
        try:
            for file in [*kept.files, *([report.file] if report else [])]:
                _link(self.experiment / kept.run / file.name, run / file.name)
                brought.append(run / file.name)
            self._write(kept.model_copy(update={"run": run.name, "report": report}))
        except OSError:
            for path in brought:
                path.unlink(missing_ok=True)
            raise
        return report is not None

    def prune(self) -> None:
        """Remove entries whose run is gone, and all but the newest of each notebook."""
        for folder in self.folder.glob("*"):
            for path in newest_first(folder):
                kept = _read(path)
                if kept is None or not (self.experiment / kept.run).is_dir():
                    path.unlink(missing_ok=True)
            keep_newest(folder, KEPT)

    def _path(self, notebook: str, key: str) -> Path:
        return self.folder / notebook / f"{key}.json"

    def _write(self, kept: Kept) -> None:
        files.write_json(self._path(kept.notebook, kept.key), kept.model_dump(mode="json"))


def changed_meanwhile(
    run: Path, notebook: str, *, before: Ingredients, now: Ingredients, fingerprint: str
) -> list[str]:
    """Return what changed while the notebook ran: its result is then that of neither state, and not kept.

    Parameters
    ----------
    run : Path
        The run's folder.
    notebook : str
        The notebook's name.
    before, now : Ingredients
        When it began, and looked at afresh after its end. The notebooks that it needs and the looks at the
        holdout are left out: the former were judged at their own end, the latter only ever grow.
    fingerprint : str
        Of the table that was checked.
    """
    changed = differences(before, now.model_copy(update={"needs": before.needs, "looks": before.looks}))
    try:
        read = files.read_json(run / "artifacts" / f"{notebook}.json").get("fingerprint")
    except (OSError, ValueError, AttributeError):
        read = None
    if read not in (None, fingerprint):
        changed.append("the table that it read is not the one that was checked")
    return changed


def _made_by(run: Path, notebook: str) -> list[str]:
    """Return the files of a notebook's result: as executed, its log, its record, and its artifacts."""
    artifacts = run / "artifacts"
    fixed = [f"notebooks/{notebook}.log", f"artifacts/{notebook}.json", f"artifacts/{notebook}{LIST_SUFFIX}"]
    found = [f"notebooks/{notebook}.ipynb", *(name for name in fixed if (run / name).is_file())]
    for name in listed_artifacts(artifacts, notebook):
        path = artifacts / _inside(name)
        inner = sorted(path.rglob("*")) if path.is_dir() else [path]
        found += [file.relative_to(run).as_posix() for file in inner if file.is_file()]
    return list(dict.fromkeys(found))


def _kept_file(run: Path, name: str) -> KeptFile:
    return KeptFile(name=name, sha256=_sha256(run / name), size=(run / name).stat().st_size)


def _is_as_it_was(run: Path, file: KeptFile) -> bool:
    path = run / file.name
    try:
        return path.stat().st_size == file.size and _sha256(path) == file.sha256
    except OSError:
        return False


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _link(source: Path, target: Path) -> None:
    """Let the target be the same file as the source, or a copy where a file can have no second name."""
    target.parent.mkdir(parents=True, exist_ok=True)
    try:
        os.link(source, target)
    except OSError as error:
        if error.errno in (errno.ENOENT, errno.EEXIST, errno.ENOSPC):
            raise
        files.write_bytes(target, source.read_bytes())


def _read(path: Path) -> Kept | None:
    try:
        return Kept.model_validate(files.read_json(path))
    except (OSError, ValueError, ValidationError):
        return None


def _plain(rendered_for: Mapping[str, Any]) -> dict[str, Any]:
    plain: dict[str, Any] = files.plain(dict(rendered_for))
    return plain

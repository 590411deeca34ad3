"""What the foot of a report says of where it comes from, from the run's record and the holdout's ledger."""

from pathlib import Path

from helpers.paths import ledger_in
from helpers.runner.record.run_record import NotebookRecord, RunRecord
from helpers.tables.ledger import Opened, opened_by
from helpers.wording import count, times

FINGERPRINT_CHARACTERS = 16
COMMIT_CHARACTERS = 12
EXACT_BELOW = 10.0  # seconds; from here on a tenth says nothing


def provenance(folder: Path, record: RunRecord, outcome: NotebookRecord) -> tuple[tuple[str, str], ...]:
    """Return labels and values: table, fingerprint, run, holdout, seed, code, versions, time and memory.

    Parameters
    ----------
    folder : Path
        The run's folder; the ledger of the experiment's holdout is beside it.
    record : RunRecord
        The run, with what all its notebooks came to.
    outcome : NotebookRecord
        What happened to the notebook whose report it is.
    """
    data = record.data
    rows = [
        ("Table", f"{data['name']}, {data['rows']:,} rows × {data['columns']:,} columns"),
        ("Fingerprint of the table", str(data["fingerprint"])[:FINGERPRINT_CHARACTERS]),
        ("Run", f"{record.run}, started {_minute(record.started)}{_whole_run(record)}"),
        ("Holdout", holdout_words(_opened(folder, record), held_out=record.params.get("holdout") != 0)),
        ("Seed", str(record.seed)),
        ("Code", _code(record)),
        ("Versions", ", ".join(f"{name} {number}" for name, number in record.versions.items())),
    ]
    if outcome.seconds is not None:
        rows.append(("This notebook", _how_it_ran(outcome)))
    if outcome.reused:
        rows.append(("Reused", f"computed in run {outcome.reused_from}; nothing it depends on has changed"))
    return tuple(rows)


def holdout_words(opened: Opened, *, held_out: bool) -> str:
    """Return how often the rows held out had been opened, in words.

    Parameters
    ----------
    opened : Opened
        What the ledger says.
    held_out : bool
        Whether the experiment holds rows out at all.
    """
    if not held_out:
        return "no rows were held out"
    if not opened.looks.openings:
        return "never opened"
    often = times(opened.looks.openings)
    models = f"to judge {count(opened.looks.looks, 'model')}"
    if not opened.by_these:
        return f"not opened by this run; opened {often} before on rows of this table, {models}"
    if opened.looks.openings == 1:
        return "opened once, by this run"
    return (
        f"opened {often}, this run included, {'for this model alone' if opened.looks.looks == 1 else models}"
    )


def _opened(folder: Path, record: RunRecord) -> Opened:
    runs = {record.run, *(one.reused_from for one in record.notebooks.values() if one.reused_from)}
    return opened_by(ledger_in(folder.parent), runs, fingerprint=str(record.data["fingerprint"]))


def _code(record: RunRecord) -> str:
    commit = record.git.get("commit")
    if not commit:
        return "not under version control"
    changed = " with changes that are not committed" if record.git.get("dirty") else ""
    return f"commit {str(commit)[:COMMIT_CHARACTERS]}{changed}"


def _minute(time: str) -> str:
    return f"{time[:16].replace('T', ' ')} UTC"


def _whole_run(record: RunRecord) -> str:
    took = "" if record.seconds is None else f", took {_seconds(record.seconds)}"
    peaks = [one.peak_memory_mb for one in record.notebooks.values() if one.peak_memory_mb]
    return took + (f", at most {max(peaks):,.0f} MiB of memory in a notebook" if peaks else "")


def _how_it_ran(outcome: NotebookRecord) -> str:
    said = [_seconds(outcome.seconds or 0)]
    if outcome.peak_memory_mb:
        said.append(f"at most {outcome.peak_memory_mb:,.0f} MiB of memory")
    if outcome.attempts > 1:
        said.append(f"started {outcome.attempts} times after failures of the machine")
    if outcome.kernel:
        said.append(f"{outcome.kernel.partition(':')[0]} kernel")
    return ", ".join(said)


def _seconds(seconds: float) -> str:
    return f"{seconds:.1f} s" if seconds < EXACT_BELOW else f"{seconds:,.0f} s"

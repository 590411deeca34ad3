"""Is there a cluster, and do its workers have what the runner has? Asked before anything runs."""

import logging
import re
import warnings
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any
from uuid import uuid4

import helpers.files as files
from helpers.errors import Problem, UserError, listed, shortened
from helpers.keys import surroundings
from helpers.paths import shown_path

if TYPE_CHECKING:
    from distributed import Client

CONNECT_SECONDS = 10.0
WORKERS_SECONDS = 10.0
ADDRESS = re.compile(r"^(tcp|tls)://([^:/\s]+|\[[0-9A-Fa-f:.]+\]):\d{1,5}$")


@dataclass(frozen=True)
class Refusal:
    """Why a worker cannot be used.

    Attributes
    ----------
    given, expected, remedy : str
        As in `Problem`; `given` follows the names of the workers.
    """

    given: str
    expected: str
    remedy: str


OTHER_HELPERS = Refusal(
    "where src/helpers is not the same as here",
    "the same src/helpers on every machine",
    "Bring their checkouts to the same state, then start them again.",
)
OTHER_PACKAGES = Refusal(
    "where other versions are installed than here",
    "the same requirements.lock and the same installed packages on every machine",
    "Install requirements.lock there and here, then start them again.",
)
STALE = Refusal(
    "which loaded the helpers or packages before these were changed",
    "workers that were started after the last change",
    "Start them again.",
)


def checked_address(address: str) -> str:
    """Return the scheduler's address if it can be one.

    Raises
    ------
    UserError
        If not.
    """
    if not ADDRESS.match(address):
        raise UserError(
            Problem(
                "--scheduler", repr(address), "an address like tcp://HOST:PORT",
                "`dask scheduler` prints its own when it starts.",
            )
        )  # fmt: skip
    return address


def connect(address: str) -> "Client":
    """Return a client of the scheduler at the address.

    Raises
    ------
    UserError
        If the address is none, nothing answers there within `CONNECT_SECONDS`, or the extra is not installed.
    """
    where = place(checked_address(address))
    try:
        from distributed import Client
        from distributed.versions import VersionMismatchWarning
    except ImportError as error:
        raise UserError(
            Problem(
                where, f"an environment without Dask ({error})", "the extra 'cluster'",
                "Install it: python -m pip install -e '.[cluster]'.",
            )
        ) from None  # fmt: skip
    _keep_quiet()
    try:
        with warnings.catch_warnings():
            # Other versions are refused below, with what to do.
            warnings.simplefilter("ignore", VersionMismatchWarning)
            return Client(address, timeout=CONNECT_SECONDS, set_as_default=False, name="nightbook")
    except (OSError, ValueError, ImportError) as error:
        cause = shortened(str(error), limit=200)
        raise UserError(
            Problem(
                where, f"an address where no scheduler answers ({cause})", "a running Dask scheduler",
                "Start one with `dask scheduler`, and check host, port and firewall.",
            )
        ) from None  # fmt: skip


def place(address: str) -> str:
    """Return what to call the scheduler in a message."""
    return f"--scheduler {address}"


def running_workers(client: "Client") -> dict[str, int]:
    """Return the threads of each worker that takes tasks now, by address."""
    workers = client.scheduler_info(n_workers=-1).get("workers", {})
    return {
        address: int(info["nthreads"]) for address, info in workers.items() if info["status"] == "running"
    }


def wait_for_workers(client: "Client", address: str) -> dict[str, int]:
    """Return the threads of each worker, by address, once there is one.

    Raises
    ------
    UserError
        If there is none after `WORKERS_SECONDS`.
    """
    try:
        client.wait_for_workers(1, timeout=WORKERS_SECONDS)
    except TimeoutError:
        raise UserError(
            Problem(
                place(address), "a scheduler without a worker", "one worker at least",
                f"On each machine, in the environment of this repository: dask worker {address} --nthreads 1",
            )
        ) from None  # fmt: skip
    return running_workers(client)


def check_scheduler(client: "Client", address: str) -> None:
    """Refuse a scheduler whose process cannot read the tasks.

    Raises
    ------
    UserError
        If it cannot import Nightbook.
    """
    from helpers.runner.cluster.cluster_worker import nothing

    try:
        client.run_on_scheduler(nothing)
    except Exception as error:
        raise UserError(_problem(address, ["the scheduler"], _cannot_answer(error))) from None


def refusals(client: "Client", workers: Iterable[str], *, reports: Path) -> dict[str, Refusal]:
    """Return why workers cannot be used, by address; those that can be are not in it.

    Raises
    ------
    UserError
        If the reports folder cannot be written here.
    """
    from helpers.runner.cluster.cluster_worker import look

    around = surroundings({})
    mine = {"helpers": around.helpers, "packages": around.lock + around.versions}
    with _probe(reports) as (path, content):
        seen = client.run(look, shown_path(path), workers=list(workers), on_error="return")
    found = {worker: _refusal(answer, mine, content, reports) for worker, answer in seen.items()}
    return {worker: refusal for worker, refusal in found.items() if refusal is not None}


def refused(address: str, found: Mapping[str, Refusal]) -> UserError:
    """Return the error that tells why these workers cannot be used, one problem a reason."""
    by_reason: dict[Refusal, list[str]] = {}
    for worker, refusal in sorted(found.items()):
        by_reason.setdefault(refusal, []).append(worker)
    return UserError(*(_problem(address, workers, refusal) for refusal, workers in by_reason.items()))


def _problem(address: str, who: list[str], refusal: Refusal) -> Problem:
    return Problem(place(address), f"{listed(who)} {refusal.given}", refusal.expected, refusal.remedy)


def _refusal(answer: Any, mine: Mapping[str, str], probe: str, reports: Path) -> Refusal | None:
    if isinstance(answer, Exception):
        return _cannot_answer(answer)
    if answer["helpers"] != mine["helpers"]:
        return OTHER_HELPERS
    if answer["packages"] != mine["packages"]:
        return OTHER_PACKAGES
    if not answer["current"]:
        return STALE
    if answer["probe"] != probe:
        return Refusal(
            f"which cannot read and write the reports folder {shown_path(reports)}",
            "a reports folder that is shared, at the same path on every machine",
            "Name one in NIGHTBOOK_REPORTS.",
        )
    return None


def _cannot_answer(error: Exception) -> Refusal:
    return Refusal(
        f"which cannot use Nightbook ({shortened(f'{type(error).__name__}: {error}', limit=200)})",
        "processes in the environment of this repository",
        "Start them with the `dask` command of this repository's own environment.",
    )


@contextmanager
def _probe(reports: Path) -> Iterator[tuple[Path, str]]:
    """Write a file that nobody can guess into the reports folder, for as long as it is read."""
    content = uuid4().hex
    path = reports / f".probe-{content}"
    try:
        files.write_text(path, content)
    except OSError as error:
        raise UserError(
            Problem(
                str(reports), f"a folder that cannot be written ({error.strerror})", "a writable folder",
                "Mend its rights, or name another one in NIGHTBOOK_REPORTS.",
            )
        ) from None  # fmt: skip
    try:
        yield path, content
    finally:
        path.unlink(missing_ok=True)


def _keep_quiet() -> None:
    """Keep the library's warnings and notes off our terminal; its errors still appear."""
    for name in [name for name in logging.root.manager.loggerDict if name.split(".")[0] == "distributed"]:
        logger = logging.getLogger(name)
        if logger.level < logging.ERROR:
            logger.setLevel(logging.ERROR)

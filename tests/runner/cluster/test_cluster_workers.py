"""Notebooks on a real Dask scheduler and real workers, started by their command line on this machine."""

import contextlib
import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from types import SimpleNamespace

import nbformat
import psutil
import pytest

from command import nightbook
from helpers.errors import UserError
from helpers.runner.cluster import cluster_checks, cluster_worker
from helpers.runner.cluster.cluster_workers import ClusterWorkers, _Pending
from helpers.runner.execution.task import Task
from helpers.runner.kernels.watch import KernelWatch, Limits
from tiny_notebooks import write_notebook

DASK = str(Path(sys.executable).with_name("dask"))
WAIT_SECONDS = 60
APPEND = "import os\nwith open({path!r}, 'a') as file:\n    _ = file.write(f'{word} {{os.getppid()}}\\n')"
WAIT_FOR = "import os, time\nwhile not os.path.exists({path!r}):\n    time.sleep(0.02)"
FOR_EVER = "import time\ntime.sleep(600)"
KILL_WORKER = "import os, psutil\nos.kill(psutil.Process(os.getppid()).ppid(), 9)"


def until(condition, what):
    """Wait until the condition gives something true, and return that."""
    deadline = time.monotonic() + WAIT_SECONDS
    while not (found := condition()):
        assert time.monotonic() < deadline, f"waited in vain: {what}"
        time.sleep(0.05)
    return found


def gone(process):
    return not process.is_running() or process.status() == psutil.STATUS_ZOMBIE


def free_port():
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return one.getsockname()[1]


class Cluster:
    """The processes of a Dask cluster, and where they write."""

    def __init__(self, folder, temporary):
        self.folder, self.temporary = folder, temporary
        self.address = f"tcp://127.0.0.1:{free_port()}"
        self.processes = []
        self.seen = set()

    def scheduler(self, **environment):
        port = self.address.rpartition(":")[2]
        return self._start("scheduler", "--port", port, **environment)

    def worker(self, *, threads=1):
        return self._start("worker", self.address, "--no-nanny", "--nthreads", str(threads))

    def _start(self, *arguments, **environment):
        log = self.folder / f"dask-{len(self.processes)}.log"
        command = [DASK, *arguments, "--host", "127.0.0.1", "--no-dashboard"]
        scratch = str(self.folder / "dask")
        env = {
            **os.environ,
            "TMPDIR": str(self.temporary),
            "DASK_TEMPORARY_DIRECTORY": scratch,
            **environment,
        }
        with log.open("wb") as out:
            process = subprocess.Popen(command, stdout=out, stderr=out, env=env, cwd=self.folder)
        self.processes.append(process)
        return process

    def look(self):
        """Take note of every process below the cluster's, and return those that were seen and still run."""
        for process in self.processes:
            with contextlib.suppress(psutil.NoSuchProcess):
                self.seen.update(psutil.Process(process.pid).children(recursive=True))
        return [process for process in self.seen if not gone(process)]

    def kernels(self):
        """Return the kernels that run now; their parents are the warm servers."""
        found = []
        for process in self.processes:
            with contextlib.suppress(psutil.NoSuchProcess):
                found += [
                    kernel
                    for server in psutil.Process(process.pid).children()
                    for kernel in server.children()
                ]
        return found


@contextlib.contextmanager
def running_cluster(folder):
    """Give a cluster; at the end nothing of it may be left."""
    temporary = Path(tempfile.mkdtemp(prefix="nb", dir="/tmp"))  # short, since the paths of sockets are in it
    cluster = Cluster(folder, temporary)
    try:
        yield cluster
        cluster.look()
        for process in reversed(cluster.processes):
            process.send_signal(signal.SIGTERM)
            process.wait(WAIT_SECONDS)
        until(lambda: not cluster.look(), "processes are left")
        until(lambda: not list(temporary.iterdir()), f"left: {list(temporary.iterdir())}")
    finally:
        for process in cluster.processes:
            process.kill()
            process.wait()
        temporary.rmdir()


@pytest.fixture(scope="module")
def standing(tmp_path_factory):
    """A cluster that several tests share: one worker of two threads."""
    with running_cluster(tmp_path_factory.mktemp("standing")) as cluster:
        cluster.scheduler()
        cluster.worker(threads=2)
        yield cluster


@pytest.fixture
def cluster(tmp_path):
    with running_cluster(tmp_path) as cluster:
        yield cluster


@pytest.fixture
def tasks(tmp_path, reports):
    """Makes a task for a tiny notebook of its own."""

    def make(name, *cells, **options):
        write_notebook(tmp_path / "nb", name, parameters="x: int = 1  # a number", cells=cells)
        path = tmp_path / "nb" / f"{name}.ipynb"
        return Task(name, path, {"x": 5}, reports / "tiny" / "run", **options)

    return make


def ignore(_cell, _cells):
    pass


def printed(task):
    """Return what the executed notebook's cells printed."""
    executed = nbformat.read(task.folder / "notebooks" / f"{task.notebook}.ipynb", as_version=4)
    return [output.text for cell in executed.cells for output in cell.outputs if "text" in output]


@pytest.mark.whole_run
def test_a_killed_workers_notebooks_run_again_on_the_other(cluster, tasks, tmp_path, reports):
    cluster.scheduler()
    workers_there = [cluster.worker(), cluster.worker()]
    gate, log = tmp_path / "gate", tmp_path / "log"

    def cells(number):
        begin, end = (APPEND.format(path=str(log), word=f"{word} {number}") for word in ("begin", "end"))
        return begin, "print(x * 2)", WAIT_FOR.format(path=str(gate)), end

    told = {number: [] for number in range(1, 6)}
    with ClusterWorkers(cluster.address, reports=reports) as workers:
        until(lambda: len(workers._hosts) == 2, "the second worker")
        given = {number: tasks(f"0{number}_tiny", *cells(number)) for number in told}
        futures = [
            workers.submit(task, lambda *cell, number=number: told[number].append(cell))
            for number, task in given.items()
        ]
        until(lambda: [cells[-1:] for cells in told.values()].count([(5, 6)]) == 2, "two notebooks wait")
        server = psutil.Process(int(log.read_text().split()[2]))
        kernels = server.children()
        assert len(kernels) == 1
        (killed,) = [worker for worker in workers_there if worker.pid == server.ppid()]
        cluster.look()
        killed.kill()
        until(lambda: gone(server) and gone(kernels[0]), "the killed worker's server and kernel end")
        gate.touch()
        records = [future.result(WAIT_SECONDS) for future in futures]
    assert [(record.status, record.error, record.kernel) for record in records] == [
        ("succeeded", None, "warm")
    ] * 5
    assert sorted(record.attempts for record in records) == [1, 1, 1, 1, 2]
    (again,) = [number for number, record in enumerate(records, 1) if record.attempts == 2]
    said = [line.rpartition(" ")[0] for line in log.read_text().splitlines()]
    whole = [f"{word} {number}" for word in ("begin", "end") for number in told]
    assert sorted(said) == sorted([f"begin {again}", *whole])
    for number, task in given.items():
        assert told[number][-6:] == [(cell, 6) for cell in range(1, 7)]
        assert printed(task) == ["10\n"]
        assert len(told[number]) == (11 if number == again else 6)
    assert not list(reports.glob(".probe*"))


@pytest.mark.whole_run
def test_what_happens_in_a_kernel_is_recorded_as_it_was(standing, tasks, reports):
    many = tasks("01_many", "import os\nprint(os.environ['NIGHTBOOK_CORES'])", cores=3)
    bad = tasks("02_bad", "1\n1 / 0")
    slow = tasks("03_slow", FOR_EVER, limits=Limits(notebook_seconds=0.5))
    with ClusterWorkers(standing.address, reports=reports) as workers:
        assert workers.cores == 2
        assert (dict(workers.memory_in_use()), workers.free_bytes()) == ({}, float("inf"))
        futures = [workers.submit(task, ignore) for task in (many, bad, slow)]
        first, second, third = [future.result(WAIT_SECONDS) for future in futures]
    assert (first.status, first.error, printed(many)) == ("succeeded", None, ["2\n"])
    assert (second.error.cause, second.error.cell, second.error.line, second.error.kind) == (
        "ZeroDivisionError: division by zero",
        2,
        2,
        "code",
    )
    assert (third.error.cause, third.error.kind) == (
        "Out of time: the notebook ran longer than the 0.5 s it was allowed.",
        "limit",
    )
    assert [record.attempts for record in (first, second, third)] == [1, 1, 1]


@pytest.mark.whole_run
def test_a_notebook_that_is_another_one_there_is_not_run(standing, tasks, reports):
    task = tasks("01_tiny", "1")
    with ClusterWorkers(standing.address, reports=reports) as workers:
        (host,) = workers._hosts
        workers._send(pending := _Pending(task, "another source", ignore))
        record = pending.future.result(WAIT_SECONDS)
    assert (record.status, record.error.kind, record.error.cause) == (
        "failed",
        "infrastructure",
        f"The worker {host} has another 01_tiny.ipynb than the runner, or none, at {task.path}.",
    )


@pytest.mark.whole_run
def test_stopped_notebooks_are_interrupted_and_their_kernels_end(standing, tasks, reports):
    given = [tasks(f"0{n}_long", FOR_EVER) for n in range(1, 5)]
    begun = []
    with ClusterWorkers(standing.address, reports=reports) as workers:
        futures = [
            workers.submit(task, lambda cell, _, n=n: begun.append((n, cell))) for n, task in enumerate(given)
        ]
        until(lambda: len({n for n, cell in begun if cell == 3}) == 2, "two notebooks run")
        kernels = standing.kernels()
        assert len(kernels) == 2
        workers.stop()
        workers.stop()
        records = [future.result(WAIT_SECONDS) for future in futures]
        after = workers.submit(tasks("05_after", "1"), ignore).result(WAIT_SECONDS)
    assert [(record.status, record.error.cause, record.error.kind) for record in [*records, after]] == [
        ("interrupted", "Stopped by Ctrl-C.", "interrupted")
    ] * 5
    assert sorted(record.error.cell or 0 for record in records) == [0, 0, 2, 2]
    assert all(gone(kernel) for kernel in kernels)


@pytest.mark.whole_run
def test_a_runner_that_goes_at_once_leaves_no_kernel(standing, tasks, reports):
    begun = []
    with contextlib.suppress(KeyboardInterrupt), ClusterWorkers(standing.address, reports=reports) as workers:
        future = workers.submit(tasks("01_long", FOR_EVER), lambda cell, _: begun.append(cell))
        until(lambda: 3 in begun, "the notebook runs")
        kernels = standing.kernels()
        assert len(kernels) == 1
        raise KeyboardInterrupt
    assert future.result(WAIT_SECONDS).status == "interrupted"
    until(lambda: all(gone(kernel) for kernel in kernels), "the kernel ends")


RUNNER = """
import sys
from pathlib import Path
from helpers.runner.cluster.cluster_workers import ClusterWorkers
from helpers.runner.execution.task import Task

address, reports, notebook = sys.argv[1:]
workers = ClusterWorkers(address, reports=Path(reports))
task = Task("01_long", Path(notebook), {}, Path(reports) / "tiny" / "run")
workers.submit(task, lambda cell, _: print(cell, flush=True)).result()
"""


@pytest.mark.whole_run
@pytest.mark.parametrize("cell", ["1", "2"])
def test_a_killed_runner_leaves_no_kernel(standing, tasks, reports, cell):
    task = tasks("01_long", FOR_EVER)
    command = [sys.executable, "-c", RUNNER, standing.address, str(reports), str(task.path)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as runner:
        while runner.stdout.readline().strip() != cell:
            assert runner.poll() is None
        kernels = standing.kernels()
        runner.kill()
    assert len(kernels) == 1
    until(lambda: not standing.kernels(), "the kernel ends")


@pytest.mark.whole_run
def test_other_helpers_or_packages_are_refused(standing, reports, monkeypatch):
    mine = cluster_checks.surroundings({})
    for name, refusal in (("helpers", cluster_checks.OTHER_HELPERS), ("lock", cluster_checks.OTHER_PACKAGES)):
        other = type(mine)(**{**vars(mine), name: "other"})
        monkeypatch.setattr(cluster_checks, "surroundings", lambda _, other=other: other)
        with pytest.raises(UserError) as error:
            ClusterWorkers(standing.address, reports=reports)
        (problem,) = error.value.problems
        assert problem.where == f"--scheduler {standing.address}"
        assert problem.given.startswith("tcp://127.0.0.1:") and problem.given.endswith(f" {refusal.given}")
        assert (problem.expected, problem.remedy) == (refusal.expected, refusal.remedy)
    assert list(reports.iterdir()) == []


@pytest.mark.whole_run
def test_a_scheduler_without_workers_is_refused(cluster, reports, monkeypatch):
    monkeypatch.setattr(cluster_checks, "WORKERS_SECONDS", 0.1)
    cluster.scheduler()
    with pytest.raises(UserError) as error:
        ClusterWorkers(cluster.address, reports=reports)
    assert str(error.value) == (
        f"--scheduler {cluster.address}: given a scheduler without a worker; expected one worker at least. "
        f"On each machine, in the environment of this repository: dask worker {cluster.address} --nthreads 1"
    )


@pytest.mark.whole_run
def test_a_lost_scheduler_and_lost_workers_end_the_notebooks(cluster, tasks, reports, monkeypatch):
    scheduler, worker = cluster.scheduler(), cluster.worker()
    begun = []
    with ClusterWorkers(cluster.address, reports=reports, patience=0.5) as workers:
        future = workers.submit(tasks("01_long", FOR_EVER), lambda cell, _: begun.append(cell))
        until(lambda: 3 in begun, "the notebook runs")
        worker.kill()
        record = future.result(WAIT_SECONDS)
        assert (record.error.kind, record.error.cause) == (
            "infrastructure",
            "No worker was there to run it for 0.5 s.",
        )
    begun.clear()
    monkeypatch.setattr(cluster_checks, "CONNECT_SECONDS", 3.0)
    cluster.worker()
    with ClusterWorkers(cluster.address, reports=reports) as workers:
        future = workers.submit(tasks("02_long", FOR_EVER), lambda cell, _: begun.append(cell))
        until(lambda: 3 in begun, "the notebook runs")
        kernels = cluster.kernels()
        assert len(kernels) == 1
        cluster.look()
        scheduler.kill()
        later = workers.submit(tasks("03_later", "1"), ignore)
        records = [each.result(WAIT_SECONDS) for each in (future, later)]
        until(lambda: gone(kernels[0]), "the kernel ends")
    assert [(record.status, record.error.kind, record.error.cause) for record in records] == [
        ("failed", "infrastructure", "The connection to the scheduler was lost.")
    ] * 2
    assert [record.attempts for record in records] == [1, 1]


@pytest.mark.whole_run
def test_a_notebook_whose_workers_keep_dying_is_given_up(cluster, tasks, reports):
    cluster.scheduler(DASK_DISTRIBUTED__SCHEDULER__ALLOWED_FAILURES="1")
    cluster.worker()
    cluster.worker()
    with ClusterWorkers(cluster.address, reports=reports) as workers:
        until(lambda: len(workers._hosts) == 2, "the second worker")
        record = workers.submit(tasks("01_deadly", KILL_WORKER), ignore).result(WAIT_SECONDS)
    assert (record.status, record.attempts, record.error.kind) == ("failed", 2, "infrastructure")
    assert record.error.cause == "2 workers died while they ran it."


@pytest.mark.parametrize(
    "address", ["", "foo", "tcp://nohost", "nohost:1", "http://host:1", "tcp://:1", "tcp://h:1/x"]
)
def test_what_is_no_address_is_refused(address, reports):
    with pytest.raises(UserError) as error:
        ClusterWorkers(address, reports=reports)
    assert str(error.value) == (
        f"--scheduler: given {address!r}; expected an address like tcp://HOST:PORT. "
        "`dask scheduler` prints its own when it starts."
    )


def test_an_address_where_nothing_answers_is_refused(reports, monkeypatch):
    monkeypatch.setattr(cluster_checks, "CONNECT_SECONDS", 0.1)
    address = f"tcp://127.0.0.1:{free_port()}"
    with pytest.raises(UserError) as error:
        ClusterWorkers(address, reports=reports)
    assert str(error.value) == (
        f"--scheduler {address}: given an address where no scheduler answers (Timed out trying to connect to "
        f"{address} after 0.1 s); expected a running Dask scheduler. "
        "Start one with `dask scheduler`, and check host, port and firewall."
    )


def test_the_extra_is_named_where_it_is_missing(reports, monkeypatch):
    monkeypatch.setitem(sys.modules, "distributed", None)
    with pytest.raises(UserError) as error:
        ClusterWorkers("tcp://127.0.0.1:1", reports=reports)
    (problem,) = error.value.problems
    assert (problem.expected, problem.remedy) == (
        "the extra 'cluster'",
        "Install it: python -m pip install -e '.[cluster]'.",
    )


MINE = {"helpers": "h", "packages": "p"}
GOOD = {**MINE, "current": True, "probe": "secret"}


@pytest.mark.parametrize(
    ("answer", "given"),
    [
        (GOOD | {"helpers": "other"}, "where src/helpers is not the same as here"),
        (GOOD | {"packages": "other"}, "where other versions are installed than here"),
        (GOOD | {"current": False}, "which loaded the helpers or packages before these were changed"),
        (GOOD | {"probe": None}, "which cannot read and write the reports folder /shared"),
        (GOOD | {"probe": "another"}, "which cannot read and write the reports folder /shared"),
        (
            ModuleNotFoundError("No module named 'helpers'"),
            "which cannot use Nightbook (ModuleNotFoundError: No module named 'helpers')",
        ),
    ],
)
def test_each_reason_to_refuse_a_worker(answer, given):
    assert cluster_checks._refusal(answer, MINE, "secret", Path("/shared")).given == given


def test_a_worker_that_has_everything_is_taken():
    assert cluster_checks._refusal(GOOD, MINE, "secret", Path("/shared")) is None


def test_refused_workers_are_told_by_reason():
    error = cluster_checks.refused(
        "tcp://s:1",
        {
            "tcp://b:1": cluster_checks.STALE,
            "tcp://c:1": cluster_checks.OTHER_HELPERS,
            "tcp://a:1": cluster_checks.STALE,
        },
    )
    assert str(error) == (
        "--scheduler tcp://s:1: given tcp://a:1, tcp://b:1 which loaded the helpers or packages before these were "
        "changed; expected workers that were started after the last change. Start them again.\n"
        "--scheduler tcp://s:1: given tcp://c:1 where src/helpers is not the same as here; expected the same "
        "src/helpers on every machine. Bring their checkouts to the same state, then start them again."
    )


def host_with(**tasks):
    host = cluster_worker.Host()
    states = {key: SimpleNamespace(state=state) for key, state in tasks.items()}
    host.setup(SimpleNamespace(state=SimpleNamespace(tasks=states)))
    return host


def test_a_worker_stops_the_kernels_that_nobody_waits_for():
    host = host_with(one="executing", two="executing", three="cancelled")
    watches = {key: KernelWatch() for key in ("one", "two", "three", "four")}
    for key, seen in watches.items():
        host.watch(key, f"run of {key}", seen)
    assert {key: seen.ending for key, seen in watches.items()} == {
        "one": None,
        "two": None,
        "three": "stopped",
        "four": "stopped",
    }
    host.transition("one", "executing", "memory")
    host.transition("other", "executing", "released")
    assert watches["one"].ending is None
    host.transition("one", "executing", "released")
    assert (watches["one"].ending, watches["two"].ending) == ("stopped", None)
    host.stop("run of two")
    assert watches["two"].ending == "stopped"


def test_a_worker_stops_what_would_still_start_in_a_stopped_run():
    host = host_with(one="executing", two="executing")
    host.stop("run")
    host.watch("one", "run", first := KernelWatch())
    host.watch("two", "another", second := KernelWatch())
    host.forget("two")
    host.stop("another")
    assert (first.ending, second.ending, set(host.watches)) == ("stopped", None, {"one"})


@pytest.mark.whole_run
def test_the_command_gives_its_notebooks_to_the_cluster(standing, tmp_path, reports):
    notebooks = tmp_path / "nb"
    where = "import os, psutil\nprint(psutil.Process(os.getppid()).ppid())"
    parameters = 'experiment: str = ""\nrun_folder: str = ""'
    write_notebook(notebooks, "01_first", parameters=parameters, cells=[where])
    write_notebook(notebooks, "02_bad", parameters=parameters, cells=["1 / 0"], needs=["01_first"])
    params = tmp_path / "one.yaml"
    given = {"experiment": "one", "question": "Why?", "data": "sklearn:wine", "target": "target"}
    params.write_text(json.dumps(given))
    done = nightbook(
        "run", str(params), "--scheduler", standing.address, reports=reports, notebooks=notebooks
    )
    assert done.returncode == 1, done.stderr
    (folder,) = reports.glob("one/2*")
    record = json.loads((folder / "run.json").read_text())["notebooks"]
    assert [record[name]["status"] for name in ("01_first", "02_bad")] == ["succeeded", "failed"]
    assert record["01_first"]["kernel"] == "warm"
    cells = json.loads((folder / "notebooks" / "01_first.ipynb").read_text())["cells"]
    assert (
        int(cells[-1]["outputs"][0]["text"][0]) == standing.processes[1].pid
    )  # the worker's warm server's owner
    assert "02_bad, cell 2, line 1: ZeroDivisionError" in done.stdout
    refused = nightbook(
        "run", str(params), "--scheduler", "tcp://127.0.0.1:9", reports=reports, notebooks=notebooks
    )
    assert refused.returncode == 2 and "Traceback" not in refused.stderr

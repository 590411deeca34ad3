"""The command left alone overnight: interrupted, killed, out of disk, many at once; in real kernels."""

import json
import os
import shutil
import signal
import subprocess
import tempfile
import time
from collections import Counter
from pathlib import Path

import pytest

from command import nightbook, started
from processes import gone, marked
from tiny_notebooks import write_notebook

pytestmark = pytest.mark.whole_run

PARAMETERS = 'experiment: str = ""\nseed: int = 0\nrun_folder: str = ""'


@pytest.fixture
def place(tmp_path):
    """Where an experiment's params, notebooks, reports and temporary files are."""
    temporary_folder = Path(tempfile.mkdtemp(prefix="nb", dir="/tmp"))  # short: paths of sockets are in it

    class Place:
        notebooks, reports, temporary = tmp_path / "nb", tmp_path / "reports", temporary_folder

        def write(self, name, *, cells, **options):
            write_notebook(self.notebooks, name, parameters=PARAMETERS, cells=cells, **options)

        def params(self, name, **more):
            path = tmp_path / f"{name}.yaml"
            given = {
                "experiment": name,
                "question": "Why?",
                "data": "sklearn:wine",
                "target": "target",
                **more,
            }
            path.write_text(json.dumps(given))
            return str(path)

        @property
        def surroundings(self):
            return {
                "reports": self.reports, "notebooks": self.notebooks,
                "TMPDIR": str(self.temporary), "JUPYTER_RUNTIME_DIR": str(self.temporary),
            }  # fmt: skip

        def run(self, *arguments):
            return nightbook("run", *arguments, **self.surroundings)

        def start(self, *arguments):
            return started("run", *arguments, **self.surroundings)

        def records(self, experiment):
            paths = sorted(self.reports.glob(f"{experiment}/2*/run.json"))
            return [json.loads(path.read_text()) for path in paths]

        def left_behind(self):
            """Processes and files of a run that should be over."""
            processes = marked(str(self.temporary))
            gone(*(process.pid for process in processes))
            return [p.cmdline() for p in marked(str(self.temporary))], [
                path.name for path in self.temporary.iterdir()
            ]

    yield Place()
    shutil.rmtree(temporary_folder)


def wait_for(path, process):
    while not path.exists():
        assert process.poll() is None, process.communicate()
        time.sleep(0.05)


def statuses(record):
    return {name: outcome["status"] for name, outcome in record["notebooks"].items()}


def test_nothing_is_left_behind_after_success_and_after_failure(place):
    place.write(
        "01_good", cells=["import subprocess; subprocess.Popen(['sleep', '600'], start_new_session=True)"]
    )
    place.write("02_bad", cells=["1 / 0"])
    done = place.run(place.params("one"))
    assert done.returncode == 1, done.stderr
    (record,) = place.records("one")
    assert statuses(record) == {"01_good": "succeeded", "02_bad": "failed"}
    assert {outcome["kernel"] for outcome in record["notebooks"].values()} == {"warm"}
    assert place.left_behind() == ([], [])
    assert "02_bad, cell 2, line 1: ZeroDivisionError: division by zero" in done.stdout


def test_ctrl_c_once_finishes_cleanly_and_leaves_nothing(place, tmp_path):
    place.write(
        "01_slow", cells=[f"open({str(tmp_path / 'began')!r}, 'w').close()", "import time; time.sleep(600)"]
    )
    place.write("02_after", needs=["01_slow"], cells=["1"])
    process = place.start(place.params("one"))
    wait_for(tmp_path / "began", process)
    process.send_signal(signal.SIGINT)
    said, errors = process.communicate(timeout=60)
    assert (process.returncode, errors) == (1, "")
    assert "Stopping the kernels and writing the record. Ctrl-C again ends at once." in said
    (record,) = place.records("one")
    assert record["status"] == "interrupted"
    assert statuses(record) == {"01_slow": "interrupted", "02_after": "not run"}
    assert (place.reports / "index.html").exists()
    (folder,) = place.reports.glob("one/2*")
    assert "was interrupted: Stopped by Ctrl-C." in (folder / "01_slow.html").read_text()
    assert place.left_behind() == ([], [])


def test_ctrl_c_twice_ends_at_once_and_the_next_run_says_so(place, tmp_path):
    # The kernel cannot be asked to end: what counts is that the command does.
    slow = f"open({str(tmp_path / 'began')!r}, 'w').close(); import time; time.sleep(600)"
    place.write("01_slow", cells=[f"if seed == 0: {slow}"])
    process = place.start(place.params("one"))
    wait_for(tmp_path / "began", process)
    os.kill(process.pid, signal.SIGSTOP)  # so that both arrive before the first has been dealt with
    process.send_signal(signal.SIGINT)
    process.send_signal(signal.SIGTERM)
    os.kill(process.pid, signal.SIGCONT)
    _, errors = process.communicate(timeout=60)
    assert process.returncode == 130, errors
    assert errors == "nightbook: stopped at once; a run that had begun is marked as cut off by the next.\n"
    assert place.left_behind() == ([], [])
    assert place.run(place.params("one"), "--set", "seed=1").returncode == 0
    first, second = place.records("one")
    assert (first["status"], statuses(first)) == ("cut off", {"01_slow": "cut off"})
    assert second["status"] == "succeeded"


def test_after_kill_9_nothing_is_left_and_the_next_run_goes_on(place, tmp_path):
    place.write("01_quick", cells=["print('computed')"])
    began = tmp_path / "began"
    slow = f"import pathlib, time\nmark = pathlib.Path({str(began)!r})\nif not mark.exists():\n    mark.touch()\n    time.sleep(600)"
    place.write("02_slow", needs=["01_quick"], cells=["print('before')", slow, "print('after')"])
    place.write("03_last", needs=["02_slow"], cells=["1"])
    process = place.start(place.params("one"))
    wait_for(began, process)
    time.sleep(1.2)  # the executed notebook is saved at most once a second, and is looked at below
    process.send_signal(signal.SIGKILL)
    process.communicate()
    assert place.left_behind() == ([], [])
    done = place.run(place.params("one"))
    assert done.returncode == 0, done.stdout + done.stderr
    first, second = place.records("one")
    assert first["status"] == "cut off"
    assert statuses(first) == {"01_quick": "succeeded", "02_slow": "cut off", "03_last": "not run"}
    assert first["notebooks"]["02_slow"]["error"]["cell"] == 3
    old, new = sorted(place.reports.glob("one/2*"))
    page = (old / "02_slow.html").read_text()
    assert "Cell 3 was cut off" in page and "before" in page
    assert second["status"] == "succeeded"
    reused = {name: (item["reused"], item["reused_from"]) for name, item in second["notebooks"].items()}
    assert reused == {"01_quick": (True, old.name), "02_slow": (False, None), "03_last": (False, None)}
    assert f"one/{old.name} was cut off; what it had finished is reused." in done.stdout
    assert "computed" in (new / "01_quick.html").read_text()


def test_with_nothing_changed_everything_is_reused_and_force_runs_it(place):
    place.write("01_first", cells=["print('computed')"])
    place.write("02_second", needs=["01_first"], cells=["print(seed)"])
    assert place.run(place.params("one")).returncode == 0
    again = place.run(place.params("one"))
    assert "nothing has changed, everything was reused" in again.stdout
    changed = place.run(place.params("one"), "--set", "seed=5")
    trial = place.reports / "one" / ".nightbook" / "trials" / "key" / "x.trial"
    trial.parent.mkdir(parents=True)
    trial.touch()
    forced = place.run(place.params("one"), "--force")
    assert not trial.exists()
    assert (again.returncode, changed.returncode, forced.returncode) == (0, 0, 0)
    records = place.records("one")
    assert [Counter(item["reused"] for item in record["notebooks"].values())[True] for record in records] == [
        0,
        2,
        0,
        0,
    ]
    assert [record["notebooks"]["01_first"]["why_run"] for record in records] == [
        "no earlier result of it is kept", "", "its parameters changed: seed", "--force was given",
    ]  # fmt: skip
    folders = sorted(place.reports.glob("one/2*"))
    for name in ("01_first.html", "02_second.html", "notebooks/01_first.ipynb"):
        assert (folders[0] / name).read_bytes() == (folders[1] / name).read_bytes()
    assert (place.reports / "one" / "latest").resolve() == folders[-1]


def test_fifty_experiments_in_one_call(place):
    place.write("01_only", cells=["print(experiment)"])
    files = [place.params(f"e{number:03}") for number in range(50)]
    done = place.run(*files)
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr
    lines = [line for line in done.stdout.splitlines() if ": succeeded" in line]
    assert len(lines) == 50
    for number in (0, 27, 49):
        executed = json.loads(
            (place.reports / f"e{number:03}" / "latest" / "notebooks" / "01_only.ipynb").read_text()
        )
        assert executed["cells"][-1]["outputs"][0]["text"] == [f"e{number:03}\n"]
    assert place.left_behind() == ([], [])


def test_two_calls_at_once_on_one_experiment_keep_their_records_whole(place):
    place.write("01_first", cells=["import time; time.sleep(0.5); print(seed)"])
    place.write("02_second", needs=["01_first"], cells=["import time; time.sleep(0.5); print(seed)"])
    calls = [place.start(place.params("one"), "--set", f"seed={seed}") for seed in (1, 2)]
    ended = [(*call.communicate(timeout=120), call.returncode) for call in calls]
    assert [code for *_, code in ended] == [0, 0], ended
    records = place.records("one")
    assert sorted(record["seed"] for record in records) == [1, 2]
    assert [record["status"] for record in records] == ["succeeded", "succeeded"]
    assert (place.reports / "one" / "latest").resolve().name == max(record["run"] for record in records)
    for record in records:
        executed = json.loads(
            (place.reports / "one" / record["run"] / "notebooks" / "02_second.ipynb").read_text()
        )
        assert executed["cells"][-1]["outputs"][0]["text"] == [f"{record['seed']}\n"]


def test_a_notebook_that_asks_for_all_cores_is_not_doubled_up(place, tmp_path):
    note = f"import time\nbegan = time.time(); time.sleep(0.5)\nopen({str(tmp_path)!r} + '/' + experiment + NAME, 'w').write(f'{{began}} {{time.time()}}')"
    place.write("01_all", cells=[f"NAME = 'all'\n{note}"], cores="all")
    place.write("02_one", cells=[f"NAME = 'one'\n{note}"])
    done = place.run(place.params("a"), place.params("b"), "--jobs", "3")
    assert done.returncode == 0, done.stdout + done.stderr
    times = {
        name: [float(t) for t in (tmp_path / name).read_text().split()]
        for name in ("aall", "ball", "aone", "bone")
    }
    for name in ("aall", "ball"):
        began, ended = times.pop(name)
        assert all(end <= began or ended <= start for start, end in times.values())
    assert (
        times["aone"][0] < times["bone"][1] and times["bone"][0] < times["aone"][1]
    )  # these ran side by side


@pytest.fixture
def small_disk(tmp_path):
    """A disk of 4 MB in a folder; needs the right to mount."""
    folder = tmp_path / "small"
    folder.mkdir()
    mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=4m", "tmpfs", str(folder)], check=False)
    if mounted.returncode:
        pytest.skip("needs the right to mount a file system of its own")
    yield folder
    subprocess.run(["umount", str(folder)], check=True)


def test_a_full_disk_is_told_and_recorded(place, small_disk):
    place.reports = small_disk / "reports"
    place.write("01_fills", cells=["open(run_folder + '/big', 'wb').write(bytes(10 * 2**20))"])
    place.write("02_after", needs=["01_fills"], cells=["1"])
    done = place.run(place.params("one"))
    assert done.returncode == 1
    assert "Traceback" not in done.stdout + done.stderr
    assert "No space left on device" in done.stdout
    (record,) = place.records("one")
    assert record["status"] == "failed"
    assert statuses(record) == {"01_fills": "failed", "02_after": "not run"}
    assert "No space left on device" in record["notebooks"]["01_fills"]["error"]["cause"]
    (folder,) = place.reports.glob("one/2*")
    assert "No space left on device" in (folder / "01_fills.html").read_text()
    assert place.left_behind() == ([], [])


def test_a_folder_that_cannot_be_written_is_one_clear_error(place, tmp_path):
    (tmp_path / "file").write_text("")
    place.reports = tmp_path / "file" / "reports"
    place.write("01_only", cells=["1"])
    done = place.run(place.params("one"))
    assert done.returncode == 2
    assert "a folder that cannot be written (Not a directory)" in done.stderr
    assert "NIGHTBOOK_REPORTS" in done.stderr and "Traceback" not in done.stderr
    assert place.left_behind() == ([], [])


def test_where_kernels_are_ordinary_the_run_says_so(place):
    place.write("01_only", cells=["print(6 * 7)"])
    done = place.run(place.params("one"), "--cold")
    assert done.returncode == 0, done.stderr
    assert done.stdout.count("Kernels are not warm: --cold was given.") == 1
    (record,) = place.records("one")
    assert record["notebooks"]["01_only"]["kernel"] == "ordinary: --cold was given"
    assert place.left_behind() == ([], [])


def test_limits_of_the_params_file_end_notebooks_and_their_reports_open_with_it(place):
    place.write(
        "01_eats",
        cells=[
            "print('before')",
            "block = bytearray(700 * 2**20); block[::4096] = b'x' * len(block[::4096])\nimport time; time.sleep(600)",
        ],
    )
    place.write("02_sleeps", cells=["import time; time.sleep(600)"])
    place.write("03_leaves", cells=["import sys; sys.exit(0)"])
    place.write("04_dies", cells=["import os, signal; os.kill(os.getpid(), signal.SIGKILL)"])
    limits = {"memory": {"01_eats": 0.5}, "timeout": {"cell": 3}, "retries": 0}
    # The cell that eats gets its time, so that memory ends it and not the clock.
    done = place.run(place.params("one", **limits), "--only", "02_sleeps,03_leaves,04_dies")
    eaten = place.run(place.params("two", **limits), "--set", "timeout.cell=120", "--only", "01_eats")
    assert (done.returncode, eaten.returncode) == (1, 1)
    assert (done.stderr, eaten.stderr) == ("", "")
    told = {
        "02_sleeps": "Cell 2 failed: Out of time: the cell ran longer than the 3 s it was allowed.",
        "03_leaves": "Cell 2 failed: SystemExit This cell ended the process; nothing after it ran.",
        "04_dies": "Cell 2 failed: The kernel was killed by SIGKILL",
    }
    (folder,) = place.reports.glob("one/2*")
    for name, banner in told.items():
        assert banner in (folder / f"{name}.html").read_text(), name
    (folder,) = place.reports.glob("two/2*")
    page = (folder / "01_eats.html").read_text()
    assert (
        "Cell 3 failed: Out of memory: " in page
        and " MiB taken, 512 MiB allowed." in page
        and "before" in page
    )
    assert place.left_behind() == ([], [])


def test_a_table_edited_in_place_with_its_time_stamp_kept_is_noticed(place, tmp_path):
    table = tmp_path / "t.csv"
    table.write_text("x,y\n" + "".join(f"{number % 9},{'ab'[number % 2]}\n" for number in range(90)))
    place.write("01_only", cells=["print('computed')"])
    params = place.params("one", data=str(table), target="y")
    assert place.run(params).returncode == 0
    before = table.stat()
    table.write_text(table.read_text().replace("7,b", "8,b", 1))
    os.utime(table, ns=(before.st_atime_ns, before.st_mtime_ns))
    assert table.stat().st_size == before.st_size
    assert place.run(params).returncode == 0
    first, second = place.records("one")
    assert second["notebooks"]["01_only"]["why_run"] == "the table changed"
    assert first["data"]["fingerprint"] != second["data"]["fingerprint"]


def test_a_grid_makes_a_run_of_each_combination_and_one_table_of_them(place):
    place.write("01_only", cells=["print(seed)"], ignores=["models"])
    done = place.run(place.params("one"), "--grid", "seed=1,2", "--grid", "models=linear,xgboost")
    assert done.returncode == 0, done.stdout + done.stderr
    assert sum(": succeeded" in line for line in done.stdout.splitlines()) == 4
    records = place.records("one")
    assert [record["variant"] for record in records] == [
        {"seed": seed, "models": model} for seed in (1, 2) for model in ("linear", "xgboost")
    ]
    assert len({record["batch"] for record in records}) == 1
    # What two combinations have in common is computed once, though they run side by side.
    assert [record["notebooks"]["01_only"]["reused"] for record in records] == [False, True, False, True]
    assert [record["run"].split("-", 3)[3] for record in records] == [
        "seed=1-models=linear", "seed=1-models=xgboost", "seed=2-models=linear", "seed=2-models=xgboost",
    ]  # fmt: skip
    index = (place.reports / "index.html").read_text()
    assert "4 combinations" in index and "xgboost" in index

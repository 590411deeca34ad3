"""Processes that fit: the same results, errors that come back, and no process that outlives its work."""

import multiprocessing
import os
import signal as signals
import subprocess
import sys
import warnings
from dataclasses import replace
from functools import partial

import psutil
import pytest
from sklearn.dummy import DummyRegressor
from sklearn.pipeline import Pipeline

import helpers.model_selection.workers as module
from helpers.metrics import METRICS, Task
from helpers.model_selection.candidates import CANDIDATES, Candidate
from helpers.model_selection.cross_validation import Deadline, evaluate_all
from helpers.model_selection.fitting import Here
from helpers.model_selection.workers import Workers

RMSE = METRICS["rmse"]
ENDED = 20


@pytest.fixture(scope="module")
def workers():
    """Two processes, begun once for all tests that leave them whole."""
    found = Workers(2)
    yield found
    found.stop()


@pytest.fixture
def asked(signal, deal, workers):
    """Fit candidates on two folds of 60 rows, and return their results."""

    def build(*candidates, fitting=workers, task=Task.REGRESSION, metric=RMSE, **options):
        entries = [each if isinstance(each, tuple) else (each, {}) for each in candidates]
        given = {"metric": metric, "seed": 0, "deadline": Deadline(60), "fitting": fitting, **options}
        return evaluate_all(signal(task), entries, deal(60, 2), **given)

    return build


def acting(act) -> Candidate:
    """Return a candidate that does something in the place of a fit's beginning."""

    def build(task, table, seed):
        act()
        return Pipeline([("model", DummyRegressor())])

    return replace(CANDIDATES["decision_tree"], build=build)


def unpicklable():
    class OfACellError(Exception):
        pass

    raise OfACellError("here")


def error(kind, text):
    raise kind(text)


def children():
    return [process.pid for process in multiprocessing.active_children()]


@pytest.mark.slow
def test_results_are_those_of_fits_here_to_the_last_bit(asked):
    quick = {"hist_gradient_boosting": {"model__max_iter": 20}, "xgboost": {"model__n_estimators": 20}}
    names = ("linear", "hist_gradient_boosting", "xgboost", "neural_network")
    entries = [(CANDIDATES[name], quick.get(name, {})) for name in names]
    entries.append((CANDIDATES["decision_tree"], {"model__max_depth": 2}))
    for task, metric in ((Task.REGRESSION, RMSE), (Task.BINARY, METRICS["roc_auc"])):
        there = asked(*entries, task=task, metric=metric)
        here = asked(*entries, task=task, metric=metric, fitting=Here())
        for one, other in zip(there, here, strict=True):
            assert one.failed == other.failed == ""
            assert list(one.validation) == list(other.validation)
            assert list(one.train) == list(other.train)
            assert one.out_of_fold.equals(other.out_of_fold)
            assert [fold.proper for fold in one.folds] == [fold.proper for fold in other.folds]
    assert len(children()) == 2


@pytest.mark.slow
def test_an_estimator_that_no_module_holds_is_fitted(asked):
    class Mine(DummyRegressor):
        pass

    mine = replace(CANDIDATES["decision_tree"], build=lambda *_: Pipeline([("model", Mine())]))
    (found,) = asked(mine)
    assert found.failed == "" and len(found.folds) == 2


@pytest.mark.parametrize(
    ("act", "said"),
    [
        (partial(error, ValueError, "no such thing"), "fold 1: ValueError: no such thing"),
        (unpicklable, "fold 1: RuntimeError: OfACellError: here"),
        (partial(os._exit, 7), "fold 1: RuntimeError: the process of the fit died with exit status 7"),
    ],
)
def test_what_goes_wrong_is_the_candidates_alone(asked, act, said):
    broken, whole = asked(acting(act), CANDIDATES["linear"])
    assert broken.failed == said
    assert whole.failed == ""


def test_a_process_that_was_killed_ran_out_of_memory(asked):
    with pytest.raises(MemoryError, match="was killed, as happens where memory runs out"):
        asked(acting(lambda: os.kill(os.getpid(), signals.SIGKILL)))
    with pytest.raises(MemoryError, match="too much"):
        asked(acting(partial(error, MemoryError, "too much")))
    assert asked(CANDIDATES["linear"])[0].failed == ""


def test_warnings_come_back(asked):
    with pytest.warns(RuntimeWarning, match="so it is"):
        asked(acting(lambda: warnings.warn("so it is", RuntimeWarning, stacklevel=1)))


def test_ctrl_c_ends_the_fits_that_are_running(asked):
    own = Workers(2)

    def interrupt(_place, _found):
        raise KeyboardInterrupt

    # It would take a minute; whoever pressed Ctrl-C does not wait for it.
    long = acting(partial(signals.sigtimedwait, [signals.SIGUSR2], 60))
    before = set(children())
    with pytest.raises(KeyboardInterrupt):
        asked(CANDIDATES["linear"], long, fitting=own, when_done=interrupt)
    assert set(children()) <= before
    assert asked(CANDIDATES["linear"], fitting=own)[0].failed == ""
    own.stop()
    assert set(children()) <= before


def test_one_core_or_a_large_table_has_no_processes(asked, monkeypatch):
    before = children()
    alone = Workers(1)
    assert asked(CANDIDATES["linear"], fitting=alone)[0].failed == ""
    monkeypatch.setattr(module, "LARGEST_BYTES", 100)
    assert asked(CANDIDATES["linear"], fitting=Workers(2))[0].failed == ""
    assert children() == before


def test_where_no_process_can_be_begun_fits_are_done_here(asked, monkeypatch):
    def refused():
        raise OSError("no room")

    monkeypatch.setattr(module.forkserver, "ensure_running", refused)
    with pytest.warns(RuntimeWarning, match=r"no process could be begun \(no room\)"):
        alone = Workers(2)
    assert asked(CANDIDATES["linear"], fitting=alone)[0].failed == ""


ORPHANS = """
import multiprocessing, os, signal
import numpy as np, pandas as pd
from helpers.metrics import METRICS, Task
from helpers.model_selection.candidates import CANDIDATES
from helpers.model_selection.fitting import Job
from helpers.model_selection.workers import Workers
from helpers.tables.table import Column, Kind, Role, Table

if __name__ == "__main__":
    frame = pd.DataFrame({"x": np.arange(40.0), "y": np.arange(40.0)})
    columns = {"x": Column("x", Kind.NUMBER, Role.FEATURE, "x"), "y": Column("y", Kind.NUMBER, Role.TARGET, "y")}
    table = Table(frame, columns, Task.REGRESSION)
    Workers(2).fit(table, Job(CANDIDATES["linear"], np.arange(30), np.arange(30, 40), METRICS["rmse"], 0, {}))
    print(*(child.pid for child in multiprocessing.active_children()), flush=True)
    os.kill(os.getpid(), signal.SIGKILL)
"""


@pytest.mark.whole_run
def test_no_process_outlives_the_one_that_asks(tmp_path):
    script = tmp_path / "orphans.py"
    script.write_text(ORPHANS)
    ran = subprocess.run([sys.executable, script], capture_output=True, text=True, check=False)
    assert ran.returncode == -signals.SIGKILL, ran.stderr
    (pid,) = map(int, ran.stdout.split())
    if psutil.pid_exists(pid):
        psutil.Process(pid).wait(ENDED)
    assert not psutil.pid_exists(pid)

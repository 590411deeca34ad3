"""The warm server: what it forks, what it says of the end, and that nothing outlives it."""

import os
import signal
import subprocess
import sys
import textwrap
import time
from pathlib import Path

import psutil
import pytest

import helpers.runner.kernels.warm as warm
from helpers.runner.kernels.provisioner import signal_name
from helpers.runner.kernels.warm import WarmError, WarmPlace, WarmServer
from processes import gone

pytestmark = pytest.mark.whole_run


def test_a_call_gives_what_the_function_gives_and_loads_nothing_anew(server):
    assert server.call("posixpath:join", ["a", "b"]) == "a/b"
    assert server.call("os:getpid", []) not in (os.getpid(), server.process.pid)


def test_a_call_that_raises_says_what_and_one_that_dies_says_so(server):
    with pytest.raises(WarmError, match="ValueError: invalid literal for int"):
        server.call("builtins:int", ["no number"])
    with pytest.raises(WarmError, match="the process that ran os:_exit was killed"):
        server.call("os:_exit", [3])
    assert server.call("builtins:len", [[1, 2]]) == 2


def test_children_do_not_share_random_numbers(server):
    assert server.call("random:random", []) != server.call("random:random", [])
    assert server.call("numpy.random:rand", []) != server.call("numpy.random:rand", [])


def test_closing_ends_the_server_its_children_and_its_folder():
    server = WarmServer()
    folder = server.folder
    assert folder.stat().st_mode & 0o777 == 0o700
    connection, pid = server._ask(
        {"function": "time:sleep", "arguments": [600], "cwd": "/", "env": {}}, (1, 2)
    )
    server.close()
    connection.close()
    assert gone(pid, server.process.pid) == []
    assert not folder.exists()
    with pytest.raises(WarmError, match="gone"):
        server.call("os:getpid", [])


def test_a_child_whose_asker_went_away_is_killed(server):
    connection, pid = server._ask(
        {"function": "time:sleep", "arguments": [600], "cwd": "/", "env": {}}, (1, 2)
    )
    connection.close()
    assert gone(pid) == []
    assert server.call("builtins:len", [[1]]) == 1


def test_killing_the_owner_leaves_nothing(tmp_path):
    program = textwrap.dedent(
        """
        import sys, time
        from helpers.runner.kernels.warm import WarmServer
        server = WarmServer()
        sleeper = {"function": "subprocess:call", "arguments": [["sleep", "600"]], "cwd": "/", "env": {}}
        _, pid = server._ask(sleeper, (1, 2))
        print(server.folder, server.process.pid, pid, flush=True)
        time.sleep(600)
        """
    )
    owner = subprocess.Popen([sys.executable, "-c", program], stdout=subprocess.PIPE, text=True)
    folder, server_pid, child_pid = owner.stdout.readline().split()
    child = psutil.Process(int(child_pid))
    while not child.children():
        time.sleep(0.02)
    (grandchild,) = child.children()
    owner.send_signal(signal.SIGKILL)
    owner.communicate()
    assert gone(int(server_pid), int(child_pid), grandchild.pid) == []
    assert not Path(folder).exists()


def test_killing_the_server_ends_its_children_and_the_next_one_is_started_anew():
    place = WarmPlace()
    first = place.server()
    connection, pid = first._ask(
        {"function": "time:sleep", "arguments": [600], "cwd": "/", "env": {}}, (1, 2)
    )
    folder = first.folder
    os.kill(first.process.pid, signal.SIGKILL)
    # A process of several threads is a zombie a moment before its end can be waited for.
    first.process.wait(20)
    assert gone(pid) == []
    connection.close()
    second = place.server()
    assert second is not first and second.call("builtins:len", [[1]]) == 1
    place.close()
    folder.rmdir()


@pytest.mark.parametrize(("server", "status"), [("os.getppid()", 7), ("os.getpid()", 70)])
def test_a_child_whose_server_ended_before_it_had_settled_ends_too(server, status):
    program = textwrap.dedent(
        f"""
        import os, socket, time
        import numpy
        from helpers.runner.kernels.child import run
        asked = {{"function": "os:_exit", "arguments": [7], "cwd": "/", "env": {{}}, "warm_since": time.time()}}
        run(socket.socketpair()[0], asked, [], server={server})
        """
    )
    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == status


def test_where_processes_cannot_be_forked_safely_there_is_no_server_and_the_reason_is_kept(monkeypatch):
    monkeypatch.setattr(warm.platform, "system", lambda: "Darwin")
    place = WarmPlace()
    for _ in range(2):
        with pytest.raises(WarmError, match="processes cannot be forked safely on Darwin"):
            place.server()


def test_a_server_that_cannot_import_says_why(monkeypatch, tmp_path):
    (tmp_path / "xgboost.py").write_text("raise ImportError('libgomp is not there')")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    server = WarmServer()
    with pytest.raises(WarmError, match="ended while it started: ImportError: libgomp is not there"):
        _ = server.folder
    server.close()


def test_signals_have_names():
    assert signal_name(-9) == "SIGKILL"
    assert signal_name(-11) == "SIGSEGV"
    assert signal_name(-200) == "signal 200"

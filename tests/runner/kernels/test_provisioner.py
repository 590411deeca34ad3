"""Kernels from the warm server behave as ordinary ones: run, interrupt, restart, kill, crash."""

import time

import psutil
import pytest
from jupyter_client.manager import KernelManager

import helpers.runner.kernels.provisioner as provisioner
from helpers.runner.kernels.warm import WarmError, warm_place
from processes import gone

pytestmark = pytest.mark.whole_run


@pytest.fixture
def kernel():
    manager = KernelManager()
    manager.kernel_spec.metadata["kernel_provisioner"] = {"provisioner_name": "nightbook-warm"}
    manager.start_kernel()
    client = manager.client()
    client.start_channels()
    client.wait_for_ready(timeout=60)
    yield manager, client
    client.stop_channels()
    if manager.has_kernel:
        manager.shutdown_kernel(now=True)
    manager.cleanup_resources()
    warm_place().close()


def run(client, code, timeout=30):
    """What the cell printed, and the name of its error if it raised one."""
    said = []
    reply = client.execute_interactive(
        code, timeout=timeout,
        output_hook=lambda message: said.append(message["content"].get("text", "")),
    )  # fmt: skip
    return "".join(said), reply["content"].get("ename")


def test_it_is_warm_private_and_a_process_of_its_own(kernel):
    manager, client = kernel
    assert manager.provisioner.kernel == "warm"
    assert manager.transport == "ipc"
    assert run(client, "import sys; print('xgboost' in sys.modules)") == ("True\n", None)
    pid = int(run(client, "import os; print(os.getpid())")[0])
    assert pid == manager.provisioner.pid and psutil.Process(pid).is_running()
    assert run(client, "print('' in sys.path, __name__)") == ("True __main__\n", None)
    assert run(client, "%matplotlib\n1")[1] is None


def test_interrupt_restart_and_state(kernel, tmp_path):
    manager, client = kernel
    run(client, "x = 1")
    # A signal before the cell's code runs is one that ipykernel ignores: the cell says when it does.
    began = tmp_path / "began"
    cell = f"import pathlib, time; pathlib.Path({str(began)!r}).touch(); time.sleep(600)"
    # By default a kernel refuses the requests that reach it shortly after an error, the next cell's among them.
    message = client.execute(cell, stop_on_error=False)
    while not began.exists():
        time.sleep(0.02)
    manager.interrupt_kernel()
    reply = client.get_shell_msg(timeout=20)
    assert reply["parent_header"]["msg_id"] == message and reply["content"]["ename"] == "KeyboardInterrupt"
    assert run(client, "print(x)") == ("1\n", None)
    before = manager.provisioner.pid
    manager.restart_kernel(now=True)
    client.wait_for_ready(timeout=60)
    assert manager.provisioner.pid != before and manager.provisioner.kernel == "warm"
    assert gone(before) == []
    assert run(client, "print('x' in globals())") == ("False\n", None)
    manager.restart_kernel(now=False)
    client.wait_for_ready(timeout=60)
    assert run(client, "print(6 * 7)") == ("42\n", None)


def test_shutdown_and_crash(kernel):
    manager, client = kernel
    client.execute("import os; os._exit(3)")
    assert manager.provisioner.process.wait(20) == 3
    assert not manager.is_alive()
    assert gone(manager.provisioner.pid) == []
    manager.restart_kernel(now=True)
    client.wait_for_ready(timeout=60)
    assert run(client, "print(1)") == ("1\n", None)
    run(client, "import subprocess; p = subprocess.Popen(['sleep', '600'], start_new_session=True)")
    left = int(run(client, "print(p.pid)")[0])
    pid = manager.provisioner.pid
    manager.shutdown_kernel(now=False)
    assert gone(pid, left) == []


def test_an_ordinary_kernel_stands_in_and_says_why(monkeypatch):
    class Nothing:
        def server(self):
            raise WarmError("no server today")

    monkeypatch.setattr(provisioner, "warm_place", Nothing)
    manager = KernelManager()
    manager.kernel_spec.metadata["kernel_provisioner"] = {"provisioner_name": "nightbook-warm"}
    manager.start_kernel()
    client = manager.client()
    client.start_channels()
    client.wait_for_ready(timeout=60)
    try:
        assert manager.provisioner.kernel == "ordinary: no server today"
        assert run(client, "print(6 * 7)") == ("42\n", None)
    finally:
        client.stop_channels()
        manager.shutdown_kernel(now=True)

"""A real JupyterLab, started as a person does, with a notebook run in it from its menu."""

import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

import psutil
import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.browser

START_SECONDS = 90
RUN_SECONDS = 200
END_SECONDS = 60

# The page shows every cell, also those below the window: what was run is counted in it.
TRACKER = "lab/user-settings/@jupyterlab/notebook-extension/tracker.jupyterlab-settings"

# JupyterLab marks errors and what was written to standard error alike; a notebook should have neither.
ERRORS = '[data-mime-type="application/vnd.jupyter.stderr"]'
ENDED = f"""() => {{
    const prompts = [...document.querySelectorAll('.jp-CodeCell .jp-InputPrompt')];
    const ran = prompts.length && prompts.every(prompt => /^\\[\\d+\\]:$/.test(prompt.textContent.trim()));
    const idle = document.querySelector('.jp-Notebook-ExecutionIndicator[data-status="idle"]');
    return document.querySelector('{ERRORS}') || (ran && idle);
}}"""


@dataclass
class Lab:
    """A running JupyterLab: its process, address and token, and where its kernels may leave files."""

    process: subprocess.Popen
    url: str
    token: str
    scratch: Path

    def family(self):
        """Return the processes below it."""
        return psutil.Process(self.process.pid).children(recursive=True)


@pytest.fixture
def lab(tmp_path, reports):
    """`nightbook lab wine` with settings, runtime files and temporary files of its own."""
    # Not below pytest's folder: the kernels' sockets are in it, and a socket's path has to be short.
    scratch = Path(tempfile.mkdtemp(prefix="nb"))
    settings = tmp_path / "config" / TRACKER
    settings.parent.mkdir(parents=True)
    settings.write_text(json.dumps({"windowingMode": "none"}))
    environment = {
        **os.environ,
        "NIGHTBOOK_REPORTS": str(reports),
        "JUPYTER_CONFIG_DIR": str(tmp_path / "config"),
        "JUPYTER_DATA_DIR": str(tmp_path / "data"),
        "JUPYTER_RUNTIME_DIR": str(tmp_path / "runtime"),
        "IPYTHONDIR": str(tmp_path / "ipython"),
        "TMPDIR": str(scratch),
    }
    command = [str(Path(sys.executable).with_name("nightbook")), "lab", "wine", "--no-browser", "--port", "0"]
    with (tmp_path / "log").open("w") as log:
        process = subprocess.Popen(
            command, env=environment, stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True,
            # What a shell runs in the background is deaf to Ctrl-C, and so would be what the tests start there.
            preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
        )  # fmt: skip
    try:
        said = _when_up(process, tmp_path)
        yield Lab(process, said["url"], said["token"], scratch)
    finally:
        if process.poll() is None:
            family = [*psutil.Process(process.pid).children(recursive=True), psutil.Process(process.pid)]
            for member in family:
                member.kill()
            psutil.wait_procs(family, timeout=END_SECONDS)
        process.wait()
        shutil.rmtree(scratch)


def _when_up(process, folder):
    """Return what the server writes about itself once it listens."""
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline and process.poll() is None:
        for path in (folder / "runtime").glob("jpserver-*.json"):
            try:
                return json.loads(path.read_text())
            except ValueError:
                pass  # it is being written
        time.sleep(0.1)
    return pytest.fail("JupyterLab did not start:\n" + (folder / "log").read_text())


@pytest.fixture
def open_lab(browser, lab):
    """Return a function that opens a notebook and gives its page and the foreign addresses that it asked for."""
    context = browser.new_context(viewport={"width": 1400, "height": 900})
    page = context.new_page()
    foreign = []
    page.on(
        "request",
        lambda request: (
            request.url.startswith((lab.url, lab.url.replace("http", "ws", 1), "data:", "blob:"))
            or foreign.append(request.url)
        ),
    )

    def opened(notebook):
        page.goto(f"{lab.url}lab/tree/{notebook}.ipynb?token={lab.token}", timeout=START_SECONDS * 1000)
        return page, foreign

    yield opened
    context.close()


def test_run_all_in_a_warm_kernel_shows_the_figures_and_leaves_nothing(lab, open_lab, reports):
    page, foreign = open_lab("02_exploration")
    # The status bar says so once the kernel answers; before, JupyterLab runs nothing and says nothing.
    idle = page.locator("#jp-main-statusbar").get_by_text("Python 3 (warm) | Idle", exact=True)
    expect(idle).to_be_visible(timeout=START_SECONDS * 1000)

    page.get_by_role("menuitem", name="Run", exact=True).click()
    page.get_by_role("menuitem", name="Run All Cells", exact=True).click()
    page.wait_for_function(ENDED, timeout=RUN_SECONDS * 1000)

    assert page.locator(ERRORS).all_inner_texts() == []
    copy = json.loads((reports / "wine" / "interactive" / "02_exploration.ipynb").read_text())
    code = [cell for cell in copy["cells"] if cell["cell_type"] == "code"]
    prompts = page.locator(".jp-CodeCell .jp-InputPrompt").all_inner_texts()
    assert [prompt.strip() for prompt in prompts] == [f"[{number}]:" for number in range(1, len(code) + 1)]
    figure = page.locator(".jp-NotebookPanel .jp-OutputArea-output img").first
    figure.scroll_into_view_if_needed()
    assert figure.evaluate("image => image.complete && image.naturalWidth") > 100
    assert (reports / "wine" / "interactive" / "artifacts" / "02_exploration.json").is_file()
    assert foreign == []

    family = lab.family()
    commands = [" ".join(process.cmdline()) for process in family]
    assert any("helpers.runner.kernels.server" in command for command in commands)
    assert not any("ipykernel_launcher" in command for command in commands)
    lab.process.send_signal(signal.SIGINT)
    assert lab.process.wait(END_SECONDS) == 0
    _, left = psutil.wait_procs(family, timeout=END_SECONDS)
    assert left == []
    assert list(lab.scratch.iterdir()) == []

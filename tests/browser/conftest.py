"""A real Chromium, pages that are watched while they load, and notebooks built from what cells display."""

import os
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

import nbformat
import pytest
from nbformat import v4
from playwright.sync_api import Browser, Dialog, Page, Request, sync_playwright

import helpers.display as display

FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)

HOSTILE = (
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "</style></title></pre><svg/onload=alert(1)>",
    "]]> --> */ {{7*7}} {% raw %} ${7*7} $x$ `x` **x**",
    "javascript:alert(1) http://example.invalid/x.png",
    "‏مرحبا بالعالم‎ \u202eabc\u202c",
    "👩‍🔬 naïve ﬁ 漢字\n\t'quotes\" & more",
    "W" * 10_000,
)


@pytest.fixture
def hostile() -> tuple[str, ...]:
    """Return texts that break pages: as a name, a value, a question or a label, each must stay text."""
    return HOSTILE


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Return a Chromium for the tests of one module.

    Not for the session: Playwright keeps an event loop in this thread while it is open, and the tests
    that run notebooks want the thread without one.
    """
    executable = os.environ.get("NIGHTBOOK_CHROMIUM") or shutil.which("chromium")
    if executable is None:
        reason = "no Chromium: install one, or name it in NIGHTBOOK_CHROMIUM"
        if os.environ.get("CI") == "true":
            pytest.fail(reason)
        pytest.skip(reason)
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=executable, args=list(FLAGS))
        yield started
        started.close()


@dataclass
class Watched:
    """An open page and everything on it that a report must never do."""

    page: Page
    address: str
    requests: list[str] = field(default_factory=list)
    console: list[str] = field(default_factory=list)
    dialogs: list[str] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)

    def saw_request(self, request: Request) -> None:
        if not request.url.startswith((self.address, "data:")):
            self.requests.append(request.url[:200])

    def saw_dialog(self, dialog: Dialog) -> None:
        self.dialogs.append(dialog.message)
        dialog.dismiss()

    def misdeeds(self) -> list[str]:
        """Return what the page did that a report must not do."""
        return self.requests + self.console + self.dialogs + self.errors

    def overflow(self) -> int:
        """Return by how many pixels the page is wider than the window."""
        return int(self.page.evaluate("document.documentElement.scrollWidth - window.innerWidth"))


OpenPage = Callable[..., Watched]


@pytest.fixture
def open_page(browser: Browser) -> Iterator[OpenPage]:
    """Return a function that opens a file at a width, in a colour scheme, and watches it."""
    contexts = []

    def opened(path: Path, *, width: int = 1280, scheme: Literal["light", "dark"] = "light") -> Watched:
        context = browser.new_context(viewport={"width": width, "height": 900}, color_scheme=scheme)
        contexts.append(context)
        page = context.new_page()
        watched = Watched(page, path.as_uri())
        page.on("request", watched.saw_request)
        page.on("dialog", watched.saw_dialog)
        page.on("console", lambda message: watched.console.append(message.text[:200]))
        page.on("pageerror", lambda error: watched.errors.append(str(error)[:200]))
        page.goto(path.as_uri(), wait_until="load")
        return watched

    yield opened
    for context in contexts:
        context.close()


@pytest.fixture
def displayed(monkeypatch: pytest.MonkeyPatch) -> Callable[[Callable[[], None]], list[Any]]:
    """Return a function that gives the outputs which a call to `helpers.display` leaves in a notebook."""

    def outputs_of(call: Callable[[], None]) -> list[Any]:
        outputs: list[Any] = []

        def collect(data: dict[str, str], *, raw: bool, metadata: dict[str, Any] | None = None) -> None:
            assert raw
            outputs.append(v4.new_output("display_data", data=data, metadata=metadata or {}))

        monkeypatch.setattr(display, "display", collect)
        call()
        return outputs

    return outputs_of


@pytest.fixture
def save_notebook(tmp_path: Path) -> Callable[..., Path]:
    """Return a function that writes cells as an executed notebook."""

    def saved(*cells: Any, name: str = "sample", **metadata: Any) -> Path:
        for number, cell in enumerate((cell for cell in cells if cell.cell_type == "code"), start=1):
            cell.execution_count = number
        notebook = v4.new_notebook(
            cells=list(cells), metadata={"language_info": {"name": "python"}, **metadata}
        )
        path = tmp_path / f"{name}.ipynb"
        nbformat.write(notebook, path)
        return path

    return saved

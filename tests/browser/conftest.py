"""A real Chromium, pages that are watched while they load, and notebooks built from what cells display."""

import os
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

import nbformat
import pytest
from axe_playwright_python.base import AXE_SCRIPT
from nbformat import v4
from playwright.sync_api import Browser, Dialog, Page, Request, ViewportSize, sync_playwright

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


# What A4 leaves within the margins of the print style, in CSS pixels.
PAPER: ViewportSize = {"width": 680, "height": 1001}
LEAST_ON_PAPER = 6  # points

AXE_VIEWS: tuple[tuple[int, Literal["light", "dark"]], ...] = (
    (1280, "light"),
    (1280, "dark"),
    (360, "dark"),
    (360, "light"),
)

# axe-core on all that does not depend on colours, and on colours one text of each look: the same colour, size
# and weight on the same ground. Telling contrast for each cell of long tables takes seconds.
AXE_RUN = """async () => {
    const options = {resultTypes: ['violations'], preload: false};
    const words = result => result.violations.flatMap(rule => rule.nodes.map(node =>
        `${rule.impact}: ${rule.id}: ${node.target}: ${node.failureSummary}`.slice(0, 400)));
    const ground = e => {
        const colour = getComputedStyle(e).backgroundColor;
        return e.parentElement && /(, 0\\)|\\/ 0\\))$/.test(colour) ? ground(e.parentElement) : colour;
    };
    const looks = new Map();
    for (const e of document.querySelectorAll('body *')) {
        if (!e.getClientRects().length || ![...e.childNodes].some(n => n.nodeType === 3 && n.data.trim())) continue;
        const {color, fontSize, fontWeight} = getComputedStyle(e);
        const look = [e.tagName, color, fontSize, fontWeight, ground(e)].join();
        if (!looks.has(look)) looks.set(look, e);
    }
    const colours = ['color-contrast', 'link-in-text-block'];
    const rules = Object.fromEntries(colours.map(rule => [rule, {enabled: false}]));
    return [
        ...words(await axe.run(document, {...options, rules})),
        ...words(await axe.run({include: [...looks.values()]}, {...options, runOnly: colours})),
    ];
}"""

ON_PAPER = """([width, height]) => {
    const all = selector => [...document.querySelectorAll(selector)].filter(e => e.getClientRects().length);
    const words = (what, elements) => elements.map(e => `${what}: ${e.outerHTML.slice(0, 120)}`);
    const style = e => getComputedStyle(e);
    const tooWide = e => e.getBoundingClientRect().right > width + 1 || e.getBoundingClientRect().left < -1;
    const luminance = colour => colour.match(/[0-9.]+/g).slice(0, 3).map(part => part / 255)
        .map(share => share <= .04045 ? share / 12.92 : ((share + .055) / 1.055) ** 2.4)
        .reduce((sum, share, place) => sum + share * [.2126, .7152, .0722][place], 0);
    return [
        ...words('shown', all('.nb-code, .nb-contents, .nb-reports, .nb-skip')),
        ...words('cut', all('table, figure, img, svg, pre, td, th').filter(tooWide)),
        ...words('cut', all('.nb-table, pre').filter(e => style(e).overflowX !== 'visible'
            || e.scrollWidth > e.clientWidth + 1)),
        ...words('split', all('.nb-paper, .nb-chart, tr').filter(e => style(e).breakInside !== 'avoid')),
        ...words('higher than a page', all('img, svg').filter(e => e.offsetHeight > height)),
        ...words('pale', all('a').filter(e => 1.05 / (luminance(style(e).color) + .05) < 4.5)),
        ...words('small', all('a, td, p, li').filter(e => parseFloat(style(e).fontSize) < LEAST / .75)),
    ];
}""".replace("LEAST", str(LEAST_ON_PAPER))


@pytest.fixture(scope="session")
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


@pytest.fixture(scope="session")
def axe_violations() -> Callable[[Page], list[str]]:
    """Return a function that gives what axe-core finds wrong with an open page, all unfolded.

    Once at each width, light and dark. The page's policy lets no script in: axe comes by the debugger, which
    needs no leave of the page.
    """

    def violations(page: Page) -> list[str]:
        page.evaluate(AXE_SCRIPT)
        page.evaluate("document.querySelectorAll('details').forEach(e => { e.open = true })")
        found = []
        for width, scheme in AXE_VIEWS:
            page.set_viewport_size({"width": width, "height": 900})
            page.emulate_media(color_scheme=scheme)
            found += [f"at {width} px, {scheme}: {violation}" for violation in page.evaluate(AXE_RUN)]
        page.emulate_media(color_scheme="light")
        return found

    return violations


@pytest.fixture(scope="session")
def paper() -> Callable[[Page], list[str]]:
    """Return a function that lays an open page out as on A4 and says what is cut, split or cannot be read."""

    def faults(page: Page) -> list[str]:
        page.emulate_media(media="print")
        page.set_viewport_size(PAPER)
        said = list(page.evaluate(ON_PAPER, [PAPER["width"], PAPER["height"]]))
        page.emulate_media(media="null")
        return said

    return faults


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

"""The key of a result: each ingredient changed in turn, and what must not change it."""

import json
import os

import pytest

import helpers.keys as keys
import helpers.notebook_files as notebook_files
import helpers.own_classes as own_classes
from helpers.errors import UserError
from helpers.notebook_files import read_notebook
from helpers.parameters.check import checked
from helpers.tables.ledger import append_line, params_key
from helpers.tables.state import FileHashes, table_state
from tiny_notebooks import write_notebook

CELL = "experiment = 'e'\nown: int = 3\nrun_folder = ''"
NAMES = ("01_first", "02_second", "05_opens")


class Place:
    """A repository of two helpers, a template, a lock, one installed package, a table and three notebooks."""

    def __init__(self, folder, monkeypatch):
        self.folder = folder
        self.installed = folder / "site-packages"
        (self.installed / "pandas-3.1.1.dist-info").mkdir(parents=True)
        self.write("src/helpers/a.py", "A = 1")
        self.write("src/helpers/runner/templates/page.html.j2", "<p>")
        self.write("requirements.lock", "pandas==3.1.1")
        self.write("table.csv", "a,b\n1,2\n")
        self.notebook("01_first", ignores=["goal"])
        self.notebook("02_second", needs=["01_first"])
        self.notebook("05_opens", needs=["01_first"], opens_holdout=True)
        self.ledger = folder / "ledger.jsonl"
        monkeypatch.setattr(keys, "repository", lambda: folder)
        monkeypatch.setattr(keys, "notebooks_folder", lambda: folder / "nb")
        monkeypatch.setattr(notebook_files, "notebooks_folder", lambda: folder / "nb")
        monkeypatch.setattr("sys.path", [str(self.installed)])

    def write(self, name, text):
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
        return path

    def notebook(self, name, *, parameters=CELL, cells=("1",), **said):
        write_notebook(self.folder / "nb", name, parameters=parameters, cells=cells, **said)

    def edit(self, name, change):
        path = self.folder / "nb" / f"{name}.ipynb"
        content = json.loads(path.read_text())
        change(content)
        path.write_text(json.dumps(content))

    def params(self, **values):
        given = {"experiment": "e", "question": "q", "data": str(self.folder / "table.csv"), "target": "b"}
        return checked({**given, **values}, where="p")

    def look(self, *, own=None, **values):
        notebooks = {name: read_notebook(self.folder / "nb" / f"{name}.ipynb") for name in NAMES}
        params = self.params(**values)
        return keys.ingredients_of(
            params, notebooks, own=own or {}, data=table_state(params.data, hashes=FileHashes()),
            around=keys.surroundings(notebooks), ledger=self.ledger,
        )  # fmt: skip

    def changed(self, before, name, **values):
        """What is different now, having made sure that the key says so."""
        now = self.look(**values)[name]
        found = keys.differences(before[name], now)
        assert (now.key() == before[name].key()) == (found == [])
        return found


@pytest.fixture
def place(tmp_path, monkeypatch):
    return Place(tmp_path, monkeypatch)


@pytest.fixture
def before(place):
    return place.look()


def test_nothing_changed_is_the_same_key(place, before):
    assert place.look() == before
    assert [place.changed(before, name) for name in NAMES] == [[], [], []]
    assert len({found.key() for found in before.values()}) == 3


def test_its_own_source(place, before):
    place.edit("02_second", lambda nb: nb["cells"][1].update(source="2"))
    assert place.changed(before, "02_second") == ["its own source changed"]
    assert place.changed(before, "01_first") == []


@pytest.mark.parametrize(
    "change",
    [
        lambda nb: nb["metadata"]["nightbook"].update(reuse=True),
        lambda nb: nb["metadata"]["kernelspec"].update(name="julia-1.9"),
        lambda nb: nb["cells"].append({"cell_type": "markdown", "metadata": {}, "source": "x"}),
        lambda nb: nb["cells"][1]["metadata"].update(tags=["raises-exception"]),
        lambda nb: nb["cells"].reverse(),
    ],
)
def test_what_is_part_of_the_source(place, before, change):
    place.edit("02_second", change)
    assert place.changed(before, "02_second") == ["its own source changed"]


@pytest.mark.parametrize(
    "change",
    [
        lambda nb: nb["cells"][1].update(outputs=[{"output_type": "stream", "name": "stdout", "text": "1"}]),
        lambda nb: nb["cells"][1].update(execution_count=7),
        lambda nb: nb["cells"][1].update(source=["1"]),
        lambda nb: nb["cells"][1]["metadata"].update(collapsed=True),
        lambda nb: nb["metadata"].update(language_info={"name": "python", "version": "3.13"}),
        lambda nb: nb["metadata"]["kernelspec"].update(name="nightbook", display_name="Python 3 (warm)"),
    ],
)
def test_opening_and_running_it_in_jupyterlab_is_no_change(place, before, change):
    place.edit("02_second", change)
    assert place.changed(before, "02_second") == []


def test_a_parameter(place, before):
    assert place.changed(before, "02_second", seed=1, models=["linear"]) == [
        "its parameters changed: models, seed",
        "01_first changed, which it needs",
    ]
    assert place.changed(before, "01_first", validation={"folds": 4}) == [
        "its parameters changed: validation"
    ]


def test_an_ignored_parameter_changes_only_those_that_read_it(place, before):
    assert place.changed(before, "01_first", goal=0.5) == []
    assert place.changed(before, "02_second", goal=0.5) == ["its parameters changed: goal"]


def test_a_run_setting_changes_nothing(place, before):
    for name in NAMES:
        assert place.changed(before, name, timeout=5, retries=3, memory=2, grid={"seed": [1, 2]}) == []


def test_a_notebooks_own_parameter(place, before):
    assert place.changed(before, "02_second", own={"02_second": {"own": 4}}) == [
        "its parameters changed: own"
    ]
    assert place.changed(before, "01_first", own={"02_second": {"own": 4}}) == []
    assert place.changed(before, "02_second", own={"02_second": {"own": 3}}) == []


def test_a_need_and_what_it_needs(place, before):
    place.edit("01_first", lambda nb: nb["cells"][1].update(source="2"))
    assert place.changed(before, "01_first") == ["its own source changed"]
    assert place.changed(before, "02_second") == ["01_first changed, which it needs"]


def test_the_table_edited_in_place_with_its_time_stamp_kept(place, before):
    path = place.folder / "table.csv"
    stamp = path.stat()
    path.write_text("a,b\n1,3\n")
    os.utime(path, ns=(stamp.st_atime_ns, stamp.st_mtime_ns))
    assert (path.stat().st_size, path.stat().st_mtime_ns) == (stamp.st_size, stamp.st_mtime_ns)
    assert place.changed(before, "01_first") == ["the table changed"]


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("src/helpers/a.py", "A = 2"),
        ("src/helpers/runner/templates/page.html.j2", "<b>"),
        ("src/helpers/new.py", ""),
        ("nb/beside.py", "B = 1"),
    ],
)
def test_the_helpers(place, before, name, text):
    place.write(name, text)
    for notebook in ("01_first",):
        assert place.changed(before, notebook) == ["the helpers' source changed"]


def test_a_helper_under_another_name(place, before):
    (place.folder / "src/helpers/a.py").rename(place.folder / "src/helpers/b.py")
    assert place.changed(before, "01_first") == ["the helpers' source changed"]


@pytest.mark.parametrize(
    "name", ["src/helpers/__pycache__/a.pyc", "src/helpers/.a.py.swp", "src/helpers/a.py~", "nb/notes.txt"]
)
def test_what_python_and_editors_leave_behind_is_no_change(place, before, name):
    place.write(name, "x")
    assert place.changed(before, "01_first") == []


def test_the_lock_and_no_lock(place, before):
    place.write("requirements.lock", "pandas==3.1.2")
    assert place.changed(before, "01_first") == ["requirements.lock changed"]
    (place.folder / "requirements.lock").unlink()
    assert place.changed(before, "01_first") == ["requirements.lock changed"]


def test_an_installed_version(place, before):
    (place.installed / "pandas-3.1.1.dist-info").rename(place.installed / "pandas-3.1.2.dist-info")
    assert place.changed(before, "01_first") == ["installed versions changed"]


def test_a_package_that_came_and_a_tool_that_came(place, before):
    for tool in ("ruff-0.12.0.dist-info", "pytest_xdist-3.8.dist-info", "pip-26.0.dist-info"):
        (place.installed / tool).mkdir()
    assert place.changed(before, "01_first") == []
    (place.installed / "lightgbm-4.6.dist-info").mkdir()
    assert place.changed(before, "01_first") == ["installed versions changed"]


def test_python_itself(place, before, monkeypatch):
    monkeypatch.setattr("platform.python_version", lambda: "3.99.0")
    assert place.changed(before, "01_first") == ["installed versions changed"]


def opening(place, name, **values):
    notebook = read_notebook(place.folder / "nb" / f"{name}.ipynb")
    seen = keys.seen_by(place.params(**values), notebook)
    append_line(place.ledger, {"key": "split", "params": params_key(seen)})


def test_a_look_at_the_holdout_by_another_model_and_by_the_same(place, before):
    opening(place, "05_opens")
    assert place.changed(before, "05_opens") == []
    opening(place, "05_opens", question="In other words?", goal=0.9)
    assert place.changed(before, "05_opens") == []
    opening(place, "05_opens", models=["linear"])
    said = ["other models were judged on the same holdout since"]
    assert place.changed(before, "05_opens") == said
    assert place.changed(before, "02_second") == []
    now = place.look()
    opening(place, "05_opens", models=["linear"])
    assert place.changed(now, "05_opens") == []


def test_the_contract_and_another_accepted_table_for_those_that_read_it(place):
    place.notebook("05_opens", ignores=["contract"], opens_holdout=True)
    contract = str(place.write("c.yaml", "columns: {}"))
    before = place.look(contract=contract)
    place.write("c.yaml", "columns: {a: {}}")
    said = "the contract or the last accepted table changed"
    assert place.changed(before, "01_first", contract=contract) == [said]
    assert place.changed(before, "05_opens", contract=contract) == []
    edited = place.look(contract=contract)
    state = table_state(place.params().data, hashes=FileHashes())
    place.write("accepted.json", json.dumps({"state": state}))
    assert place.changed(edited, "01_first", contract=contract) == []
    place.write("accepted.json", json.dumps({"state": "another"}))
    assert place.changed(edited, "01_first", contract=contract) == [said]
    assert place.changed(place.look(), "01_first") == []  # without a contract nothing is compared


def test_needs_in_a_circle_are_told(place):
    place.notebook("01_first", needs=["02_second"])
    with pytest.raises(UserError) as caught:
        keys.with_needs(notebook_files.find_notebook("02_second"))
    assert str(caught.value) == (
        "metadata.nightbook.needs: given 02_second → 01_first → 02_second; "
        "expected needs that do not go round in a circle."
    )


def test_needs_come_before_those_that_need_them(place):
    place.notebook("06_last", needs=["05_opens", "02_second"])
    found = keys.with_needs(notebook_files.find_notebook("06_last"))
    assert list(found) == ["01_first", "05_opens", "02_second", "06_last"]


def test_the_source_of_ones_own_models_goes_with_their_names(place, monkeypatch):
    models = {"models": ["linear", "mine.models:Best"]}
    monkeypatch.setattr("helpers.parameters.check._own_problems", lambda _params, _where: [])
    monkeypatch.setattr(own_classes, "repository", lambda: place.folder)
    place.write("mine/models.py", "class Best: pass")
    place.write("mine/__init__.py", "")
    before = place.look(**models)
    place.write("mine/models.py", "class Best: better = True")
    assert place.changed(before, "01_first", **models) == ["the source of the user's own models changed"]

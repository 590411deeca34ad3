"""`nightbook new`: a file that passes the checks, whatever the table's names and values hold."""

import pandas as pd
import pytest

import helpers.runner.experiments.new_experiment as new_experiment
from helpers.errors import UserError
from helpers.runner.experiments.experiment_file import read_experiments
from helpers.tables.prepare import load_development

HOSTILE = "a \"b\" 'c' <script>alert(1)</script> {{ }} # : - 😀 שלום \\"


@pytest.fixture(autouse=True)
def params(tmp_path, monkeypatch):
    monkeypatch.setattr(new_experiment, "params_folder", lambda: tmp_path / "params")
    return tmp_path / "params"


def table(tmp_path, name="Kund:innen 2024.csv", target="left", rows=60):
    frame = pd.DataFrame({
        "number": [f"K{n:04d}" for n in range(rows)],
        "same": "x",
        "day": pd.date_range("2024-01-01", periods=rows).strftime("%Y-%m-%d"),
        HOSTILE: [n * 7 % 13 for n in range(rows)],
        "shop": [f"shop {n % 12}" for n in range(rows)],
        target: ["Yes" if n % 3 == 0 else "No" for n in range(rows)],
    })  # fmt: skip
    frame.to_csv(tmp_path / name, index=False)
    return str(tmp_path / name)


def test_writes_what_it_found_out_ready_to_run(tmp_path, params):
    path = new_experiment.write_new(table(tmp_path), target="left")
    assert path == params / "Kund_innen_2024.yaml"
    lines = path.read_text(encoding="utf-8").splitlines()
    assert (
        "# Written by `nightbook new` from Kund:innen 2024.csv: 60 rows × 6 columns. Ready to run." in lines
    )
    assert "task: classification  # 2 classes: No 67 %, Yes 33 %" in lines
    assert 'positive: "Yes"  # the value to find; false alarms are the other way round' in lines
    assert '# id: "number"  # another value in each row' in lines
    assert '  - "number"  # it names rows rather than describing them' in lines
    assert '  - "same"  # it holds the same value everywhere' in lines
    assert any(line.startswith('# time: "day"  # from 2024-01-') for line in lines)
    assert any(line.startswith("# group? 'shop' (12 groups of ") for line in lines)
    (experiment,) = read_experiments([str(path)], notebooks={})
    assert load_development(experiment.params).info.rows == 60


def test_what_it_suggests_can_be_uncommented(tmp_path):
    path = new_experiment.write_new(table(tmp_path), target="left", name="own")
    text = (
        path.read_text(encoding="utf-8")
        .replace('# id: "number"', 'id: "number"')
        .replace('# time: "day"', 'time: "day"')
    )
    path.write_text(text, encoding="utf-8")
    (experiment,) = read_experiments([str(path)], notebooks={})
    assert load_development(experiment.params).split.strategy == "time"


def test_a_hostile_target(tmp_path):
    path = new_experiment.write_new(table(tmp_path, target=HOSTILE + "!"), target=HOSTILE + "!")
    (experiment,) = read_experiments([str(path)], notebooks={})
    assert experiment.params.target == HOSTILE + "!"


def test_refuses_to_overwrite(tmp_path):
    path = new_experiment.write_new(table(tmp_path), target="left")
    before = path.read_bytes()
    with pytest.raises(UserError, match="given a file that exists; expected a name that is free"):
        new_experiment.write_new(table(tmp_path), target="left")
    assert path.read_bytes() == before


def test_nothing_is_written_for_a_target_that_is_not_there(tmp_path, params):
    with pytest.raises(UserError, match="Did you mean 'left'"):
        new_experiment.write_new(table(tmp_path), target="lefft")
    assert not params.exists()

import numpy as np
import pandas as pd
import pytest

from command import nightbook
from helpers.prediction.usable import load_model

pytestmark = pytest.mark.whole_run


def test_a_run_without_holdout_is_used_on_new_rows(tmp_path):
    """`holdout: 0` and `--only 04_model_selection` give a model of all rows, and the command scores with it."""
    rng = np.random.default_rng(0)
    frame = pd.DataFrame({"x": rng.normal(size=200), "town": rng.choice(["a", "b"], 200)})
    frame["won"] = np.where(frame["x"] + rng.normal(size=200) > 0, "yes", "no")
    table, params = tmp_path / "t.csv", tmp_path / "won.yaml"
    frame.to_csv(table, index=False)
    params.write_text(
        f"experiment: won\nquestion: Who won?\ndata: {table}\ntarget: won\nholdout: 0\nmodels: [linear]\n"
        "budget: {trials: 0}\n"
    )
    run = nightbook("run", str(params), "--only", "04_model_selection", reports=tmp_path)
    assert run.returncode == 0, run.stdout + run.stderr
    frame.drop(columns="won").to_csv(tmp_path / "new.csv", index=False)
    done = nightbook(
        "predict", "won", str(tmp_path / "new.csv"), "--out", str(tmp_path / "o.csv"), reports=tmp_path
    )
    assert done.returncode == 0, done.stderr
    assert "fitted on 200 rows; prediction is the most probable of 2 classes." in done.stdout
    written = pd.read_csv(tmp_path / "o.csv")
    assert list(written) == ["prediction", "probability:no", "probability:yes", "unlike"]
    assert np.mean(written["prediction"] == frame["won"]) > 0.6
    said = load_model("won", reports=tmp_path).predict(frame)
    assert (written["probability:yes"] == said["probability:yes"]).all()
    frame.assign(x="?!").drop(columns="town").to_csv(tmp_path / "bad.csv", index=False)
    done = nightbook(
        "predict", "won", str(tmp_path / "bad.csv"), "--out", str(tmp_path / "p.csv"), reports=tmp_path
    )
    assert done.returncode == 2 and "Traceback" not in done.stderr
    assert [line.split(": given")[0] for line in done.stderr.splitlines()] == [
        f"nightbook: {tmp_path}/bad.csv", f"nightbook: {tmp_path}/bad.csv: x",
    ]  # fmt: skip
    assert not (tmp_path / "p.csv").exists()


def test_an_edited_model_of_ones_own_is_told(tmp_path, monkeypatch):
    """The file holds what was fitted, and the class is the one that is there now."""
    package = tmp_path / "mine"
    package.mkdir()
    (package / "__init__.py").write_text("")
    source = (
        "from sklearn.tree import DecisionTreeClassifier\n\nclass Mine(DecisionTreeClassifier):\n    pass\n"
    )
    (package / "models.py").write_text(source)
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    x = np.random.default_rng(0).normal(size=200).round(1)
    frame = pd.DataFrame({"x": x, "won": np.where(x > 0, "yes", "no")})
    frame.to_csv(tmp_path / "t.csv", index=False)
    (tmp_path / "own.yaml").write_text(
        f"experiment: own\nquestion: Who won?\ndata: {tmp_path}/t.csv\ntarget: won\nholdout: 0\n"
        "models: [mine.models:Mine]\nbudget: {trials: 0}\n"
    )
    done = nightbook("run", str(tmp_path / "own.yaml"), "--only", "04_model_selection", reports=tmp_path)
    assert done.returncode == 0, done.stdout + done.stderr
    score = ("predict", "own", str(tmp_path / "t.csv"), "--out", str(tmp_path / "o.csv"))
    assert "Beware" not in nightbook(*score, reports=tmp_path).stdout
    (package / "models.py").write_text(source + "    other = True\n")
    assert "Beware: The source of the run's own models changed" in nightbook(*score, reports=tmp_path).stdout
    monkeypatch.syspath_prepend(tmp_path)
    with pytest.warns(UserWarning, match="own models changed since the run"):
        load_model("own", reports=tmp_path)

import json
import shutil

import numpy as np
import pandas as pd
import pytest

import helpers.prediction.part as part
import helpers.prediction.score as score
from helpers.errors import UserError
from helpers.model_selection.fitted import load_model as load_fitted
from helpers.prediction.packing import packed, unpacked
from helpers.prediction.usable import load_model
from helpers.runner.commands.predict import predict_command
from helpers.tables.bundled import read_bundled


@pytest.mark.parametrize("name", ["breast_cancer", "diabetes", "wine"])
def test_a_stored_example_says_the_same_to_the_last_bit(name, store, tmp_path):
    run = store(tmp_path, f"sklearn:{name}", "target", name=name)
    usable = load_model(name, reports=tmp_path)
    raw = read_bundled(f"sklearn:{name}", where="")[0]
    answers, said = usable.predict(raw), run.model.predict(run.table.X)
    assert answers["prediction"].tolist() == list(said.values)
    if said.probabilities is None:
        low, high = run.model.intervals.around(said.values, run.table.X)
        assert (answers["low"] == low).all() and (answers["high"] == high).all()
        assert list(answers) == ["prediction", "low", "high", "unlike"]
    else:
        stated = [f"probability:{each}" for each in run.table.classes]
        assert (answers[stated].to_numpy() == said.probabilities.to_numpy()).all()
        assert list(answers) == ["prediction", *stated, "unlike"]
    assert answers["unlike"].dtype == bool and answers["unlike"].mean() < 0.02


def test_the_same_answers_by_whichever_way(shop, shop_rows, tmp_path, monkeypatch, capsys):
    """A DataFrame, text in parts, JSON lines; CSV and Parquet written; the columns ignored are named."""
    monkeypatch.setattr(part, "MOST_ROWS", 50)
    monkeypatch.setattr(part, "LEAST_ROWS", 50)
    usable, frame = load_model(shop.folder), shop_rows.assign(**{"other\n": 1})
    frame.to_csv(tmp_path / "t.csv", index=False)
    frame.to_json(tmp_path / "t.jsonl", orient="records", lines=True)
    answers = usable.predict(frame)
    assert predict_command(str(shop.folder), str(tmp_path / "t.csv"), out=str(tmp_path / "o.csv")) == 0
    said = capsys.readouterr().out.splitlines()
    assert said == [
        "Model: Linear model of shop/20260101-000000-000, fitted on 120 rows; low and high hold the truth in 90 % "
        "of rows like those that it learnt from.",
        "Ignored: 2 columns that it does not read (y, other ).",
        f"Wrote {tmp_path}/o.csv: 120 rows, {answers['unlike'].sum()} of them (0.0 %) unlike those that it learnt "
        "from; of rows like them at most about 1.7 % would be flagged.",
    ]
    score.score_table(usable, str(tmp_path / "t.jsonl"), tmp_path / "o.parquet")
    for written in (pd.read_csv(tmp_path / "o.csv"), pd.read_parquet(tmp_path / "o.parquet")):
        pd.testing.assert_frame_equal(written, answers, check_exact=True)
    assert {path.name for path in tmp_path.iterdir()} == {"t.csv", "t.jsonl", "o.csv", "o.parquet"}
    one = usable.predict(frame.iloc[[33]])
    assert list(one.index) == [33]
    np.testing.assert_allclose(one["prediction"], answers["prediction"].iloc[[33]])
    assert list(usable.predict(frame.head(0))) == list(answers)


def test_two_classes_by_the_threshold_of_the_evaluation(pick, tmp_path):
    folder = shutil.copytree(pick.folder, tmp_path / "pick" / "20260101-000000-001")
    frame = pd.DataFrame({"x": np.linspace(-2, 2, 30), "z": [0, 1] * 15})
    likelier = load_model(folder)
    stated = likelier.predict(frame)['probability:a,"b"']
    assert (likelier.predict(frame)["prediction"] == np.where(stated > 0.5, 'a,"b"', "<i>no")).all()
    assert likelier.rule() == "prediction is the most probable of 2 classes."
    (folder / "artifacts" / "05_evaluation.json").write_text(json.dumps({"result": {"threshold": 0.2}}))
    usable = load_model(folder / "artifacts" / "model.skops")
    assert (usable.predict(frame)["prediction"] == np.where(stated >= 0.2, 'a,"b"', "<i>no")).all()
    assert usable.rule() == (
        "prediction is 'a,\"b\"' from a probability of 0.200 on, which is what 05_evaluation chose."
    )
    sets = usable.sets(frame)
    assert list(sets) == list(pick.table.classes) and sets.any(axis=1).all()
    frame.to_parquet(tmp_path / "t.parquet")
    predict_command(str(folder), str(tmp_path / "t.parquet"), out=str(tmp_path / "o.csv"))
    pd.testing.assert_frame_equal(
        pd.read_csv(tmp_path / "o.csv").astype({"prediction": object}),
        usable.predict(frame).astype({"prediction": object}),
        check_exact=True,
    )


def refused(run, table, out, said):
    before = sorted(path.name for path in out.parent.iterdir()) if out.parent.is_dir() else None
    with pytest.raises(UserError, match=said):
        predict_command(str(run), str(table), out=str(out))
    if before is not None:
        assert sorted(path.name for path in out.parent.iterdir()) == before


def test_nothing_is_half_written(shop, shop_rows, tmp_path, monkeypatch):
    monkeypatch.setattr(part, "MOST_ROWS", 50)
    monkeypatch.setattr(part, "LEAST_ROWS", 50)
    out, table = tmp_path / "o.csv", tmp_path / "t.csv"
    out.write_text("of yesterday")
    shop_rows.assign(size=["x"] * 60 + ["1"] * 58 + ["y", "z"]).drop(columns="town").to_csv(
        table, index=False
    )
    refused(
        shop.folder,
        table,
        out,
        r"no column town(.|\n)*62 values that cannot be read as a number, first in row 1 ",
    )
    assert out.read_text() == "of yesterday"
    shop_rows.to_csv(table, index=False)
    refused(shop.folder, table, table, "which is the table itself")
    refused(
        shop.folder,
        table,
        tmp_path / "no" / "o.csv",
        "whose folder does not exist; expected a file in a folder",
    )
    refused(shop.folder, table, tmp_path, "--out: given the folder|with no ending")
    refused(
        shop.folder,
        table,
        tmp_path / "o.txt",
        r"with \.txt; expected a file that ends in one of \.csv, \.parquet",
    )
    refused(shop.folder, tmp_path / "none.csv", out, "which does not exist")


def test_each_way_to_name_a_model_and_what_is_wrong_with_it(shop, store, tmp_path, monkeypatch):
    reports = shop.folder.parents[1]
    names = [
        "shop",
        "shop/20260101-000000-000",
        shop.folder,
        shop.folder / "artifacts" / "model.skops",
        "shop/latest",
    ]
    assert {load_model(name, reports=reports).model.rows for name in names} == {120}
    with pytest.raises(
        UserError, match=r"RUN: given 'shp'; expected an experiment \(shop\).*Did you mean 'shop'\?"
    ):
        load_model("shp", reports=reports)
    with pytest.raises(UserError, match="none has run yet"):
        load_model("x" * 5000, reports=tmp_path)
    failed = shutil.copytree(shop.folder, tmp_path / "shop" / "20260101-000000-002")
    (failed / "run.json").write_text(json.dumps({"status": "failed"}))
    with pytest.raises(UserError, match="of which no run succeeded; the newest is 20260101-000000-002"):
        load_model("shop", reports=tmp_path)
    with pytest.raises(
        UserError, match=r"which is 'failed'; expected a run that succeeded.*name the file: .*skops"
    ):
        load_model("shop/20260101-000000-002", reports=tmp_path)
    (failed / "run.json").write_text(
        json.dumps({"status": "succeeded", "notebooks": {"01_data_quality": {}}})
    )
    (failed / "artifacts" / "model.skops").unlink()
    with pytest.raises(UserError, match=r"which has stored no model.*It did not run 04_model_selection"):
        load_model(failed)
    (failed / "run.json").write_text("{")
    with pytest.raises(UserError, match="a file that cannot be read"):
        load_model(failed)


def test_a_verdict_against_using_it_is_told_wherever_it_is_used(shop, shop_rows, tmp_path, capsys):
    run = shutil.copytree(shop.folder, tmp_path / "shop" / "20260101-000000-003")
    record = json.loads((run / "run.json").read_text())
    table = tmp_path / "t.csv"
    shop_rows.to_csv(table, sep=";", index=False)
    for word, told in (("use it", False), ("do not use", True)):
        (run / "run.json").write_text(
            json.dumps({**record, "verdict": {"word": word, "reason": "It guesses."}})
        )
        predict_command(str(run), str(table), out=str(tmp_path / "o.csv"))
        said = "Beware: The verdict on this run was “do not use”. It guesses."
        assert (said in capsys.readouterr().out.splitlines()) is told
    with pytest.warns(UserWarning, match="The verdict on this run was “do not use”"):
        load_model(run)


def test_a_class_that_is_gone_is_one_clear_error(shop, monkeypatch):
    params = {
        "experiment": "shop",
        "question": "q",
        "data": "t.csv",
        "target": "y",
        "models": ["gone.away:Own"],
    }
    monkeypatch.setattr("helpers.prediction.usable.params_of", lambda record: params)
    with pytest.raises(UserError, match=r"given gone\.away:Own, which cannot be imported"):
        load_model(shop.folder)


def test_the_model_of_notebooks_run_by_hand(pick, tmp_path):
    shutil.copytree(pick.folder / "artifacts", tmp_path / "pick" / "interactive" / "artifacts")
    with pytest.raises(UserError, match="pick/interactive is the model of notebooks that were run by hand"):
        load_model("pick", reports=tmp_path)
    usable = load_model("pick/interactive", reports=tmp_path)
    twice = pd.DataFrame([[1.0, 2.0, 3.0]], columns=["x", "z", "x"])
    with pytest.raises(UserError, match="table to predict: given more than one column called x"):
        usable.predict(twice)


def test_a_model_that_was_not_made_for_use_is_refused(pick, tmp_path):
    from dataclasses import replace

    from helpers.model_selection.fitted import save_model

    save_model(replace(pick.model, contract=None), tmp_path / "m.skops")
    assert load_fitted(tmp_path / "m.skops").contract is None
    with pytest.raises(UserError, match="does not know how new rows are to be read"):
        load_model(tmp_path / "m.skops")


def test_vocabularies_are_packed_and_come_back():
    words = {f"w\n{place}": place for place in range(200)}
    texts = np.array(list(words), dtype=object)
    value = [{"few": {"a": 1}}, (words, texts), list(words)]
    small = packed(value)
    assert small[0] is value[0] and isinstance(small[1][0]["text"], str)
    back = unpacked(small)
    assert back[1][0] == words and (back[1][1] == texts).all() and back[2] == list(words)
    assert packed([1, "a"]) == [1, "a"]

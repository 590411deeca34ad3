import numpy as np
import pandas as pd

import helpers.tables.look as look
from helpers.parameters.check import checked


def test_columns_worked_side_by_side_give_the_same(tmp_path, monkeypatch):
    rows = 60
    frame = pd.DataFrame(
        {
            "amount": np.arange(rows) / 7,
            "city": ["Rome", "rome ", "NA", "?"] * 15,
            "paid": ["yes", "No", "YES", None] * 15,
            "when": pd.date_range("2024-01-01", periods=rows).strftime("%d/%m/%Y"),
            "answer": ["a", "b"] * 30,
        }
    )
    frame.to_csv(tmp_path / "t.csv", index=False)
    given = {"experiment": "e", "question": "q", "data": str(tmp_path / "t.csv"), "target": "answer",
             "clean": {"missing": {"city": ["Rome"]}}}  # fmt: skip
    params = checked(given, where="p")
    one = look.look_at(params.data, params=params)
    monkeypatch.setattr(look, "SIDE_BY_SIDE_ROWS", 1)
    two = look.look_at(params.data, params=params)
    assert list(two.typed) == list(frame.columns) == list(one.typed)
    assert (two.findings, two.changes, two.fingerprint) == (one.findings, one.changes, one.fingerprint)
    for name in one.typed:
        assert two.typed[name].kind is one.typed[name].kind
        pd.testing.assert_series_equal(two.typed[name].series, one.typed[name].series)
        assert (two.keys[name] == one.keys[name]).all()
    assert list(two.cells) == list(one.cells) == ["answer"]

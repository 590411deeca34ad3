"""States of a contract and of the last accepted table: what a key must notice, and what it must not."""

import pytest

import helpers.files as files
from helpers.contracts.accepted import read_accepted
from helpers.contracts.place import accept, accepted_path, accepted_state, contract_state


def test_a_contract_s_state_is_its_content(tmp_path):
    path = tmp_path / "c.yaml"
    assert contract_state(None) == ""
    assert contract_state(str(path)) == contract_state(str(tmp_path)) == "unreadable"
    path.write_text("columns: {}")
    before = contract_state(str(path))
    path.write_text("columns:  {}")
    assert len({before, contract_state(str(path)), "unreadable"}) == 3


def test_a_table_is_accepted_with_its_state_and_then_has_no_other_before_it(tmp_path):
    run = tmp_path / "20260101-000000-000"
    assert accepted_state(tmp_path, data="s") == ""
    accept(run, data="s")  # its notebook 01 recorded nothing
    assert not accepted_path(tmp_path).exists()
    files.write_json(run / "artifacts" / "01_contract.json", {"fingerprint": "f", "rows": 3, "columns": {}})
    accept(run, data="s")
    assert accepted_state(tmp_path, data="s") == ""
    assert len(accepted_state(tmp_path, data="other")) == 64
    description = read_accepted(accepted_path(tmp_path))
    assert (description.fingerprint, description.rows, description.columns) == ("f", 3, {})


@pytest.mark.parametrize("content", ["", "[]", "{", '{"rows": "many"}', "null"])
def test_what_is_damaged_is_no_table_before(tmp_path, content):
    accepted_path(tmp_path).write_text(content)
    assert read_accepted(accepted_path(tmp_path)) is None
    (tmp_path / "r" / "artifacts").mkdir(parents=True)
    (tmp_path / "r" / "artifacts" / "01_contract.json").write_text("{")
    accept(tmp_path / "r", data="s")
    assert accepted_path(tmp_path).read_text() == content

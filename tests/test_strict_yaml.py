"""YAML as a params file may use it."""

import pytest

from helpers.errors import UserError
from helpers.strict_yaml import read_yaml, read_yaml_file

ALLOWED = "YAML with plain values, each key once, no anchors, aliases or tags"


def message(text):
    with pytest.raises(UserError) as caught:
        read_yaml(text, where="a.yaml")
    return str(caught.value)


def test_yes_and_no_stay_words_and_dates_stay_text():
    text = "a: Yes\nb: no\nc: on\nd: true\ne: 2026-01-02\nf: 1e3\ng: 12:30:45\nh: 0x10\ni: ~\nj: 007"
    assert read_yaml(text, where="a.yaml") == {
        "a": "Yes", "b": "no", "c": "on", "d": True, "e": "2026-01-02", "f": 1000.0, "g": "12:30:45", "h": 16,
        "i": None, "j": "007",
    }  # fmt: skip


def test_line_and_column_of_what_does_not_parse():
    assert message("a: 1\nb: [1, 2\nc: 3") == (
        f"a.yaml, line 3, column 2: given expected ',' or ']', but got ':'; expected {ALLOWED}."
    )


def test_duplicate_key():
    assert message("a: 1\nb: {c: 1, c: 2}") == (
        f"a.yaml, line 2, column 11: given the key 'c' stands here twice; expected {ALLOWED}."
    )


@pytest.mark.parametrize("text", ["a: &x 1\nb: *x", "a: &x 1", "a: *x"])
def test_aliases_and_anchors_are_refused(text):
    assert "anchors and aliases are not allowed" in message(text)


@pytest.mark.parametrize(
    "text", ["a: !!python/object/apply:os.system ['true']", "a: !!python/tuple [1]", "a: !own 1"]
)
def test_tags_that_build_objects_are_refused(text):
    assert "given a tag, which would build an object; expected YAML" in message(text)


def test_nested_too_deeply():
    assert "nested too deeply" in message("[" * 5000 + "]" * 5000)


def test_a_list_as_key():
    assert "a key must be plain text" in message("? [1, 2]\n: 3")


def test_control_character():
    assert "special characters are not allowed" in message("a: \x00")


def test_files(tmp_path):
    with pytest.raises(UserError, match="given a folder; expected a YAML file"):
        read_yaml_file(tmp_path)
    with pytest.raises(UserError, match="a file that cannot be read"):
        read_yaml_file(tmp_path / "none.yaml")
    latin = tmp_path / "latin.yaml"
    latin.write_bytes("a: é".encode("latin-1"))
    with pytest.raises(UserError, match="a byte that is not UTF-8 at position 3"):
        read_yaml_file(latin)
    bom = tmp_path / "bom.yaml"
    bom.write_text("a: 1", encoding="utf-8-sig")
    assert read_yaml_file(bom) == {"a": 1}

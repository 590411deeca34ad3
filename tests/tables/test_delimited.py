import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from helpers.errors import UserError
from helpers.tables.delimited import read_delimited


def read(text, usual=","):
    return read_delimited(text.encode(), usual=usual, place="a.csv")


def test_every_cell_is_text_as_written():
    frame, findings, delimiter = read('a,b\n007,"x, ""y"""\n, NA \n')
    assert frame.to_dict("list") == {"a": ["007", ""], "b": ['x, "y"', " NA "]}
    assert [str(dtype) for dtype in frame.dtypes] == ["str", "str"]
    assert (findings, delimiter) == ([], ",")


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_line_ends_of_all_systems(end):
    frame, _, _ = read(f"a,b{end}1,2{end}3,4{end}")
    assert frame.to_dict("list") == {"a": ["1", "3"], "b": ["2", "4"]}


def test_line_breaks_in_names_and_values_stay():
    frame, _, _ = read('"a\nb",c\n"1\n2",3\n')
    assert frame.to_dict("list") == {"a\nb": ["1\n2"], "c": ["3"]}


def test_an_unusual_delimiter_is_said():
    frame, (finding,), delimiter = read("a;b\n1;2\n")
    assert (list(frame), delimiter) == (["a", "b"], ";")
    assert (finding.code, finding.kind) == ("T102", "delimiter")
    assert finding.message == "Columns were told apart by the semicolon (';')."


def test_a_tab_is_usual_in_a_tsv():
    assert read("a\tb\n1\t2\n", usual="\t")[1] == []


def test_row_names_in_the_manner_of_r_become_a_column_without_name():
    frame, _, _ = read('"a","b"\n"1",10,20\n"2",30,40\n')
    assert frame.to_numpy().tolist() == [["1", "10", "20"], ["2", "30", "40"]]
    assert list(frame.columns) == ["", "a", "b"]


def test_a_delimiter_at_the_end_of_each_row_makes_an_empty_last_column():
    frame, _, _ = read("a,b\n10,20,\n30,40,\n")
    assert list(frame.columns) == ["a", "b", ""]
    assert frame["a"].tolist() == ["10", "30"]


def test_blank_lines_and_excels_hint_before_the_header_are_left_out():
    frame, _, delimiter = read("\n\r\nsep=;\r\na;b\r\n1;2\r\n")
    assert (frame.to_dict("list"), delimiter) == ({"a": ["1"], "b": ["2"]}, ";")
    assert list(read("\n\na,b\n1,2,3\n4,5,6\n")[0]) == ["", "a", "b"]


def test_names_of_ten_thousand_characters_and_markup():
    name = "<script>alert('x')</script> 😀 $ [" + "n" * 10_000
    frame, _, _ = read(f'"{name}",b\n1,2\n')
    assert list(frame.columns) == [name, "b"]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "a.csv: given an empty file; expected a table with a header and rows."),
        (" \n\n", "a.csv: given an empty file; expected a table with a header and rows."),
        ("a,b\n", "a.csv: given a header without rows; expected a table with a header and rows."),
        (
            "a,b\n" + "1,2\n" * 30 + "3\n" + "1,2\n" * 30,
            "a.csv: given text in which one of its lines has not as many fields as the header "
            "(the first is line 32): 1 fields; expected 2 fields on every line, as in the header. "
            "Mend those lines, or put quotes around values that hold the delimiter.",
        ),
    ],
)
def test_what_is_no_table_is_refused(text, message):
    with pytest.raises(UserError) as error:
        read(text)
    assert str(error.value) == message


@settings(max_examples=150, deadline=None)
@given(st.text(alphabet='ab1,;|\t\n\r" .é😀', max_size=60))
def test_any_text_is_a_table_or_refused(text):
    try:
        frame, _, _ = read(text)
    except UserError:
        return
    assert len(frame)
    assert all(str(dtype) == "str" for dtype in frame.dtypes)


def test_prose_is_no_table():
    with pytest.raises(UserError, match="has not as many fields as the header"):
        read("Dear reader,\nthis is a letter, with commas, here and there,\nand no table.\nGoodbye, then\n")

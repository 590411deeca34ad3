import pytest

from helpers.errors import UserError
from helpers.findings import Severity
from helpers.tables.dialect import as_utf8, best_shape, one_field_more, sample_of, shape_of, shapes


def test_plain_utf8_is_read_without_a_finding():
    assert as_utf8("naïve €\n".encode(), place="a.csv") == ("naïve €\n".encode(), [])


@pytest.mark.parametrize(
    ("content", "name"),
    [
        ("é,€\n".encode("utf-8-sig"), "UTF-8 with a byte order mark"),
        ("é,€\n".encode("utf-16"), "UTF-16"),
        (b"\xfe\xff" + "é,€\n".encode("utf-16-be"), "UTF-16"),
        ("é,€\n".encode("cp1252"), "Windows-1252"),
    ],
)
def test_other_encodings_are_found_out_and_said(content, name):
    text, (finding,) = as_utf8(content, place="a.csv")
    assert text.decode() == "é,€\n"
    assert (finding.code, finding.kind, finding.severity) == ("T101", "encoding", Severity.NOTE)
    assert finding.message == f"The file was read as {name}."


def test_bytes_that_windows_1252_lacks_make_it_latin_1():
    text, (finding,) = as_utf8("é\x81\n".encode("latin-1"), place="a.csv")
    assert text.decode() == "é\x81\n"
    assert finding.message == "The file was read as Latin-1."


def test_a_few_broken_bytes_do_not_turn_utf8_into_something_else():
    text, (finding,) = as_utf8(("é" * 50).encode() + b"\xc3(\n", place="a.csv")
    assert text.decode() == "é" * 50 + "�(\n"
    assert finding.message == "The file is UTF-8 with 1 broken character, each read as �."
    assert finding.severity is Severity.WARN


@pytest.mark.parametrize(
    ("content", "given"),
    [
        (b"\x89PNG\r\n\x1a\n\x00\x00", "a picture"),
        (b"PK\x03\x04\x00\x00", "a ZIP archive or an Excel workbook"),
        (b"%PDF-1.4\n" + bytes(range(256)) * 4, "a PDF"),
        (bytes(range(1, 9)) * 100, "bytes that are no text"),
    ],
)
def test_what_is_not_text_is_refused(content, given):
    with pytest.raises(UserError) as error:
        as_utf8(content, place="params/a.yaml: data: a.csv")
    assert str(error.value) == (
        f"params/a.yaml: data: a.csv: given {given}; expected a table written as text. "
        "Name the file by what it holds, or save the table as CSV."
    )


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_the_delimiter_makes_even_lines(delimiter):
    sample = f"a{delimiter}b{delimiter}c\n1{delimiter}x y{delimiter}3\n4{delimiter}5{delimiter}6\n".encode()
    found = best_shape(shapes(sample), usual=",")
    assert (found.delimiter, found.columns, found.rows, found.uneven) == (delimiter, 3, 3, ())


def test_a_semicolon_file_with_decimal_commas_is_not_a_comma_file():
    assert best_shape(shapes(b"a;b\n1,5;2,5\n3,5;4\n"), usual=",").delimiter == ";"


def test_delimiters_inside_quotes_do_not_count():
    shape = shape_of(b'a,b\n"1,2\n3",x\n', ",")
    assert (shape.columns, shape.rows, shape.uneven) == (2, 2, ())


def test_row_names_in_the_manner_of_r_are_recognised():
    assert one_field_more(shape_of(b"a,b\n1,2,3\n2,3,4\n", ","))
    assert not one_field_more(shape_of(b"a,b\n1,2\n2,3,4\n", ","))


def test_the_sample_ends_with_a_line():
    content = b"a,b\n" + b"1,2\n" * 100_000
    sample = sample_of(content)
    assert len(sample) < len(content)
    assert sample.endswith(b"\n")
    assert sample_of(b"a,b\n1,2") == b"a,b\n1,2"

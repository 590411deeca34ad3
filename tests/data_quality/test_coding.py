import numpy as np
import pandas as pd

from helpers.data_quality.coding import (
    coded,
    combined,
    distinct,
    repeated_rows,
)
from helpers.tables.table import Kind


def test_codes_count_in_order_of_appearance_and_missing_is_minus_one():
    assert coded(pd.Series([5.0, np.nan, 3.0, 5.0]), Kind.NUMBER).tolist() == [0, -1, 1, 0]


def test_texts_that_differ_in_case_and_spaces_share_a_code():
    values = pd.Series(["b", "A", " a ", None, "B"], dtype="category")
    assert coded(values, Kind.CATEGORY).tolist() == [0, 1, 1, -1, 0]


def test_combinations_count_missing_as_a_value():
    first, second = np.array([0, 0, 1, -1, -1]), np.array([0, 1, 0, 0, 0])
    codes = combined([first, second])
    assert len(set(codes.tolist())) == 4
    assert codes[3] == codes[4]
    assert distinct(codes) == 4


def test_rows_repeat_in_every_column():
    frame = pd.DataFrame({"a": [1.0, 1.0, 1.0, np.nan, np.nan], "b": list("xxyzz")})
    assert repeated_rows(frame) == int(frame.duplicated().sum()) == 2
    assert repeated_rows(frame.head(0)) == 0

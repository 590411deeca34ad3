import pandas as pd

from helpers.tables.booleans import in_several_ways, words_of
from helpers.tables.kinds import cells_of


def test_words_are_told_whatever_their_case():
    assert words_of(cells_of(pd.Series(["Yes", "no", "NO", None], dtype="str"))) == ("no", "yes")
    assert words_of(cells_of(pd.Series(["T", "f"], dtype="str"))) == ("f", "t")
    assert words_of(cells_of(pd.Series(["0", "1"], dtype="str"))) == ("0", "1")
    assert words_of(pd.Series([0, 1])) == ("0", "1")


def test_two_ways_are_noted_and_one_is_not():
    (found,) = in_several_ways({"senior": ("0", "1"), "partner": ("no", "yes"), "phone": ("no", "yes")})
    assert found.message == (
        "Yes and no are written in 2 ways: no/yes in 2 columns (partner, phone) and 0/1 in 1 column (senior); all "
        "were read as yes or no."
    )
    assert found.columns == ("senior",)
    assert in_several_ways({"a": ("0", "1"), "b": ("0", "1")}) == []
    assert in_several_ways({}) == []

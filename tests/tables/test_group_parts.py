import pandas as pd

from helpers.tables.group_parts import named_parts, split_levels


def test_texts_are_parted_at_every_separator():
    assert split_levels(["309_1", "AB-12-3", "a b", "x", "", "//a//"]) == [
        ["309", "1"],
        ["AB", "12", "3"],
        ["a", "b"],
        ["x"],
        [],
        ["a"],
    ]


def test_parts_are_joined_and_missing_where_there_are_too_few():
    values = pd.Series(["N1-A-7", "N1-B-8", "N2", None], index=[5, 6, 7, 8])
    assert named_parts(values, [1, 2]).to_dict() == {5: "N1_A", 6: "N1_B", 7: None, 8: None}
    assert named_parts(values, [3]).tolist() == ["7", "8", None, None]

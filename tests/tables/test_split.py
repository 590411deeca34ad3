import hashlib

import numpy as np
import pandas as pd
import pytest

from helpers.tables.kinds import cells_of
from helpers.tables.row_keys import column_keys, combined, occurrence
from helpers.tables.split import Rows, split

RANDOM = np.random.default_rng(5)


def rows(strata, content=None, **named):
    strata = pd.Series(strata)
    if content is None:
        content = RANDOM.integers(0, 2**64, size=len(strata), dtype=np.uint64)
    return Rows(
        np.asarray(content, dtype=np.uint64),
        strata,
        **{key: pd.Series(values) for key, values in named.items()},
    )


def test_each_class_gives_its_share():
    strata = np.array(["a"] * 50 + ["b"] * 30 + ["c"] * 10, dtype=object)
    side = split(rows(strata), share=0.2)
    assert side.strategy == "stratified"
    assert side.reason == "each class gives 20 % of its rows"
    assert [int(side.held[strata == name].sum()) for name in "abc"] == [10, 6, 2]


def test_each_band_of_a_numeric_target_gives_its_share():
    target = np.arange(100.0)
    side = split(rows(target), share=0.2)
    assert side.reason == "each of 10 bands of the target gives 20 % of its rows"
    assert np.add.reduceat(side.held, np.arange(0, 100, 10)).tolist() == [2] * 10


def test_a_short_table_has_fewer_bands():
    side = split(rows(np.arange(30.0)), share=0.2)
    assert side.reason == "each of 6 bands of the target gives 20 % of its rows"
    assert side.held.sum() == 6


def test_the_order_of_the_rows_changes_no_side():
    found = rows(["a", "b"] * 50)
    order = RANDOM.permutation(100)
    shuffled = Rows(found.content[order], found.strata.iloc[order])
    assert (split(found, share=0.3).held[order] == split(shuffled, share=0.3).held).all()


def test_equal_rows_stay_on_one_side():
    content = np.repeat(RANDOM.integers(0, 2**64, size=60, dtype=np.uint64), 2)
    held = split(rows(["a"] * 120, content), share=0.2).held
    assert (held[::2] == held[1::2]).all()
    assert held.sum() == 24


def test_a_rare_class_gives_at_least_one_row():
    strata = np.array(["a"] * 90 + ["b"] * 10, dtype=object)
    assert split(rows(strata), share=0.01).held[strata == "b"].sum() == 1


def test_a_coarse_table_parts_equal_rows():
    content = RANDOM.integers(0, 4, size=200, dtype=np.uint64)
    found = rows(["a", "b"] * 100, content)
    side = split(found, share=0.2)
    assert side.held.sum() == 40
    assert side.reason == (
        "each class gives 20 % of its rows; most rows equal another one, so equal rows may "
        "stand on both sides"
    )
    assert set(content[side.held]) == set(content[~side.held]) == {0, 1, 2, 3}


def test_no_holdout():
    side = split(rows(["a"] * 10), share=0)
    assert (side.strategy, side.held.any()) == ("none", False)


def test_the_latest_rows_are_held_out_and_ties_stay_together():
    times = pd.to_datetime(["2020-01-01", "2020-01-03", "2020-01-02", "2020-01-04", "2020-01-04"] * 4)
    side = split(rows([1.5] * 20, times=times), share=0.2)
    assert side.held.tolist() == [False, False, False, True, True] * 4
    assert (side.strategy, side.reason) == ("time", "the latest 40 % of the rows, from 2020-01-04 on")


def test_rows_without_a_time_stay():
    side = split(rows([1.5] * 10, times=[1, 2, 3, 4, np.nan, 5, 6, 7, 8, 9]), share=0.2)
    assert side.held.tolist() == [False] * 8 + [True] * 2
    assert side.reason == "the latest 20 % of the rows, from 8.0 on"


def test_one_time_alone_cannot_be_split():
    side = split(rows([1.5] * 10, times=[3] * 10), share=0.2)
    assert (side.strategy, side.held.any()) == ("none", False)
    assert side.reason == "all rows have the same time, so none is later"


def test_groups_stay_whole_and_classes_even():
    groups = np.repeat(np.arange(72), 15)
    strata = np.repeat(np.arange(8).repeat(9), 15).astype(str).astype(object)
    side = split(rows(strata, groups=groups), share=0.2)
    by_group = pd.Series(side.held).groupby(groups).agg(["min", "max"])
    assert (by_group["min"] == by_group["max"]).all()
    held = pd.Series(strata[side.held]).value_counts()
    assert len(held) == 8
    assert held.between(15, 45).all()
    assert 0.15 <= side.held.mean() <= 0.25
    assert (
        side.reason
        == f"{len(set(groups[side.held]))} of 72 groups, {side.held.mean():.0%} of the rows".replace(
            "%", " %"
        )
    )


def test_a_group_larger_than_the_share_leaves_a_smaller_one():
    side = split(rows([1.5] * 10, groups=["a"] * 6 + ["b"] * 4), share=0.1)
    assert side.held.tolist() == [False] * 6 + [True] * 4


def test_missing_groups_are_learnt_from():
    side = split(rows([1.5] * 12, groups=[None, None, *"aabbccddee"]), share=0.3)
    assert side.held[:2].tolist() == [False, False]
    assert side.held.any()


def test_one_group_alone_cannot_be_split():
    assert split(rows([1.5] * 10, groups=["a"] * 10), share=0.2).strategy == "none"


def test_the_id_decides_by_its_hash():
    ids = [f"c{n}" for n in range(1_000)]
    side = split(rows([1.5] * 1_000, ids=ids), share=0.2)
    expected = [int(hashlib.sha256(name.encode()).hexdigest()[:16], 16) < 0.2 * 2**64 for name in ids]
    assert side.held.tolist() == expected
    assert 0.15 <= side.held.mean() <= 0.25
    more = split(rows([1.5] * 500, ids=ids[500:]), share=0.2)
    assert more.held.tolist() == expected[500:]


def test_ids_are_compared_as_text():
    text = split(rows([1.5] * 50, ids=[str(n) for n in range(50)]), share=0.2).held
    assert (split(rows([1.5] * 50, ids=np.arange(50)), share=0.2).held == text).all()
    assert (split(rows([1.5] * 50, ids=np.arange(50.0)), share=0.2).held == text).all()


def test_a_single_id_that_hashes_low_is_still_held_out():
    assert split(rows([1.5] * 4, ids=["a", "b", "c", "d"]), share=0.0001).held.sum() == 1


@pytest.mark.parametrize("share", [0.1, 0.3, 0.5])
def test_shares(share):
    assert split(rows(["a", "b"] * 100), share=share).held.mean() == share


def test_keys_of_cells():
    text = column_keys(cells_of(pd.Series(["a", "b", "a", None], dtype="str")))
    assert text[0] == text[2] != text[1]
    numbers = column_keys(pd.Series([0.0, -0.0, 1.0, np.nan, np.nan]))
    assert numbers[0] == numbers[1] != numbers[2]
    assert numbers[3] == numbers[4]
    assert (column_keys(pd.Series([1, 2])) == column_keys(pd.Series([1.0, 2.0]))).all()
    assert len(column_keys(pd.Series(pd.to_datetime(["2020-01-01"] * 2)))) == 2


def test_keys_of_rows_depend_on_every_cell_and_its_place():
    one, two = np.array([1, 1, 2], dtype=np.uint64), np.array([2, 3, 1], dtype=np.uint64)
    assert len(set(combined([one, two], rows=3).tolist())) == 3
    assert combined([one, two], rows=3)[0] != combined([two, one], rows=3)[0]
    assert occurrence(np.array([7, 8, 7, 7], dtype=np.uint64)).tolist() == [0, 0, 1, 2]

import numpy as np
import pandas as pd
import pytest

from helpers.errors import UserError
from helpers.prediction.contract import ColumnContract, InputContract
from helpers.prediction.new_rows import NewRows
from helpers.prediction.reading import read_column
from helpers.prediction.usable import load_model
from helpers.tables.sources import read_raw
from helpers.tables.table import Kind


def same(one, other):
    pd.testing.assert_frame_equal(
        one.astype({"town": object}), other.astype({"town": object}), check_dtype=False
    )


def test_rows_are_read_as_in_the_run_together_and_alone(shop):
    usable = load_model(shop.folder)
    raw = read_raw([str(shop.folder.parents[2] / "shop.csv")]).frame
    whole = NewRows(usable.contract).read(raw)
    same(whole, shop.table.X.reset_index(drop=True))
    assert whole["size"].isna().tolist()[:6] == [True, True, True, True, False, False]
    assert whole["size"][4] == 1234.5
    assert whole["town"].astype(object).where(whole["town"].notna(), None).tolist()[5:10] == [
        None, None, "<b>Rome", None, None,
    ]  # fmt: skip
    alone = NewRows(usable.contract)
    same(pd.concat([alone.read(raw.iloc[[row]]) for row in range(10)], ignore_index=True), whole.head(10))
    assert alone.rows == 10 and alone.ignored == ["y"] and alone.problems("t") == []


def test_the_contract_says_what_was_seen(shop):
    contract = load_model(shop.folder).contract
    assert InputContract.from_json(contract.to_json()) == contract
    columns = {column.name: column for column in contract.columns}
    assert (columns["size"].mark, columns["price"].sign, columns["day"].order) == (",", "€", "day first")
    assert columns["size"].missing_share == 4 / 120
    assert columns["town"].level_count == 3 and set(columns["town"].levels) == {"<b>Rome", "Oslo", "Bonn"}
    assert columns["price"].limits == (2, None) and columns["price"].low >= 2


def test_each_reason_is_told_at_once(shop, shop_rows):
    frame = shop_rows.rename(columns={"member": "Member"})
    frame.loc[[2, 7], "size"] = ["12.5.3", "many\n"]
    frame.loc[11, "day"] = "31/02/2024"
    frame.loc[12, "price"] = "$ 5"
    with pytest.raises(UserError) as caught:
        load_model(shop.folder).predict(frame)
    assert str(caught.value).splitlines() == [
        "table to predict: given no column member; expected the 5 columns that the model reads. "
        "For member: Did you mean 'Member'?",
        "table to predict: size: given 2 values that cannot be read as a number, first in row 3 ('12.5.3', 'many\\n'); "
        "expected numbers, as the model learnt from.",
        "table to predict: price: given 1 value that cannot be read as a number, in row 13 ('$ 5'); expected numbers, as the "
        "model learnt from.",
        "table to predict: day: given 1 value that cannot be read as a date, in row 12 ('31/02/2024'); expected dates, those "
        "such as 31/01/2015 with the day first, as the model learnt from.",
    ]


def read(values, kind, **more):
    found = read_column(pd.Series(values), ColumnContract("c", kind, **more))
    return found.values.tolist(), found.misfit.tolist()


def test_numbers():
    values = ["1,5", "1.234,5", "1e3", "inf", "", "x"]
    found, misfit = read(values, Kind.NUMBER, mark=",")
    np.testing.assert_array_equal(found, [1.5, 1234.5, 1000, np.nan, np.nan, np.nan])
    assert misfit == [False] * 5 + [True]
    # Under a decimal point the comma parts thousands, and three digits must follow it.
    assert read(["1,234", "1,5"], Kind.NUMBER)[1] == [False, True]
    assert read(["1,234"], Kind.NUMBER)[0] == [1234.0]
    np.testing.assert_array_equal(read([1, 2e200, None], Kind.NUMBER)[0], [1, np.nan, np.nan])
    assert read(pd.to_datetime(["2024-01-01"]), Kind.NUMBER)[1] == [True]
    np.testing.assert_array_equal(read(["gone", "7"], Kind.NUMBER, stray=("gone",))[0], [np.nan, 7])


def test_yes_and_no_and_numbers_in_their_place():
    found, misfit = read(["Yes", "f", "1", "0.0", "2", "?", "maybe"], Kind.BOOLEAN)
    np.testing.assert_array_equal(found, [1, 0, 1, 0, 2, np.nan, np.nan])
    assert misfit == [False] * 6 + [True]
    assert read([True, False], Kind.BOOLEAN)[0] == [1.0, 0.0]


def days(values, **more):
    found = read_column(pd.Series(values), ColumnContract("c", Kind.DATE, **more))
    return [None if pd.isna(day) else str(day)[:16] for day in found.values], found.misfit.tolist()


def test_dates_in_the_order_of_the_run():
    text = ["03/04/2015", "3.4.70 5:06", "2015-04-03", "20150403", "1428019200", "13/13/2015"]
    read_so = [
        "2015-04-03 00:00",
        "1970-04-03 05:06",
        "2015-04-03 00:00",
        "2015-04-03 00:00",
        "2015-04-03 00:00",
        None,
    ]
    assert days(text, order="day first") == (read_so, [False] * 5 + [True])
    assert days(["03/04/15", "04/13/2015"], order="month first")[0] == [
        "2015-03-04 00:00",
        "2015-04-13 00:00",
    ]
    assert days(["03/04/2015", "April 3rd, 2015"], order="either")[1] == [True, False]
    assert days(pd.to_datetime(["2024-01-01T01:00+01:00"]))[0] == ["2024-01-01 00:00"]


def test_words_that_mean_nothing_there_is():
    def words(values, **more):
        found = read_column(pd.Series(values), ColumnContract("c", Kind.CATEGORY, **more)).values
        return found.astype(object).where(found.notna(), None).tolist()

    assert words(["NA", "-", " ", "None", "a"]) == [None, None, None, "None", "a"]
    assert words(["NA", "-"], codes=True) == ["NA", None]
    assert words(["NA", "-"], plus=True) == [None, "-"]
    assert words(["NA", "-"], declared=True) == ["NA", "-"]
    assert words([1.0, 2.5, None]) == ["1", "2.5", None]

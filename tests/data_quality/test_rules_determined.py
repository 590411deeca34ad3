import numpy as np

from helpers.data_quality.rules_determined import determined, nearly_equal
from helpers.findings import Severity

ROWS = 200


def test_columns_that_differ_in_a_few_rows_are_told(make_table, ask):
    rng = np.random.default_rng(0)
    x = rng.normal(size=ROWS)
    y = x.copy()
    y[[3, 70]] += 1
    found = ask(nearly_equal, make_table([0.0] * ROWS, {"x": x, "y2": y, "z": rng.normal(size=ROWS)}))
    assert (found.severity, found.message) == (
        Severity.NOTE,
        "1 feature is nearly the same as another one: 'y2'. 'y2' differs from 'x' in 2 of 200 rows.",
    )
    assert found.remedy.endswith("Then: drop: [y2].")


def test_equal_and_different_columns_pass(make_table, ask):
    x = np.arange(float(ROWS))
    found = ask(nearly_equal, make_table([0.0] * ROWS, {"x": x, "same": x, "z": x[::-1].copy()}))
    assert (found.severity, found.message) == (
        Severity.PASS,
        "No two features are equal in at least 99 % of the rows, but not in all.",
    )
    few = ask(nearly_equal, make_table([0.0, 1.0], {"x": [1.0, 2.0], "y2": [1.0, 3.0]}))
    assert few.severity is Severity.NOT_APPLICABLE


def test_a_country_follows_from_its_city_and_a_code_from_a_longer_one(make_table, ask):
    cities = np.tile(["Rome", "Pisa", "Lyon", "Nice"], 50)
    countries = np.where(np.isin(cities, ["Rome", "Pisa"]), "Italy", "France")
    found = ask(determined, make_table([0.0] * ROWS, {"city": cities, "country": countries}))
    assert (found.severity, found.message) == (
        Severity.NOTE,
        "1 feature follows from a finer one: 'country'. For instance each value of 'city' has one value of "
        "'country'.",
    )
    codes = np.tile(["A1", "A2", "B1", "B2"], 50)
    short = np.array([code[0] for code in codes])
    found = ask(determined, make_table([0.0] * ROWS, {"code": codes, "short": short}))
    assert found.message.endswith("each value of 'code' has one value of 'short', its beginning.")


def test_what_does_not_follow_passes(make_table, ask):
    rng = np.random.default_rng(0)
    columns = {"a": rng.choice(list("abcd"), ROWS), "b": rng.choice(list("xy"), ROWS)}
    found = ask(determined, make_table([0.0] * ROWS, columns))
    assert (found.severity, found.message) == (
        Severity.PASS,
        "No feature of few levels follows from another one.",
    )
    # One value that nearly all rows have follows from everything by chance.
    rare = {"a": rng.choice(list("abcd"), ROWS), "b": ["y"] * (ROWS - 1) + ["x"]}
    rare["a"][-1] = "e"
    assert ask(determined, make_table([0.0] * ROWS, rare)).severity is Severity.PASS
    none = ask(determined, make_table([0.0] * ROWS, {"x": np.arange(ROWS) / 7}))
    assert none.message == "There are fewer than two features of few enough levels."

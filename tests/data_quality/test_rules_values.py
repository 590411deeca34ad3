import numpy as np
import pandas as pd

from helpers.data_quality.context import Context
from helpers.data_quality.rules_values import capped_value, isolated_values, outlier
from helpers.findings import Severity
from helpers.tables.table import Column, Kind, Role


def isolated(values):
    return isolated_values(pd.Series(values), Column("x", Kind.NUMBER, Role.FEATURE, "x"))


def test_a_value_beyond_a_wide_gap_is_told(make_table, ask):
    x = np.arange(200.0)
    x[17] = 190_164.0
    found = ask(outlier, make_table(np.arange(200.0).tolist(), {"height": x}))
    assert found.severity is Severity.NOTE
    assert found.message == (
        "Values of 1 feature stand far apart from all others, for instance 190,164 in 'height', "
        "where 99 % of "
        "the rest lie between 0.990 and 198."
    )
    assert found.remedy == (
        "Find out whether they are real. If not, set limits: clean: {limits: {height: [lowest, highest]}}."
    )
    assert found.columns == ("height",)


def test_the_remedy_names_every_column(make_table, ask):
    x, z = np.arange(200.0), np.arange(200.0)
    x[17], z[3] = 190_164.0, 80_000.0
    found = ask(outlier, make_table(np.arange(200.0).tolist(), {"height": x, "width": z}))
    assert found.remedy == (
        "Find out whether they are real. If not, set limits: clean: {limits: {height: [lowest, highest], "
        "width: [lowest, highest]}}."
    )


def test_a_far_value_of_the_target_warns(make_table, develop):
    y = np.linspace(60, 90, 200)
    y[5] = 0.0
    table = make_table(y.tolist(), {"x": np.arange(200.0)})
    found = outlier(table, Context(develop(table)))
    assert [f.severity for f in found] == [Severity.WARN]
    assert found[0].message.startswith(
        "Values of the target stand far apart from all others, for instance 0 in 'y', where 99 % of the rest "
        "lie between 60.1 and 89.9."
    )


def test_a_date_far_from_all_others(make_table, ask):
    when = pd.Series(pd.date_range("2020-01-01", periods=200))
    when.iloc[3] = pd.Timestamp("1900-01-01")
    found = ask(outlier, make_table(np.arange(200.0).tolist(), {"when": when}))
    assert "for instance 1900-01-01 in 'when'" in found.message


def test_long_tails_are_no_outliers():
    rng = np.random.default_rng(0)
    assert isolated(rng.lognormal(0, 2, 5_000)) == []
    assert isolated(rng.normal(size=5_000)) == []
    assert isolated(rng.exponential(size=5_000)) == []
    assert isolated(np.zeros(100)) == []


def test_no_gap_passes_and_few_values_do_not_apply(make_table, ask):
    fine = ask(outlier, make_table(np.arange(60.0).tolist(), {"x": np.arange(60.0)}))
    assert (fine.severity, fine.message) == (
        Severity.PASS,
        "In none of 2 columns do values stand apart from all others.",
    )
    few = ask(outlier, make_table(list("ab"), {"x": [1.0, 2.0]}))
    assert (few.severity, few.message) == (
        Severity.NOT_APPLICABLE,
        "No column of numbers or dates has at least 50 values.",
    )


def test_a_pile_at_the_end_of_the_range(make_table, develop):
    y = np.minimum(np.arange(200.0), 149.0)
    x = np.maximum(np.arange(200.0), 20.0)
    table = make_table(y.tolist(), {"x": x})
    target, feature = capped_value(table, Context(develop(table)))
    assert target.severity is Severity.WARN
    assert target.message == (
        "Values pile up at the end of the range of 'y', for instance 25.5 % at 149: values beyond "
        "may have been "
        "cut off."
    )
    assert feature.severity is Severity.NOTE
    assert feature.evidence == ({"column": "x", "end": "lowest", "value": 20.0, "rows": 21, "share": 0.105},)


def test_zero_as_the_lowest_value_is_no_cap(make_table, ask):
    x = np.maximum(np.arange(200.0) - 50, 0.0)
    found = ask(capped_value, make_table(np.arange(200.0).tolist(), {"x": x}))
    assert (found.severity, found.message) == (
        Severity.PASS,
        "In none of 2 columns do values pile up at an end.",
    )


def test_caps_need_many_different_numbers(make_table, ask):
    found = ask(capped_value, make_table(list("ab"), {"x": [1.0, 2.0]}))
    assert (found.severity, found.message) == (
        Severity.NOT_APPLICABLE,
        "No column has at least 50 different numbers.",
    )

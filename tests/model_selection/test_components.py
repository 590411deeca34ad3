"""Principal components of the numbers, beside the numbers: their values, and where a model may read them."""

import numpy as np
import pandas as pd
import pytest

from helpers.metrics import METRICS, Task
from helpers.model_selection.candidates import CANDIDATES
from helpers.model_selection.components import PrincipalComponents
from helpers.model_selection.cross_validation import CandidateResult, Deadline, evaluate_all
from helpers.model_selection.demands import constrained
from helpers.model_selection.fitting import FoldScore, fit_candidate
from helpers.model_selection.portfolio import portfolio
from helpers.model_selection.preprocessing import native, numbers
from helpers.model_selection.spaces import ROTATED, XGBOOST, XGBOOST_ROTATED
from helpers.tables.table import Kind

XGB = CANDIDATES["xgboost"]


def test_columns_that_say_the_same_have_one_component_that_says_anything():
    frame = pd.DataFrame({"a": [1.0, 3.0], "b": [10.0, 30.0]}, index=[7, 8])
    found = PrincipalComponents(5).fit_transform(frame)
    assert list(found) == ["component_0", "component_1"] and list(found.index) == [7, 8]
    # On one scale both are -1 and 1: along their diagonal that is the root of 2 to either side.
    assert sorted(found["component_0"]) == pytest.approx([-np.sqrt(2), np.sqrt(2)])
    assert found["component_1"].tolist() == pytest.approx([0.0, 0.0])


def test_gaps_count_as_the_median_and_a_column_of_gaps_says_nothing():
    frame = pd.DataFrame({"a": [0.0, 2.0, 1.0, np.nan], "b": [np.nan] * 4})
    found = PrincipalComponents(2).fit_transform(frame)
    # The standard deviation of 0, 2, 1 and 1 is the root of a half.
    assert np.abs(found["component_0"]).tolist() == pytest.approx([np.sqrt(2), np.sqrt(2), 0.0, 0.0])
    assert found["component_1"].tolist() == pytest.approx([0.0] * 4)


def test_columns_that_are_all_constant_have_none():
    frame = pd.DataFrame({"a": [1.0, 1.0, np.nan], "b": [np.nan] * 3})
    assert PrincipalComponents(2).fit_transform(frame).shape == (3, 0)
    assert PrincipalComponents(2).fit_transform(frame.iloc[:1]).shape == (1, 0)


def test_there_are_no_more_than_asked_for_nor_than_columns_or_rows():
    frame = pd.DataFrame(np.random.default_rng(0).normal(size=(3, 5)))
    shapes = {asked: PrincipalComponents(asked).fit_transform(frame).shape for asked in (0, 2, 9)}
    assert shapes == {0: (3, 0), 2: (3, 2), 9: (3, 3)}


def test_boosting_reads_them_where_its_settings_say_so(make_table):
    table = make_table(Task.BINARY, {"a": np.arange(20.0), "b": np.arange(20.0) % 7, "c": list("xy" * 10)},
                       kinds={"c": Kind.CATEGORY})  # fmt: skip
    assert numbers(table) == 2
    assert list(native(table, 0).fit_transform(table.X)) == ["f0", "f1", "f2"]
    rotated = native(table, 0).set_params(**ROTATED)
    assert list(rotated.fit_transform(table.X)) == ["f0", "f1", "f2", "component_0", "component_1"]


@pytest.mark.parametrize(
    "columns", [{"c": list("xy" * 10)}, {"a": [np.nan] * 20}, {"a": [1e300, -1e300] * 10}]
)
def test_it_takes_tables_without_numbers_with_none_known_or_huge_ones(columns, make_table):
    kind = Kind.CATEGORY if "c" in columns else Kind.NUMBER
    table = make_table(Task.BINARY, columns, kinds=dict.fromkeys(columns, kind))
    settings = {**ROTATED, "model__n_estimators": 2}
    said = fit_candidate(XGB, table, seed=0, settings=settings).predict(table.X)
    assert np.isfinite(said.probabilities.to_numpy()).all()


def test_what_follows_a_difference_of_columns_is_told_better_by_them(make_table, deal):
    rng = np.random.default_rng(1)
    common = rng.normal(size=300)
    one, other = (common + 0.3 * rng.normal(size=300) for _ in range(2))
    table = make_table(Task.REGRESSION, {"one": one, "other": other}, target=np.sign(one - other))
    options = {"metric": METRICS["rmse"], "seed": 0, "deadline": Deadline(60)}
    plain, rotated = evaluate_all(table, [(XGB, {}), (XGB, ROTATED)], deal(300), **options)
    assert rotated.mean < 0.5 * plain.mean


def test_the_portfolio_tries_them_on_two_numbers_or_more(signal, make_table):
    table = signal(Task.BINARY)
    assert _tries(XGB, table)
    assert not _tries(XGB, make_table(Task.BINARY, {"a": np.arange(60.0)}))
    # A component moves with every column, so that no constraint on one column can be kept.
    assert not _tries(constrained(XGB, table, {"noise": 1}), table)


def _tries(candidate, table):
    fold = FoldScore(40, 20, 0.5, 0.5, 0.1, 0.1, proper=0.5)
    results = [CandidateResult(candidate, folds=(fold, fold))]
    found = portfolio(results, table, metric=METRICS["log_loss"], trials=100)
    return any(ROTATED.items() <= dict(settings).items() for _, settings in found)


def test_a_search_around_them_keeps_them():
    own = {name: part.low for name, part in XGBOOST.items()}
    assert XGB.space_for(Task.BINARY, own) is XGBOOST
    assert XGB.space_for(Task.BINARY, {**own, **ROTATED}) is XGBOOST_ROTATED

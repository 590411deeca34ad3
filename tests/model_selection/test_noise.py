from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from helpers.metrics import Task
from helpers.model_selection.bias_variance import bias_variance, parts_of_error, parts_table
from helpers.model_selection.figures_parts import measure_of, parts_alt, parts_figure
from helpers.model_selection.noise import measured, neighbours, noise_share
from helpers.model_selection.noise_ratio import (
    Errors,
    Neighbours,
    line_to_nought,
    ratio_of_neighbours,
    ratio_of_repeats,
)
from helpers.results import Estimate
from helpers.tables.table import Kind, Role

UNKNOWN = Estimate(value=None)


def answers(table, prediction):
    return pd.DataFrame({"row": table.frame.index, "truth": table.y.to_numpy(), "prediction": prediction})


def smooth(make_table, rows=600, *, columns=1, noise=1.0):
    rng = np.random.default_rng(0)
    X = rng.uniform(-2, 2, (rows, columns))
    truth = np.sin(X).sum(axis=1)
    target = truth + rng.normal(0, noise, rows)
    table = make_table(Task.REGRESSION, {f"x{n}": X[:, n] for n in range(columns)}, target=target)
    return table, truth


def test_all_of_a_perfect_models_error_is_noise_and_half_of_a_poorer_ones(make_table):
    table, truth = smooth(make_table)
    perfect = noise_share(table, answers(table, truth), strategy="random", seed=0)
    assert perfect.share.low > 0.8 and perfect.share.high == 1.0
    assert perfect.how == "the nearest neighbours of 600 rows"
    # A bias of 1 beside a noise of 1: half of the squared error.
    poorer = noise_share(table, answers(table, truth + 1), strategy="random", seed=0)
    assert poorer.share.value == pytest.approx(0.5, abs=0.08)
    assert poorer.share.low < 0.5 < poorer.share.high


def test_rows_that_repeat_give_the_noise_by_hand(make_table):
    # A hundred rows, each twice in its column, with answers 0 and 2: within a pair the variance is 2.
    places = np.repeat(np.arange(100.0), 2)
    table = make_table(Task.REGRESSION, {"x": places}, target=np.tile([0.0, 2.0], 100))
    # The model errs by 2 in each row, which is 4 in squares.
    found = noise_share(table, answers(table, np.tile([2.0, 0.0], 100)), strategy="random", seed=0)
    assert (found.share.value, found.share.low, found.share.high) == pytest.approx((0.5, 0.5, 0.5))
    assert found.how == "200 rows that repeat others in all columns"


def weighted(table, weights):
    column = replace(table.columns["target"], name="weight", label="weight", role=Role.WEIGHT)
    return replace(
        table, frame=table.frame.assign(weight=weights), columns={**table.columns, "weight": column}
    )


def test_rows_that_repeat_count_by_their_weights(make_table):
    # Within the first fifty pairs the variance is 2 and the squared error 4, in the others 8 and 8.
    table = make_table(
        Task.REGRESSION,
        {"x": np.repeat(np.arange(100.0), 2)},
        target=np.concatenate([np.tile([0.0, 2.0], 50), np.tile([0.0, 4.0], 50)]),
    )
    stated = answers(table, table.y.to_numpy() + np.repeat([2.0, np.sqrt(8)], 100))
    counted = weighted(table, np.repeat([3.0, 1.0], 100))
    found = noise_share(counted, stated, strategy="random", seed=0)
    assert found.share.value == pytest.approx((3 * 2 + 8) / (3 * 4 + 8))
    found = noise_share(table, stated, strategy="random", seed=0)
    assert found.share.value == pytest.approx((2 + 8) / (4 + 8))


def test_neighbours_count_by_their_weights(make_table):
    # A bias of 1 beside a noise of 1 in rows that count, of 3 in rows that do not.
    table, truth = smooth(make_table, 1200)
    noisy = np.arange(1200) % 2 == 1
    frame = table.frame.assign(target=np.where(noisy, truth + 3 * (table.y - truth), table.y))
    table = weighted(replace(table, frame=frame.sort_values("x0", kind="stable")), 1.0)
    order = table.frame.index
    counted = replace(table, frame=table.frame.assign(weight=np.where(noisy[order], 0.0, 2.0)))
    stated = answers(table, truth[order] + 1)
    alike = noise_share(table, stated, strategy="random", seed=0).share
    assert alike.value == pytest.approx(5 / 6, abs=0.08)
    found = noise_share(counted, stated, strategy="random", seed=0).share
    assert found.value == pytest.approx(1 / 2, abs=0.08) and found.low < 1 / 2 < found.high


def test_copies_are_no_measurements_of_noise(make_table):
    places = np.repeat(np.arange(100.0), 2)
    table = make_table(Task.REGRESSION, {"x": places}, target=np.sin(places))
    found = noise_share(table, answers(table, np.zeros(200)), strategy="random", seed=0)
    assert found.how == "the nearest neighbours of 200 rows"


def test_classes_are_measured_by_their_probabilities(make_table):
    rng = np.random.default_rng(1)
    names = np.array(["<b>no", "yes'"], dtype=object)
    drawn = rng.random(600) < 0.3
    table = make_table(Task.BINARY, {"x": rng.normal(size=600)}, target=names[drawn.astype(int)])
    stated = answers(table, names[np.zeros(600, dtype=int)])
    stated["probability:<b>no"], stated["probability:yes'"] = 0.7, 0.3
    # The column knows nothing, and the model says so: all is noise.
    found = noise_share(table, stated, strategy="stratified", seed=0)
    assert found.share.low > 0.8


def test_a_model_without_error_has_no_share_of_noise(make_table):
    table, _ = smooth(make_table)
    found = noise_share(table, answers(table, table.y.to_numpy()), strategy="random", seed=0)
    assert (found.share.value, found.why_not) == (None, "the model makes no error")


def test_rows_of_no_weight_do_not_count_as_rows(make_table):
    table, truth = smooth(make_table)
    counted = weighted(table, np.where(np.arange(600) < 150, 1.0, 0.0))
    found = noise_share(counted, answers(table, truth), strategy="random", seed=0)
    assert found.why_not == "150 rows are too few; 200 are needed"


def test_large_sets_of_repeats_count_as_several(make_table):
    # Two sets of a hundred rows are twenty measurements of ten rows each.
    rng = np.random.default_rng(2)
    table = make_table(Task.REGRESSION, {"x": np.repeat([0.0, 1.0], 100)}, target=rng.normal(size=200))
    found = noise_share(table, answers(table, np.ones(200)), strategy="random", seed=0)
    assert found.how == "200 rows that repeat others in all columns"
    assert found.share.low < 0.5 < found.share.high
    assert found.share.high - found.share.low < 0.4


def test_it_says_why_noise_cannot_be_told(make_table):
    table, truth = smooth(make_table, columns=30)
    assert noise_share(table, answers(table, truth), strategy="random", seed=0).why_not == (
        "in 30 columns no two rows are near each other"
    )
    table, truth = smooth(make_table, 150)
    options = {"strategy": "random", "seed": 0}
    assert (
        noise_share(table, answers(table, truth), **options).why_not == "150 rows are too few; 200 are needed"
    )
    assert noise_share(table, answers(table, truth), strategy="group", seed=0).why_not == (
        "rows of the same group resemble each other in more than the columns say"
    )
    assert noise_share(table, answers(table, truth), strategy="time", seed=0).why_not == (
        "rows of about the same time resemble each other in more than the columns say"
    )
    texts = make_table(Task.REGRESSION, {"x": ["a b"] * 300}, kinds={"x": Kind.TEXT})
    assert noise_share(texts, answers(texts, 0.0), **options).why_not == (
        "there is no distance between texts or names (1 column)"
    )


def test_columns_become_coordinates(make_table):
    frame = {
        "number": [1.0, 3.0, np.nan, 2.0],
        "level": pd.Categorical(["a", "b", "a", None]),
        "day": pd.to_datetime(["2020-01-01", "2020-01-03", None, "2020-01-02"]),
        "same": [1.0, 1.0, 1.0, 1.0],
    }
    kinds = {"level": Kind.CATEGORY, "day": Kind.DATE}
    found = measured(make_table(Task.REGRESSION, frame, kinds=kinds), np.arange(4))
    # Known or not, the number, three levels with the missing one, known or not, the day; a constant says nothing.
    assert found.shape == (4, 7)
    step = 1 / np.sqrt(2 / 3)
    assert found[:, 1] == pytest.approx([-step, step, 0, 0])
    assert found[:, 6] == pytest.approx([-step, step, 0, 0])
    assert ((found[0, 2:5] - found[1, 2:5]) ** 2).sum() == pytest.approx(1)


def test_the_line_through_the_neighbours_is_followed_to_nought():
    far = np.array([1.0, 2.0, 3.0])
    height, slope, parts = line_to_nought(far, np.array([3.0, 5.0, 7.0]))
    assert (height, slope) == pytest.approx((1.0, 2.0))
    # The height is a weighted sum of the points: 4/3 of the first and 1/3 of the second less 2/3 of the third.
    assert parts == pytest.approx([4 / 3, 1 / 3, -2 / 3])
    height, slope, _ = line_to_nought(far, np.array([7.0, 5.0, 3.0]))  # a falling line is level
    assert (height, slope) == pytest.approx((5.0, 0.0))
    assert line_to_nought(far, np.array([0.0, 5.0, 10.0]))[0] == 0.0  # there is no noise below none


def test_near_rows_and_their_differences_by_hand():
    near = neighbours(np.arange(20.0)[:, None], np.arange(20.0)[:, None] * 2, np.ones(20))
    assert near.others[0, :2].tolist() == [1, 2]
    assert (near.far[0, :2], near.apart[0, :2]) == (pytest.approx([1, 4]), pytest.approx([2, 8]))


def test_the_interval_of_neighbours_by_hand():
    # Two pairs of rows at one place, each the other's neighbour: half the squared differences are 2 and 0.
    apart, others = np.array([[2.0], [2.0], [0.0], [0.0]]), np.array([[1], [0], [3], [2]])
    near = Neighbours(np.zeros((4, 1)), apart, others, np.ones(4))
    found = ratio_of_neighbours(near, Errors(np.full(4, 2.0), np.ones(4)))
    # The mean is 1, the ratio 1/2. Each pair is named by both its rows and counts once: (2 · 1/8)² and again.
    half = stats.t.ppf(0.975, 3) * np.sqrt(2 * (2 * (2 - 1) / 4 / 2) ** 2)
    assert (found.value, found.low, found.high) == pytest.approx(
        (0.5, max(0, 0.5 - half), min(1, 0.5 + half))
    )


def test_the_interval_of_repeats_by_hand():
    # Three sets of two: variances 0, 2 and 4, whose mean is 2; the error is 4 in every row.
    answers = np.array([1.0, 1.0, 0.0, 2.0, 0.0, np.sqrt(8), 9.0])[:, None]
    sets, counted = np.array([0, 0, 1, 1, 2, 2, 3]), np.arange(7) < 6
    found = ratio_of_repeats(answers, sets, counted, Errors(np.full(7, 4.0), np.ones(7)))
    half = stats.t.ppf(0.975, 2) * np.sqrt(2 * (2 / 3 / 4) ** 2)
    assert (found.value, found.low, found.high) == pytest.approx(
        (0.5, max(0, 0.5 - half), min(1, 0.5 + half))
    )
    # Where the error of a row grows with the noise of its set, the ratio is exact.
    errors = Errors(np.array([0.0, 0.0, 4.0, 4.0, 8.0, 8.0]), np.ones(6))
    found = ratio_of_repeats(answers[:6], sets[:6], counted[:6], errors)
    assert (found.value, found.low, found.high) == pytest.approx((0.5, 0.5, 0.5))


def cuts(table, *predictions):
    return [answers(table, np.array(one)) for one in predictions]


def test_variance_and_the_rest_by_hand(make_table):
    table = make_table(Task.REGRESSION, {"x": [1.0, 2.0]}, target=np.array([0.0, 0.0]))
    squared, spread = parts_of_error(table, cuts(table, [1.0, 3.0], [3.0, 3.0]))
    assert (list(squared), list(spread)) == ([5.0, 9.0], [2.0, 0.0])
    found = bias_variance(table, cuts(table, [1.0, 3.0], [3.0, 3.0]), folds=3, noise=UNKNOWN)
    assert (found.word, found.variance.low, found.variance.high) == ("bias or noise", 1 / 7, 3 / 7)
    assert found.reason == (
        "Over 2 cuts of the rows between 14 % and 43 % of the squared error is variance, which more rows or a "
        "steadier model would lessen; the rest is bias or noise."
    )
    known = bias_variance(table, cuts(table, [1.0, 3.0], [3.0, 3.0]), folds=5, noise=Estimate(value=0.2))
    assert known.word == "both"
    assert known.reason.endswith(", and about 20 % is noise that no model of these columns can avoid.")
    assert (
        bias_variance(table, cuts(table, [2.0, -2.0], [-2.0, 2.0]), folds=5, noise=UNKNOWN).word == "variance"
    )


def test_one_cut_or_no_error_cannot_be_taken_apart(make_table):
    table = make_table(Task.REGRESSION, {"x": [1.0, 2.0]}, target=np.array([0.0, 0.0]))
    once = bias_variance(table, cuts(table, [1.0, 1.0]), folds=5, noise=UNKNOWN)
    assert once.word == "cannot tell"
    assert (
        once.reason
        == "The model was evaluated on one cut of the rows: bias and variance cannot be told apart."
    )
    perfect = bias_variance(table, cuts(table, [0.0, 0.0], [0.0, 0.0]), folds=5, noise=UNKNOWN)
    assert perfect.reason == "The model makes no error that could be taken apart."


def test_the_figure_draws_the_table_and_says_it(make_table):
    import matplotlib.pyplot as plt

    table = make_table(Task.REGRESSION, {"x": [1.0, 2.0]}, target=np.array([0.0, 0.0]))
    known = {"a": cuts(table, [1.0, 3.0], [3.0, 3.0])}
    parts = parts_table(table, known, {"a": "Linear <b>"}, folds=3)
    assert parts.to_dict("records") == [{"model": "Linear <b>", "error": 7.0, "least": 1.0, "most": 3.0}]
    measure = measure_of(classes=False, unit="mm")
    figure = parts_figure(parts, measure=measure)
    widths = [bar.get_width() for bar in figure.axes[0].patches]
    assert widths == [1.0, 2.0, 4.0]
    assert figure.axes[0].get_xlabel() == "mean squared error (mm²)"
    plt.close(figure)
    assert parts_alt(parts, measure=measure) == (
        "Bars of the mean squared error (mm²): Linear <b> 7, of which variance 1 to 3."
    )
    assert measure_of(classes=True, unit="") == "mean squared error of the stated probabilities"

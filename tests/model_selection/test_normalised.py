"""Networks kept on one scale: gradients against differences, and what each part of a step does, by hand."""

import numpy as np
import pytest
from scipy.special import softmax

from helpers.model_selection.normalised import SMALL, STEP, NormalisedNetwork, answers, cycle

RNG = np.random.default_rng(0)
ROWS = RNG.normal(size=(16, 5)).astype(np.float32)
CLASSES = np.eye(3, dtype=np.float32)[RNG.integers(0, 3, 16)]
NUMBERS = RNG.normal(size=(16, 1)).astype(np.float32)
COUNTED = (np.arange(16) % 3 + 1).astype(np.float32)
COUNTED /= COUNTED.mean()


def network(*, classes=True, left_out=0.0, decay=0.0, steps=100):
    sizes = (5, 7, 4, 3 if classes else 1)
    rng = np.random.default_rng(1)
    return NormalisedNetwork(sizes, steps=steps, classes=classes, left_out=left_out, decay=decay, rng=rng)


def loss(layers, target, *, classes):
    """The weighted loss over one batch, scaled by its own means and variances, in all digits."""
    outcome = ROWS.astype(float)
    for weights, constants, scale, shift in layers[:-1]:
        bent = np.maximum(outcome @ weights + constants, 0)
        outcome = (bent - bent.mean(axis=0)) / np.sqrt(bent.var(axis=0) + SMALL) * scale + shift
    told = outcome @ layers[-1][0] + layers[-1][1]
    if classes:
        losses = np.log(np.exp(told).sum(axis=1)) - (told * target).sum(axis=1)
    else:
        losses = ((told - target) ** 2).sum(axis=1) / 2
    return float(np.mean(losses * COUNTED))


@pytest.mark.parametrize(("classes", "target"), [(True, CLASSES), (False, NUMBERS)])
def test_gradients_are_those_of_the_loss(classes, target):
    found = network(classes=classes)
    found._find_gradients(ROWS, target, COUNTED)
    layers = [[part.astype(float) for part in layer] for layer in found.layers]
    for layer, slopes in zip(layers, found._slopes, strict=True):
        for part, slope in zip(layer, slopes, strict=True):
            differences = np.zeros(part.shape)
            for place in np.ndindex(part.shape):
                value = part[place]
                ends = []
                for moved in (value + 1e-6, value - 1e-6):
                    part[place] = moved
                    ends.append(loss(layers, target, classes=classes))
                part[place] = value
                differences[place] = (ends[0] - ends[1]) / 2e-6
            assert slope == pytest.approx(differences, abs=2e-5)


def test_the_plain_network_answers_alike():
    found = network()
    for _ in range(30):
        found.one_pass(ROWS, CLASSES, COUNTED, batch=8)
    outcome = ROWS
    for layer, mean, variance in zip(found.layers, found.means, found.variances, strict=False):
        bent = np.maximum(outcome @ layer.weights + layer.constants, 0)
        outcome = (bent - mean) / np.sqrt(variance + SMALL) * layer.scale + layer.shift
    told = outcome @ found.layers[-1].weights + found.layers[-1].constants
    assert answers(found.weights(), ROWS) == pytest.approx(told, abs=1e-4)


def test_a_unit_that_answers_to_hardly_any_row_is_not_blown_up():
    found = network()
    found.variances[0][:] = 0.0
    assert found.weights()[0][1] == pytest.approx(10 * found.layers[1].weights, rel=1e-6)


def test_what_is_known_of_a_scale_moves_by_a_tenth_with_each_batch():
    found = network()
    bent = np.maximum(ROWS @ found.layers[0].weights + found.layers[0].constants, 0)
    found._find_gradients(ROWS, CLASSES, COUNTED)
    assert found.means[0] == pytest.approx(0.1 * bent.mean(axis=0), rel=1e-5)
    assert found.variances[0] == pytest.approx(0.9 + 0.1 * bent.var(axis=0), rel=1e-5)


def test_a_quarter_left_out_is_made_up_for_by_the_rest():
    kept = network(left_out=0.25)._forward(0, ROWS).kept
    assert set(np.unique(kept)) == {np.float32(0), np.float32(256 / 192)}
    many = network(left_out=0.25)._forward(0, np.tile(ROWS, (2_000, 1))).kept
    # 224,000 units: the share left out has a standard error of 0.001.
    assert np.mean(many == 0) == pytest.approx(0.25, abs=0.004)
    assert (network()._forward(0, ROWS).kept == 1).all()


def test_a_step_takes_a_part_of_each_weight_away_and_of_nothing_else():
    found = network(decay=0.5)
    before = [[part.copy() for part in layer] for layer in found.layers]
    found._step()  # before any batch all gradients are 0
    size = STEP / 25
    for old, new in zip(before, found.layers, strict=True):
        assert new.weights == pytest.approx((1 - 0.5 * size) * old[0], rel=1e-5)
        for left, is_left in zip(old[1:], new[1:], strict=True):
            assert np.array_equal(left, is_left)


def test_a_first_step_is_as_large_as_the_cycle_says_whatever_the_gradient():
    found = network()
    before = found.layers[-1].constants.copy()
    found._find_gradients(ROWS, CLASSES, COUNTED)
    found._step()
    assert np.abs(found.layers[-1].constants - before) == pytest.approx(np.full(3, STEP / 25), rel=1e-3)


@pytest.mark.parametrize(
    ("done", "size"),
    [(0, STEP / 25), (0.15, STEP * 0.52), (0.3, STEP), (0.65, STEP / 2), (1, STEP / 1e5), (2, STEP / 1e5)],
)
def test_steps_grow_and_shrink(done, size):
    assert cycle(done) == pytest.approx(size, rel=1e-4)


def test_rows_that_fill_no_batch_are_left_for_another_pass():
    found = network()
    found.one_pass(ROWS, CLASSES, COUNTED, batch=5)
    assert found.done == 3


def test_it_learns_what_no_sum_of_columns_tells():
    rows = np.random.default_rng(2).normal(size=(400, 2)).astype(np.float32)
    told = (rows[:, :1] * rows[:, 1:] > 0).astype(np.float32)
    either = np.hstack([1 - told, told])
    found = NormalisedNetwork(
        (2, 32, 16, 2), steps=400, classes=True, left_out=0.1, decay=0.1, rng=np.random.default_rng(0)
    )
    for _ in range(40):
        found.one_pass(rows, either, np.ones(400, np.float32), batch=40)
    assert np.mean(softmax(answers(found.weights(), rows), axis=1).argmax(axis=1) == told[:, 0]) > 0.95


def test_shares_of_absurd_odds_are_shares():
    assert softmax(np.array([[1e4, 0.0], [-1e4, 1e4]]), axis=1) == pytest.approx(
        np.array([[1.0, 0.0], [0.0, 1.0]])
    )

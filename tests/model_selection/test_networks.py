"""Networks: what they leave out, when they stop, what they keep, and that weights and chunks change nothing."""

import numpy as np
import pandas as pd
import pytest

from helpers.model_selection import networks as module
from helpers.model_selection.networks import AT_ONCE, BATCHES, Networks

RNG = np.random.default_rng(0)
ROWS = RNG.normal(size=(200, 2))
NUMBERS = 1_000.0 + 50.0 * ROWS[:, 0] - 20.0 * ROWS[:, 1]
CODES = (ROWS[:, 0] > 0).astype(int)


@pytest.mark.parametrize("method", [BATCHES, AT_ONCE])
def test_they_learn_a_sum_of_columns_in_the_target_s_unit(method):
    found = Networks(method=method, alpha=0.01, units=64).fit(ROWS, NUMBERS)
    assert np.sqrt(np.mean((found.predict(ROWS) - NUMBERS) ** 2)) < 0.1 * NUMBERS.std()


@pytest.mark.parametrize("method", [BATCHES, AT_ONCE])
def test_they_learn_on_which_side_a_class_begins(method):
    found = Networks(method=method, units=16, classifier=True).fit(ROWS, CODES)
    assert np.mean(found.predict(ROWS) == CODES) > 0.97
    assert found.predict_proba(ROWS).sum(axis=1) == pytest.approx(np.ones(200))


def test_each_is_fitted_without_another_part_which_says_when_to_stop(monkeypatch):
    seen, judged = [], []

    class Watched(module.NormalisedNetwork):
        def one_pass(self, rows, target, weights, *, batch):
            seen.append({tuple(row) for row in rows})
            super().one_pass(rows, target, weights, batch=batch)

    plain = Networks._loss

    def watched(self, weights, rows):
        judged.append({tuple(row) for row in rows.rows})
        return plain(self, weights, rows)

    monkeypatch.setattr(module, "NormalisedNetwork", Watched)
    monkeypatch.setattr(module, "MOST_PASSES", 1)
    monkeypatch.setattr(Networks, "_loss", watched)
    Networks(networks=5, units=4).fit(ROWS, NUMBERS)
    assert [len(rows) for rows in seen] == [160] * 5
    assert [len(rows) for rows in judged] == [40] * 5
    assert all(not used & left for used, left in zip(seen, judged, strict=True))
    assert len(set.union(*judged)) == 200


def test_it_stops_when_told_no_better_and_keeps_its_best(monkeypatch):
    # The third pass is the best; half of the twenty passes later none has been better.
    monkeypatch.setattr(module, "MOST_PASSES", 20)
    told = iter([3.0, 2.0, 1.0, *np.linspace(1.0, 2.0, 50)])
    states = []

    def loss(_self, weights, _judged):
        states.append(weights)
        return next(told)

    monkeypatch.setattr(Networks, "_loss", loss)
    found = Networks(networks=1, units=4).fit(ROWS, NUMBERS)
    assert len(states) == 3 + 10
    for kept, best, last in zip(found.networks_[0].coefs_, states[2][0], states[-1][0], strict=True):
        assert np.array_equal(kept, best)
        assert not np.array_equal(kept, last)


@pytest.mark.parametrize(("pieces", "columns"), [(False, 3), (True, 3 + 2 * 16)])
@pytest.mark.parametrize("method", [BATCHES, AT_ONCE])
def test_numbers_are_read_as_they_are_or_in_sixteen_pieces_each_as_well(method, pieces, columns):
    rows = np.column_stack([ROWS, CODES])  # of two values there are no pieces
    found = Networks(method=method, units=4, pieces=pieces).fit(rows, NUMBERS)
    assert [len(network.coefs_[0]) for network in found.networks_] == [columns] * 3
    assert found.predict(rows)[:3] == pytest.approx(found.predict(rows[:3]), rel=1e-12)


@pytest.mark.parametrize("pieces", [False, True])
def test_in_pieces_it_follows_steps(pieces):
    rows = np.linspace(0, 1, 800, endpoint=False)[:, None]
    steps = np.floor(16 * rows[:, 0]) % 2
    found = Networks(pieces=pieces).fit(rows, steps)
    assert (np.mean((found.predict(rows) - steps) ** 2) < 0.1) == pieces  # a mean alone has 0.25


@pytest.mark.parametrize(("most", "in_all", "passes"), [(5, 10**9, 5), (50, 1_400, 7), (50, 100, 2)])
def test_passes_are_fewer_where_each_has_many_rows(monkeypatch, most, in_all, passes):
    told = iter(range(1_000, 0, -1))
    monkeypatch.setattr(Networks, "_loss", lambda *_: next(told))
    for name, value in {"MOST_PASSES": most, "ROWS_IN_ALL": in_all, "FEWEST_PASSES": 2}.items():
        monkeypatch.setattr(module, name, value)
    Networks(networks=1, units=4).fit(ROWS, NUMBERS)
    assert 1_001 - next(told) - 1 == passes


@pytest.mark.parametrize("method", [BATCHES, AT_ONCE])
@pytest.mark.parametrize("classifier", [False, True])
def test_a_row_of_weight_0_is_no_row(method, classifier):
    weights = np.where(np.arange(200) < 50, 0.0, 2.0)
    options = {"method": method, "classifier": classifier, "units": 4}
    target = CODES if classifier else NUMBERS
    wrong = np.where(weights > 0, target, target[::-1] + (0 if classifier else 1e6))
    ask = "predict_proba" if classifier else "predict"
    answers = [
        getattr(Networks(**options).fit(ROWS, given, sample_weight=weights), ask)(ROWS)
        for given in (target, wrong)
    ]
    assert np.array_equal(*answers)


def test_rows_that_count_more_draw_the_answer_to_them():
    rows, target = np.zeros((2_000, 1)), np.tile([0.0, 1.0], 1_000)
    for method in (BATCHES, AT_ONCE):
        found = Networks(method=method, units=4).fit(rows, target, sample_weight=1.0 + 2.0 * target)
        assert found.predict(rows[:1]) == pytest.approx([0.75], abs=0.05)


def test_a_class_that_a_network_never_saw_gets_nothing_from_it():
    codes = np.where(np.arange(200) == 7, 2, CODES)
    for method in (BATCHES, AT_ONCE):
        found = Networks(networks=5, method=method, units=4, classifier=True).fit(ROWS, codes)
        assert list(found.classes_) == [0, 1, 2]
        assert found.predict_proba(ROWS).shape == (200, 3)
        assert found.predict_proba(ROWS).sum(axis=1) == pytest.approx(np.ones(200))


def test_fewer_rows_than_parts_are_used_whole():
    found = Networks(networks=5, units=4).fit(ROWS[:3], NUMBERS[:3])
    assert np.isfinite(found.predict(ROWS)).all()


def test_a_seed_gives_the_same_and_another_one_others():
    frame = pd.DataFrame(ROWS, columns=["a", "b"])
    first, again, other = (Networks(units=4, random_state=seed).fit(frame, NUMBERS) for seed in (1, 1, 2))
    assert np.array_equal(first.predict(frame), again.predict(frame))
    assert not np.array_equal(first.predict(frame), other.predict(frame))


@pytest.mark.parametrize("method", [BATCHES, AT_ONCE])
def test_nothing_is_drawn_that_no_seed_decides(method):
    before = np.random.get_state()[1].copy()  # noqa: NPY002 - the one that all share
    Networks(units=4, method=method, classifier=True).fit(ROWS, CODES)
    assert np.array_equal(before, np.random.get_state()[1])  # noqa: NPY002


def test_answers_do_not_depend_on_the_rows_beside():
    found = Networks(units=16, classifier=True).fit(ROWS, CODES)
    assert found.predict_proba(ROWS)[:3] == pytest.approx(found.predict_proba(ROWS[:3]), rel=1e-12)

import numpy as np
import pandas as pd
import pytest

from helpers.metrics import METRICS
from helpers.model_selection.candidates import CANDIDATES
from helpers.model_selection.choice import NOTHING, Chosen
from helpers.model_selection.cross_validation import STOPPED, CandidateResult, FoldScore
from helpers.model_selection.extrapolation import MoreRows, fitted, gains, more_rows_gain
from helpers.model_selection.noise import Noise
from helpers.model_selection.search_gain import (
    SCALES,
    MoreTrials,
    error_between,
    more_trials_gain,
    of_shape,
    possible_gains,
    possible_laws,
    real_share,
)
from helpers.model_selection.stopping import advise, stopping_table
from helpers.results import Estimate

AUC, RMSE = METRICS["roc_auc"], METRICS["rmse"]
SIZES = np.array([100.0, 250.0, 500.0, 750.0, 1000.0])
WOBBLE = np.array([0.004, -0.004, 0.002, -0.002, 0.0])


def curve(losses):
    """Losses, folds × sizes, as the learning curve has them."""
    return pd.DataFrame(
        [
            {"share": size / SIZES[-1], "fold": fold + 1, "rows": size, "validation": losses[fold, place]}
            for fold in range(len(losses))
            for place, size in enumerate(SIZES[-losses.shape[1] :])
        ]
    )


def test_a_power_law_is_found_and_continued_exactly():
    losses = (0.5 + 3 * SIZES**-0.5)[None, :]
    floor, scale, power = fitted(losses, SIZES)
    assert (floor[0], scale[0], power[0]) == pytest.approx((0.5, 3.0, 0.5))
    by_hand = 3 * (1000**-0.5 - 2000**-0.5)
    assert gains(losses, SIZES)[0] == pytest.approx(by_hand)
    found = more_rows_gain(
        curve(np.repeat(losses, 5, axis=0) + WOBBLE[:, None]), metric=RMSE, share=0.25, seed=0
    )
    assert found.rows == 1000
    assert found.gain.value == pytest.approx(by_hand)
    # What is hard in a fold is so at every size, and plays no part in the gain.
    assert (found.gain.low, found.gain.high) == pytest.approx((by_hand, by_hand), rel=0.1)


def test_a_score_is_continued_by_its_distance_from_the_ideal():
    losses = np.repeat((0.1 + 0.5 * SIZES**-0.5)[None, :], 5, axis=0) + WOBBLE[:, None]
    found = more_rows_gain(curve(1 - losses), metric=AUC, share=0.25, seed=0)
    assert found.gain.value == pytest.approx(0.5 * (1000**-0.5 - 2000**-0.5))


@pytest.mark.parametrize(
    ("means", "reason"),
    [
        ([3.0, 2.0, 1.9, 1.85, 2.4], "the learning curve gets worse with more rows at some place"),
        ([3.0, 2.95, 2.9, 2.4, 1.2], "the learning curve steepens where a power law would flatten"),
        ([3.0, 2.0, 1.9], "the learning curve has 3 sizes, and 4 are needed"),
    ],
)
def test_a_curve_of_another_shape_is_not_continued(means, reason):
    rng = np.random.default_rng(0)
    losses = np.array(means)[None, :] + rng.normal(0, 0.01, (5, len(means)))
    found = more_rows_gain(curve(losses), metric=RMSE, share=0.25, seed=0)
    assert (found.gain.value, found.why_not) == (None, reason)


def test_two_folds_are_too_few_for_a_shape():
    found = more_rows_gain(curve(np.ones((2, 5))), metric=RMSE, share=0.25, seed=0)
    assert found.why_not == "2 folds are too few to tell the curve's shape; 3 are needed"


def trial(loss, wobble=WOBBLE, *, failed=""):
    folds = tuple(FoldScore(80, 20, value, value, 0.1, 0.1) for value in loss + wobble)
    return CandidateResult(CANDIDATES["linear"], {"a": loss}, () if failed else folds, failed=failed)


def test_the_gain_of_a_known_law_by_hand():
    # Values spread evenly up to an end: the largest of as many again is as far from the end as this one is.
    evenly = np.arange(1.0, 31.0)
    laws = possible_laws(evenly)
    assert laws.weight.sum() == pytest.approx(1.0)
    # The top ten stand up to 10 above the next. At shape -1 a scale of 20 puts the end twice as far: above the
    # largest lie 10 of 20 parts, where ten values are expected to be 10 · 10 / 20 = 5, and the integral from
    # 10 to 20 of 1 - exp(-10 (1 - x / 20)) is 10 - 2 (1 - exp(-5)).
    gain, found, _ = of_shape(np.arange(10.0, 0.0, -1), -1.0, np.array([20.0]))
    assert gain[0] == pytest.approx(10 - 2 * (1 - np.exp(-5)), rel=1e-3)
    assert found[0] == pytest.approx(1 - np.exp(-5))


def test_laws_are_weighed_by_their_likelihood():
    rng = np.random.default_rng(0)
    # Of 3,000 values even up to 1, the best third say that the law ends there: the gain is all but known.
    laws = possible_laws(rng.random(3_000))
    expected = float(laws.weight @ laws.gain)
    assert 0 < expected < 0.002
    # A law of two settings, which has an edge, is far more likely than one of six.
    assert laws.weight[:SCALES].sum() > 0.99
    assert possible_laws(np.ones(12)).gain.tolist() == [0.0]


def draws(values, error, *, freedom=4):
    return possible_gains(np.array(values), error, freedom=freedom, rng=np.random.default_rng(0))


def test_what_is_possible_shrinks_by_error_and_scales_with_the_unit():
    values = np.random.default_rng(1).normal(size=40)
    exact, blurred = draws(values, float("nan")), draws(values, 0.5)
    assert exact.min() >= 0
    assert blurred.mean() < exact.mean() and blurred.min() < 0
    assert draws(values * 1000, 500.0) == pytest.approx(blurred * 1000)
    # Scores that differ by no more than their error tell of no gain, whichever is the best by luck.
    assert np.quantile(draws(values, 50.0), [0.01, 0.99]) == pytest.approx([0, 0], abs=1e-9)


def test_the_error_between_trials_and_the_share_that_is_no_error_by_hand():
    # Differences of ±0.008, ±0.004 and 0: their variance is 0.00004, of which (1/5 + 1/4) is that of the mean.
    error = error_between([trial(1.0), trial(1.01, -WOBBLE)], np.array([-1.0, -1.01]))
    assert error == pytest.approx(np.sqrt(0.45 * 0.00004))
    shares = real_share(np.array([0.0, 1.0, 2.0]), np.array([np.sqrt(0.5), 9.0, 0.0]))
    assert shares.tolist() == pytest.approx([1 - 0.25, 0.0, 1.0])
    assert real_share(np.ones(3), np.array([0.5])).tolist() == [1.0]


def test_trials_need_to_be_made_and_to_be_enough():
    options = {"metric": RMSE, "margin": 0.01, "seed": 0}
    none = more_trials_gain([], **options)
    assert none.why_not == "no trials were made; budget: {trials: 30} asks for a search"
    few = more_trials_gain([trial(1.0)] * 9 + [trial(1.0, failed=STOPPED)], **options)
    assert few.why_not == "9 finished trials are too few; 10 are needed"
    enough = more_trials_gain([trial(1 + 0.01 * n) for n in range(12)], **options)
    assert enough.trials == 12
    drawn = draws([-(1 + 0.01 * n) for n in range(12)], 0.0)
    assert enough.noticed == np.mean(drawn > 0.01)
    # Without error no gain is ruled out: the interval begins above none.
    ends = np.quantile(drawn, [0.5, 0.025, 0.975])
    assert (enough.gain.value, enough.gain.low, enough.gain.high) == pytest.approx(tuple(ends))


def test_where_the_gain_may_be_none_the_interval_begins_with_it():
    rng = np.random.default_rng(0)
    trials = [trial(1 + 0.01 * n, rng.permutation(WOBBLE)) for n in range(12)]
    found = more_trials_gain(trials, metric=RMSE, margin=0.01, seed=0)
    values = -np.array([np.mean(one.validation) for one in trials])
    drawn = draws(values, error_between(trials, values))
    assert np.quantile(drawn, 0.025) < 0
    assert (found.gain.low, found.gain.high) == (0.0, pytest.approx(np.quantile(drawn, 0.95)))


def chosen(margin=0.1, *, beats=True):
    best = trial(1.0)
    return Chosen(best, best, NOTHING, NOTHING, margin, "", beats)


def span(value, low, high):
    return Estimate(value=value, low=low, high=high)


NO_NOISE = Noise(Estimate(value=None), why_not="rows are too few")


def advice(rows, trials, noise=NO_NOISE):
    more = MoreRows(rows, 500)
    gain, noticed = trials
    return advise(more, MoreTrials(gain, noticed, 20), noise, chosen=chosen(), measure="RMSE (mm)", unit="mm")


def test_each_answer_has_its_reason_and_together_they_make_a_sentence():
    found = advice(span(0.3, 0.2, 0.4), (span(0.05, 0.0, 0.4), 0.1), Noise(span(0.9, 0.85, 1.0), "rows"))
    assert [(row.effort, row.answer) for row in found.rows] == [
        ("twice the rows", "helps"), ("twice the trials", "helps little"), ("other columns", "helps"),
    ]  # fmt: skip
    assert [row.reason for row in found.rows] == [
        "About 0.300\xa0mm (95 % interval 0.200 to 0.400) better with 1,000 rows; all of the interval is above "
        "0.100\xa0mm, which would be noticed.",
        "About 0.0500\xa0mm (95 % interval 0 to 0.400) better with 40 trials; with a probability of 10 % it is more "
        "than 0.100\xa0mm, which would be noticed.",
        "90 % of the squared error (95 % interval 85 % to 100 %) is noise to these columns, by "
        "rows: if anything lowers it noticeably, then other columns.",
    ]
    assert found.sentence == (
        "Gather more rows: with twice as many the predictions would be noticeably better; stop tuning."
    )
    table = stopping_table(found)
    assert list(table.columns) == ["what", "answer", "why"]
    assert list(table["why"]) == [row.reason for row in found.rows]


@pytest.mark.parametrize(
    ("rows", "trials", "answers", "sentence"),
    [
        (span(0.05, 0.0, 0.09), (span(0.05, 0.0, 0.4), 0.1), ["helps little", "helps little"],
         "Stop here: neither twice the rows nor twice the trials would make a noticeable difference."),
        (span(0.15, 0.0, 0.3), (span(0.1, 0.0, 1.0), 0.19), ["cannot tell", "helps little"],
         "Stop tuning; whether more rows would help cannot be told."),
        (span(0.05, 0.0, 0.09), (span(0.1, 0.0, 1.0), 0.2), ["helps little", "cannot tell"],
         "More rows would change little; whether tuning would help cannot be told without more trials."),
        (span(0.05, 0.0, 0.09), (span(0.5, 0.0, 1.0), 0.6), ["helps little", "cannot tell"],
         "More rows would change little; whether tuning would help cannot be told without more trials."),
        (span(0.05, 0.0, 0.09), (span(0.9, 0.0, 2.0), 0.61), ["helps little", "helps"],
         "Let the search go on: as many trials again would probably find noticeably better settings."),
        (span(0.3, 0.2, 0.4), (span(0.9, 0.0, 2.0), 0.61), ["helps", "helps"],
         "Gather more rows: with twice as many the predictions would be noticeably better; as many trials again "
         "probably help as well."),
        (Estimate(value=None), (Estimate(value=None), float("nan")), ["cannot tell", "cannot tell"],
         "Whether more rows or more tuning would help cannot be told from this run."),
    ],
)  # fmt: skip
def test_what_is_advised(rows, trials, answers, sentence):
    found = advice(rows, trials)
    assert [row.answer for row in found.rows[:2]] == answers
    assert found.sentence == sentence


def test_noise_that_leaves_room_and_noise_that_cannot_be_told():
    little = advice(span(0.05, 0.0, 0.09), (span(0.05, 0.0, 0.4), 0.1), Noise(span(0.2, 0.1, 0.4), "rows"))
    assert little.rows[2].answer == "helps little"
    assert little.rows[2].reason.endswith("these columns know more than the model has learnt.")
    unknown = advice(span(0.05, 0.0, 0.09), (span(0.05, 0.0, 0.4), 0.1))
    assert (unknown.rows[2].answer, unknown.rows[2].reason) == ("cannot tell", "Rows are too few.")


def test_without_a_model_that_beats_the_baseline_nothing_is_advised():
    found = advise(
        MoreRows(span(1, 1, 1), 9), MoreTrials(span(1, 1, 1), 0.9, 9), NO_NOISE,
        chosen=chosen(beats=False), measure="RMSE",
    )  # fmt: skip
    assert {(row.answer, row.reason) for row in found.rows} == {
        ("cannot tell", "No model beats the baseline.")
    }
    assert found.sentence.startswith("Ask whether the columns can know the answer at all")

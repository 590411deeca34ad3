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
    MoreTrials,
    error_between,
    expected_gain,
    last_doubling,
    more_trials_gain,
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


def test_what_trials_foretell_grows_with_their_spread_and_falls_with_a_lucky_best():
    even = np.arange(1.0, 16.0)
    found = expected_gain(even)
    # Half of fifteen evenly spaced values, seven, has a largest of 7 · 16 / 8 = 14 on average: one less than all.
    assert last_doubling(even) == pytest.approx(1.0)
    # Five stand above 10, evenly as up to an end at 15: then there might be nothing more to find.
    assert found.low == pytest.approx(0.0, abs=1e-9)
    assert 0 < found.value <= 1 < found.high
    twice = expected_gain(2 * even)
    assert (twice.value, twice.low, twice.high) == pytest.approx(
        tuple(2 * end for end in (found.value, found.low, found.high))
    )
    # A lucky best raises what the last doubling brought, and lowers what is left above it.
    assert expected_gain(np.append(even[:-1], 40.0)).value < found.value
    assert expected_gain(np.ones(12)).value == 0


def test_the_error_between_trials_and_the_share_that_is_no_error_by_hand():
    # Differences of ±0.008, ±0.004 and 0: their variance is 0.00004, of which (1/5 + 1/4) is that of the mean.
    error = error_between([trial(1.0), trial(1.01, -WOBBLE)], np.array([-1.0, -1.01]))
    assert error == pytest.approx(np.sqrt(0.45 * 0.00004))
    assert real_share(np.array([0.0, 1.0, 2.0]), np.sqrt(0.5)) == pytest.approx(1 - 0.25)
    assert real_share(np.array([0.0, 1.0, 2.0]), 9.0) == 0
    assert real_share(np.array([0.0, 1.0, 2.0]), float("nan")) == 1


def test_trials_need_to_be_made_and_to_be_enough():
    none = more_trials_gain([], metric=RMSE)
    assert none.why_not == "no trials were made; budget: {trials: 30} asks for a search"
    few = more_trials_gain([trial(1.0)] * 9 + [trial(1.0, failed=STOPPED)], metric=RMSE)
    assert few.why_not == "9 finished trials are too few; 10 are needed"
    enough = more_trials_gain([trial(1 + 0.01 * n) for n in range(12)], metric=RMSE)
    assert enough.gain.value == pytest.approx(
        expected_gain(-np.array([1 + 0.01 * n for n in range(12)])).value
    )
    assert (enough.trials, enough.error) == (12, 0.0)


def chosen(margin=0.1, *, beats=True):
    best = trial(1.0)
    return Chosen(best, best, NOTHING, NOTHING, margin, "", beats)


def span(value, low, high):
    return Estimate(value=value, low=low, high=high)


NO_NOISE = Noise(Estimate(value=None), why_not="rows are too few")


def advice(rows, trials, noise=NO_NOISE):
    more = MoreRows(rows, 500)
    return advise(more, MoreTrials(*trials), noise, chosen=chosen(), measure="RMSE (mm)", unit="mm")


def test_each_answer_has_its_reason_and_together_they_make_a_sentence():
    found = advice(span(0.3, 0.2, 0.4), (span(0.05, 0.0, 0.4), 0.02, 20), Noise(span(0.9, 0.85, 1.0), "rows"))
    assert [(row.effort, row.answer) for row in found.rows] == [
        ("twice the rows", "helps"), ("twice the trials", "helps little"), ("other columns", "helps"),
    ]  # fmt: skip
    assert [row.reason for row in found.rows] == [
        "About 0.300\xa0mm (95 % interval 0.200 to 0.400) better with 1,000 rows; all of the interval is above "
        "0.100\xa0mm, which would be noticed.",
        "About 0.0500\xa0mm (95 % interval 0 to 0.400) better with 40 trials; up to 0.100\xa0mm is practically none, "
        "and the interval ends within 10 times that.",
        "90 % of the squared error (95 % interval 85 % to 100 %) is noise that no model of these columns avoids, by "
        "rows: only what these columns do not say can lower the rest.",
    ]
    assert found.sentence == (
        "Gather more rows: with twice as many the predictions would be noticeably better; stop tuning."
    )
    table = stopping_table(found)
    assert list(table.columns) == ["what", "answer", "estimate", "from", "to", "of", "why"]
    assert list(table["estimate"]) == [0.3, 0.05, 0.9]


@pytest.mark.parametrize(
    ("rows", "trials", "answers", "sentence"),
    [
        (span(0.05, 0.0, 0.09), (span(0.05, 0.0, 0.4), 0.02, 20), ["helps little", "helps little"],
         "Stop here: neither twice the rows nor twice the trials would make a noticeable difference."),
        (span(0.15, 0.0, 0.3), (span(0.1, 0.0, 1.0), 0.25, 20), ["cannot tell", "helps little"],
         "Stop tuning; whether more rows would help cannot be told."),
        # The interval reaches far: a rare find cannot be ruled out.
        (span(0.05, 0.0, 0.09), (span(0.1, 0.0, 1.1), 0.02, 20), ["helps little", "cannot tell"],
         "More rows would change little; whether tuning would help cannot be told without more trials."),
        # More than the margin, but not three times the error.
        (span(0.05, 0.0, 0.09), (span(0.2, 0.0, 0.4), 0.25, 20), ["helps little", "cannot tell"],
         "More rows would change little; whether tuning would help cannot be told without more trials."),
        (span(0.05, 0.0, 0.09), (span(0.9, 0.0, 2.0), 0.25, 20), ["helps little", "helps"],
         "Let the search go on: as many trials again would find noticeably better settings."),
        (span(0.3, 0.2, 0.4), (span(0.9, 0.0, 2.0), 0.25, 20), ["helps", "helps"],
         "Both more rows and a longer search would make the predictions noticeably better."),
        (span(0.05, 0.0, 0.09), (span(0.5, 0.0, 2.0), 0.25, 20), ["helps little", "cannot tell"],
         "More rows would change little; whether tuning would help cannot be told without more trials."),
        (Estimate(value=None), (Estimate(value=None), float("nan"), 0), ["cannot tell", "cannot tell"],
         "Whether more rows or more tuning would help cannot be told from this run."),
    ],
)  # fmt: skip
def test_what_is_advised(rows, trials, answers, sentence):
    found = advice(rows, trials)
    assert [row.answer for row in found.rows[:2]] == answers
    assert found.sentence == sentence


def test_noise_that_leaves_room_and_noise_that_cannot_be_told():
    little = advice(
        span(0.05, 0.0, 0.09), (span(0.05, 0.0, 0.4), 0.02, 20), Noise(span(0.2, 0.1, 0.4), "rows")
    )
    assert little.rows[2].answer == "helps little"
    assert little.rows[2].reason.endswith("these columns know more than the model has learnt.")
    unknown = advice(span(0.05, 0.0, 0.09), (span(0.05, 0.0, 0.4), 0.02, 20))
    assert (unknown.rows[2].answer, unknown.rows[2].reason) == ("cannot tell", "Rows are too few.")


def test_without_a_model_that_beats_the_baseline_nothing_is_advised():
    found = advise(
        MoreRows(span(1, 1, 1), 9), MoreTrials(span(1, 1, 1), 0.1, 9), NO_NOISE,
        chosen=chosen(beats=False), measure="RMSE",
    )  # fmt: skip
    assert {(row.answer, row.reason) for row in found.rows} == {
        ("cannot tell", "No model beats the baseline.")
    }
    assert found.sentence.startswith("Ask whether the columns can know the answer at all")

import numpy as np
import pandas as pd
import pytest

from helpers.data_quality.rules_silent_units import shifted_part, silent_units
from helpers.data_quality.unit_mixtures import two_peaks
from helpers.findings import Severity


@pytest.mark.parametrize("factor", [1000.0, 100.0, 25.4, 12.0])
def test_a_part_a_known_factor_away_is_told(factor):
    rng = np.random.default_rng(0)
    heights = rng.normal(170, 10, 200)
    heights[:12] *= factor
    found = shifted_part(pd.Series(heights), "height")
    assert (found.column, found.rows, found.factor) == ("height", 12, factor)


def test_the_finding_names_the_units(make_table, ask):
    heights = np.linspace(150, 190, 100)
    heights[::10] /= 100
    found = ask(silent_units, make_table([0.0, 1.0] * 50, {"height": heights}))
    assert found.severity is Severity.WARN
    assert found.message == (
        "1 column seems to mix units: 'height'. In 'height' 10 rows from 1.50 to 1.86 stand apart from the rest "
        "(150 to 190) by a factor of about 100, as m and cm, or shares and percentages do."
    )
    assert found.evidence[0]["share"] == "10.0 %"


def test_two_kinds_of_things_and_long_tails_pass(make_table, ask):
    rng = np.random.default_rng(0)
    kinds = np.concatenate([rng.normal(100, 5, 100), rng.normal(700, 200, 100)])
    assert shifted_part(pd.Series(kinds), "x") is None
    assert shifted_part(pd.Series(np.exp(rng.normal(0, 3, 300))), "x") is None
    assert shifted_part(pd.Series([-1.0] + [2.0] * 60), "x") is None
    found = ask(silent_units, make_table([0.0, 1.0] * 100, {"x": kinds}))
    assert found.message == "In none of 2 columns does a part look like the rest in another unit."
    few = ask(silent_units, make_table([0.0, 1.0], {"x": [1.0, 2.0]}))
    assert few.message == "No column of numbers has at least 50 values."


def weights(rows, seed, *, in_pounds):
    rng = np.random.default_rng(seed)
    found = np.clip(75 + 14 * rng.normal(size=rows), 40, 140)
    found[: int(in_pounds * rows)] *= 2.20462
    return found


def test_parts_that_overlap_are_noted(make_table, ask):
    found = ask(silent_units, make_table([0.0, 1.0] * 200, {"weight": weights(400, 1, in_pounds=0.1)}))
    assert found.severity is Severity.NOTE
    assert found.message.startswith("1 column may mix units: 'weight'. In 'weight' about ")
    assert found.message.endswith("a factor of about 2.20, as between kg and lb.")


def test_two_peaks_are_found_as_they_were_made():
    found = two_peaks(pd.Series(weights(4_000, 0, in_pounds=0.1)))
    assert found.factor == pytest.approx(2.2, rel=0.05)
    assert found.rows_small == pytest.approx(400, rel=0.2)


@pytest.mark.parametrize("seed", range(5))
def test_one_peak_two_equal_ones_and_tails_have_no_second(seed):
    rng = np.random.default_rng(seed)
    assert two_peaks(pd.Series(weights(400, seed, in_pounds=0.0))) is None
    assert two_peaks(pd.Series(np.exp(rng.normal(3, 1, 400)))) is None
    assert two_peaks(pd.Series(rng.gamma(2, 3, 400))) is None
    assert two_peaks(pd.Series(np.concatenate([rng.normal(50, 2, 200), rng.normal(110, 4, 200)]))) is None
    assert two_peaks(pd.Series(rng.normal(0, 1, 400))) is None
    assert two_peaks(pd.Series([5.0] * 90)) is None

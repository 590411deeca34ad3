from helpers.evaluation.words import between, ranged
from helpers.results import Estimate


def test_values_with_their_intervals() -> None:
    assert ranged(Estimate(value=0.93, low=0.9, high=0.96)) == "0.930 (0.900 to 0.960)"
    assert ranged(Estimate(value=None)) == "not defined"
    assert ranged(Estimate(value=3.0)) == "3"
    assert ranged(Estimate(value=0.5, low=0.5, high=0.5)) == "0.500"
    assert ranged(Estimate(value=3.0, low=2.0, high=4.0), unit="mm") == "3\xa0mm (2 to 4)"
    assert between(Estimate(value=3.0)) == "–"


def test_narrow_shares_get_a_decimal() -> None:
    assert ranged(Estimate(value=0.63, low=0.51, high=0.73), share=True) == "63 % (51 % to 73 %)"
    assert ranged(Estimate(value=0.971, low=0.967, high=0.975), share=True) == "97.1 % (96.7 % to 97.5 %)"

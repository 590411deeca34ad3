"""Predictions in one shape for every task, and the score of each metric on them."""

from helpers.scoring.prediction import LEAST_PROBABILITY, Prediction
from helpers.scoring.score import score
from helpers.scoring.truth import Truth

__all__ = ["LEAST_PROBABILITY", "Prediction", "Truth", "score"]

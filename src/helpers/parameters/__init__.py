"""What an experiment is: one model of every parameter, and the checks that need no table."""

from helpers.parameters.model import Clean, Costs, Parameters, Validation

__all__ = ["Clean", "Costs", "Parameters", "Validation"]

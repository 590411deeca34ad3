"""The evaluation on the holdout: what a model is worth on rows that it has never seen."""

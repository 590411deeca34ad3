"""What a search may vary of each candidate, by the names of the pipeline's parameters."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from helpers.model_selection.networks import AT_ONCE, BATCHES
from helpers.model_selection.space import Choice, Range, Space

# One penalty of its own choice in place of the few that ridge regression picks from.
RIDGE: Space = MappingProxyType({"model__alphas": Range(1e-3, 1e5, log=True)})
LOGISTIC: Space = MappingProxyType({"model__C": Range(1e-4, 1e3, log=True)})
ELASTIC_NET: Space = MappingProxyType({"model__l1_ratio": Range(0.05, 1.0)})
NAIVE_BAYES: Space = MappingProxyType({"model__alpha": Range(0.01, 10, log=True)})
NEAREST_NEIGHBOURS: Space = MappingProxyType(
    {
        "model__n_neighbors": Range(3, 60, log=True, whole=True),
        "model__weights": Choice(("uniform", "distance")),
    }
)
DECISION_TREE: Space = MappingProxyType(
    {
        "model__max_depth": Range(2, 12, whole=True),
        "model__min_samples_leaf": Range(2, 50, log=True, whole=True),
    }
)
RANDOM_FOREST: Space = MappingProxyType(
    {
        "model__min_samples_leaf": Range(1, 30, log=True, whole=True),
        "model__max_features": Choice(("sqrt", 0.33, 0.66, 1.0)),
    }
)
HIST_GRADIENT_BOOSTING: Space = MappingProxyType(
    {
        "model__learning_rate": Range(0.02, 0.2, log=True),
        "model__max_leaf_nodes": Range(4, 63, log=True, whole=True),
        "model__min_samples_leaf": Range(3, 60, log=True, whole=True),
        "model__l2_regularization": Range(0.01, 30, log=True),
    }
)
XGBOOST: Space = MappingProxyType(
    {
        "model__learning_rate": Range(0.02, 0.2, log=True),
        "model__max_depth": Range(2, 9, whole=True),
        "model__min_child_weight": Range(0.5, 20, log=True),
        "model__subsample": Range(0.5, 1.0),
        "model__colsample_bynode": Range(0.4, 1.0),
        "model__reg_lambda": Range(0.1, 30, log=True),
    }
)
# With the principal components of the numbers beside them: what follows sums of columns is cut along these.
ROTATED: Mapping[str, Any] = MappingProxyType({"features__rotated__components": 30})
XGBOOST_ROTATED: Space = MappingProxyType(
    {**XGBOOST, **{name: Choice((value,)) for name, value in ROTATED.items()}}
)
LIGHTGBM: Space = MappingProxyType(
    {
        "model__learning_rate": Range(0.02, 0.2, log=True),
        "model__num_leaves": Range(8, 128, log=True, whole=True),
        "model__min_child_samples": Range(3, 60, log=True, whole=True),
        "model__subsample": Range(0.5, 1.0),
        "model__colsample_bytree": Range(0.4, 1.0),
        "model__reg_lambda": Range(0.01, 30, log=True),
    }
)
CATBOOST: Space = MappingProxyType(
    {
        "model__learning_rate": Range(0.03, 0.2, log=True),
        "model__depth": Range(4, 8, whole=True),
        "model__l2_leaf_reg": Range(1, 30, log=True),
    }
)
NEURAL_NETWORK: Space = MappingProxyType(
    {
        "model__method": Choice((BATCHES,)),
        "model__alpha": Range(1e-3, 3, log=True),
        "model__units": Range(16, 256, log=True, whole=True),
        "model__left_out": Range(0.0, 0.5),
        "model__pieces": Choice((False, True)),
    }
)
# What the penalty is matters most: on twelve tables of 200 to 1,700 rows another one, some with pieces, lost
# up to 10 % less than the one they begin with.
NETWORK_AT_ONCE: Space = MappingProxyType(
    {
        "model__method": Choice((AT_ONCE,)),
        "model__alpha": Range(0.1, 30, log=True),
        "model__units": Range(4, 64, log=True, whole=True),
        "model__pieces": Choice((False, True)),
    }
)

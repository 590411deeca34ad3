"""Predictions by another tool, in its own environment: neighbour.py TOOL TRAIN TEST TARGET TASK SECONDS OUT.

Imports nothing of this repository.
"""

import sys
import tempfile

import pandas as pd

CORES = 2


def flaml(train, test, target, regression, seconds):  # noqa: ANN001, ANN201, D103
    from flaml import AutoML

    model = AutoML()
    model.fit(
        train.drop(columns=target), train[target], task="regression" if regression else "classification",
        metric="rmse" if regression else "log_loss", time_budget=seconds, n_jobs=CORES, seed=0, verbose=0,
    )  # fmt: skip
    if regression:
        return model.predict(test), None
    return None, (model.classes_, model.predict_proba(test))


def mljar(train, test, target, regression, seconds):  # noqa: ANN001, ANN201, D103
    from supervised import AutoML

    model = AutoML(
        results_path=tempfile.mkdtemp(), mode="Compete", total_time_limit=int(seconds), n_jobs=CORES,
        eval_metric="rmse" if regression else "logloss", random_state=0, verbose=0,
    )  # fmt: skip
    model.fit(train.drop(columns=target), train[target])
    if regression:
        return model.predict(test), None
    stated = model.predict_all(test).filter(regex="^prediction_")
    return None, ([name.removeprefix("prediction_") for name in stated.columns], stated.to_numpy())


def autogluon(train, test, target, regression, seconds, presets):  # noqa: ANN001, ANN201, D103
    from autogluon.tabular import TabularPredictor

    model = TabularPredictor(
        target, path=tempfile.mkdtemp(), eval_metric="root_mean_squared_error" if regression else "log_loss",
        problem_type="regression" if regression else None, verbosity=0,
    )  # fmt: skip
    model.fit(train, presets=presets, time_limit=seconds, num_cpus=CORES)
    if regression:
        return model.predict(test).to_numpy(), None
    stated = model.predict_proba(test, as_multiclass=True)
    return None, (stated.columns, stated.to_numpy())


def main(tool, train, test, target, task, seconds, out):  # noqa: ANN001, ANN201
    """Fit on the one file and write the answers for the other."""
    learnt, rows = pd.read_csv(train), pd.read_csv(test).drop(columns=target)
    regression = task == "regression"
    if not regression:
        learnt[target] = learnt[target].astype(str)
    name, _, presets = tool.partition("-")
    more = (f"{presets}_quality",) if presets else ()
    values, stated = globals()[name](learnt, rows, target, regression, float(seconds), *more)
    if regression:
        frame = pd.DataFrame({"prediction": values})
    else:
        frame = pd.DataFrame(stated[1], columns=[f"probability:{label}" for label in stated[0]])
    frame.to_csv(out, index=False)


if __name__ == "__main__":
    main(*sys.argv[1:])

"""Predictions by a run of `04_model_selection` alone, on all rows, and the model that it stored."""

import os
import subprocess
import sys
from pathlib import Path

import pandas as pd
import yaml

from benchmarks.accuracy.tables import Case
from helpers.model_selection.fitted import load_model
from helpers.parameters import Parameters
from helpers.tables.prepare import load_development
from helpers.tables.table import Kind

NOTEBOOK = "04_model_selection"


def predict(case: Case, folder: Path, out: Path, *, seconds: float, trials: int) -> None:
    """Run the notebook, load its model and write what it answers for the rows to predict."""
    name = f"accuracy_{case.name}".replace(" ", "_")
    given = {
        "experiment": name,
        "question": "How good are the predictions?",
        "data": str(case.train),
        "target": case.target,
        "task": "regression" if case.regression else "classification",
        "holdout": 0,
        "metric": "rmse" if case.regression else "log_loss",
        "budget": {"trials": trials, "seconds": seconds},
    }
    params = folder / f"{name}.yaml"
    params.write_text(yaml.safe_dump(given))
    reports = folder / "reports"
    command = [Path(sys.executable).with_name("nightbook"), "run", params, "--only", NOTEBOOK, "--force"]
    subprocess.run(
        command, env={**os.environ, "NIGHTBOOK_REPORTS": str(reports)}, check=True, capture_output=True
    )
    model = load_model(reports / name / "latest" / "artifacts" / "model.skops")
    # The rows to predict are read as those learnt from were: what is a category there is one here.
    kinds = {column: kind for column, kind in model.columns.items() if kind != Kind.EMPTY}
    given["data"], given["clean"] = str(case.test), {"types": kinds}
    rows = load_development(Parameters.model_validate(given)).table.frame
    answers = model.predict(rows)
    frame = pd.DataFrame({"prediction": answers.values})  # noqa: PD011
    if answers.probabilities is not None:
        stated = answers.probabilities.add_prefix("probability:").reset_index(drop=True)
        frame = pd.concat([frame, stated], axis=1)
    frame.to_csv(out, index=False)

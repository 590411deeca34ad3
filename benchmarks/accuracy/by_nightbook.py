"""Predictions as a user makes them: a run of 04, or with a holdout of 05 as well, and `nightbook predict`."""

import json
import os
import subprocess
import sysconfig
from pathlib import Path

import yaml

from benchmarks.accuracy.tables import Case
from helpers.parameters.model import Budget

SELECTION, EVALUATION = "04_model_selection", "05_evaluation"
COMMAND = "import sys; from helpers.runner.cli import main; sys.argv[0] = 'nightbook'; sys.exit(main())"


def predict(
    case: Case, folder: Path, out: Path, *, python: Path, budget: Budget, holdout: float = 0.0
) -> None:
    """Run the notebooks and write what its model answers for the rows to predict.

    Parameters
    ----------
    case : Case
        The table.
    folder : Path
        Where the reports go.
    out : Path
        The answers, as `nightbook predict` writes them.
    python : Path
        The interpreter: ours, or one with the extra `boosters`.
    budget : Budget
        Trials and seconds of the search.
    holdout : float
        Share of the rows to learn from that is kept for the evaluation.
    """
    name = _experiment(case)
    given = {
        "experiment": name,
        "question": "How good are the predictions?",
        "data": str(case.train),
        "target": case.target,
        "task": "regression" if case.regression else "classification",
        "holdout": holdout,
        "metric": "rmse" if case.regression else "log_loss",
        "budget": {"trials": budget.trials, "seconds": budget.seconds},
    }
    folder.mkdir(parents=True, exist_ok=True)
    params = folder / f"{name}.yaml"
    params.write_text(yaml.safe_dump(given))
    # An environment on top of ours sees our packages, but not the templates of reports beside them.
    ours = str(Path(sysconfig.get_path("data")) / "share" / "jupyter")
    around = {**os.environ, "NIGHTBOOK_REPORTS": str(folder), "JUPYTER_PATH": ours}
    for words in (
        ["run", str(params), "--only", EVALUATION if holdout else SELECTION, "--force"],
        ["predict", name, str(case.test), "--out", str(out)],
    ):
        subprocess.run([python, "-c", COMMAND, *words], env=around, check=True, capture_output=True)


def stated(case: Case, folder: Path) -> dict[str, float | None]:
    """Return what the run said to expect of new rows: `stated`, with its interval, `low` and `high`.

    What the holdout gave where there was one, else what the selection expects. `lowest` and `highest` are the
    ends for the score of a single table, of as many rows as the holdout or, without one, as a fold.
    """
    records = folder / _experiment(case) / "latest" / "artifacts"
    evaluation = records / f"{EVALUATION}.json"
    if evaluation.exists():
        headline = json.loads(evaluation.read_text())["result"]["metrics"][0]
        score, single = headline["chosen"], headline["another_table"]
    else:
        result = json.loads((records / f"{SELECTION}.json").read_text())["result"]
        score, single = result["chosen_score"], result["another_table"]
    return {
        "stated": score["value"], "low": score["low"], "high": score["high"],
        "lowest": single["low"], "highest": single["high"],
    }  # fmt: skip


def _experiment(case: Case) -> str:
    return f"accuracy_{case.name}".replace(" ", "_")

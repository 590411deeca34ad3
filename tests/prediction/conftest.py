"""Models that are ready for use, made from tiny tables as a run makes them, and their folders."""

import json
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from helpers.metrics import chosen_metric
from helpers.model_selection.candidates import CANDIDATES
from helpers.model_selection.cross_validation import Deadline, evaluate, fit_candidate
from helpers.model_selection.fitted import save_model
from helpers.parameters.check import checked
from helpers.prediction.equipped import equipped
from helpers.tables.folds import folds
from helpers.tables.prepare import load_development
from helpers.tables.table import Table


@dataclass(frozen=True)
class Run:
    """A run's folder with its model, the table that it was fitted on, and what it answers for that table."""

    folder: Path
    table: Table
    model: object


def make_run(reports, data, target, *, name="demo", status="succeeded", **keys):
    """Store a linear model of the table as `04_model_selection` does; the folder looks like a run's."""
    values = {"experiment": name, "question": "Is it?", "data": str(data), "target": target, "holdout": 0}
    values["validation"] = {"folds": 2}  # quick, and enough to learn from
    params = checked({**values, **keys}, where="params")
    development = load_development(params)
    table, cut = development.table, folds(development.table, params)
    linear = CANDIDATES["linear"]
    metric = chosen_metric("auto", table.task)
    result = evaluate(table, linear, cut, metric=metric, seed=0, deadline=Deadline(60))
    model = equipped(
        fit_candidate(linear, table, seed=0), table, params=params, findings=development.findings,
        folds=cut, out_of_fold=result.out_of_fold,
    )  # fmt: skip
    folder = reports / name / "20260101-000000-000"
    (folder / "artifacts").mkdir(parents=True)
    save_model(model, folder / "artifacts" / "model.skops")
    (folder / "run.json").write_text(json.dumps({"status": status, "notebooks": {"04_model_selection": {}}}))
    if status == "succeeded":
        (reports / name / "latest").symlink_to(folder.name)
    return Run(folder, table, model)


def raw_rows(rows=120, seed=1):
    """Return a table as a person keeps it: decimal commas, days first, gaps under several names."""
    rng = np.random.default_rng(seed)
    size = rng.normal(50, 10, rows).round(1)
    days = pd.Timestamp("2024-01-01") + pd.to_timedelta(rng.integers(0, 300, rows), unit="D")
    frame = pd.DataFrame(
        {
            "size": [f"{1000 + value:,.1f}".replace(",", " ").replace(".", ",") for value in size],
            "price": [f"€ {value:.0f}" for value in rng.uniform(1, 9, rows)],
            "member": rng.choice(["yes", "No"], rows),
            "day": days.strftime("%d/%m/%Y"),
            "town": rng.choice(["<b>Rome", "Oslo", "Bonn"], rows),
            "y": (size + rng.normal(size=rows)).round(3),
        }
    ).astype({"town": object})
    frame.loc[:4, "size"] = ["", "?", "-1", "n/a", "1 234,5"]
    frame.loc[5:9, "town"] = ["NA", "-", "Roma", " ", "?"]
    frame.loc[3, "day"] = ""
    return frame


@pytest.fixture
def shop_rows():
    return raw_rows()


@pytest.fixture(scope="session")
def store():
    return make_run


@pytest.fixture(scope="session")
def shop(tmp_path_factory):
    """A regression of a hostile CSV with declared cleaning."""
    folder = tmp_path_factory.mktemp("shop")
    raw_rows().to_csv(folder / "shop.csv", sep=";", index=False)
    clean = {
        "missing": {"size": [-1]},
        "replace": {"town": {"Roma": "<b>Rome"}},
        "limits": {"price": [2, None]},
    }
    return make_run(folder / "reports", folder / "shop.csv", "y", name="shop", clean=clean)


@pytest.fixture(scope="session")
def pick(tmp_path_factory):
    """Two classes under names that do not like files."""
    folder = tmp_path_factory.mktemp("pick")
    rng = np.random.default_rng(3)
    frame = pd.DataFrame({"x": rng.normal(size=150), "z": rng.integers(0, 2, 150)})
    frame["kind"] = np.where(frame["x"] + rng.normal(size=150) > 0, 'a,"b"', "<i>no\n")
    frame.to_parquet(folder / "pick.parquet")
    return make_run(folder / "reports", folder / "pick.parquet", "kind", name="pick", positive='a,"b"')

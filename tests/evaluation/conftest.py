from collections.abc import Callable, Mapping

import numpy as np
import pandas as pd
import pytest

from helpers.bootstrap import resamples
from helpers.evaluation.case import Case, Judged
from helpers.evaluation.threshold import EVEN, choose_threshold
from helpers.metrics import Task, default_metric
from helpers.model_selection.fitted import fit_baseline, fit_model
from helpers.parameters import Costs
from helpers.results import SelectionResult
from helpers.tables.table import Column, Kind, Role, Table

MakeTable = Callable[..., Table]


@pytest.fixture
def make_table() -> MakeTable:
    """Build a table: the target last, other columns as features of the given kinds."""

    def build(
        frame: pd.DataFrame,
        *,
        target: str = "y",
        kinds: Mapping[str, Kind] | None = None,
        roles: Mapping[str, Role] | None = None,
        positive: str | None = None,
        labels: Mapping[str, tuple[str, str]] | None = None,
    ) -> Table:
        classes = () if pd.api.types.is_numeric_dtype(frame[target]) else tuple(sorted(set(frame[target])))
        task = Task.REGRESSION if not classes else Task.BINARY if len(classes) == 2 else Task.MULTICLASS
        columns = {}
        for name in frame.columns:
            kind = Kind.CATEGORY if name == target and classes else (kinds or {}).get(name, Kind.NUMBER)
            role = Role.TARGET if name == target else (roles or {}).get(name, Role.FEATURE)
            label, unit = (labels or {}).get(name, (name, ""))
            columns[name] = Column(name, kind, role, label, unit)
        if task is Task.BINARY and positive is None:
            positive = classes[-1]
        return Table(frame, columns, task, classes, positive if task is Task.BINARY else None)

    return build


@pytest.fixture
def make_case(make_table: MakeTable) -> Callable[..., Case]:
    """Build a case: a model on one column of noisy signal, judged on the later rows."""

    def build(
        task: str,
        *,
        rows: int = 240,
        held_out: int = 120,
        costs: Costs | None = None,
        names: Mapping[str, str] | None = None,
        group: bool = False,
        chosen: str = "linear",
        unit: str = "",
    ) -> Case:
        from sklearn.linear_model import LinearRegression, LogisticRegression

        rng = np.random.default_rng(3)
        signal, noise = rng.normal(size=rows), rng.normal(size=rows)
        frame = pd.DataFrame({"signal": signal, "noise": noise})
        if group:
            frame["team"] = rng.integers(0, rows // 6, size=rows).astype(float)
        score = signal + rng.normal(size=rows)
        cuts = {"binary": ["no", "yes"], "multiclass": ["a", "b", "c"]}.get(task)
        frame["y"] = (
            score * 10
            if cuts is None
            else np.array(cuts, dtype=object)[np.digitize(score, [0.0] if len(cuts) == 2 else [-0.7, 0.7])]
        )
        frame = frame.rename(columns=dict(names or {}))
        roles = {"team": Role.GROUP} if group else {}
        table = make_table(frame, roles=roles, labels={"y": ("y", unit)})
        is_development = pd.Series(np.arange(rows) < rows - held_out, index=frame.index)
        development, holdout = table.rows(is_development), table.rows(~is_development)
        estimator = LinearRegression() if cuts is None else LogisticRegression()
        model = fit_model(estimator, development, name="linear", label="Linear model")
        metric = default_metric(table.task)
        baseline = fit_baseline(development, metric)
        if chosen == "baseline":
            model = baseline
        threshold = None
        if table.task is Task.BINARY:
            said = model.predict(development.X).probabilities
            assert said is not None
            threshold = choose_threshold(
                (development.y == "yes").to_numpy(),
                said["yes"].to_numpy(),
                costs=costs,
                positive="yes",
                draws=resamples(len(development), seed=0, draws=50),
            )
        selection = SelectionResult.model_validate(
            {
                "metric": metric.name,
                "strategy": "random",
                "folds": 5,
                "repeats": 1,
                "rows": len(development),
                "leaderboard": [],
                "chosen": chosen,
                "chosen_label": "Linear model",
                "chosen_plain": "adds up",
                "reason": "best",
                "gain": {"value": 1.0},
                "learning_curve": [],
                "fit_diagnosis": "balanced",
            }
        )
        judged = Judged(selection, metric, model, baseline, threshold, costs, development)
        why_not = "" if held_out else "Nothing was evaluated."
        assert threshold is None or costs is not None or threshold.value == EVEN
        return Case(judged, holdout, why_not, 1, 1, 0)

    return build

from collections.abc import Iterator

import matplotlib as mpl
import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import pytest

from helpers.evaluation.curves import class_curves, curves_by_class
from helpers.evaluation.figures import draw_calibration, draw_cost_curve, draw_importance, draw_metrics
from helpers.evaluation.figures_classes import draw_confusion, draw_curves
from helpers.evaluation.figures_errors import draw_predicted, draw_residuals, draw_residuals_by
from helpers.evaluation.figures_model import draw_dependence, draw_shap
from helpers.evaluation.figures_ranking import draw_gains

HOSTILE = "<b>$x$</b>\n🦉" * 40


@pytest.fixture(autouse=True)
def _settings_untouched_and_closed() -> Iterator[None]:
    before = dict(mpl.rcParams)
    yield
    plt.close("all")
    assert dict(mpl.rcParams) == before


def test_curves_by_hand() -> None:
    table = class_curves(np.array([True, False, True, False]), np.array([0.9, 0.8, 0.8, 0.1]))
    assert table["threshold"].tolist() == [np.inf, 0.9, 0.8, 0.1]
    assert table["found"].tolist() == [0.0, 0.5, 1.0, 1.0]
    assert table["false_alarm"].tolist() == [0.0, 0.0, 0.5, 1.0]
    assert table["right"].tolist() == pytest.approx([1.0, 1.0, 2 / 3, 0.5])


def test_curves_are_bounded_and_leave_out_what_cannot_be_ranked() -> None:
    rng = np.random.default_rng(0)
    happened, stated_of_many = rng.random(3_000) < 0.5, rng.random(3_000)
    stated_of_many[:10], happened[:10] = np.linspace(2, 3, 10), True
    many = class_curves(happened, stated_of_many)
    assert 399 <= len(many) <= 400
    # The last point without a false alarm is kept: the ten rows on top, or more by luck.
    highest_other = stated_of_many[~happened].max()
    expected = (stated_of_many[happened] > highest_other).mean()
    assert many.loc[many["false_alarm"] == 0, "found"].max() == expected
    truth = np.array(["a", "a", "b"], dtype=object)
    stated = pd.DataFrame({"a": [0.5] * 3, "b": [0.5] * 3, "c": [0.0] * 3})
    assert list(curves_by_class(truth, stated, names=["a", "c"])) == ["a"]


def test_metrics_have_a_panel_each_with_model_and_baseline() -> None:
    table = pd.DataFrame(
        {
            "metric": ["roc_auc", "log_loss", "mcc"],
            "chosen": [0.9, 0.3, np.nan],
            "chosen_low": [0.8, np.nan, np.nan],
            "chosen_high": [0.95, np.nan, np.nan],
            "baseline": [0.5, 0.7, 0.0],
            "baseline_low": [0.5, 0.6, 0.0],
            "baseline_high": [0.5, 0.8, 0.0],
        }
    )
    figure = draw_metrics(table, model=HOSTILE)
    titles = [axis.get_title(loc="left") for axis in figure.axes if axis.axison]
    assert titles == ["ROC AUC ↑", "log loss ↓", "Matthews correlation ↑"]


def test_confusion_writes_counts_and_shares() -> None:
    figure = draw_confusion(pd.DataFrame([[3, 1], [0, 0]], index=[HOSTILE, "b"], columns=[HOSTILE, "b"]))
    assert [text.get_text() for text in figure.axes[0].texts] == ["3\n75%", "1\n25%", "0\n0%", "0\n0%"]


def test_other_figures_take_hostile_names_and_single_rows() -> None:
    values = {"from": 0.1, "to": 0.2, "rows": 1, "stated": 0.15, "observed": 0.0, "low": 0.0, "high": 0.8}
    table = pd.DataFrame([values | {"residual": 0.1, "error": 0.1}])
    draw_calibration(table, event=HOSTILE)
    curve = pd.DataFrame({"threshold": [0.0, 1.0], "cost": [5.0, 1.0], "low": [4.0, 0.0], "high": [6.0, 2.0]})
    draw_cost_curve(curve, threshold=0.2, unit=HOSTILE[:40], positive=HOSTILE)
    bars = pd.DataFrame(
        {"label": [HOSTILE, "b"], "worse_by": [1.0, 0.0], "low": [0.5, np.nan], "high": [2.0, np.nan]}
    )
    draw_importance(bars, metric="RMSE")
    stated = np.array([0.9, 0.1])
    draw_curves({HOSTILE: class_curves(stated > 0.5, stated)}, shares={HOSTILE: 0.5})
    draw_predicted(np.array([1.0]), np.array([1.0]), target=HOSTILE, seed=0)
    figure = draw_residuals(np.arange(3_000.0), np.zeros(3_000), table, target=HOSTILE, seed=0)
    assert len(figure.axes[0].collections[0].get_offsets()) == 2_000  # type: ignore[arg-type]


def test_gains_and_lift_have_a_panel_each() -> None:
    shares = [0.1, 0.5, 1.0]
    table = pd.DataFrame({"share": shares, "found": [0.3, 0.8, 1.0], "lift": [3.0, 1.6, 1.0]})
    for name in ("found", "lift"):
        table[f"{name}_low"], table[f"{name}_high"] = table[name] * 0.9, table[name] * 1.1
    figure = draw_gains(table, positive=HOSTILE, base=0.2)
    assert [axis.get_title(loc="left") for axis in figure.axes] == ["Gains", "Lift"]
    assert figure.axes[1].lines[0].get_ydata().tolist() == [3.0, 1.6, 1.0]


def test_dependence_has_a_panel_a_column_and_names_levels() -> None:
    table = pd.DataFrame(
        {"column": ["a", "a", "k", "k"], "label": [HOSTILE] * 2 + ["Kind"] * 2, "value": ["1", "2", HOSTILE, "v"],
         "place": [1.0, 2.0, 0.0, 1.0], "average": [0.1, 0.2, 0.3, 0.4]}
    ).assign(low=0.0, high=0.5)  # fmt: skip
    figure = draw_dependence(table, answer=HOSTILE, numeric=frozenset({"a"}))
    assert [axis.lines[0].get_ydata().tolist() for axis in figure.axes] == [[0.1, 0.2], [0.3, 0.4]]
    assert [text.get_text() for text in figure.axes[1].get_xticklabels()][1] == "v"


def test_shap_bars_stand_with_the_largest_on_top() -> None:
    table = pd.DataFrame(
        {"label": [HOSTILE, "b"], "moves": [2.0, 1.0], "low": [1.5, np.nan], "high": [2.5, np.nan]}
    )
    (axis,) = draw_shap(table, unit="€").axes
    assert [bar.get_width() for bar in axis.patches] == [1.0, 2.0]
    assert axis.get_xlabel() == "Mean size of the SHAP values (€)"


def test_residuals_of_groups_that_lean_are_full_dots() -> None:
    table = pd.DataFrame(
        {"column": ["a", "a", "b"], "group": [HOSTILE, "a 2", "b 1"], "residual": [1.0, 0.0, -1.0],
         "low": [0.5, -1.0, np.nan], "high": [1.5, 1.0, np.nan], "leans": [True, False, False]}
    )  # fmt: skip
    figure = draw_residuals_by(table, unit="€")
    assert len(figure.axes) == 2
    inks = figure.axes[0].collections[-1].get_facecolors()
    assert mpl.colors.to_hex(inks[0]) == "#ffffff" != mpl.colors.to_hex(inks[1])
    assert figure.get_supxlabel() == "Observed minus predicted (€)"

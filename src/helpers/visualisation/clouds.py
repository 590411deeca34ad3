"""Clouds of points: rows by two numbers, coloured and marked by class, or coloured by the target's value."""

import numpy as np
import pandas as pd
import seaborn as sns
from matplotlib.axes import Axes
from matplotlib.cm import ScalarMappable
from matplotlib.colors import LogNorm, Normalize

from helpers.style import LINE
from helpers.visualisation.bins import spreads_over_powers
from helpers.visualisation.class_labels import label_classes
from helpers.visualisation.classes import Look
from helpers.visualisation.figures import plain_ticks, value_scale

COLOURED = (0.05, 0.95)  # quantiles over which colours change; a far value must not take them all


def draw_class_cloud(axes: Axes, points: pd.DataFrame, *, looks: dict[str, Look]) -> None:
    """Draw each row of ``x``, ``y``, ``class`` with its class's colour and mark, and name the classes."""
    order = [name for name in looks if (points["class"] == name).any()]
    sns.scatterplot(
        data=_shuffled(points), x="x", y="y", hue="class", style="class", hue_order=order, style_order=order,
        palette={name: looks[name].colour for name in order},
        markers={name: looks[name].marker for name in order},
        s=_size(len(points)), alpha=0.75, edgecolor="white", linewidth=0.4, legend=False, ax=axes,
    )  # fmt: skip
    axes.autoscale_view()
    label_classes(axes, points, looks=looks)


def draw_value_cloud(axes: Axes, points: pd.DataFrame, *, label: str) -> None:
    """Draw each row of ``x``, ``y``, ``value``, lighter for a larger value, and the scale."""
    scale = value_norm(points["value"].to_numpy(dtype=float))
    ordered = _shuffled(points)
    axes.scatter(
        ordered["x"], ordered["y"], c=ordered["value"], cmap=value_scale(), norm=scale,
        s=_size(len(points)) * 1.2, alpha=0.9, edgecolor="#4a5565", linewidth=0.4,
    )  # fmt: skip
    add_scale(axes, ScalarMappable(scale, value_scale()), label=label, open_ended=True)


def value_norm(values: np.ndarray) -> Normalize:
    """Return the range over which colours change: the middle nine tenths, on a log scale where that helps."""
    low, high = (float(value) for value in np.quantile(values, COLOURED))
    high = high if high > low else low + 1
    return LogNorm(low, high) if spreads_over_powers(values) else Normalize(low, high)


def add_scale(axes: Axes, mappable: ScalarMappable, *, label: str, open_ended: bool = False) -> None:
    """Add the scale of colours at the right of the axes; an open-ended one goes on past its last colours."""
    bar = axes.figure.colorbar(
        mappable, ax=axes, pad=0.02, aspect=28, extend="both" if open_ended else "neither"
    )
    bar.set_label(label)
    bar.outline.set_edgecolor(LINE)
    plain_ticks(bar.ax.yaxis, log=isinstance(mappable.norm, LogNorm))


def _shuffled(points: pd.DataFrame) -> pd.DataFrame:
    """Return the points in a random order, always the same, so that no class lies on top of the others."""
    return points.iloc[np.random.default_rng(0).permutation(len(points))]


def _size(points: int) -> float:
    return 46.0 if points <= 300 else 32.0 if points <= 1_000 else 20.0

"""Why no known distribution fits, as far as the values show it: heaped or capped, humps, a long tail."""

import math

import numpy as np
from scipy import signal, stats

from helpers.wording import number, percent

# A value that so many rows share makes a step that no smooth distribution has.
HEAPED, FEWEST_HEAPED = 0.05, 10
MOST = 0.5
# So many values that hold so many rows, of many different ones, were preferred when they were written down.
FEW_VALUES, SHARE_OF_FEW, MANY_VALUES = 5, 0.25, 50
# A second hump counts where the valley before it is so deep, as a share of the highest hump.
DEPTH = 0.1
INNER = (0.01, 0.99)
# So many times as far from the median as the one tail's outermost 1 % must the other's lie.
LOPSIDED = 3.0
POINTS = 256
VALUES_SMOOTHED = 2_000


def why_none(values: np.ndarray) -> str:
    """Return why no known distribution fits these numbers, none missing; empty where nothing shows it."""
    found, rows = np.unique(values, return_counts=True)
    order = np.argsort(-rows, kind="stable")
    share = rows[order[0]] / len(values)
    many = len(found) > 2 * FEW_VALUES or share >= MOST
    if share >= HEAPED and rows[order[0]] >= FEWEST_HEAPED and many:
        where = {0: "the lowest value, ", len(found) - 1: "the highest value, "}.get(int(order[0]), "")
        return f"{percent(share)} of the values are {where}{number(found[order[0]])}"
    few = rows[order[:FEW_VALUES]].sum() / len(values)
    if few >= SHARE_OF_FEW and len(found) >= MANY_VALUES:
        listing = ", ".join(number(value) for value in sorted(found[order[:FEW_VALUES]]))
        return f"{percent(few)} of the values are one of {listing}"
    humps = hump_places(values)
    if len(humps) > 1:
        places = " and ".join(number(place, digits=2) for place in humps)
        return f"{len(humps)} humps, near {places}: several groups mixed"
    return _lopsided(values)


def _lopsided(values: np.ndarray) -> str:
    """Return which tail is much longer than the other; empty where none is."""
    low, middle, high = np.quantile(values, (INNER[0], 0.5, INNER[1]))
    below, above = float(middle - low), float(high - middle)
    shorter, longer = sorted((below, above))
    if not 0 < shorter * LOPSIDED <= longer:
        return ""
    side = "upper" if above > below else "lower"
    return f"the {side} tail reaches {number(longer / shorter, digits=2)} times as far as the other"


def hump_places(values: np.ndarray) -> list[float]:
    """Return where a smoothed density of the inner 98 % of the values has humps, in rising order."""
    low, high = np.quantile(values, INNER)
    inner = values[(values >= low) & (values <= high)]
    inner = inner[:: -(-len(inner) // VALUES_SMOOTHED)]
    if not high > low or len(np.unique(inner)) < FEW_VALUES:
        return []
    inner = (inner - low) / (high - low)
    places = np.linspace(0.0, 1.0, POINTS)
    density = stats.gaussian_kde(inner, _width(inner)).pdf(places)
    # With nothing on either side, a hump at an end is a hump, too.
    padded = np.concatenate([[0.0], density, [0.0]])
    peaks = signal.find_peaks(padded, prominence=DEPTH * density.max())[0]
    return [float(low + (high - low) * places[peak - 1]) for peak in peaks]


def _width(values: np.ndarray) -> float:
    """Return Silverman's (1986) bandwidth, robust against far values, as a share of the deviation."""
    deviation = float(values.std(ddof=1))
    quartiles = float(np.subtract(*np.quantile(values, [0.75, 0.25]))) / 1.349
    narrower = min(deviation, quartiles) or deviation
    return 0.9 * narrower / deviation / math.pow(len(values), 0.2)

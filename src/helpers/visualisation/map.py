"""A map of the rows in two dimensions: near each other where they are alike in all features."""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from sklearn.decomposition import PCA
from sklearn.manifold import TSNE, trustworthiness
from sklearn.neighbors import NearestNeighbors
from threadpoolctl import threadpool_limits

from helpers.metrics import Task
from helpers.tables.sample import sampled
from helpers.tables.table import Kind, Table
from helpers.visualisation.drawable import Drawable, Form, drawable
from helpers.visualisation.feature_axis import positions

MAP_ROWS = 1_000
NEIGHBOURS = 10
FEWEST_ROWS = 3
EMBEDDING_ROWS = 60  # with fewer rows neighbours mean little
PERPLEXITY = 30.0
ITERATIONS = 500
COMPONENTS = 50  # that the neighbour embedding starts from, as its authors advise
WORTH = 0.02  # an embedding is shown when it keeps neighbours better by at least this trustworthiness
CLIPPED = (0.01, 0.99)  # quantiles at which numbers are cut, so that one far row does not fill the map


@dataclass(frozen=True)
class Features:
    """The rows as points in as many dimensions as there are features.

    Attributes
    ----------
    matrix : numpy.ndarray
        Rows × dimensions: numbers filled with their median and scaled, categories as indicators; centred, and
        each feature with a total variance of 1, so that none counts more than another.
    names : list of str
        What each dimension is: a column's title, or "title = category".
    used : int
        How many features they come from.
    left_out : tuple of str
        Titles of the features that have no place: free text, and columns that never change.
    """

    matrix: np.ndarray
    names: list[str]
    used: int
    left_out: tuple[str, ...]


@dataclass(frozen=True)
class RowMap:
    """Rows in two dimensions.

    Attributes
    ----------
    places : numpy.ndarray
        Rows × 2.
    method : str
        "PCA" or "t-SNE".
    trustworthiness : float
        How well neighbours on the map are neighbours in all features, at most 1 (Venna and Kaski 2001); NaN
        with too few rows to say.
    shares : tuple of float
        Share of the features' variance along each axis; empty for t-SNE, whose axes have no meaning.
    drivers : tuple of tuple of str
        For each axis the dimensions that weigh most, with their direction; empty for t-SNE.
    """

    places: np.ndarray
    method: str
    trustworthiness: float
    shares: tuple[float, ...] = ()
    drivers: tuple[tuple[str, ...], ...] = ()


@dataclass(frozen=True)
class RowMaps:
    """The maps of a table that are worth drawing.

    Attributes
    ----------
    part : Table
        The rows on the maps.
    whole : int
        How many rows the table has.
    features : Features
        What the maps are made from.
    principal : RowMap or None
        The map by principal components; None with fewer than two features or `FEWEST_ROWS` rows.
    embedding : RowMap or None
        The neighbour embedding; None where it was not tried or keeps neighbours no better.
    gain : float or None
        By how much the embedding's trustworthiness is larger; None where it was not tried.
    """

    part: Table
    whole: int
    features: Features
    principal: RowMap | None
    embedding: RowMap | None
    gain: float | None


def row_features(part: Table) -> Features:
    """Return the rows of the table as points; numbers, dates, booleans and categories have a place."""
    blocks, names, left_out = [], [], []
    for column in part.features:
        feature = drawable(part, column)
        if column.kind is Kind.TEXT or not feature.varies:
            left_out.append(column.title)
            continue
        block, texts = _indicators(feature) if feature.form is Form.CATEGORY else _scaled(feature)
        centred = block - block.mean(axis=0)
        blocks.append(centred / np.sqrt(centred.var(axis=0).sum()))
        names.extend(texts)
    matrix = np.hstack(blocks) if blocks else np.empty((len(part), 0))
    return Features(matrix, names, len(blocks), tuple(left_out))


def principal_map(features: Features) -> RowMap:
    """Return the map along the two directions in which the rows differ most (principal components)."""
    with threadpool_limits(1):
        model = PCA(2, svd_solver="full")
        places = model.fit_transform(features.matrix)
        kept = _trust(features.matrix, places)
    drivers = tuple(_drivers(weights, features.names) for weights in model.components_)
    return RowMap(
        places, "PCA", kept, tuple(float(share) for share in model.explained_variance_ratio_), drivers
    )


def neighbour_map(features: Features, *, seed: int) -> RowMap | None:
    """Return the map that keeps neighbours together, None for few rows (van der Maaten and Hinton 2008)."""
    rows = len(features.matrix)
    if rows < EMBEDDING_ROWS or features.used < 3:
        return None
    with threadpool_limits(1):
        start = features.matrix
        if min(start.shape) > COMPONENTS:
            start = PCA(COMPONENTS, svd_solver="full").fit_transform(start)
        model = TSNE(
            perplexity=min(PERPLEXITY, (rows - 1) / 3),
            init="pca",
            max_iter=ITERATIONS,
            random_state=seed,
            n_jobs=1,
        )
        places = model.fit_transform(start).astype(float)
        return RowMap(places, "t-SNE", _trust(features.matrix, places))


def row_maps(table: Table, *, seed: int) -> RowMaps:
    """Return the maps of the table that are worth drawing, of at most `MAP_ROWS` rows."""
    part = sampled(table, seed=seed, rows=MAP_ROWS)
    features = row_features(part)
    if features.used < 2 or len(part) < FEWEST_ROWS:
        return RowMaps(part, len(table), features, None, None, None)
    principal = principal_map(features)
    embedding = neighbour_map(features, seed=seed)
    gain = embedding.trustworthiness - principal.trustworthiness if embedding else None
    worth = gain is not None and gain >= WORTH
    return RowMaps(part, len(table), features, principal, embedding if worth else None, gain)


def agreement(row_map: RowMap, target: pd.Series, *, task: Task) -> tuple[float, float]:
    """Return how far rows that are near on the map have the same target, and what chance alone gives.

    For classes: the mean share of a row's `NEIGHBOURS` nearest rows that have its class, and the share that
    rows drawn at random would have. For a number: how much of the variation of its ranks the mean of the
    nearest rows predicts (R², never below 0), and 0.
    """
    near = min(NEIGHBOURS, len(target) - 1)
    finder = NearestNeighbors(n_neighbors=near, algorithm="kd_tree", n_jobs=1).fit(row_map.places)
    neighbours = finder.kneighbors(return_distance=False)
    if task is Task.REGRESSION:
        ranks = target.rank().to_numpy()
        errors = ((ranks - ranks[neighbours].mean(axis=1)) ** 2).sum()
        total = ((ranks - ranks.mean()) ** 2).sum()
        return (max(0.0, float(1 - errors / total)) if total > 0 else 0.0), 0.0
    codes = pd.factorize(target)[0]
    counts = np.bincount(codes)
    chance = float((counts * (counts - 1)).sum() / (len(codes) * (len(codes) - 1)))
    return float((codes[neighbours] == codes[:, None]).mean()), chance


def _scaled(feature: Drawable) -> tuple[np.ndarray, list[str]]:
    places = positions(feature)
    values = places.fillna(places.median()).to_numpy(dtype=float)
    values = values / max(float(np.abs(values).max()), 1e-300)
    clipped = np.clip(values, *np.quantile(values, CLIPPED))
    return (clipped if np.ptp(clipped) > 0 else values)[:, None], [feature.title]


def _indicators(feature: Drawable) -> tuple[np.ndarray, list[str]]:
    dummies = pd.get_dummies(feature.series)
    return dummies.to_numpy(dtype=float), [f"{feature.title} = {level}" for level in dummies.columns]


def _drivers(weights: np.ndarray, names: list[str], *, limit: int = 3) -> tuple[str, ...]:
    order = np.argsort(-np.abs(weights), kind="stable")[:limit]
    return tuple(f"{'more' if weights[place] > 0 else 'less'} {names[place]}" for place in order)


def _trust(matrix: np.ndarray, places: np.ndarray) -> float:
    near = min(NEIGHBOURS, (len(matrix) - 1) // 2)
    return float(trustworthiness(matrix, places, n_neighbors=near)) if near >= 1 else float("nan")

import numpy as np
import pandas as pd
import pytest

from helpers.metrics import Task
from helpers.tables.table import Kind
from helpers.visualisation.map import RowMap, agreement, principal_map, row_features, row_maps
from helpers.visualisation.map_pictures import agreement_words, map_pictures, map_words


@pytest.fixture
def clusters(make_table):
    generator = np.random.default_rng(0)
    label = np.repeat(["a", "b", "c"], 40)
    centre = np.repeat([0.0, 20.0, 40.0], 40)
    columns = {f"x{i}": centre * (1 if i % 2 else -1) + generator.normal(size=120) for i in range(4)}
    return make_table(columns | {"y": label})


def test_every_feature_weighs_the_same(make_table):
    columns = {
        "big": [1e6, 2e6, 3e6, 9e6],
        "level": pd.Categorical(["u", "v", "w", "u"]),
        "gap": [1.0, np.nan, 3.0, 5.0],
        "still": [7.0] * 4,
        "words": ["a", "bb", "ccc", "d"],
        "y": list("abab"),
    }
    features = row_features(make_table(columns, kinds={"level": Kind.CATEGORY, "words": Kind.TEXT}))
    assert features.names == ["big", "level = u", "level = v", "level = w", "gap"]
    assert features.left_out == ("still", "words")
    assert features.used == 3
    variances = features.matrix.var(axis=0)
    assert variances[0] == pytest.approx(1)
    assert variances[1:4].sum() == pytest.approx(1)
    assert np.allclose(features.matrix.mean(axis=0), 0)


def test_the_components_say_how_much_they_hold(make_table):
    line = np.arange(30.0)
    features = row_features(make_table({"p": line, "q": -2 * line, "y": ["a", "b"] * 15}))
    row_map = principal_map(features)
    assert list(row_map.shares) == pytest.approx([1.0, 0.0])
    assert sorted(row_map.drivers[0]) in (["less p", "more q"], ["less q", "more p"])


def test_neighbours_of_one_class_agree():
    places = np.column_stack([np.repeat([0.0, 100.0], 20) + np.arange(40) * 0.01, np.zeros(40)])
    row_map = RowMap(places, "PCA", 1.0)
    target = pd.Series(np.repeat(["a", "b"], 20))
    found, chance = agreement(row_map, target, task=Task.BINARY)
    assert found == 1.0
    assert chance == pytest.approx(19 / 39)


def test_neighbours_of_a_number_tell_it():
    places = np.column_stack([np.arange(200.0), np.zeros(200)])
    found, chance = agreement(RowMap(places, "PCA", 1.0), pd.Series(np.arange(200.0)), task=Task.REGRESSION)
    assert found > 0.99
    assert chance == 0.0
    constant = agreement(RowMap(places, "PCA", 1.0), pd.Series(np.ones(200)), task=Task.REGRESSION)
    assert constant == (0.0, 0.0)


def test_the_maps_are_the_same_for_a_seed(clusters):
    one, other = (row_maps(clusters, seed=0) for _ in range(2))
    assert one.principal is not None and other.principal is not None
    assert np.array_equal(one.principal.places, other.principal.places)
    assert one.gain == other.gain


def test_a_map_of_clusters_says_so(clusters):
    maps = row_maps(clusters, seed=0)
    pictures = list(map_pictures(maps))
    assert pictures[0].name == "03_map"
    assert pictures[0].table.columns.tolist() == ["row", "x", "y", "class"]
    assert pictures[0].alt == (
        "Map of 120 rows in two dimensions (PCA), by y. Of a row's 10 nearest rows 100 % share its class, "
        "where "
        "chance alone would give 33 %."
    )
    assert "Drawn from all 120 rows." in pictures[0].caption


def test_an_embedding_that_keeps_neighbours_no_better_is_not_shown(make_table):
    generator = np.random.default_rng(0)
    p, q = generator.normal(size=80), generator.normal(size=80)
    maps = row_maps(make_table({"p": p, "q": q, "r": p * 2, "y": ["a", "b"] * 40}), seed=0)
    assert maps.embedding is None
    assert maps.gain is not None and maps.gain < 0.02
    assert "A neighbour embedding (t-SNE) is not shown" in map_words(maps)


def test_too_little_for_a_map_is_said(make_table):
    maps = row_maps(make_table({"x": [1.0, 2, 3, 4], "y": list("abab")}), seed=0)
    assert list(map_pictures(maps)) == []
    assert map_words(maps) == "A map needs two features that vary and 3 rows; here are 1 feature and 4 rows."


def test_few_rows_get_no_embedding(make_table):
    table = make_table({"p": [1.0, 2, 3, 9], "q": [4.0, 1, 2, 2], "y": [1.0, 2, 3, 4]})
    maps = row_maps(table, seed=0)
    assert [picture.name for picture in map_pictures(maps)] == ["03_map"]
    assert map_words(maps).endswith(
        "A neighbour embedding was not tried: there are too few rows or features for one."
    )


def test_agreement_is_said_in_words(make_table):
    classes = make_table({"x": np.arange(30.0), "y": ["a", "b"] * 15})
    assert agreement_words(classes, 0.91, 0.5) == (
        "Of a row's 10 nearest rows 91 % share its class, where chance alone would give 50 %."
    )
    number = make_table({"x": [1.0, 2, 3], "y": [1.0, 2, 3]})
    assert agreement_words(number, 0.25, 0.0) == "A row's 2 nearest rows tell 25 % of how y varies."

import numpy as np
import pandas as pd
import pytest

from helpers.tables.table import Kind, Role
from helpers.visualisation.telling import strictness, telling_features, told, trial, worth_showing
from helpers.visualisation.telling_picture import telling_alt, telling_picture


@pytest.fixture
def mixed(make_table):
    generator = np.random.default_rng(0)
    n = 400
    signal, noise = generator.normal(size=n), generator.normal(size=n)
    columns = {
        "signal": signal,
        "twin": np.exp(signal),
        "noise": noise,
        "level": pd.Categorical(np.where(signal > 0, "high", "low")),
        "still": np.ones(n),
        "empty": np.full(n, np.nan),
        "y": np.where(signal + 0.3 * generator.normal(size=n) > 0, "b", "a"),
    }
    return make_table(columns, kinds={"level": Kind.CATEGORY, "empty": Kind.EMPTY}, positive="b")


def test_features_rank_by_what_they_tell(mixed):
    tried = trial(mixed, seed=0)
    ranking = telling_features(tried)
    assert set(ranking["column"][:3]) == {"signal", "twin", "level"}
    assert ranking["column"].tolist()[-1] == "noise"
    assert ranking["certain"].tolist() == [True, True, True, False]
    assert tried.constant == ("still", "empty")
    assert ((ranking["low"] < ranking["told"]) & (ranking["told"] < ranking["high"])).all()


def test_only_one_of_alike_features_is_shown(mixed):
    tried = trial(mixed, seed=0)
    ranking = telling_features(tried)
    chosen, twins = worth_showing(tried, ranking, limit=4)
    assert len(set(chosen) & {"signal", "twin"}) == 1
    assert set(twins.items()) <= {("twin", "signal"), ("signal", "twin")}
    assert "noise" not in chosen


def test_the_same_seed_gives_the_same_digits(mixed):
    one, other = (telling_features(trial(mixed, seed=3)) for _ in range(2))
    pd.testing.assert_frame_equal(one, other, check_exact=True)


def test_a_perfect_feature_tells_all_of_a_regression(make_table):
    values = np.repeat(np.arange(4.0), 50)
    table = make_table({"x": values, "y": values * 10})
    ranking = telling_features(trial(table, seed=0))
    assert ranking["told"][0] == pytest.approx(1.0)


def test_a_group_stays_on_one_side(make_table):
    groups = np.repeat(np.arange(20), 5)
    columns = {"g": groups, "x": groups.astype(float), "y": np.where(groups % 2, "a", "b")}
    tried = trial(make_table(columns, roles={"g": Role.GROUP}), seed=0)
    sides = pd.Series(tried.folds).groupby(groups).nunique()
    assert (sides == 1).all()
    # on rows of known groups the number of the group would tell all
    assert telling_features(tried)["told"][0] < 0.2


@pytest.mark.slow
def test_on_noise_alone_hardly_anything_is_certain(make_table):
    generator = np.random.default_rng(5)
    found = 0
    for _ in range(12):
        columns = {f"x{i}": generator.normal(size=150) for i in range(10)}
        table = make_table(columns | {"y": generator.choice(["a", "b"], 150)})
        found += bool(telling_features(trial(table, seed=0))["certain"].any())
    assert found <= 2


def test_a_target_that_never_changes_is_told_by_nothing(make_table):
    table = make_table({"x": [1.0, 2, 3, 4, 5, 6], "y": [5.0] * 6})
    assert telling_features(trial(table, seed=0))["told"].tolist() == [0.0]


def test_no_feature_gives_an_empty_ranking(make_table):
    tried = trial(make_table({"x": [1.0, 1.0], "y": ["a", "b"]}), seed=0)
    ranking = telling_features(tried)
    assert ranking.empty
    assert worth_showing(tried, ranking, limit=4) == ([], {})


def test_the_gain_is_a_share_of_the_baseline(make_table):
    tried = trial(make_table({"x": [1.0, 2, 3, 4], "y": [1.0, 2, 3, 4]}), seed=0)
    half = tried.baseline / 2
    share, error = told(tried, tried.baseline, half)
    assert share == pytest.approx(0.5)
    gains = tried.baseline / 2
    assert error == pytest.approx(gains.std(ddof=1) * 2 / tried.baseline.sum())


def test_more_trials_ask_for_more():
    assert strictness(1) == pytest.approx(1.6449, abs=1e-4)
    assert strictness(50) == pytest.approx(3.0902, abs=1e-4)


RANKING = pd.DataFrame(
    {
        "column": ["a", "b"], "title": ["Area, mean", "<b>"], "form": ["number", "number"],
        "told": [0.61, -0.02], "low": [0.5, -0.1], "high": [0.72, 0.06], "certain": [True, False],
    }
)  # fmt: skip


def test_the_ranking_is_said_in_words():
    assert telling_alt(RANKING, target="Tumour") == (
        "Dots with intervals: what each of 2 features alone tells about Tumour. “Area, mean” 61 % and <b> "
        "−2 %. 1 of "
        "2 features tells something beyond chance."
    )
    assert telling_alt(RANKING.head(1), target="Tumour") == (
        "Dot with interval: what the only feature tells about Tumour. “Area, mean” 61 %. It tells "
        "something beyond "
        "chance."
    )
    assert telling_alt(RANKING.tail(1), target="Tumour") == (
        "Dot with interval: what the only feature tells about Tumour. <b> −2 %. That is no more than chance "
        "might."
    )


def test_the_figure_of_the_ranking_says_what_comes_first():
    picture = telling_picture(RANKING, target="Tumour", rows="all 9 rows")
    assert (
        picture.figure.get_suptitle() == "Area, mean alone tells 61\N{NO-BREAK SPACE}% of how Tumour varies"
    )
    nothing = telling_picture(RANKING.tail(1), target="Tumour", rows="all 9 rows")
    assert nothing.figure.get_suptitle() == "No feature alone tells anything about Tumour beyond\nchance"


def test_a_share_below_nothing_is_drawn_and_written_as_it_is():
    axes = telling_picture(RANKING, target="Tumour", rows="all 9 rows").figure.axes[0]
    assert [text.get_text() for text in axes.texts] == ["61 %", "−2 %"]
    assert axes.get_xlim()[0] == -0.02

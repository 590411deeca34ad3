from collections.abc import Callable, Iterator

import matplotlib as mpl
import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import pytest
from matplotlib.figure import Figure

from helpers.exploration import alt_texts, figures
from helpers.exploration.effects import Effects, against_target
from helpers.exploration.panels import Panel, distribution, relation
from helpers.style import PALETTE
from helpers.tables.table import Kind, Role, Table

MakeTable = Callable[..., Table]
ROWS = 120
HOSTILE = "<img src=x onerror=alert(1)>'\"\n$\\frac{1}{0}$ [x] {{y}} ]]>" + "z" * 10_000


@pytest.fixture(autouse=True)
def closed_figures() -> Iterator[None]:
    yield
    plt.close("all")


def mixed(make_table: MakeTable, target: list[object], **roles: Role) -> Table:
    random = np.random.default_rng(0)
    columns = {
        "number": (Kind.NUMBER, random.normal(size=ROWS)),
        "heavy": (Kind.NUMBER, np.exp(2 * random.normal(size=ROWS))),
        "minus": (Kind.NUMBER, -np.exp(2 * random.normal(size=ROWS))),
        "date": (Kind.DATE, pd.Timestamp("2020-01-01") + pd.to_timedelta(np.arange(ROWS), unit="D")),
        HOSTILE: (Kind.CATEGORY, [f"{HOSTILE}{number}" for number in random.integers(0, 14, ROWS)]),
        "index": (Kind.BOOLEAN, (random.random(ROWS) > 0.5).astype(float)),
        "text": (
            Kind.TEXT,
            pd.Series(["🙂" * number for number in random.integers(1, 40, ROWS)], dtype="str"),
        ),
        "group": (Kind.NUMBER, np.arange(ROWS) % 3),
    }
    return make_table(columns, target, roles=roles, units={"number": "mg/l"})


TARGETS: dict[str, list[object]] = {
    "two classes": ["a", "$b<"] * (ROWS // 2),
    "nine classes": [f"c{number % 9}" for number in range(ROWS)],
    "numbers": [float(number) for number in range(ROWS)],
}


def panels_of(table: Table, draw: Callable[[str], Panel | None]) -> list[Panel]:
    return [panel for column in table.features if (panel := draw(column.name))]


def draws(figure: Figure) -> None:
    figure.draw_without_rendering()


@pytest.mark.filterwarnings("ignore:Glyph .* missing from font")
@pytest.mark.parametrize("target", TARGETS.values(), ids=TARGETS)
def test_relations_draw_every_kind_and_leave_the_style_alone(
    make_table: MakeTable, target: list[object]
) -> None:
    before = dict(mpl.rcParams)
    table = mixed(make_table, target, group=Role.GROUP)
    effects = against_target(table, seed=0)
    related = panels_of(table, lambda name: relation(table, table.columns[name]))
    assert len(related) == 7
    draws(figures.relations(related, table))
    draws(figures.strengths(effects))
    over = relation(table, table.columns["group"])
    assert over is not None
    draws(figures.along(over, table))
    assert dict(mpl.rcParams) == before


@pytest.mark.filterwarnings("ignore:Glyph .* missing from font")
def test_distributions_draw_every_kind(make_table: MakeTable) -> None:
    table = mixed(make_table, TARGETS["two classes"])
    spread = panels_of(table, lambda name: distribution(table.columns[name], table.frame[name]))
    assert len(spread) == 8
    draws(figures.distributions(spread))


@pytest.mark.parametrize("size", [2, 5, 25])
def test_the_map_of_associations(make_table: MakeTable, size: int) -> None:
    names = [HOSTILE, *map(str, range(size - 1))]
    table = make_table({name: (Kind.NUMBER, [1.0, 2.0]) for name in names}, ["a", "b"])
    draws(figures.association_map(pd.DataFrame(np.eye(size), index=names, columns=names), table))


def test_one_panel_stands_alone(make_table: MakeTable) -> None:
    table = make_table({"x": (Kind.NUMBER, np.arange(40.0))}, ["a", "b"] * 20)
    panel = relation(table, table.columns["x"])
    assert panel is not None
    figure = figures.relations([panel], table)
    assert len([axes for axes in figure.axes if axes.get_visible()]) == 1
    draws(figure)


def test_a_cross_marks_what_rises_and_falls(make_table: MakeTable) -> None:
    x = np.random.default_rng(2).uniform(-1, 1, 400)
    table = make_table({"x": (Kind.NUMBER, x)}, ["in" if abs(value) < 0.5 else "out" for value in x])
    figure = figures.strengths(against_target(table, seed=0))
    labels = [text.get_text() for text in figure.legends[0].get_texts()]
    assert labels == ["AUC, as |2 AUC − 1|", "any shape, where it is stronger"]


def test_what_rises_and_falls_is_said_by_its_shape(make_table: MakeTable) -> None:
    x = np.random.default_rng(2).uniform(-1, 1, 400)
    table = make_table({"x": (Kind.NUMBER, x)}, ["in" if abs(value) < 0.5 else "out" for value in x])
    effects = against_target(table, seed=0)
    shape = effects.frame["any shape"][0]
    assert alt_texts.of_strengths(effects, drawn=5) == (
        f"Strength of the relation with ‘y’ for 1 variable, strongest first: ‘x’ {shape:.3f} (any shape)."
    )


def test_classes_have_the_colour_of_their_place_in_the_table(make_table: MakeTable) -> None:
    table = make_table({"x": (Kind.NUMBER, np.arange(60.0))}, ["c"] * 30 + ["a"] * 10 + ["b"] * 20)
    panel = relation(table, table.columns["x"])
    assert panel is not None
    lines = figures.relations([panel], table).axes[0].get_lines()
    assert [(line.get_label(), line.get_color()) for line in lines] == list(zip("abc", PALETTE, strict=False))
    binary = make_table({"x": (Kind.NUMBER, np.arange(60.0))}, ["a"] * 30 + ["b"] * 30, positive="b")
    panel = relation(binary, binary.columns["x"])
    assert panel is not None
    assert figures.relations([panel], binary).axes[0].get_lines()[0].get_color() == PALETTE[1]


def test_alt_text_of_distributions(make_table: MakeTable) -> None:
    table = make_table({"x": (Kind.CATEGORY, ["a"] * 15 + ["b"] * 5)}, ["n", "y"] * 10)
    panel = distribution(table.columns["x"], table.frame["x"])
    assert panel is not None
    assert (
        alt_texts.of_distributions([panel]) == "Distributions of 1 variable: ‘x’ most often a (75 % of rows)."
    )


def test_alt_text_of_relations(make_table: MakeTable) -> None:
    columns = {"x": (Kind.CATEGORY, ["a"] * 6 + ["b"] * 6)}
    binary = make_table(columns, ["yes"] * 3 + ["no"] * 9, positive="yes")
    panel = relation(binary, binary.columns["x"])
    assert panel is not None
    assert alt_texts.of_relations([panel], binary) == (
        "‘y’ in parts of 1 variable: along ‘x’ the share of ‘yes’ goes from 0 % (at b) to 50 % (at a)."
    )
    regression = make_table(columns, [1.0] * 6 + [2.5] * 6)
    panel = relation(regression, regression.columns["x"])
    assert panel is not None
    assert alt_texts.of_relations([panel], regression) == (
        "‘y’ in parts of 1 variable: along ‘x’ the mean goes from 1 (at a) to 2.50 (at b)."
    )


def test_alt_text_of_strengths(make_table: MakeTable) -> None:
    effects = against_target(make_table({"x": (Kind.NUMBER, np.arange(20.0))}, np.arange(20.0)), seed=0)
    low = effects.frame["strength low"][0]
    assert alt_texts.of_strengths(effects, drawn=5) == (
        f"Strength of the relation with ‘y’ for 1 variable, strongest first: ‘x’ 1 ({low:.3f} to 1)."
    )


def test_alt_text_of_associations(make_table: MakeTable) -> None:
    table = make_table({name: (Kind.NUMBER, [1.0, 2.0]) for name in "ab"}, ["a", "b"])
    matrix = pd.DataFrame([[1, 0.5], [0.5, 1]], index=["a", "b"], columns=["a", "b"])
    assert (
        alt_texts.of_associations(matrix, table)
        == "Associations among 2 variables; strongest: ‘a’ with ‘b’ 0.500."
    )


def test_alt_texts_of_hostile_names_stay_short(make_table: MakeTable) -> None:
    table = mixed(make_table, TARGETS["two classes"])
    related = panels_of(table, lambda name: relation(table, table.columns[name]))
    effects: Effects = against_target(table, seed=0)
    for text in (alt_texts.of_relations(related, table), alt_texts.of_strengths(effects, drawn=9)):
        assert "\n" not in text
        assert len(text) < 1500


@pytest.mark.parametrize(
    ("low", "high", "ticks"),
    [
        (0.3, 7, [0.5, 1, 2, 5]),
        (0.8, 1200, [1, 10, 100, 1000]),
        (1e-4, 1e5, [1e-4, 1e-2, 1, 100, 1e4]),
        (21, 49, [24, 30, 36, 42, 48]),
    ],
)
def test_logarithmic_ticks_are_few_and_round(low: float, high: float, ticks: list[float]) -> None:
    assert figures.log_ticks(low, high) == pytest.approx(ticks)

"""Pictures of single features, and of time, against the target."""

from collections.abc import Iterator, Sequence

from helpers.metrics import Task
from helpers.tables.sample import sampled
from helpers.tables.table import Role, Table
from helpers.visualisation.by_class_pictures import class_picture
from helpers.visualisation.by_value_pictures import value_picture
from helpers.visualisation.classes import shown_classes
from helpers.visualisation.drawable import drawable
from helpers.visualisation.picture import Picture
from helpers.visualisation.sample import FIGURE_ROWS, drawn_words


def feature_pictures(table: Table, columns: Sequence[str], *, seed: int) -> Iterator[Picture]:
    """Draw each of the columns against the target, one at a time, on at most `FIGURE_ROWS` rows."""
    part = sampled(table, seed=seed, rows=FIGURE_ROWS)
    for place, column in enumerate(columns, start=1):
        yield feature_picture(part, column, stored=f"03_feature_{place}", whole=len(table))


def time_picture(table: Table, *, seed: int) -> Picture | None:
    """Draw the target over the table's time column; None without one, or where it never changes."""
    times = table.with_role(Role.TIME)
    part = sampled(table, seed=seed, rows=FIGURE_ROWS)
    if not times or not drawable(part, times[0]).varies:
        return None
    return feature_picture(part, times[0].name, stored="03_over_time", whole=len(table))


def feature_picture(part: Table, column: str, *, stored: str, whole: int) -> Picture:
    """Draw one column against the target.

    Parameters
    ----------
    part : Table
        The rows to draw.
    column : str
        A column with at least two values.
    stored : str
        The name under which the figure's table is stored.
    whole : int
        How many rows the table has of which `part` may be a sample.
    """
    feature = drawable(part, part.columns[column])
    rows = f"{drawn_words(len(part), whole)}."
    if part.task is Task.REGRESSION:
        return value_picture(feature, part, stored=stored, rows=rows)
    return class_picture(feature, shown_classes(part), stored=stored, rows=rows)

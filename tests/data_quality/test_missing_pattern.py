import matplotlib.pyplot as plt
import numpy as np

from helpers.data_quality.missing_pattern import missing_figure, missing_pattern, missing_words

NAN = float("nan")


def test_shares_by_column_and_place(make_table):
    columns = {"full": np.arange(4.0), "<b>$x$": [NAN, NAN, 1.0, 1.0], "one": [1.0, 1.0, 1.0, NAN]}
    found = missing_pattern(make_table([0.0] * 4, columns))
    assert found["column"].tolist() == ["<b>$x$", "one"]
    assert found["missing"].tolist() == [0.5, 0.25]
    assert found.filter(like="block").to_numpy().tolist() == [[1, 1, 0, 0], [0, 0, 0, 1]]
    figure = missing_figure(found)
    assert [label.get_text() for label in figure.axes[0].get_yticklabels()] == ["<b>$x$", "one"]
    plt.close(figure)
    assert missing_words(found, columns_with_gaps=2) == (
        "Bars of the share of missing values in 2 of 2 features with gaps, from 50.0 % in <b>$x$ "
        "down to 25.0 %; "
        "beside them where in the file they are missing: in 2 columns parts of the file differ by "
        "more than half "
        "of their rows."
    )


def test_without_gaps_there_is_nothing_to_draw(make_table):
    assert missing_pattern(make_table([0.0] * 4, {"x": np.arange(4.0)})).empty


def test_at_most_25_columns_and_50_blocks(make_table):
    columns = {f"x{i}": np.where(np.arange(200) < i + 1, NAN, 1.0) for i in range(40)}
    found = missing_pattern(make_table([0.0] * 200, columns))
    assert found.shape == (25, 52)
    assert found["column"].iloc[0] == "x39"

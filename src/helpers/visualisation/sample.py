"""How many rows a figure shows at most, and the words that say which it rests on."""

from helpers.wording import count

FIGURE_ROWS = 20_000


def sample_words(shown: int, whole: int) -> str:
    """Return which rows a figure or a measure rests on.

    >>> sample_words(20_000, 1_000_000)
    '20,000 of 1,000,000 rows, picked at random'
    >>> sample_words(455, 455)
    'all 455 rows'
    """
    if shown < whole:
        return f"{shown:,} of {count(whole, 'row')}, picked at random"
    return f"all {count(whole, 'row')}" if whole > 1 else "the only row"

"""How many rows a figure shows at most, and the words that say which it rests on and what that brings."""

from helpers.tables.sample import share_error
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


def drawn_words(shown: int, whole: int) -> str:
    """Return which rows a figure was drawn from and how far that may move a share; no full stop.

    >>> drawn_words(20_000, 1_000_000)
    'Drawn from 20,000 of 1,000,000 rows, picked at random, which moves a share by at most 0.7 points (95 %)'
    >>> drawn_words(455, 455)
    'Drawn from all 455 rows'
    """
    error = f", which moves a share by at most {100 * share_error(shown, whole):.1f} points (95 %)"
    return f"Drawn from {sample_words(shown, whole)}{error if shown < whole else ''}"

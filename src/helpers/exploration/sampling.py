"""How many rows a step reads at most, and the words that say so. Counts never come from a sample."""

from dataclasses import dataclass

from helpers.tables import sample
from helpers.tables.table import Table
from helpers.wording import count

EFFECT_ROWS = 100_000
ASSOCIATION_ROWS = 20_000


@dataclass(frozen=True)
class Sample:
    """Rows drawn at random from a table, or all of them where it is small enough.

    Attributes
    ----------
    table : Table
        The rows to compute with, in the table's order.
    of : int
        How many rows there were to draw from.
    """

    table: Table
    of: int

    @property
    def note(self) -> str:
        """What to say of the sample; empty where every row was taken."""
        rows = len(self.table)
        if rows == self.of:
            return ""
        error = 100 * sample.share_error(rows, self.of)
        return (
            f"Computed on a random sample of {rows:,} of {count(self.of, 'row')}, "
            f"which moves a share by at most {error:.1f} percentage points (95 %)."
        )


def sampled(table: Table, *, rows: int, seed: int) -> Sample:
    """Return at most `rows` rows of the table, and how many there were."""
    return Sample(sample.sampled(table, rows=rows, seed=seed), len(table))

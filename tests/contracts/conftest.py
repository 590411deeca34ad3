"""Tables as they are delivered, built from values alone."""

import pandas as pd
import pytest

from helpers.contracts.delivered import Delivered
from helpers.tables.kinds import cells_of, typed


@pytest.fixture
def deliver():
    """Return a function from columns to the table that they are; None is a missing value."""

    def make(time=None, id=None, declared=None, fingerprint="f", **columns):
        frame = pd.DataFrame(columns)
        declared = declared or {}
        found = {
            name: typed(
                cells_of(frame[name].astype("str").where(frame[name].notna()))
                if frame[name].dtype == object
                else cells_of(frame[name]),
                name=name,
                declared=declared.get(name),
            )
            for name in frame
        }
        return Delivered("t.csv", fingerprint, len(frame), found, time, id)

    return make

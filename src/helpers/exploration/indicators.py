"""Yes-or-no questions about each row, compared with the target as if they were columns of the table."""

from collections.abc import Mapping
from dataclasses import replace

import numpy as np
import pandas as pd

from helpers.exploration.effects import Effects, effects
from helpers.tables.table import Column, Kind, Role, Table


def indicator_effects(table: Table, answers: Mapping[str, np.ndarray], *, seed: int) -> Effects:
    """Return what yes or no to each question has to do with the target, corrected for all questions.

    Parameters
    ----------
    table : Table
        The rows that were asked.
    answers : mapping of str to numpy.ndarray of bool
        One answer a row, by question; none of them is named like the target.
    seed : int
        For tests by random tables.
    """
    target = table.target
    asked = {name: Column(name, Kind.BOOLEAN, Role.FEATURE, name) for name in answers}
    values = {name: found.astype(float) for name, found in answers.items()}
    frame = pd.DataFrame({**values, target.name: table.y.reset_index(drop=True)})
    answered = replace(table, frame=frame, columns={**asked, target.name: target})
    return effects(answered, list(asked.values()), against=target, seed=seed)

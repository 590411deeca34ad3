"""The tables that come with scikit-learn, with their classes by name."""

from collections.abc import Callable
from types import MappingProxyType
from typing import Any

import numpy as np
import pandas as pd
from sklearn import datasets

import helpers.files as files
from helpers.errors import Problem, UserError, did_you_mean, shortened
from helpers.tables.places import BUNDLED

_LOADERS: MappingProxyType[str, Callable[..., Any]] = MappingProxyType(
    {
        "breast_cancer": datasets.load_breast_cancer,
        "diabetes": datasets.load_diabetes,
        "digits": datasets.load_digits,
        "iris": datasets.load_iris,
        "linnerud": datasets.load_linnerud,
        "wine": datasets.load_wine,
    }
)
# For these the target is a number, whatever names it has.
_MEASURED = frozenset({"diabetes", "linnerud"})


def read_bundled(name: str, *, where: str) -> tuple[pd.DataFrame, str]:
    """Return one of scikit-learn's tables and a fingerprint of its values.

    Parameters
    ----------
    name : str
        ``sklearn:`` and the table's name.
    where : str
        For messages.

    Returns
    -------
    tuple
        The frame, in which a single target is called ``target`` and classes go by their names; and the
        fingerprint.
    """
    short = name.removeprefix(BUNDLED)
    if short not in _LOADERS:
        known = f"{BUNDLED} and one of {', '.join(_LOADERS)}"
        raise UserError(
            Problem(where, f"the unknown table {shortened(name)!r}", known, did_you_mean(short, _LOADERS))
        )
    bunch = _LOADERS[short](as_frame=True)
    frame: pd.DataFrame = bunch.frame
    if short not in _MEASURED:
        names = np.array([str(label) for label in bunch.target_names], dtype=object)
        frame = frame.assign(target=pd.Series(names[frame["target"]], index=frame.index, dtype="str"))
    frame = frame.reset_index(drop=True)
    hashes = pd.util.hash_pandas_object(frame, index=False).to_numpy()
    return frame, files.hash_of([*map(str, frame.columns), hashes.astype("<u8").tobytes()])

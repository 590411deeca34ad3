"""Notebooks' names as people say them."""

import re

_ORDINAL = re.compile(r"^\d+[_-]+")


def report_label(name: str) -> str:
    """Return what people call a notebook.

    >>> report_label("02_exploration"), report_label("04_model_selection"), report_label("mine")
    ('Exploration', 'Model selection', 'Mine')
    """
    words = _ORDINAL.sub("", name).replace("_", " ").strip() or name
    return f"{words[:1].upper()}{words[1:]}"

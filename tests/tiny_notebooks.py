"""Notebooks of a few cells, for the tests of what runs them."""

import json


def write_notebook(folder, name, *, needs=(), parameters="", cells=(), kernel="python3", **metadata):
    """Write a tiny notebook with the given code cells."""
    folder.mkdir(parents=True, exist_ok=True)

    def cell(number, source, tags=()):
        return {"cell_type": "code", "id": f"c{number}", "metadata": {"tags": list(tags)}, "outputs": [],
                "execution_count": None, "source": source}  # fmt: skip

    content = {
        "nbformat": 4, "nbformat_minor": 5,
        "metadata": {
            "nightbook": {"needs": list(needs), **metadata},
            "kernelspec": {"name": kernel, "display_name": "Python 3", "language": "python"},
        },
        "cells": [cell(0, parameters, ["parameters"]), *(cell(n, text) for n, text in enumerate(cells, 1))],
    }  # fmt: skip
    (folder / f"{name}.ipynb").write_text(json.dumps(content))

"""Run a notebook that another one needs in the same process, when a person opened only the other one.

The runner never comes here: it runs notebooks in their order, each in a kernel of its own.
"""

from collections.abc import Mapping
from typing import Any

from IPython.core.inputtransformer2 import TransformerManager
from IPython.utils.capture import capture_output

import helpers.files as files
from helpers.notebook_files import NotebookFile


def run_here(notebook: NotebookFile, values: Mapping[str, Any]) -> None:
    """Execute the code cells of `notebook` with `values` for its parameters, and show nothing of its own."""
    content = files.read_json(notebook.path)
    namespace: dict[str, Any] = {"__name__": "__main__"}
    transform = TransformerManager().transform_cell
    with capture_output():
        for number, cell in enumerate(content["cells"]):
            if cell["cell_type"] != "code":
                continue
            source = transform("".join(cell["source"]))
            exec(compile(source, f"{notebook.name}[{number}]", "exec"), namespace)  # noqa: S102
            if "parameters" in cell["metadata"].get("tags", ()):
                namespace.update(values)

"""Write the `parameters` cell of every notebook anew, after the model or the example changed.

What a notebook declares below the shared lines, parameters of its own, stays.
"""

import json
import sys

from helpers.files import write_text
from helpers.notebook_files import all_notebooks
from helpers.parameters.cell import parameters_cell
from helpers.runner.experiments.experiment_file import read_experiments


def main() -> int:
    """Rewrite the cells; return the exit status."""
    notebooks = all_notebooks()
    (experiment,) = read_experiments(["breast_cancer"], notebooks=notebooks)
    fresh = parameters_cell(experiment.params.model_copy(update={"columns": {}}))
    for notebook in notebooks.values():
        content = json.loads(notebook.path.read_text(encoding="utf-8"))
        for cell in content["cells"]:
            if "parameters" in cell["metadata"].get("tags", ()):
                before = "".join(cell["source"])
                own = before.partition("run_folder:")[2].partition("\n")[2]
                cell["source"] = (f"{fresh}\n{own}" if own else fresh).splitlines(keepends=True)
        write_text(notebook.path, json.dumps(content, indent=1, ensure_ascii=False) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())

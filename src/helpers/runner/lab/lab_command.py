"""`nightbook lab`: JupyterLab on this machine alone, with the warm kernel, asking the network for nothing."""

import os
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import NoReturn

from helpers.errors import UserError, listed
from helpers.notebook_files import NotebookFile, read_notebooks
from helpers.paths import notebooks_folder, reports_folder, shown_path
from helpers.runner.experiments.experiment_file import Experiment, gather_experiments
from helpers.runner.lab.interactive_copies import Fate, write_copies

# Unless told not to, JupyterLab fetches news, looks for newer versions and lists extensions from an index.
# Without `ip` a configuration file could open it to other machines.
SETTINGS = (
    "--ServerApp.ip=localhost",
    "--ServerApp.kernel_spec_manager_class=helpers.runner.kernels.specs.LabKernels",
    "--LabApp.news_url=None",
    "--LabApp.check_for_updates_class=jupyterlab.NeverCheckForUpdate",
    "--LabApp.extension_manager=readonly",
)


def lab_command(params: str | None, *, port: int | None, browser: bool) -> NoReturn:
    """Become JupyterLab.

    Parameters
    ----------
    params : str or None
        A params file, whose values go into copies of the notebooks; None opens the notebooks themselves.
    port : int or None
        0 to 65535, 0 for a free one; None leaves it to JupyterLab.
    browser : bool
        Whether to open one.

    Raises
    ------
    UserError
        With every problem of the params file and its table, before anything is written or started.
    """
    folder = notebooks_folder() if params is None else _copied(params)
    root = hasattr(os, "geteuid") and os.geteuid() == 0
    command = lab_command_line(folder, port=port, browser=browser, root=root)
    sys.stdout.flush()
    # In our place and not below us: Ctrl-C and the exit status are JupyterLab's own.
    os.execv(command[0], command)  # noqa: S606


def lab_command_line(folder: Path, *, port: int | None, browser: bool, root: bool) -> list[str]:
    """Return the command that starts JupyterLab in `folder`."""
    command = [sys.executable, "-m", "jupyterlab", f"--ServerApp.root_dir={folder}", *SETTINGS]
    if port is not None:
        command.append(f"--ServerApp.port={port}")
    if not browser:
        command.append("--no-browser")
    if root:
        command.append("--allow-root")
    return command


def _copied(params: str) -> Path:
    """Write the copies, say so in one line, and return their folder."""
    notebooks, broken = read_notebooks()
    experiment = _checked(params, notebooks)
    for problem in broken:
        sys.stderr.write(f"nightbook: left out: {problem}\n")
    folder = reports_folder() / experiment.params.experiment / "interactive"
    fates = write_copies(notebooks, experiment, folder=folder)
    sys.stdout.write(f"{experiment.title} in {shown_path(folder)}: {in_words(fates)}\n")
    return folder


def _checked(params: str, notebooks: Mapping[str, NotebookFile]) -> Experiment:
    """Return the experiment of the file, the first one of a grid, its table checked too."""
    experiments, problems = gather_experiments([params], notebooks=notebooks)
    if experiments:
        # Imported here, once the file can be read: pandas takes its time.
        from helpers.tables.prepare import load_development

        try:
            load_development(experiments[0].params, where=experiments[0].where)
        except UserError as error:
            problems = [*problems, *error.problems]
    if problems:
        raise UserError(*problems)
    return experiments[0]


def in_words(fates: Mapping[str, Fate]) -> str:
    """Return what became of the copies, each kind once.

    >>> in_words({"01_a": Fate.WRITTEN, "02_b": Fate.KEPT, "03_c": Fate.WRITTEN})
    'written: 01_a, 03_c; kept with your changes: 02_b'
    """
    parts = []
    for fate in Fate:
        names = [name for name, became in fates.items() if became is fate]
        if names:
            parts.append(f"{fate}: {listed(names)}")
    return "; ".join(parts)

"""`nightbook contract`: the contract that a table suggests, written as a file to edit and keep."""

import os
from pathlib import Path

import helpers.files as files
from helpers.contracts.place import default_path
from helpers.errors import Problem, UserError, shortened
from helpers.notebook_files import read_notebooks
from helpers.paths import from_repository, kept_in, reports_folder, shown_path
from helpers.runner.experiments.experiment_file import read_experiments
from helpers.wording import count


def contract_command(params: str, *, out: str, force: bool) -> int:
    """Write the contract of the params file's table; return 0.

    Parameters
    ----------
    params : str
        A params file, or the name of one in ``params/``.
    out : str
        Where to write; empty takes what the params file names, else ``params/<experiment>.contract.yaml``.
    force : bool
        Whether a file that exists is overwritten.

    Raises
    ------
    UserError
        If the file exists already, or the table cannot be read; nothing is written then.
    """
    notebooks, _ = read_notebooks()
    # A grid varies what is computed, not what the table is: the first combination stands for all.
    experiment = read_experiments([params], notebooks=notebooks)[0]
    given, where = experiment.params, experiment.where
    path = _path(out, given.contract, given.experiment)
    if os.path.exists(path) and not force:  # noqa: PTH110 - Path.exists raises for a name that cannot be
        remedy = "Give another with --out, or --force to overwrite it; edits in it are lost then."
        raise UserError(Problem(shown_path(path), "a file that exists", "a name that is free", remedy))

    from helpers.contracts.delivered import delivered
    from helpers.contracts.inference import header, inferred_schema
    from helpers.contracts.schema_file import written
    from helpers.kept_look import read_look
    from helpers.tables.against_table import unknown_columns

    look = read_look(given, where=f"{where}: data", kept=kept_in(reports_folder()))
    unknown = unknown_columns(given, list(look.typed), where=where)
    if unknown:
        raise UserError(*unknown)
    table = delivered(look, given)
    if not table.rows:
        raise UserError(Problem(f"{where}: data", "a table without rows", "rows to learn a contract from"))
    text = written(
        inferred_schema(table), header=header(table, command=f"nightbook contract {shortened(where)}")
    )
    _write(path, text)
    shown = shown_path(path)
    size = f"{count(len(table.columns), 'column')} from {count(table.rows, 'row')}"
    print(f"Wrote {shown}: {size}. Read it, and widen or narrow what you know better.")
    print(f"Then the line for {where}:\ncontract: {_quoted(shown)}")
    return 0


def _path(out: str, named: str | None, experiment: str) -> Path:
    if out:
        return Path(out).expanduser().absolute()
    return from_repository(named) if named is not None else default_path(experiment)


def _write(path: Path, text: str) -> None:
    try:
        files.write_text(path, text)
    except (OSError, ValueError) as error:
        given = f"a file that cannot be written ({shortened(error)})"
        raise UserError(Problem(shortened(shown_path(path)), given, "a place for the contract")) from None


def _quoted(path: str) -> str:
    """Return the path as YAML; quoted where it is not plain."""
    import yaml

    text: str = yaml.safe_dump(path, allow_unicode=True, width=10_000)
    return text.removesuffix("...\n").strip()

"""The `nightbook` command. Each command imports what it uses when it runs, so that help answers at once."""

import os
import sys
from types import ModuleType
from typing import Annotated, NoReturn, cast

import typer

from helpers.errors import Problem, UserError

app = typer.Typer(
    name="nightbook",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode="markdown",
    pretty_exceptions_enable=False,
    help="""Notebooks that turn a table into a decision with its evidence.

**First steps**

- `nightbook new customers.csv --target Churn` writes params/customers.yaml for your own table
- `nightbook check params/customers.yaml` says what is wrong with it, without running anything
- `nightbook run params/customers.yaml` runs the notebooks and writes the reports
- open `reports/index.html`

Exit status: 0 all succeeded, 1 something failed, 2 wrong use.
""",
)

WRONG_USE = 2
INTERRUPTED = 130
# Where it is installed, jsonschema, which comes with nbformat, has it compile a grammar of international web
# addresses: 2.4 of the 3.5 seconds that a run needs to begin. No notebook has an address checked.
NOT_NEEDED = "rfc3987_syntax"
Params = Annotated[
    list[str],
    typer.Argument(
        metavar="PARAMS...", help="params files, or names of files in params/", show_default=False
    ),
]
Changes = Annotated[
    list[str] | None,
    typer.Option(
        "--set", metavar="KEY=VALUE", help="override a key; dots lead into a section: --set budget.trials=20"
    ),
]

Grid = Annotated[
    list[str] | None,
    typer.Option(
        "--grid",
        metavar="KEY=V1,V2",
        help="run each combination of such values: --grid seed=1,2,3 --grid models=linear,xgboost",
    ),
]


def _print_version(wanted: bool) -> None:
    if wanted:
        from importlib.metadata import version

        typer.echo(version("nightbook"))
        raise typer.Exit


@app.callback()
def _options(
    version: Annotated[
        bool,
        typer.Option("--version", help="print the version", callback=_print_version, is_eager=True),
    ] = False,
) -> None:
    """Take what stands before the command."""


@app.command()
def run(
    params: Params,
    changes: Changes = None,
    grid: Grid = None,
    only: Annotated[
        str | None,
        typer.Option(
            metavar="NAMES", help="run only these notebooks, separated by commas, and what they need"
        ),
    ] = None,
    jobs: Annotated[
        int | None, typer.Option(min=1, max=512, help="notebooks side by side; default: one a core")
    ] = None,
    force: Annotated[bool, typer.Option("--force", help="run everything, also what could be reused")] = False,
    cold: Annotated[
        bool, typer.Option("--cold", help="ordinary kernels, which import everything anew")
    ] = False,
    scheduler: Annotated[
        str | None,
        typer.Option(metavar="tcp://HOST:PORT", help="run on the workers of this Dask scheduler"),
    ] = None,
) -> None:
    """Run experiments and write their reports.

    Every problem with the params is told before anything starts. One experiment that fails does not stop the
    others. What has not changed since an earlier run is reused; after Ctrl-C or a crash the next call goes on
    where this one stopped. `memory`, `timeout` and `retries` in a params file say what a notebook may take.
    """
    from helpers.runner.commands.run import RunOptions, run_command

    try:
        status = run_command(
            params,
            changes=changes or [],
            grid=grid or [],
            only=_names(only) if only is not None else [],
            options=RunOptions(jobs=jobs, force=force, cold=cold, scheduler=scheduler),
        )
    except KeyboardInterrupt:
        _stop_at_once()
    raise typer.Exit(status)


@app.command()
def check(params: Params, changes: Changes = None, grid: Grid = None) -> None:
    """Check params files, against their tables too, without running anything."""
    from helpers.runner.commands.check import check_command

    raise typer.Exit(check_command(params, changes=changes or [], grid=grid or []))


@app.command()
def new(
    table: Annotated[
        str,
        typer.Argument(
            help="your table: CSV, TSV, Parquet, JSON lines, Excel, sklearn:NAME, or a database's address"
        ),
    ],
    target: Annotated[str, typer.Option(help="the column to predict")],
    name: Annotated[str, typer.Option(help="name of the experiment; default: the table's")] = "",
    query: Annotated[
        str | None, typer.Option(metavar="SQL", help="the rows of a database that are the table")
    ] = None,
) -> None:
    """Write a params file for your own table, ready to run, with what was found out as comments.

    A database: `nightbook new 'postgresql://user:${PGPASSWORD}@host/shop' --query 'SELECT * FROM orders
    ORDER BY id' --target returned`, in single quotes, so that the password stays in the environment.
    """
    from helpers.runner.commands.new import new_command

    raise typer.Exit(new_command(table, target=target, name=name, query=query))


@app.command()
def contract(
    params: Annotated[
        str, typer.Argument(metavar="PARAMS", help="a params file, or the name of one in params/")
    ],
    out: Annotated[
        str, typer.Option(metavar="FILE", help="where to write; default: params/EXPERIMENT.contract.yaml")
    ] = "",
    force: Annotated[bool, typer.Option("--force", help="overwrite a contract that exists")] = False,
) -> None:
    """Write down what the table of a params file is, as a contract that later tables must keep.

    The file is a pandera schema in pandera's YAML, to be read and edited. Named under `contract` in the
    params file, it is checked before anything runs.
    """
    from helpers.runner.commands.contract import contract_command

    raise typer.Exit(contract_command(params, out=out, force=force))


@app.command()
def lab(
    params: Annotated[
        str | None,
        typer.Argument(
            metavar="[PARAMS]", help="a params file, or the name of one in params/", show_default=False
        ),
    ] = None,
    port: Annotated[
        int | None, typer.Option(min=0, max=65535, help="port to listen on; 0 takes a free one")
    ] = None,
    no_browser: Annotated[bool, typer.Option("--no-browser", help="print the address, open nothing")] = False,
) -> None:
    """Open JupyterLab with the warm kernel, in notebooks/ or in copies that hold the values of a params file.

    The copies are in reports/EXPERIMENT/interactive; what you change in them stays.
    """
    from helpers.runner.lab.lab_command import lab_command

    lab_command(params, port=port, browser=not no_browser)


@app.command("list")
def list_runs(
    experiment: Annotated[str, typer.Option(metavar="NAME", help="only this experiment's runs")] = "",
    last: Annotated[int | None, typer.Option(min=1, help="only the newest so many runs")] = None,
) -> None:
    """List the runs, the newest first: how each ended, its verdict and its headline metric.

    `nightbook list --last 10` shows what ran last, `nightbook list --experiment churn` how one experiment
    went over time, `nightbook list | grep failed` what failed. A run's name is what `nightbook show` takes.
    """
    from helpers.runner.overview.listing import list_command

    raise typer.Exit(list_command(experiment=experiment, last=last))


@app.command()
def show(
    run_name: Annotated[
        str, typer.Argument(metavar="RUN", help="an experiment (its latest run), experiment/run, or a folder")
    ],
) -> None:
    """Show one run: its notebooks, metrics, verdict and gravest findings."""
    from helpers.runner.commands.show import show_command

    raise typer.Exit(show_command(run_name))


@app.command()
def compare(
    first: Annotated[
        str, typer.Argument(metavar="RUN", help="an experiment (its latest run), experiment/run, or a folder")
    ],
    second: Annotated[str, typer.Argument(metavar="RUN", help="the run to hold against it")],
) -> None:
    """Compare two runs: parameters, table, findings, and whether the second is really better.

    Both are held against each other on the holdout rows that they have in common. The page with all of it is
    written to reports/compare.
    """
    from helpers.runner.commands.compare import compare_command

    raise typer.Exit(compare_command(first, second))


@app.command()
def predict(
    run_name: Annotated[
        str,
        typer.Argument(
            metavar="RUN", help="an experiment (its latest run), experiment/run, a folder, or a model's file"
        ),
    ],
    table: Annotated[
        str, typer.Argument(metavar="TABLE", help="the rows to score: CSV, TSV, JSON lines, Parquet or Excel")
    ],
    out: Annotated[str, typer.Option(metavar="FILE", help="where to write: .csv or .parquet")],
) -> None:
    """Score the rows of a table with a run's model: a row a row, in their order.

    Columns: `prediction`; for classes a `probability:<class>` each; for numbers `low` and `high`; and
    `unlike`, true for rows unlike those that the model learnt from. A table that does not fit what the model
    learnt from is refused with every reason, and nothing is written.
    """
    from helpers.runner.commands.predict import predict_command

    raise typer.Exit(predict_command(run_name, table, out=out))


@app.command()
def schema() -> None:
    """Print the JSON schema of params files; params/schema.json holds it for editors."""
    from helpers.parameters.schema import schema_text

    typer.echo(schema_text(), nl=False)


def _names(text: str) -> list[str]:
    names = [name.strip() for name in text.split(",") if name.strip()]
    if not names:
        raise UserError(Problem("--only", repr(text), "names of notebooks, separated by commas"))
    return names


def _stop_at_once() -> NoReturn:
    """End without waiting for the threads that wait for a kernel; the kernels go with this process."""
    sys.stderr.write("nightbook: stopped at once; a run that had begun is marked as cut off by the next.\n")
    sys.stderr.flush()
    os._exit(INTERRUPTED)


def main() -> None:
    """Run the command line; a mistake of the user is told in plain words, with exit status 2."""
    # With None its import fails, which jsonschema takes for "not installed".
    cast("dict[str, ModuleType | None]", sys.modules).setdefault(NOT_NEEDED, None)
    try:
        app()
    except UserError as error:
        for problem in error.problems:
            sys.stderr.write(f"nightbook: {problem}\n")
        sys.exit(WRONG_USE)
    except BrokenPipeError:
        # The reader of our output went away, as `| head` does; that is no failure.
        sys.stdout = None  # so that nothing is flushed to it any more
        sys.exit(0)


if __name__ == "__main__":
    main()

"""`nightbook new`."""

from helpers.paths import shown_path


def new_command(table: str, *, target: str, name: str, query: str | None) -> int:
    """Write a params file for the table; return 0."""
    from helpers.runner.experiments.new_experiment import write_new

    path = write_new(table, target=target, name=name, query=query)
    shown = shown_path(path)
    print(f"Wrote {shown}. Read it, write your question into it, then: nightbook run {shown}")
    return 0

"""What notebook 01 says of a contract: that the table keeps it, and how it compares with the last one."""

import html
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import pandas as pd
import pandera.pandas as pa

import helpers.files as files
from helpers.contracts.accepted import Description, described, read_accepted
from helpers.contracts.both import both_of
from helpers.contracts.comparison import NOTHING_BEFORE, compared
from helpers.contracts.delivered import Delivered, delivered
from helpers.contracts.schema_file import read_schema
from helpers.contracts.violations import Violation, problems, violations
from helpers.errors import UserError, listed, shortened
from helpers.findings import Finding, Severity
from helpers.parameters import Parameters
from helpers.tables.look import Look
from helpers.wording import count

NAMES_SHOWN = 6
QUESTION = "Does the table keep its contract?"
ABOUT = (
    "A table that breaks its contract does not get here. What no contract can forbid is compared with the "
    "last table that a run succeeded with. Both look at all rows as they were delivered; no model sees any "
    "of it."
)
FIRST = (
    "It is the first table, or the last one itself: from the next one on, what changed is told here. A table "
    "is remembered once a run with this notebook has succeeded with it."
)


@dataclass(frozen=True)
class ContractReport:
    """A table that keeps its contract.

    Attributes
    ----------
    description : Description
        What is remembered of it once it is accepted.
    findings : tuple of Finding
        That it keeps the contract (T160), and one finding of each comparison with the last accepted table.
    """

    description: Description
    findings: tuple[Finding, ...]

    @property
    def words(self) -> str:
        """Whether the contract is kept, and what the comparison found, in sentences."""
        kept, *others = self.findings
        telling = [each for each in others if each.severity in (Severity.STOP, Severity.WARN, Severity.NOTE)]
        if telling:
            codes = listed([f"{each.code} {each.kind.replace('_', ' ')}" for each in telling])
            return f"{kept.message} Beside the last accepted table: {codes}."
        if all(each.severity is Severity.NOT_APPLICABLE for each in others):
            return f"{kept.message} {FIRST}"
        return f"{kept.message} It is like the last accepted table."

    @property
    def page(self) -> str:
        """The section's heading and words as a fragment of HTML; a report without a contract has none."""
        said = "".join(f"<p>{html.escape(text)}</p>" for text in (ABOUT, self.words))
        return f"<h2>{html.escape(QUESTION)}</h2>{said}"

    def save(self, path: Path) -> None:
        """Write down what is to be remembered of the table, atomically."""
        files.write_json(path, self.description.model_dump(mode="json"))

    @property
    def table(self) -> pd.DataFrame:
        """What was checked and compared, as columns `code`, `compared`, `severity` and `found`."""
        rows = [
            {"code": f.code, "compared": f.kind.replace("_", " "), "severity": f.severity.value,
             "found": f.message}
            for f in self.findings
            if f.message != NOTHING_BEFORE
        ]  # fmt: skip
        return pd.DataFrame(rows)


def contract_report(
    look: Look, params: Parameters, *, contract: str, accepted: Path, where: str
) -> ContractReport:
    """Return what there is to say of a table that keeps its contract.

    Parameters
    ----------
    look : Look
        The table as it was read.
    params : Parameters
        The experiment's.
    contract : str
        As in the params.
    accepted : Path
        Where the description of the last accepted table is; it need not exist.
    where : str
        What messages begin with.

    Raises
    ------
    UserError
        If the contract cannot be read, or the table breaks it.
    """
    schema = read_schema(contract, where=f"{where}: contract")
    table = delivered(look, params)
    found = violations(table, schema)
    broken = problems(found, contract=contract, where=where)
    if broken:
        raise UserError(*broken)
    new, old = described(table), read_accepted(accepted)
    same = old is None or old.fingerprint == new.fingerprint
    both = None if old is None or same else both_of(old, new, table)
    return ContractReport(new, (_kept(found, schema, table, contract), *compared(both)))


def _kept(
    warnings: Sequence[Violation], schema: pa.DataFrameSchema, table: Delivered, contract: str
) -> Finding:
    """Return the finding that the contract is kept, a warning where it only asked to be told."""
    checks = sum(_checks(column) for column in schema.columns.values()) + len(schema.checks)
    size = f"{count(checks, 'check')} of {count(len(schema.columns), 'column')} on {count(table.rows, 'row')}"
    kept = f"The table keeps its contract, {shortened(contract)}: {size}"
    if not warnings:
        return Finding("T160", "contract", Severity.PASS, f"{kept}.", "The table is as was agreed.")
    # Without examples: in a run that goes on, some of these rows are sealed.
    told = listed(
        [f"{shortened(each.column, limit=40)}: {each.counted}" for each in warnings], limit=NAMES_SHOWN
    )
    return Finding(
        "T160", "contract", Severity.WARN, f"{kept}, but for what it only asks to be told: {told}.",
        f"{count(len(warnings), 'thing')} in the table not as agreed.",
        "Mend the table, or edit the contract.", tuple(each.column for each in warnings if each.column),
        tuple({"column": each.column, "expected": each.expected, "rows": each.rows} for each in warnings),
    )  # fmt: skip


def _checks(column: pa.Column) -> int:
    """Return how many things the contract says of a column: that it is there, its type, its values."""
    asked = (column.required, column.dtype is not None, not column.nullable, column.unique)
    return sum(asked) + len(column.checks)

"""Whether a table keeps its contract, asked before anything runs; pandera is imported here and no earlier."""

from helpers.errors import Problem, UserError
from helpers.parameters import Parameters
from helpers.tables.look import Look


def contract_problems(look: Look, params: Parameters, *, contract: str | None, where: str) -> list[Problem]:
    """Return every violation of the contract, or why it cannot be read; nothing without a contract.

    Parameters
    ----------
    look : Look
        The table as it was read.
    params : Parameters
        The experiment's.
    contract : str or None
        As in the params.
    where : str
        What messages begin with, the params file for instance.
    """
    if contract is None:
        return []
    from helpers.contracts.delivered import delivered
    from helpers.contracts.schema_file import read_schema
    from helpers.contracts.violations import problems, violations

    try:
        schema = read_schema(contract, where=f"{where}: contract")
    except UserError as error:
        return list(error.problems)
    return problems(violations(delivered(look, params), schema), contract=contract, where=where)

"""All rules in their order, and what runs them: nothing that went wrong is dropped."""

import helpers.data_quality.rules_columns as columns
import helpers.data_quality.rules_leakage as leakage
import helpers.data_quality.rules_levels as levels
import helpers.data_quality.rules_missing as missing
import helpers.data_quality.rules_parts as parts
import helpers.data_quality.rules_rows as rows
import helpers.data_quality.rules_structure as structure
import helpers.data_quality.rules_target as target
import helpers.data_quality.rules_values as values
from helpers.data_quality.context import Context
from helpers.data_quality.rule import Rule
from helpers.errors import shortened
from helpers.findings import Finding, Severity
from helpers.tables.prepare import Development

RULES: tuple[Rule, ...] = (
    missing.missing_values,
    missing.missingness_leak,
    missing.structural_missing,
    rows.duplicate_rows,
    rows.conflicting_labels,
    rows.small_table,
    columns.constant_column,
    columns.identifier_column,
    columns.redundant_column,
    columns.repeated_level,
    levels.category_variants,
    levels.code_as_number,
    levels.high_cardinality,
    values.outlier,
    values.capped_value,
    target.class_imbalance,
    target.rare_class,
    leakage.target_leak,
    leakage.model_output,
    parts.target_parts,
    leakage.row_order_leak,
    structure.group_structure,
    structure.time_order,
)


def run_rules(development: Development, *, seed: int = 0, rules: tuple[Rule, ...] = RULES) -> list[Finding]:
    """Return what every rule found out about the development rows, in the order of the rules.

    Parameters
    ----------
    development : Development
        The development rows with how they were read and split.
    seed : int
        Seed of samples and folds; the same seed gives the same findings.
    rules : tuple of Rule
        The rules to run.

    Returns
    -------
    list of Finding
        At least one of each rule. A rule that broke gives one of severity 'not applicable' that says so.
    """
    context = Context(development, seed)
    return [finding for each in rules for finding in _answer(each, context)]


def _answer(each: Rule, context: Context) -> list[Finding]:
    try:
        return each(context.table, context)
    except Exception as error:  # one broken rule must not hide what the others found
        return [could_not_run(each, error)]


def could_not_run(each: Rule, error: Exception) -> Finding:
    """Return the finding that says that a rule broke, and how."""
    subject = each.kind.replace("_", " ")
    return Finding(
        code=each.code,
        kind=each.kind,
        severity=Severity.NOT_APPLICABLE,
        message=f"The check could not run: {type(error).__name__}: {shortened(error, limit=200)}",
        plain=f"One check of the table could not run ({subject}), so that nothing is known about it.",
        remedy="Please report this with the message: the table is not at fault.",
    )

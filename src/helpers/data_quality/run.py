"""All rules in their order, and what runs them: nothing that went wrong is dropped."""

from dataclasses import dataclass

import helpers.data_quality.rules_answers as answers
import helpers.data_quality.rules_columns as columns
import helpers.data_quality.rules_determined as determined
import helpers.data_quality.rules_impossible as impossible
import helpers.data_quality.rules_leakage as leakage
import helpers.data_quality.rules_levels as levels
import helpers.data_quality.rules_markers as markers
import helpers.data_quality.rules_missing as missing
import helpers.data_quality.rules_order as order
import helpers.data_quality.rules_parts as parts
import helpers.data_quality.rules_rows as rows
import helpers.data_quality.rules_silent_units as silent_units
import helpers.data_quality.rules_structure as structure
import helpers.data_quality.rules_target as target
import helpers.data_quality.rules_units as units
import helpers.data_quality.rules_values as values
from helpers.data_quality.context import Context
from helpers.data_quality.leak_findings import STRONG_CODE, STRONG_KIND, strong_finding, with_prices
from helpers.data_quality.leak_prices import LeakPrices, Suspect
from helpers.data_quality.rule import Rule
from helpers.data_quality.split_advice import SplitAdvice
from helpers.errors import shortened
from helpers.findings import Finding, Severity
from helpers.tables.prepare import Development

RULES: tuple[Rule, ...] = (
    missing.missing_values,
    missing.missingness_leak,
    missing.structural_missing,
    markers.missing_marker,
    impossible.wrong_encoding,
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
    determined.nearly_equal,
    determined.determined,
    levels.free_text,
    values.outlier,
    values.capped_value,
    impossible.impossible_value,
    units.units_as_text,
    silent_units.silent_units,
    target.class_imbalance,
    target.rare_class,
    leakage.target_leak,
    leakage.model_output,
    parts.target_parts,
    order.row_order_leak,
    leakage.deciding_level,
    answers.one_answer_a_level,
    structure.group_structure,
    structure.time_order,
    structure.hidden_order,
    order.drift_in_file,
)


@dataclass(frozen=True)
class Examination:
    """What was found out about a table before a model is fitted.

    Attributes
    ----------
    findings : tuple of Finding
        At least one of each rule. A rule that broke gives one of severity 'not applicable' that says so.
    suspects : tuple of Suspect
        What may tell the target though it will not be known, each with its price, the most serious first.
    advice : SplitAdvice
        What the ways of splitting the rows score.
    """

    findings: tuple[Finding, ...]
    suspects: tuple[Suspect, ...]
    advice: SplitAdvice


def examine(
    development: Development,
    *,
    seed: int = 0,
    advice: SplitAdvice | None = None,
    rules: tuple[Rule, ...] = RULES,
) -> Examination:
    """Return what every rule found out about the development rows, in the order of the rules, and the prices.

    Parameters
    ----------
    development : Development
        The development rows with how they were read and split.
    seed : int
        Seed of samples and folds; the same seed gives the same findings.
    advice : SplitAdvice, optional
        What was measured to split the rows; measured here if it was not.
    rules : tuple of Rule
        The rules to run.
    """
    context = Context(development, seed, advice=advice)
    found = findings_of(context, rules)
    try:
        prices = LeakPrices(context, found)
        priced = (*with_prices(found, prices.suspects), strong_finding(prices))
        return Examination(priced, (*prices.suspects, *prices.strong), context.advice)
    except Exception as error:  # prices that could not be worked out must not hide what was found
        failed = _failed(STRONG_CODE, STRONG_KIND, error)
        return Examination((*found, failed), (), SplitAdvice(failed=failed.message))


def run_rules(development: Development, *, seed: int = 0) -> list[Finding]:
    """Return what every rule found out about the development rows, without the prices."""
    return findings_of(Context(development, seed))


def findings_of(context: Context, rules: tuple[Rule, ...] = RULES) -> list[Finding]:
    """Return what the rules found out, without the prices; one that broke says so."""
    return [finding for each in rules for finding in _answer(each, context)]


def _answer(each: Rule, context: Context) -> list[Finding]:
    try:
        return each(context.table, context)
    except Exception as error:  # one broken rule must not hide what the others found
        return [_failed(each.code, each.kind, error)]


def _failed(code: str, kind: str, error: Exception) -> Finding:
    """Return the finding that says that a check broke, and how."""
    subject = kind.replace("_", " ")
    return Finding(
        code=code,
        kind=kind,
        severity=Severity.NOT_APPLICABLE,
        message=f"The check could not run: {type(error).__name__}: {shortened(error, limit=200)}",
        plain=f"One check of the table could not run ({subject}), so that nothing is known about it.",
        remedy="Please report this with the message: the table is not at fault.",
    )

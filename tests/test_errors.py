"""Mistakes of the user, in words."""

from helpers.errors import Problem, UserError, did_you_mean, listed, nearest, shortened


def test_a_problem_says_given_expected_and_remedy():
    assert str(Problem("a.yaml: seed", "'x'", "a number", "Write 3.")) == (
        "a.yaml: seed: given 'x'; expected a number. Write 3."
    )
    assert str(Problem("a", "b", "c")) == "a: given b; expected c."


def test_an_error_holds_every_problem_and_shows_no_stack_in_a_notebook():
    error = UserError(Problem("a", "b", "c"), Problem("d", "e", "f"))
    assert str(error) == "a: given b; expected c.\nd: given e; expected f."
    assert error._render_traceback_() == [
        "UserError: a: given b; expected c.", "UserError: d: given e; expected f.",
    ]  # fmt: skip


def test_nearest_ignores_case_and_gives_up():
    assert nearest("churn", ["Churn", "tenure"]) == "Churn"
    assert nearest("zzz", ["Churn", "tenure"]) is None
    assert did_you_mean("tenur", ["Churn", "tenure"]) == "Did you mean 'tenure'?"
    assert did_you_mean("zzz", ["Churn"]) == ""


def test_lists_and_values_are_cut():
    assert listed(["a", "b", "c"], limit=2) == "a, b and 1 more"
    assert listed(["a"]) == "a"
    assert shortened("x" * 100) == "x" * 79 + "…"
    assert shortened("a\nb\x00c\u202ed") == "a b c d"

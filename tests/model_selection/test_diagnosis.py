import numpy as np

import helpers.model_selection.diagnosis as diagnosis
from helpers.findings import Severity
from helpers.metrics import METRICS
from helpers.model_selection.bias_variance import Spread
from helpers.model_selection.candidates import CANDIDATES, baseline_candidate
from helpers.model_selection.choice import choose
from helpers.model_selection.cross_validation import STOPPED, CandidateResult, Deadline, FoldScore
from helpers.model_selection.learning_curve import Diagnosis
from helpers.model_selection.optimism import Optimism
from helpers.model_selection.stopping import Advice
from helpers.results import Estimate, StoppingRow
from helpers.tables.folds import Folds

AUC = METRICS["roc_auc"]


def result(name, scores=(), *, failed="", notes=()):
    candidate = baseline_candidate(AUC) if name == "baseline" else CANDIDATES[name]
    folds = tuple(FoldScore(80, 20, value, value, 0.1, 0.1) for value in scores)
    return CandidateResult(candidate, {}, folds, failed=failed, notes=notes)


BASELINE = result("baseline", [0.5, 0.5, 0.5])
LINEAR = result("linear", [0.8, 0.81, 0.82])


def test_no_better_than_baseline_fires():
    weak = result("linear", [0.4, 0.6, 0.55])
    found = diagnosis.no_better_than_baseline(choose([BASELINE, weak], metric=AUC), metric=AUC)
    assert (found.code, found.kind, found.severity) == ("M101", "no_better_than_baseline", Severity.WARN)
    assert found.message == (
        "No candidate beats the baseline credibly: the best, Linear model, gains 0.0167 in ROC AUC, and "
        "P(better) is 57 %, where 97.5 % is asked for."
    )


def test_no_better_than_baseline_stays_silent():
    found = diagnosis.no_better_than_baseline(choose([BASELINE, LINEAR], metric=AUC), metric=AUC)
    assert found.severity is Severity.PASS
    assert found.message == (
        "Linear model beats the baseline by 0.310 in ROC AUC; P(better) is over 99.9 %, "
        "where 97.5 % is asked for."
    )


def test_fit_says_overfit_underfit_balanced_and_not_applicable():
    expected = {
        "overfit": ("M102", "overfit", Severity.NOTE),
        "underfit": ("M103", "underfit", Severity.NOTE),
        "balanced": ("M102", "overfit", Severity.PASS),
        "cannot tell": ("M102", "overfit", Severity.NOT_APPLICABLE),
    }
    for word, (code, kind, severity) in expected.items():
        found = diagnosis.fit(Diagnosis(word, "Because.", Estimate(value=None)))
        assert (found.code, found.kind, found.severity, found.message) == (code, kind, severity, "Because.")


def test_stopped_by_seconds():
    stopped = [BASELINE, result("xgboost", failed=STOPPED)]
    found = diagnosis.stopped_by_seconds(stopped, Deadline(60))
    assert (found.code, found.severity) == ("M104", Severity.WARN)
    assert found.message == (
        "The budget of 60 seconds ran out before Gradient boosting (XGBoost) could be scored; a faster "
        "machine may choose differently."
    )
    assert diagnosis.was_stopped(stopped)
    silent = diagnosis.stopped_by_seconds([BASELINE], Deadline(60))
    assert (silent.severity, silent.message) == (
        Severity.PASS,
        "All fits were done within the budget of 60 seconds.",
    )


def test_candidates_failed():
    failed = [result("linear", failed="fold 1: ValueError: no"), result("xgboost", failed=STOPPED)]
    found = diagnosis.candidates_failed(failed)
    assert found.message == "Linear model could not be scored; the others are not affected."
    assert found.evidence == ({"model": "Linear model", "reason": "fold 1: ValueError: no"},)
    assert diagnosis.candidates_failed([LINEAR]).severity is Severity.PASS


def test_fit_remarks():
    noted = result("neural_network", [0.8], notes=("had not converged in 1 of 1 fits",))
    found = diagnosis.fit_remarks([noted])
    assert found.message == "Fits of Neural network left remarks; their scores may be a little off."
    assert diagnosis.fit_remarks([LINEAR]).message == "No fit left a remark."


def test_sampled_where_the_folds_are_smaller_than_the_rows():
    rows = 80_000
    part = (np.arange(64_000), np.arange(16_000))
    found = diagnosis.sampled(rows, Folds((part,) * 5, "random", 5, 1, ""))
    assert found.severity is Severity.NOTE
    assert found.message == (
        "There are 80,000 development rows; a fold is fitted on at most 50,000 and validated on at "
        "most 20,000 of them, so that the comparison is done in minutes."
    )
    small = diagnosis.sampled(100, Folds(((np.arange(80), np.arange(20)),), "random", 1, 1, ""))
    assert small.message == "Every fold was fitted and validated on all of its rows."


def test_flattered_advised_and_the_parts_of_the_error():
    chosen = choose([BASELINE, LINEAR], metric=AUC)
    cases = ((0.05, Severity.NOTE), (0.0, Severity.PASS), (None, Severity.NOT_APPLICABLE))
    for value, severity in cases:
        found = diagnosis.flattered(Optimism(Estimate(value=value), 9, "So much."), chosen)
        assert (found.code, found.severity, found.message) == ("M108", severity, "So much.")
    for answer, severity, remedy in (
        ("helps", Severity.NOTE, "Do it."), ("helps little", Severity.PASS, ""),
        ("cannot tell", Severity.NOT_APPLICABLE, ""),
    ):  # fmt: skip
        row = StoppingRow(
            effort="twice the rows", answer=answer, amount=Estimate(value=None), measure="m", reason="R."
        )
        found = diagnosis.advised(Advice((row,), "Do it."))
        assert (found.code, found.severity, found.remedy) == ("M109", severity, remedy)
        assert found.evidence == ({"what": "twice the rows", "answer": answer, "reason": "R."},)
    for word, severity in (
        ("variance", Severity.NOTE), ("bias or noise", Severity.PASS), ("both", Severity.PASS),
        ("cannot tell", Severity.NOT_APPLICABLE),
    ):  # fmt: skip
        found = diagnosis.error_parts(Spread(word, Estimate(value=None), "Because."))
        assert (found.code, found.severity, found.message) == ("M110", severity, "Because.")

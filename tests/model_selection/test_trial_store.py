"""Finished fits on disk: the same to the last bit, for the same question only, and never in the way."""

import errno
import os
from dataclasses import replace
from functools import partial

import numpy as np
import pandas as pd
import pytest

import helpers.files as files
import helpers.model_selection.trial_store as trial_store
from helpers.metrics import METRICS, Task, default_metric
from helpers.model_selection.candidates import CANDIDATES, Candidate, baseline_candidate
from helpers.model_selection.cross_validation import STOPPED, CandidateResult, Deadline, FoldScore, evaluate
from helpers.model_selection.fitted import baseline_estimator
from helpers.model_selection.trial_store import TrialStore
from helpers.tables.folds import Folds

TREE = CANDIDATES["decision_tree"]
RMSE = METRICS["rmse"]
KEY = "0" * 64


@pytest.fixture
def folder(tmp_path):
    return tmp_path / "trials" / KEY


@pytest.fixture
def fits(monkeypatch):
    """The candidates and settings that were really fitted, in their order."""
    done = []

    def counted(table, candidate, folds, **options):
        done.append((candidate.name, dict(options["settings"])))
        return evaluate(table, candidate, folds, **options)

    monkeypatch.setattr(trial_store, "evaluate", counted)
    return done


@pytest.fixture
def question(signal, deal):
    """What `evaluate` is asked, each part of which may be given anew."""
    table, folds = signal(Task.REGRESSION), deal(60)

    def ask(
        store, candidate=TREE, *, table=table, folds=folds, metric=RMSE, seed=0, seconds=60.0, **settings
    ):
        return store.evaluate(
            table, candidate, folds, metric=metric, seed=seed, deadline=Deadline(seconds), settings=settings
        )

    return ask


def assert_same_bits(one, other):
    assert (one.candidate, one.settings, one.failed, one.notes) == (
        other.candidate,
        other.settings,
        other.failed,
        other.notes,
    )
    assert repr(one.folds) == repr(other.folds)
    pd.testing.assert_frame_equal(
        one.out_of_fold,
        other.out_of_fold,
        check_exact=True,
        check_index_type="exact",
        check_column_type="exact",
    )
    assert [each.tobytes() for each in one.by_fold] == [each.tobytes() for each in other.by_fold]
    for name in one.out_of_fold.select_dtypes("number"):
        assert one.out_of_fold[name].to_numpy().tobytes() == other.out_of_fold[name].to_numpy().tobytes()


@pytest.mark.parametrize("task", list(Task))
@pytest.mark.parametrize("name", ["linear", "xgboost"])
def test_a_result_reads_back_to_the_last_bit(task, name, folder, fits, signal, deal):
    options = {"metric": default_metric(task), "seed": 0, "deadline": Deadline(60)}
    table, folds = signal(task), deal(60)
    first = TrialStore(folder).evaluate(table, CANDIDATES[name], folds, **options)
    again = TrialStore(folder).evaluate(table, CANDIDATES[name], folds, **options)
    assert fits == [(name, {})]
    assert again is not first
    assert_same_bits(first, again)


def test_hostile_floats_types_and_texts_read_back(folder, monkeypatch, question):
    frame = pd.DataFrame(
        {
            "row": [7, 3],
            "truth": pd.Series(["a\0", "<b>\n"], dtype=object),
            "prediction": ["a\0", None],
            "probability:]x": np.array([np.nan, -0.0], dtype=np.float32),
            "probability:": [5e-324, np.inf],
            "level": pd.Categorical(["q", "r"], ["r", "q"], ordered=True),
        }
    )
    scores = (
        FoldScore(40, 20, float("nan"), -float("inf"), 0.1, 1 / 3),
        FoldScore(1, 2, 0.1 + 0.2, 5e-324, -0.0, 1e308),
    )
    given = CandidateResult(TREE, {"a": 0.1}, scores, frame, notes=("fitted on “25” rows", ""))
    monkeypatch.setattr(trial_store, "evaluate", lambda *_, **__: given)
    question(TrialStore(folder), a=0.1)
    monkeypatch.setattr(trial_store, "evaluate", lambda *_, **__: pytest.fail("fitted again"))
    assert_same_bits(question(TrialStore(folder), a=0.1), given)


def test_it_says_what_an_earlier_run_had_left(folder, fits, question):
    first = TrialStore(folder)
    question(first)
    question(first, model__max_depth=3)
    assert first.remark() == ""
    question(first, model__max_depth=3)  # drawn twice: taken, but not from an earlier run
    assert (first.remark(), len(fits)) == ("", 2)
    second = TrialStore(folder)
    question(second)
    assert (second.candidates, second.trials) == (1, 0)
    assert second.remark() == (
        "1 candidate was taken from an earlier run that was cut off, and not fitted again; "
        "the seconds of the budget count from the start of this one."
    )
    for _ in range(2):  # one trial, however often it is asked for
        question(second, model__max_depth=3)
    assert second.remark() == (
        "1 candidate and 1 trial were taken from an earlier run that was cut off, and not fitted again; "
        "the seconds of the budget count from the start of this one."
    )
    assert len(fits) == 2


CHANGES = {
    "candidate": {"candidate": CANDIDATES["nearest_neighbours"]},
    "candidate's limit of rows": {"candidate": replace(TREE, rows=30)},
    "seed": {"seed": 1},
    "metric": {"metric": METRICS["mae"]},
    "settings": {"model__max_depth": 3},
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_another_question_is_fitted(change, folder, fits, question):
    question(TrialStore(folder))
    store = TrialStore(folder)
    question(store, **change)
    assert (len(fits), store.remark()) == (2, "")


def test_settings_are_told_apart_by_value_and_type_but_not_by_order(folder, fits, question):
    asked = [{"model__max_depth": 3}, {"model__max_depth": 3, "model__max_features": 1.0}]
    asked.append({"model__max_depth": 3, "model__max_features": 1})
    for settings in asked:
        question(TrialStore(folder), **settings)
    assert len(fits) == 3
    question(TrialStore(folder), model__max_features=1.0, model__max_depth=3)
    assert len(fits) == 3


def test_other_folds_are_fitted(folder, fits, question, deal):
    question(TrialStore(folder))
    (train, validation), *rest = deal(60).parts
    for parts in (
        deal(60, 4).parts,
        (*rest, (train, validation)),
        ((train[1:], validation), *rest),
        ((validation, train), *rest),
    ):
        question(TrialStore(folder), folds=Folds(tuple(parts), "random", 3, 1, ""))
    assert len(fits) == 5
    question(TrialStore(folder), folds=Folds(deal(60).parts, "other", 3, 1, "the same rows"))
    assert len(fits) == 5


def test_another_table_is_fitted(folder, fits, question, signal):
    table = signal(Task.REGRESSION)
    question(TrialStore(folder), table=table)
    value, name, rows, typed = (table.frame.copy() for _ in range(4))
    value.iloc[3, 1] += 1e-9
    name.columns = ["shown[<]", "other", "target"]
    rows.index = rows.index + 1
    typed["noise"] = typed["noise"].astype("float32").astype("float64")
    renamed = {column: replace(table.columns["noise"], name=column) for column in name.columns}
    renamed["target"] = table.columns["target"]
    others = [
        replace(table, frame=value),
        replace(table, frame=name, columns=renamed),
        replace(table, frame=rows),
        replace(table, frame=typed),
    ]
    for other in others:
        question(TrialStore(folder), table=other)
    assert len(fits) == 5
    question(TrialStore(folder), table=replace(table, frame=table.frame.copy()))
    assert len(fits) == 5


def test_a_table_changed_in_place_is_fitted(folder, fits, question, signal):
    table, store = signal(Task.REGRESSION), TrialStore(folder)
    question(store, table=table)
    table.frame.loc[5, "noise"] = 9.0
    question(store, table=table)
    assert len(fits) == 2


def test_the_order_of_levels_counts(make_table):
    one, other = (
        make_table(Task.REGRESSION, {"x": pd.Categorical(["a", "b"], levels)})
        for levels in (["a", "b"], ["b", "a"])
    )
    described = [trial_store._described(table, "x") for table in (one, other)]
    assert described[0][-1] == ["a", "b"]
    assert described[1][-1] == ["b", "a"]


def own(task, table, seed):
    return baseline_estimator(task)


@pytest.mark.parametrize("build", [own, partial(own), lambda *_: baseline_estimator(Task.REGRESSION)])
def test_a_candidate_made_in_a_cell_is_fitted_each_time(build, folder, fits, question):
    mine = Candidate("decision_tree", "Mine", "mine", "tree", 1, build, {})
    for _ in range(2):
        question(TrialStore(folder), mine)
    assert len(fits) == 2
    assert not folder.exists()


def test_the_baseline_is_kept(folder, fits, question):
    for _ in range(2):
        question(TrialStore(folder), baseline_candidate(RMSE))
    assert fits == [("baseline", {})]


def test_settings_that_are_no_plain_values_are_fitted_each_time(folder, fits, question):
    for _ in range(2):
        question(TrialStore(folder), model__max_depth=np.int64(3))
    assert len(fits) == 2


def test_only_results_with_a_score_are_kept(folder, fits, question):
    assert question(TrialStore(folder), seconds=0).failed == STOPPED
    failed = question(TrialStore(folder), CANDIDATES["naive_bayes"]).failed
    assert failed == "fold 1: ValueError: it answers with classes, and the target is a number"
    assert not folder.exists()
    assert question(TrialStore(folder)).failed == ""
    assert question(TrialStore(folder), seconds=0).failed == ""  # what is done needs no seconds


@pytest.mark.parametrize(
    "damage",
    [
        lambda content: content[:-1],
        lambda content: content[: len(content) // 2],
        lambda content: b"",
        lambda content: b"PAR1 something else\n{}\n",
        lambda content: content[:-40] + bytes([content[-40] ^ 1]) + content[-39:],
        lambda content: content.replace(b'"notes": []', b'"notes": [1]'),
    ],
    ids=["a byte short", "half", "empty", "foreign", "a bit flipped", "edited"],
)
def test_a_damaged_file_is_fitted_again_and_replaced(damage, folder, fits, question):
    first = question(TrialStore(folder))
    (path,) = folder.iterdir()
    whole = path.read_bytes()
    path.write_bytes(damage(whole))
    store = TrialStore(folder)
    again = question(store)
    assert (len(fits), store.remark()) == (2, "")
    pd.testing.assert_frame_equal(first.out_of_fold, again.out_of_fold, check_exact=True)
    assert_same_bits(question(TrialStore(folder)), again)
    assert len(fits) == 2


def test_a_file_under_the_name_of_another_is_not_taken(folder, fits, question):
    question(TrialStore(folder))
    question(TrialStore(folder), seed=1)
    one, other = sorted(folder.iterdir())
    other.write_bytes(one.read_bytes())
    for seed in (0, 1):
        question(TrialStore(folder), seed=seed)
    assert len(fits) == 3


def test_a_full_disk_is_told_once_and_ends_nothing(folder, monkeypatch, fits, question):
    tried = []

    def full(path, content):
        tried.append(path)
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), str(path))

    monkeypatch.setattr(files, "write_bytes", full)
    store = TrialStore(folder)
    assert [question(store, seed=seed).failed for seed in range(3)] == ["", "", ""]
    assert len(tried) == 1
    assert store.remark() == (
        "Not all that was finished could be kept on disk (No space left on device): "
        "if this run is cut off, the next one fits it again."
    )


def test_a_folder_that_cannot_be_read_is_told(folder, fits, question):
    folder.parent.mkdir()
    folder.write_text("a file")
    store = TrialStore(folder)
    assert question(store).failed == ""
    assert store.trouble == "Not a directory"


def test_errors_that_are_not_of_the_disk_pass(folder, monkeypatch, question):
    def broken(path, content):
        raise ZeroDivisionError

    monkeypatch.setattr(files, "write_bytes", broken)
    with pytest.raises(ZeroDivisionError):
        question(TrialStore(folder))


def test_two_at_once_write_the_same_and_one_that_is_done_does_not_hinder_the_other(folder, fits, question):
    one, other = TrialStore(folder), TrialStore(folder)
    question(one)
    assert one.remove() == ""
    assert not folder.exists()
    question(other)
    assert [path.suffix for path in folder.iterdir()] == [".trial"]
    assert (other.remove(), other.remove(), one.remove(), other.trouble) == ("", "", "", "")
    assert list(folder.parent.iterdir()) == []


def test_a_folder_that_goes_while_it_is_written_to_is_made_again(folder, monkeypatch, fits, question):
    write, failures = files.write_bytes, [FileNotFoundError()]

    def once(path, content):
        if failures:
            raise failures.pop()
        write(path, content)

    monkeypatch.setattr(files, "write_bytes", once)
    store = TrialStore(folder)
    question(store)
    assert (store.trouble, len(list(folder.iterdir()))) == ("", 1)


def test_removing_takes_what_a_kill_left_and_what_nobody_came_back_for(folder, question):
    old, recent, foreign = (folder.with_name(name * 64) for name in "abc")
    for other in (old, recent, foreign):
        question(TrialStore(other))
        (path,) = other.iterdir()
        if other is not recent:
            os.utime(path, (0, 0))
    (foreign / "mine.txt").write_text("mine")
    store = TrialStore(folder)
    question(store)
    (folder / ".half.part").write_bytes(b"half")
    assert store.remove() == ""
    assert sorted(folder.parent.iterdir()) == [recent, foreign]
    assert [path.name for path in foreign.iterdir()] == ["mine.txt"]
    assert len(list(recent.iterdir())) == 1


def test_a_folder_that_cannot_be_removed_is_told(folder, monkeypatch, question):
    store = TrialStore(folder)
    question(store)

    def refuse(path):
        raise PermissionError(errno.EACCES, os.strerror(errno.EACCES))

    monkeypatch.setattr(trial_store.shutil, "rmtree", refuse)
    assert store.remove() == (
        "The finished fits could not be removed from disk (Permission denied); they are of no use."
    )

import threading
import warnings

import numpy as np
import pytest
from sklearn.exceptions import ConvergenceWarning

from helpers.metrics import METRICS, Task
from helpers.model_selection.candidates import CANDIDATES
from helpers.model_selection.cross_validation import STOPPED, Deadline, evaluate_all
from helpers.model_selection.parallel import cores, in_order, side_by_side
from helpers.model_selection.prepared import Prepared, cut, key_of


def test_cores_are_those_granted(monkeypatch):
    monkeypatch.setenv("NIGHTBOOK_CORES", "3")
    assert cores() == 3
    for nothing in ("", "0", "many"):
        monkeypatch.setenv("NIGHTBOOK_CORES", nothing)
        assert cores() >= 1


@pytest.mark.parametrize("at_once", [1, 2, 5])
def test_work_is_done_side_by_side_and_comes_back_in_order(at_once):
    both = threading.Barrier(min(at_once, 4), timeout=20)

    def work(item):
        both.wait()
        return item**2

    assert in_order(work, [1, 2, 3, 4], at_once=min(at_once, 4)) == [1, 4, 9, 16]
    assert in_order(work, [], at_once=at_once) == []


def test_the_first_error_ends_it():
    def work(item):
        if item:
            raise KeyboardInterrupt
        return item

    with pytest.raises(KeyboardInterrupt):
        list(side_by_side(work, [0, 1, 0], at_once=2))


def test_fits_that_do_not_converge_say_nothing_and_others_speak_once():
    def work(item):
        warnings.warn("not there", ConvergenceWarning, stacklevel=1)
        warnings.warn("so it is", RuntimeWarning, stacklevel=1)
        return item

    with pytest.warns(RuntimeWarning, match="so it is") as caught:
        in_order(work, [1, 2, 3], at_once=2)
    assert len(caught) == 1


@pytest.mark.slow
def test_results_are_the_same_on_any_number_of_cores(signal, deal):
    table, folds = signal(Task.BINARY, rows=120), deal(120)
    names = ("linear", "random_forest", "xgboost", "neural_network")
    quick = {"random_forest": {"model__n_estimators": 5}}
    asked = [(CANDIDATES[name], quick.get(name, {})) for name in names]
    options = {"metric": METRICS["log_loss"], "seed": 0, "deadline": Deadline(60)}
    done = []
    one = evaluate_all(table, asked, folds, at_once=1, **options)
    two = evaluate_all(
        table, asked, folds, at_once=3, when_done=lambda place, found: done.append((place, found)), **options
    )
    for alone, together in zip(one, two, strict=True):
        assert alone.failed == together.failed == ""
        assert list(alone.validation) == list(together.validation)
        assert alone.out_of_fold.equals(together.out_of_fold)
    assert sorted(place for place, _ in done) == [0, 1, 2, 3]
    assert all(found is two[place] for place, found in done)
    stopped = evaluate_all(table, asked, folds, **{**options, "deadline": Deadline(0)})
    assert {found.failed for found in stopped} == {STOPPED}


def test_the_same_preparation_of_the_same_rows_is_done_once(signal):
    table, rows = signal(Task.BINARY), (np.arange(40), np.arange(40, 60))
    target = np.arange(40) % 2
    prepared = Prepared(table)
    first, other, plain = (
        cut(CANDIDATES[name].build(table.task, table, 0))[0]
        for name in ("linear", "nearest_neighbours", "random_forest")
    )
    assert key_of(first) == key_of(other) != key_of(plain)
    found = prepared.rows(first, *rows, target)
    assert prepared.rows(other, *rows, target) is found
    assert prepared.rows(plain, *rows, target) is not found
    assert prepared.bytes > found.train.nbytes
    none = Prepared(table, limit=0)
    assert none.rows(first, *rows, target) is not none.rows(first, *rows, target)
    assert none.bytes == 0

"""All cases, on two processes: clean tables first, then every fault at every strength."""

import multiprocessing
import os
import time
import zlib
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from dataclasses import dataclass, field
from functools import cache, partial
from typing import TypeVar

import numpy as np

from benchmarks.planted import (
    faults_columns,
    faults_leaks,
    faults_missing,
    faults_order,
    faults_rows,
    faults_values,
)
from benchmarks.planted.bases import Base, base_names, base_table
from benchmarks.planted.fault import Fault
from benchmarks.planted.judge import Answer, Said, answer, naming
from benchmarks.planted.score import Move, Score, move, scored

FAULTS: tuple[Fault, ...] = (
    *faults_missing.FAULTS,
    *faults_values.FAULTS,
    *faults_columns.FAULTS,
    *faults_rows.FAULTS,
    *faults_leaks.FAULTS,
    *faults_order.FAULTS,
)
PROCESSES = 2
SAID_EVERY = 25
THREAD_LIMITS = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")

Task = TypeVar("Task")
Done = TypeVar("Done")


@dataclass(frozen=True)
class CleanCase:
    """A base table with what the rules said of it.

    Attributes
    ----------
    base : str
        The base table's name.
    seed : int
        Its seed.
    rows, features : int
        Its size, without the target.
    answer : Answer
        What the rules said.
    """

    base: str
    seed: int
    rows: int
    features: int
    answer: Answer


@dataclass(frozen=True)
class FaultCase:
    """A fault planted once.

    Attributes
    ----------
    fault : str
        Its name.
    strength : float
        As in the fault.
    base : str
        The table that it was planted into.
    seed : int
        Seed of the table and the fault.
    rows : int
        Rows of the table with the fault.
    move : Move
        What it does to the score.
    named : tuple of Said
        The findings that name it, the most serious first.
    answer : Answer
        Everything that the rules of the accepted kinds said.
    """

    fault: str
    strength: float
    base: str
    seed: int
    rows: int
    move: Move
    named: tuple[Said, ...]
    answer: Answer


@dataclass(frozen=True)
class _Order:
    fault: int
    strength: float
    base: str
    seed: int
    before: tuple[Said, ...] = field(repr=False)


def run(
    *, seeds: Sequence[int], only: str = "", heard: Callable[[FaultCase], None] = lambda _case: None
) -> tuple[list[CleanCase], list[FaultCase]]:
    """Return all cases: so many seeds of each base table and of each fault whose name holds `only`.

    Parameters
    ----------
    seeds : sequence of int
        The seeds.
    only : str
        A part of the names of the faults to plant; empty for all.
    heard : callable
        Told of each fault's case as soon as it is there, in no order.
    """
    for name in THREAD_LIMITS:
        os.environ[name] = "1"  # read by the processes to come
    with ProcessPoolExecutor(PROCESSES, mp_context=multiprocessing.get_context("spawn")) as pool:
        clean = [(name, seed) for seed in seeds for name in base_names()]
        bases = _all_done(pool, _clean_case, clean, what="clean tables", heard=lambda _case: None)
        said = {(case.base, case.seed): case.answer.said for case in bases}
        cases = _all_done(pool, _fault_case, list(_orders(seeds, said, only)), what="faults", heard=heard)
    return bases, cases


def _orders(
    seeds: Sequence[int], said: dict[tuple[str, int], tuple[Said, ...]], only: str
) -> Iterator[_Order]:
    for seed in seeds:
        for number, fault in enumerate(FAULTS):
            if only not in fault.name:
                continue
            # Over the seeds a fault meets all tables that can have it, each strength the same ones.
            fitting = base_names(tasks=fault.tasks)
            base = fitting[(_number(fault.name) + seed) % len(fitting)]
            for strength in fault.strengths:
                yield _Order(number, strength, base, seed, said[base, seed])


@cache
def _clean_score(name: str, seed: int, unseen: tuple[str, ...], accuracy: bool) -> Score:
    """Return the score of a clean table, worked out once in a process."""
    base = base_table(name, seed=seed)
    return scored(base.frame, base.target, unseen=unseen, seed=seed, accuracy=accuracy)


def _number(name: str) -> int:
    """Return a number for a name, the same in every process."""
    return zlib.crc32(name.encode())


def _all_done(
    pool: ProcessPoolExecutor,
    work: Callable[[Task], Done],
    tasks: Sequence[Task],
    *,
    what: str,
    heard: Callable[[Done], None],
) -> list[Done]:
    """Return what the work gives for each task, in their order; say how far it is."""
    began = time.perf_counter()
    futures = [pool.submit(work, task) for task in tasks]
    for number, future in enumerate(as_completed(futures), start=1):
        heard(future.result())
        if number % SAID_EVERY == 0 or number == len(tasks):
            print(f"  {what}: {number} of {len(tasks)} after {time.perf_counter() - began:.0f} s", flush=True)
    return [future.result() for future in futures]


def _clean_case(task: tuple[str, int]) -> CleanCase:
    name, seed = task
    base = base_table(name, seed=seed)
    # Every second one as Parquet: that its columns have types must not matter.
    found = answer(base.frame, base.target, parquet=seed % 2 == 1)
    return CleanCase(name, seed, len(base.frame), base.frame.shape[1] - 1, found)


def _fault_case(order: _Order) -> FaultCase:
    fault = FAULTS[order.fault]
    base = base_table(order.base, seed=order.seed)
    return planted_case(fault, order.strength, base, seed=order.seed, before=order.before)


def planted_case(
    fault: Fault, strength: float, base: Base, *, seed: int, before: Sequence[Said]
) -> FaultCase:
    """Plant a fault into a table, price it, and ask the rules.

    Parameters
    ----------
    fault : Fault
        The fault.
    strength : float
        One of its strengths.
    base : Base
        The clean table.
    seed : int
        Seed of what is drawn.
    before : sequence of Said
        What the rules said of the clean table.
    """
    rng = np.random.default_rng([seed, _number(fault.name), fault.strengths.index(strength)])
    planted = fault.plant(base.frame, base.target, strength, rng)
    price = partial(_clean_score, base.name, seed)
    moved = move(planted, base.target, clean_score=price, unseen=base.unseen, seed=seed)
    found = answer(planted.frame, base.target, kinds=planted.kinds)
    named = tuple(naming(found, planted, before))
    return FaultCase(
        fault.name, strength, base.name, seed, len(planted.frame), moved, named, found
    )  # fmt: skip

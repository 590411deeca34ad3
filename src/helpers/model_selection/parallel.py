"""Work side by side: a thread each, on as many cores as the notebook was given.

Each fit takes one thread, so that no sum depends on how many cores there are. Where fits would wait for one
another in Python, the threads only wait for the processes of `workers`.
"""

import os
import warnings
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, as_completed
from contextlib import contextmanager
from typing import TypeVar

from sklearn.exceptions import ConvergenceWarning
from threadpoolctl import threadpool_limits

# What the runner says that a notebook may use; by hand it says nothing.
GRANTED = "NIGHTBOOK_CORES"
FILTERS_MET = "`sklearn.utils.parallel.delayed` should be used"

Item = TypeVar("Item")
Done = TypeVar("Done")


def cores() -> int:
    """Return how many cores this process may use: those that the runner granted, else all there are."""
    granted = os.environ.get(GRANTED, "")
    if granted.isdecimal() and int(granted) > 0:
        return int(granted)
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def side_by_side(
    work: Callable[[Item], Done],
    items: Sequence[Item],
    *,
    at_once: int | None = None,
    stop: Callable[[], None] = lambda: None,
) -> Iterator[tuple[int, Done]]:
    """Yield the place of each item and what the work gives for it, as soon as it is done.

    Parameters
    ----------
    work : callable
        Called once an item; must be safe to call from several threads. The first error ends everything.
    items : sequence
        Begun in their order.
    at_once : int, optional
        How many run at the same time; as many as there are cores if none is given.
    stop : callable
        Called where an error or Ctrl-C ends everything, to end what has begun; the rest is not begun.
    """
    limit = min(at_once or cores(), len(items))
    with _quiet(), threadpool_limits(1):
        if limit <= 1:
            yield from enumerate(map(work, items))
            return
        # The limit of OpenMP is each thread's own, that of linear algebra the process's.
        pool = ThreadPoolExecutor(limit, initializer=threadpool_limits, initargs=(1,))
        try:
            begun: dict[Future[Done], int] = {pool.submit(work, item): at for at, item in enumerate(items)}
            for future in as_completed(begun):
                yield begun[future], future.result()
        except BaseException:
            pool.shutdown(wait=False, cancel_futures=True)
            stop()
            raise
        finally:
            pool.shutdown()


def in_order(
    work: Callable[[Item], Done],
    items: Sequence[Item],
    *,
    at_once: int | None = None,
    stop: Callable[[], None] = lambda: None,
) -> list[Done]:
    """Return what the work gives for each item, in their order."""
    done = dict(side_by_side(work, items, at_once=at_once, stop=stop))
    return [done[place] for place in range(len(items))]


@contextmanager
def _quiet() -> Iterator[None]:
    """Keep silent what fits say too often, and pass on all other warnings at the end, each once.

    The filters of warnings are the process's, and scikit-learn's forests set them for each tree: side by side
    they undo one another's. Where warnings go to stays as it is set here.
    """
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        yield
    told = {(found.category, str(found.message)): found for found in caught if not _said_too_often(found)}
    for found in told.values():
        warnings.warn_explicit(found.message, found.category, found.filename, found.lineno)


def _said_too_often(found: warnings.WarningMessage) -> bool:
    """Return whether a fit did not converge, which its iterations tell, or forests met at their filters."""
    return issubclass(found.category, ConvergenceWarning) or str(found.message).startswith(FILTERS_MET)

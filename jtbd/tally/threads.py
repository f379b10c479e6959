"""Counting on every processor."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from threadpoolctl import threadpool_limits

Task = TypeVar("Task")
Result = TypeVar("Result")


def one_blas_thread() -> threadpool_limits:
    """A context in which matrices are multiplied on one thread each.

    The threads of OpenBLAS wait for each other by turning in place. Matrices of this size gain little from them,
    and on a busy machine they took up to ten times the processor time.
    """
    return threadpool_limits(1, user_api="blas")


def in_threads(work: Callable[[Task], Result], tasks: Sequence[Task]) -> Iterator[Result]:
    """Results in the order of their tasks, a thread for each processor; numpy lets go of the lock while it works."""
    threads = min(len(tasks), os.cpu_count() or 1)
    if threads < 2:
        yield from map(work, tasks)
        return
    with one_blas_thread(), ThreadPoolExecutor(threads) as pool:
        yield from pool.map(work, tasks)

"""Counting on every processor."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from threading import Lock
from typing import TypeVar

from threadpoolctl import threadpool_limits

Task = TypeVar("Task")
Result = TypeVar("Result")


class _Limit:
    """The limit on BLAS threads: the process has one, whoever of several threads asks for it first or last."""

    def __init__(self) -> None:
        self.lock = Lock()
        self.inside = 0
        self.limits: threadpool_limits | None = None

    def enter(self) -> None:
        with self.lock:
            self.inside += 1
            if self.inside == 1:
                self.limits = threadpool_limits(1, user_api="blas")

    def leave(self) -> None:
        with self.lock:
            self.inside -= 1
            if not self.inside and self.limits is not None:
                self.limits.restore_original_limits()


_LIMIT = _Limit()


@contextmanager
def one_blas_thread() -> Iterator[None]:
    """A context in which matrices are multiplied on one thread each.

    The threads of OpenBLAS wait for each other by turning in place. Matrices of this size gain little from them,
    and on a busy machine they took up to ten times the processor time.
    """
    _LIMIT.enter()
    try:
        yield
    finally:
        _LIMIT.leave()


def in_threads(work: Callable[[Task], Result], tasks: Sequence[Task]) -> Iterator[Result]:
    """Results in the order of their tasks, a thread for each processor; numpy lets go of the lock while it works."""
    threads = min(len(tasks), os.cpu_count() or 1)
    if threads < 2:
        yield from map(work, tasks)
        return
    with one_blas_thread(), ThreadPoolExecutor(threads) as pool:
        yield from pool.map(work, tasks)

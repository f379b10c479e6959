"""Counting on every processor."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from threading import Lock
from typing import Any, TypeVar

from threadpoolctl import ThreadpoolController

Task = TypeVar("Task")
Result = TypeVar("Result")


class _Limit:
    """The limit on BLAS threads: the process has one, whoever of several threads asks for it first or last."""

    def __init__(self) -> None:
        self.lock = Lock()
        self.inside = 0
        self.limits: Any = None
        self.controller: ThreadpoolController | None = None
        self.modules = 0

    def enter(self) -> None:
        with self.lock:
            self.inside += 1
            if self.inside == 1:
                # finding the libraries takes 2 ms: again only when a module may have brought a further one
                if self.controller is None or self.modules != len(sys.modules):
                    self.controller, self.modules = ThreadpoolController(), len(sys.modules)
                self.limits = self.controller.limit(limits=1, user_api="blas")

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


def _processors() -> int:
    """How many processors this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def in_threads(work: Callable[[Task], Result], tasks: Sequence[Task]) -> Iterator[Result]:
    """Results in the order of their tasks, a thread for each processor; numpy lets go of the lock while it works."""
    threads = min(len(tasks), _processors())
    if threads < 2:
        yield from map(work, tasks)
        return
    with one_blas_thread(), ThreadPoolExecutor(threads) as pool:
        yield from pool.map(work, tasks)

"""Works of several threads in one transaction: every commit waits for the disk, and so they wait together."""

from __future__ import annotations

import threading
from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any, TypeVar

from sqlalchemy import Connection

from jtbd.errors import StoreError

Result = TypeVar("Result")

MOST = 64
"""Works done in one transaction: so many that the wait for the disk no longer counts."""


_NOTHING = object()
"""The result of what was not done."""


class _Job:
    """A work, and what came of it. ``turn`` is let go when it is done, or when its thread is to lead."""

    __slots__ = ("error", "leads", "result", "turn", "work")

    def __init__(self, work: Callable[[Connection], Any]) -> None:
        self.work = work
        self.result: Any = _NOTHING
        self.error: Exception | None = None
        self.leads = False
        self.turn = threading.Lock()
        self.turn.acquire()


class Together:
    """Does works in transactions, those of threads that come while one is under way in the next.

    The first thread to come leads: it does what waits, its own work among it, and commits; then one of those that
    came meanwhile leads. A work that raises takes nothing of the others back: they are done again one by one.

    Parameters
    ----------
    transaction : callable
        Gives a context with a connection, kept when it ends, undone when it raises.
    """

    def __init__(self, transaction: Callable[[], AbstractContextManager[Connection]]) -> None:
        self._transaction = transaction
        self._lock = threading.Lock()
        self._waiting: list[_Job] = []
        self._is_led = False

    def do(self, work: Callable[[Connection], Result]) -> Result:
        """Do a work and commit it; raises what the work raises, or what the transaction does.

        Parameters
        ----------
        work : callable
            May be done twice, the first time undone: it changes nothing but the database.
        """
        job = _Job(work)
        with self._lock:
            self._waiting.append(job)
            leads, self._is_led = not self._is_led, True
        if not leads:
            job.turn.acquire()
        if leads or job.leads:
            self._lead()
        if job.error is not None:
            raise job.error
        result: Result = job.result
        return result

    def _lead(self) -> None:
        with self._lock:
            jobs, self._waiting = self._waiting[:MOST], self._waiting[MOST:]
        try:
            self._do(jobs)
        finally:
            for job in jobs:
                if job.result is _NOTHING and job.error is None:  # the leading thread itself was ended
                    job.error = StoreError("the server is being stopped: nothing was stored")
            with self._lock:
                following = self._waiting[:1]
                self._is_led = bool(following)
                for job in following:
                    job.leads = True
            for job in (*jobs, *following):
                job.turn.release()

    def _do(self, jobs: list[_Job]) -> None:
        try:
            with self._transaction() as connection:
                results = [job.work(connection) for job in jobs]
        except StoreError as error:  # the database cannot: asking it again for each would take as many times as long
            for job in jobs:
                job.error = error
        except Exception as error:
            if len(jobs) == 1:
                jobs[0].error = error
                return
            for job in jobs:
                self._do([job])
        else:
            for job, result in zip(jobs, results, strict=True):
                job.result = result

"""What is counted over very many rows, and remembered: counted anew in proportion to how long that takes."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Hashable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from jtbd.errors import StoreError

GOOD_FOR = timedelta(seconds=10)
"""How long a count is used at least."""

TIMES_ITS_COST = 50
"""And for how many times what it took: counting takes a fiftieth of the time at most, however much is stored."""

QUICK_SECONDS = 0.05
"""What takes longer is counted beside the work of visitors, who go on with the count before."""


@dataclass
class _Known:
    value: Any
    at: datetime
    took: float
    is_being_counted: bool = False

    def is_good(self, now: datetime) -> bool:
        return timedelta(0) <= now - self.at < max(GOOD_FOR, TIMES_ITS_COST * timedelta(seconds=self.took))


class Counts:
    """Counts by key, the same for all threads of a process."""

    def __init__(self) -> None:
        self._known: dict[Hashable, _Known] = {}
        self._lock = threading.Lock()

    def of(self, key: Hashable, now: datetime, count: Callable[[], Any]) -> Any:
        """A count, made now if there is none; otherwise as :meth:`known`."""
        if key not in self._known:
            self._count(key, now, count)
        return self.known(key, now, count)

    def known(self, key: Hashable, now: datetime, count: Callable[[], Any]) -> Any:
        """A count made before, brought up to date if it is old; ``None`` if there is none.

        Parameters
        ----------
        count : callable
            Counts anew; may be called by another thread.
        """
        with self._lock:
            known = self._known.get(key)
            if known is None:
                return None
            if known.is_being_counted or known.is_good(now):
                return known.value
            known.is_being_counted = True
        if known.took > QUICK_SECONDS:
            threading.Thread(target=self._count_quietly, args=(key, now, count), daemon=True).start()
            return known.value
        return self._count(key, now, count)

    def remember(self, key: Hashable, now: datetime, value: Any, took: float = 0) -> None:
        """Keep a count, which took so many seconds."""
        with self._lock:
            self._known[key] = _Known(value, now, took)

    def forget(self) -> None:
        """Forget all counts."""
        with self._lock:
            self._known.clear()

    def _count(self, key: Hashable, now: datetime, count: Callable[[], Any]) -> Any:
        began = time.perf_counter()
        try:
            value = count()
        except BaseException:
            with self._lock:
                if key in self._known:
                    self._known[key].is_being_counted = False
            raise
        self.remember(key, now, value, time.perf_counter() - began)
        return value

    def _count_quietly(self, key: Hashable, now: datetime, count: Callable[[], Any]) -> None:
        try:
            self._count(key, now, count)
        except StoreError:  # the count before is good enough until the database is back
            return

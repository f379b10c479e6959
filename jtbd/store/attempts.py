"""How often somebody tried something: enough for a room full of respondents, too little for guessing.

Who it was is not stored. A count is kept under a digest of kind, stretch of time and subject, keyed with the
workspace's secret; it is deleted after its stretch, and the next has other digests. A process counts by itself and
tells the database of every twentieth part of a limit, so that respondents who come one by one leave no trace there at
all, and cost it nothing. Limits of fewer than 40 are exact; others may be passed by a twentieth for each further
process.
"""

from __future__ import annotations

import hashlib
import threading
from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import delete, update

from jtbd.settings import Rate
from jtbd.store.database import Database
from jtbd.store.dialects import insert_missing
from jtbd.store.refusals import Refusal
from jtbd.store.schema import attempt

_PARTS = 20


class TooOften(Refusal):
    """Somebody tried more often than they may; ``seconds`` from now they may again."""

    def __init__(self, seconds: int) -> None:
        super().__init__(f"too many attempts; try again in {seconds} s")
        self.seconds = seconds


@dataclass
class _Count:
    """What this process knows of one count: ``total`` includes what it has not told the database yet."""

    total: int = 0
    untold: int = 0


class Limiter:
    """The counts of the stretches of time that run; safe to use from several threads.

    Parameters
    ----------
    db : Database
    key : bytes
        Keys the digests.
    """

    def __init__(self, db: Database, key: bytes) -> None:
        self._db = db
        self._key = hashlib.sha256(key).digest()
        self._counts: dict[int, dict[str, _Count]] = {}  # by the end of their stretch
        self._lock = threading.Lock()

    def count(self, kind: str, rate: Rate, subject: str, now: datetime) -> None:
        """Count an attempt.

        Raises
        ------
        TooOften
            If there were as many before it as there may be.
        StoreError
        """
        if not rate.most:
            return
        ends = _end(rate, now)
        digest = self._digest(kind, ends, subject)
        with self._lock:
            known = self._running(ends, now).setdefault(digest, _Count())
            if known.total >= rate.most:
                raise TooOften(_seconds_to(ends, now))
            known.total += 1
            known.untold += 1
            telling = known.untold if known.untold >= max(1, rate.most // _PARTS) else 0
            known.untold -= telling
        if not telling:
            return
        total = add_attempts(self._db, digest, telling, now, datetime.fromtimestamp(ends, UTC))
        with self._lock:
            known.total = max(known.total, total + known.untold)
        if total > rate.most:
            raise TooOften(_seconds_to(ends, now))

    def see_that_free(self, kind: str, rate: Rate, subject: str, now: datetime) -> None:
        """See that there were fewer attempts than there may be, and count none.

        Raises
        ------
        TooOften
        """
        ends = _end(rate, now)
        with self._lock:
            known = self._counts.get(ends, {}).get(self._digest(kind, ends, subject))
        if rate.most and known is not None and known.total >= rate.most:
            raise TooOften(_seconds_to(ends, now))

    def _running(self, ends: int, now: datetime) -> dict[str, _Count]:
        for over in [end for end in self._counts if end <= now.timestamp()]:
            del self._counts[over]
        return self._counts.setdefault(ends, {})

    def _digest(self, kind: str, ends: int, subject: str) -> str:
        text = f"{kind}\n{ends}\n{subject}"
        return hashlib.blake2b(text.encode(errors="replace"), key=self._key, digest_size=16).hexdigest()


def add_attempts(db: Database, key: str, number: int, now: datetime, expires_at: datetime) -> int:
    """Add to a count; returns what it has come to. Counts whose time is over are deleted.

    Parameters
    ----------
    key : str
        Whose attempts at what, in which stretch of time; must not tell who.
    """
    with db.write() as connection:
        connection.execute(delete(attempt).where(attempt.c.expires_at <= now))
        insert_missing(connection, attempt, [{"key": key, "number": 0, "expires_at": expires_at}])
        more = update(attempt).where(attempt.c.key == key).values(number=attempt.c.number + number)
        total: int = connection.execute(more.returning(attempt.c.number)).scalar_one()
    return total


def _end(rate: Rate, now: datetime) -> int:
    return (int(now.timestamp()) // rate.seconds + 1) * rate.seconds


def _seconds_to(ends: int, now: datetime) -> int:
    return max(1, ends - int(now.timestamp()))

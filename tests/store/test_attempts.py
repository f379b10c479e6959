"""Attempts are counted for all processes together, and nobody is known by them."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import pytest

from jtbd.settings import Rate
from jtbd.store.attempts import Limiter, TooOften
from jtbd.store.database import Database
from tests.store.samples import at_once

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
KEY = b"key"


@dataclass
class Tries:
    """Counts until it is refused."""

    limiter: Limiter
    rate: Rate
    allowed: int = field(default=0, init=False)

    def go_on(self, number: int, subject: str = "10.0.0.1", now: datetime = NOON) -> int:
        for _ in range(number):
            with suppress(TooOften):
                self.limiter.count("start", self.rate, subject, now)
                self.allowed += 1
        return self.allowed


@pytest.mark.parametrize("most", [1, 7, 39, 40, 100])
def test_as_many_are_let_through_as_the_rate_says(database: Database, most: int) -> None:
    tries = Tries(Limiter(database, KEY), Rate(most, 60))
    assert tries.go_on(most + 50) == most
    assert tries.go_on(1, "10.0.0.2") == most + 1
    assert tries.go_on(most + 50, now=NOON + timedelta(seconds=60)) == 2 * most + 1


def test_processes_count_together(database: Database) -> None:
    exact = [Tries(Limiter(database, KEY), Rate(39, 60)) for _ in range(3)]
    for _ in range(30):
        for one in exact:
            one.go_on(1)
    assert sum(one.allowed for one in exact) == 39
    rough = [Tries(Limiter(database, KEY), Rate(200, 3600)) for _ in range(3)]
    for _ in range(200):
        for one in rough:
            one.go_on(1)
    assert 200 <= sum(one.allowed for one in rough) <= 200 + 2 * 10


def test_many_at_once_are_no_way_round(database: Database) -> None:
    tries = [Tries(Limiter(database, KEY), Rate(5, 60)) for _ in range(8)]
    at_once([lambda one=one: one.go_on(5) for one in tries])  # type: ignore[misc]
    assert sum(one.allowed for one in tries) == 5


def test_nothing_is_stored_of_who_comes_once_and_nobody_can_be_told_from_the_rest(database: Database) -> None:
    limiter, rate = Limiter(database, KEY), Rate(600, 60)
    for number in range(50):
        limiter.count("start", rate, f"10.0.0.{number}", NOON)
    assert rows(database) == []
    Tries(limiter, rate).go_on(30)
    assert len(rows(database)) == 1
    assert "10.0.0.1" not in str(rows(database))
    first = rows(database)[0][0]
    Tries(limiter, rate).go_on(30, now=NOON + timedelta(seconds=61))
    assert [row[0] == first for row in rows(database)] == [False]  # the first is gone, the second called otherwise


def rows(database: Database) -> list[tuple[object, ...]]:
    with database.read() as connection:
        return [tuple(row) for row in connection.exec_driver_sql("SELECT * FROM attempt")]


def test_no_limit_costs_nothing(database: Database) -> None:
    assert Tries(Limiter(database, KEY), Rate(0, 60)).go_on(10_000) == 10_000
    assert rows(database) == []

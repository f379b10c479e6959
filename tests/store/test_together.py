"""Works that are committed together: each exactly once, none taken back by another that fails."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

import pytest
from sqlalchemy import Connection, create_engine, text

from jtbd.errors import StoreError
from jtbd.store.together import Together


class Box:
    """A database with one column of numbers, and how often it was committed."""

    def __init__(self, path) -> None:
        self.engine = create_engine(f"sqlite:///{path}")
        self.commits = 0
        self.hold = threading.Event()
        self.hold.set()
        with self.engine.begin() as connection:
            connection.execute(text("CREATE TABLE n (n INTEGER UNIQUE)"))

    @contextmanager
    def transaction(self):
        with self.engine.begin() as connection:
            yield connection
            self.hold.wait(10)
        self.commits += 1

    def numbers(self) -> list[int]:
        with self.engine.connect() as connection:
            return sorted(connection.execute(text("SELECT n FROM n")).scalars())


@pytest.fixture
def box(tmp_path):
    found = Box(tmp_path / "box.db")
    yield found
    found.engine.dispose()


def put(number: int, fails: type[Exception] | None = None):
    def work(connection: Connection) -> int:
        connection.execute(text("INSERT INTO n VALUES (:n)"), {"n": number})
        if fails:
            raise fails(str(number))
        return number * 10

    return work


def all_at_once(box: Box, works) -> list[object]:
    """What came of works of which the first holds the database until the others wait."""
    together = Together(box.transaction)
    box.hold.clear()
    with ThreadPoolExecutor(len(works)) as pool:
        done = [pool.submit(together.do, works[0])]
        while not together._is_led:
            pass
        done += [pool.submit(together.do, work) for work in works[1:]]
        while len(together._waiting) < len(works) - 1:
            pass
        box.hold.set()
    return [one.exception() or one.result() for one in done]


def test_what_waits_is_committed_at_once(box):
    assert all_at_once(box, [put(number) for number in range(20)]) == [number * 10 for number in range(20)]
    assert box.numbers() == list(range(20))
    assert box.commits == 2


def test_a_work_that_fails_takes_nothing_of_the_others_back(box):
    works = [put(number, ValueError if number == 3 else None) for number in range(8)]
    came = all_at_once(box, works)
    assert isinstance(came.pop(3), ValueError)
    assert came == [0, 10, 20, 40, 50, 60, 70]
    assert box.numbers() == [0, 1, 2, 4, 5, 6, 7]


def test_where_the_database_fails_nothing_is_called_stored(box):
    works = [put(number, StoreError if number == 2 else None) for number in range(4)]
    came = all_at_once(box, works)
    assert came[0] == 0
    assert all(isinstance(one, StoreError) for one in came[1:])
    assert box.numbers() == [0]


def test_many_threads_lose_and_double_nothing(box):
    together = Together(box.transaction)
    with ThreadPoolExecutor(16) as pool:
        came = list(pool.map(lambda number: together.do(put(number)), range(400)))
    assert came == [number * 10 for number in range(400)]
    assert box.numbers() == list(range(400))

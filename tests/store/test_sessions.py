"""A session counts until it ends, for one of several reasons."""

from __future__ import annotations

from datetime import timedelta

import pytest

from jtbd.store.accounts import add_account, set_disabled, set_password
from jtbd.store.database import Database
from jtbd.store.sessions import IDLE, LONGEST, begin_session, end_session, find_session
from tests.store.samples import NOW


@pytest.fixture
def token(database: Database) -> str:
    ada = add_account(database, "Ada", "planner", NOW)
    return begin_session(database, ada.id, NOW)


def is_open(database: Database, token: str, after: timedelta = timedelta(0)) -> bool:
    return find_session(database, token, NOW + after) is not None


def test_a_token_stands_for_its_account_and_no_other_does(database: Database, token: str) -> None:
    found = find_session(database, token, NOW)
    assert found
    assert found.name == "Ada"
    assert [is_open(database, other) for other in ("", "x", token + "x", token.lower())] == [False] * 4


def test_it_ends_when_nothing_was_asked_for_and_at_last_however_busy(database: Database, token: str) -> None:
    assert is_open(database, token, IDLE)
    assert is_open(database, token, 2 * IDLE)
    assert not is_open(database, token, 3 * IDLE + timedelta(seconds=1))
    busy = begin_session(database, 1, NOW)
    for hours in range(0, 7 * 24 + 1, 12):
        assert is_open(database, busy, timedelta(hours=hours))
    assert not is_open(database, busy, LONGEST + timedelta(seconds=1))


@pytest.mark.parametrize("end", ["log out", "new password", "disabled"])
def test_it_ends_at_once(database: Database, token: str, end: str) -> None:
    bob = begin_session(database, add_account(database, "Bob", "planner", NOW).id, NOW)
    if end == "log out":
        end_session(database, token)
    elif end == "new password":
        set_password(database, "ADA", "long enough for it", NOW)
    else:
        set_disabled(database, "ada", disabled=True)
        set_disabled(database, "ada", disabled=False)
    assert not is_open(database, token)
    assert is_open(database, bob)

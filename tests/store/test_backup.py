"""A backup is one moment of the database, and comes back as it was into either kind of database."""

from __future__ import annotations

import sqlite3
import stat
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import pytest

from jtbd.errors import StoreError
from jtbd.store.accounts import add_account, check_password, issue_login_link, set_password
from jtbd.store.attempts import add_attempts
from jtbd.store.backup import BackupExists, BackupUnusable, DatabaseInUse, back_up, restore
from jtbd.store.database import Database
from jtbd.store.erasure import erase
from jtbd.store.exclusions import exclude
from jtbd.store.responses import begin, find_by_code, save_page
from jtbd.store.sessions import begin_session, find_session
from jtbd.store.waves import close_wave, open_wave
from tests.contents import contents
from tests.store.samples import LATER, NOW, about, page, published, respond

PASSWORD = "a sentence to remember"  # noqa: S105  an account of the tests


@pytest.fixture
def filled(database: Database) -> Database:
    """A database with something in nearly every table."""
    published(database)
    open_wave(database, "modes", "Spring", NOW)
    for number in range(1, 6):
        respond(database, about(mode="acquire", remark="'; DROP\n…\"" * number), page(1, find=(number, 1), win=(5, 5)))
    exclude(database, "modes", [2], "seen twice", "Ada", NOW)
    ada = add_account(database, "Ada", "admin", NOW)
    set_password(database, "Ada", PASSWORD, NOW)
    begin_session(database, ada.id, NOW)
    issue_login_link(database, "Ada", "reset", NOW, 24)
    add_attempts(database, "key", 1, NOW, LATER)
    return database


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def other(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    """Another database, empty of tables, of either kind."""
    if request.param == "sqlite":
        found = Database(f"sqlite:///{tmp_path / 'other.db'}")
    else:
        server = request.getfixturevalue("postgres_server")
        import psycopg

        with psycopg.connect(server.get_uri(), autocommit=True) as connection:
            connection.execute("DROP DATABASE IF EXISTS restored WITH (FORCE)")
            connection.execute("CREATE DATABASE restored TEMPLATE template1")
        found = Database(server.get_uri("restored"))
    yield found
    found.dispose()


def test_what_was_backed_up_comes_back_in_every_table(filled: Database, other: Database, tmp_path: Path) -> None:
    before = contents(filled)
    copied = back_up(filled, tmp_path / "backup")
    assert copied.rows == {table: len(rows) for table, rows in before.items()}
    assert restore(other, tmp_path / "backup").rows == copied.rows
    assert contents(other) == before
    assert other.check() == []
    assert check_password(other, "Ada", PASSWORD)


def test_what_let_people_in_for_a_time_does_not_come_back(filled: Database, other: Database, tmp_path: Path) -> None:
    token = begin_session(filled, 1, NOW)
    assert find_session(filled, token, NOW)
    back_up(filled, tmp_path / "backup")
    restore(other, tmp_path / "backup")
    assert find_session(other, token, NOW) is None
    whole = contents(other, leave_out=())
    assert [whole[name] for name in ("studio_session", "login_link", "attempt")] == [[], [], []]
    assert b"studio_session" in (data := (tmp_path / "backup").read_bytes())
    assert token.encode() not in data


def test_new_rows_follow_those_restored_and_no_id_is_used_again(
    filled: Database, other: Database, tmp_path: Path
) -> None:
    last = begin(filled, slug="modes", kind="real", language="en", consent="I agree", now=NOW)
    erase(filled, last.code)
    back_up(filled, tmp_path / "backup")
    restore(other, tmp_path / "backup")
    begun = begin(other, slug="modes", kind="real", language="en", consent="another text", now=NOW)
    assert begun.response_id == last.response_id + 1
    published(other)
    close_wave(other, "modes", LATER)
    open_wave(other, "modes", "Summer", LATER)
    add_account(other, "Bob", "planner", NOW)
    assert other.check() == []


def contents_of(path: Path) -> dict[str, list[tuple[object, ...]]]:
    backup = Database(f"sqlite:///{path}")
    try:
        return contents(backup)
    finally:
        backup.dispose()


@contextmanager
def writers(database: Database, number: int = 3) -> Iterator[list[int]]:
    """Respondents who save the same page over and over, each time with one rating for all."""
    stop = threading.Event()
    saved = [0] * number

    def write(place: int) -> None:
        response_id = respond(database)
        while not stop.is_set():
            value = saved[place] % 5 + 1
            save_page(database, response_id, page(1, find=(value, value), win=(value, value)), datetime.now(UTC))
            saved[place] += 1

    threads = [threading.Thread(target=write, args=(place,)) for place in range(number)]
    for thread in threads:
        thread.start()
    try:
        yield saved
    finally:
        stop.set()
        for thread in threads:
            thread.join()


def test_a_backup_while_answers_arrive_is_one_moment(filled: Database, other: Database, tmp_path: Path) -> None:
    known = {row[0] for row in contents(filled)["response"]}
    with writers(filled) as saved:
        while min(saved) < 3:
            time.sleep(0.01)
        during = sum(saved)
        for number in range(3):
            back_up(filled, tmp_path / f"backup-{number}")
        assert sum(saved) > during  # nobody had to wait for the end
    for number in range(3):
        restore(other, tmp_path / f"backup-{number}", replace=number > 0)
        found = contents(other)
        ratings: dict[int, set[int]] = {}
        for response_id, _, importance, satisfaction, _ in found["rating"]:
            if response_id not in known:
                ratings.setdefault(response_id, set()).update((importance, satisfaction))
        assert [len(values) for values in ratings.values()] == [1, 1, 1]
        assert found == contents_of(tmp_path / f"backup-{number}")


def test_a_database_with_something_in_it_is_replaced_only_when_told(filled: Database, tmp_path: Path) -> None:
    back_up(filled, tmp_path / "backup")
    before = contents(filled)
    late = begin(filled, slug="modes", kind="real", language="en", consent="I agree", now=NOW)
    after = contents(filled, leave_out=())
    with pytest.raises(DatabaseInUse, match="--replace"):
        restore(filled, tmp_path / "backup")
    assert contents(filled, leave_out=()) == after
    restore(filled, tmp_path / "backup", replace=True)
    assert contents(filled) == before
    assert find_by_code(filled, late.code) is None


def test_a_backup_overwrites_nothing_unless_told(filled: Database, tmp_path: Path) -> None:
    (tmp_path / "backup").write_text("something else")
    with pytest.raises(BackupExists, match="--replace"):
        back_up(filled, tmp_path / "backup")
    assert (tmp_path / "backup").read_text() == "something else"
    back_up(filled, tmp_path / "backup", replace=True)
    assert stat.S_IMODE((tmp_path / "backup").stat().st_mode) == 0o600
    assert [path.name for path in tmp_path.iterdir() if ".part" in path.name] == []


def spoilt(path: Path, how: str) -> None:
    data = path.read_bytes()
    if how == "cut":
        path.write_bytes(data[: len(data) // 2])
    elif how == "scrambled":
        path.write_bytes(data[:4096] + bytes(reversed(data[4096:12288])) + data[12288:])
    elif how == "text":
        path.write_text("no database at all")
    elif how == "empty":
        path.write_bytes(b"")
    elif how == "missing":
        path.unlink()
    elif how == "another program's":
        path.unlink()
        with sqlite3.connect(path) as connection:
            connection.execute("CREATE TABLE bookmark (url TEXT)")
        connection.close()
    elif how == "newer":
        with sqlite3.connect(path) as connection:
            connection.execute("UPDATE alembic_version SET version_num = '9999'")
        connection.close()


@pytest.mark.parametrize("how", ["cut", "scrambled", "text", "empty", "missing", "another program's", "newer"])
def test_a_file_that_is_no_whole_backup_changes_nothing(filled: Database, tmp_path: Path, how: str) -> None:
    back_up(filled, tmp_path / "backup")
    before = contents(filled, leave_out=())
    spoilt(tmp_path / "backup", how)
    with pytest.raises((BackupUnusable, StoreError)) as refused:
        restore(filled, tmp_path / "backup", replace=True)
    assert "backup" in str(refused.value)
    assert contents(filled, leave_out=()) == before


def test_a_backup_of_an_earlier_version_is_brought_up_to_date(database: Database, tmp_path: Path) -> None:
    from tests.store.test_migrations import upgrade_to

    old = Database(f"sqlite:///{tmp_path / 'old'}")
    upgrade_to(old, "0001")
    with old.write() as connection:
        connection.exec_driver_sql("INSERT INTO account VALUES (1, 'Ada', 'ada', NULL, NULL, 'admin', 0, '2026-03-01')")
    old.dispose()
    data = (tmp_path / "old").read_bytes()
    assert restore(database, tmp_path / "old").rows["account"] == 1
    assert (tmp_path / "old").read_bytes() == data
    assert database.check() == []


def test_nothing_is_replaced_under_a_server_that_runs(filled: Database, tmp_path: Path) -> None:
    back_up(filled, tmp_path / "backup")
    target = Database(f"sqlite:///{tmp_path / 'target.db'}")
    target.upgrade()
    add_account(target, "Bob", "planner", NOW)
    server = Database(f"sqlite:///{tmp_path / 'target.db'}")
    server.see_that_there()  # idle from now on
    before = contents(target)
    with pytest.raises(StoreError, match="another process has the database"):
        restore(target, tmp_path / "backup", replace=True)
    assert contents(target) == before
    server.dispose()
    restore(target, tmp_path / "backup", replace=True)
    assert contents(target) == contents(filled)
    target.dispose()

from __future__ import annotations

import subprocess
import sys
import threading
import traceback
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest
from sqlalchemy import func, insert, select, text
from sqlalchemy.exc import DBAPIError, IntegrityError

from jtbd.errors import StoreError
from jtbd.store import database as database_module
from jtbd.store import surveys
from jtbd.store.complaints import _without_password, as_store_errors
from jtbd.store.database import Database
from jtbd.store.refusals import SurveyUnknown
from jtbd.store.schema import answer, survey
from tests.store.samples import NOW


def add_survey(db: Database, slug: str) -> None:
    with db.write() as connection:
        connection.execute(insert(survey).values(slug=slug, title=slug, status="open", opened_at=NOW))


def add_and_raise(db: Database) -> None:
    with db.write() as connection:
        connection.execute(insert(survey).values(slug="undone", title="", status="open", opened_at=NOW))
        raise SurveyUnknown("undone")


def slugs(db: Database) -> set[str]:
    with db.read() as connection:
        return set(connection.execute(select(survey.c.slug)).scalars())


def test_a_write_block_is_kept_when_it_ends_and_undone_when_it_raises(database: Database) -> None:
    add_survey(database, "kept")
    with pytest.raises(SurveyUnknown):
        add_and_raise(database)
    assert slugs(database) == {"kept"}


def test_a_read_block_sees_one_state_while_others_write(database: Database) -> None:
    with database.read() as connection:
        before = connection.execute(select(func.count()).select_from(survey)).scalar_one()
        add_survey(database, "meanwhile")
        after = connection.execute(select(func.count()).select_from(survey)).scalar_one()
    assert before == after == 0
    assert slugs(database) == {"meanwhile"}


def test_what_is_read_in_a_write_block_is_still_true_when_it_ends(database: Database) -> None:
    add_survey(database, "counter")

    def count_up() -> None:
        for _ in range(5):
            with database.write() as connection:
                mine = select(survey.c.title).where(survey.c.slug == "counter").with_for_update()
                title = connection.execute(mine).scalar_one()
                number = int(title) if title.isdigit() else 0
                connection.execute(survey.update().where(survey.c.slug == "counter").values(title=str(number + 1)))

    threads = [threading.Thread(target=count_up) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with database.read() as connection:
        assert connection.execute(select(survey.c.title)).scalar_one() == "40"


def test_times_come_back_aware_and_in_utc(database: Database) -> None:
    berlin = datetime(2026, 7, 1, 14, 30, 0, 123456, tzinfo=timezone(timedelta(hours=2)))
    with database.write() as connection:
        connection.execute(insert(survey).values(slug="s", title="", status="open", opened_at=berlin))
    with database.read() as connection:
        back = connection.execute(select(survey.c.opened_at)).scalar_one()
    assert back == berlin
    assert back.tzinfo is UTC


def test_a_time_without_a_zone_is_a_bug(database: Database) -> None:
    naive = datetime(2026, 7, 1)
    with pytest.raises(Exception, match="needs a time zone"), database.write() as connection:
        connection.execute(insert(survey).values(slug="s", title="", status="open", opened_at=naive))


def test_an_answer_needs_its_response(database: Database) -> None:
    with pytest.raises(IntegrityError), database.write() as connection:
        connection.execute(insert(answer).values(response_id=99, question="q", value="1"))


def test_upgrading_twice_changes_nothing(empty_url: str) -> None:
    db = Database(empty_url)
    db.upgrade()
    add_survey(db, "kept")
    db.upgrade()
    assert slugs(db) == {"kept"}
    assert db.check() == []
    with pytest.raises(IntegrityError), db.write() as connection:  # foreign keys are on again on the same connection
        connection.execute(insert(answer).values(response_id=99, question="q", value="1"))
    db.dispose()


def test_processes_that_upgrade_at_once_do_not_disturb_each_other(empty_url: str) -> None:
    program = f"""
from jtbd.store import migrate
from jtbd.store.database import Database
db = Database({empty_url!r})
print("ready", flush=True)
input()
db.upgrade()
"""
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
    started = [subprocess.Popen([sys.executable, "-c", program], text=True, **pipes) for _ in range(4)]
    for process in started:
        assert process.stdout.readline() == "ready\n"
    for process in started:  # all have imported everything: now they start together
        process.stdin.write("go\n")
        process.stdin.flush()
    failures = [error for process in started if (error := process.communicate()[1])]
    assert failures == []
    db = Database(empty_url)
    assert db.check() == []
    db.dispose()


def test_a_database_without_tables_says_to_upgrade(empty_url: str) -> None:
    db = Database(empty_url)
    with pytest.raises(StoreError, match="run `jtbd db upgrade`"):
        surveys.list_surveys(db)
    with pytest.raises(StoreError, match="run `jtbd db upgrade`"):
        add_survey(db, "s")
    assert ["run `jtbd db upgrade`" in problem for problem in db.check()] == [True]
    db.dispose()


def test_a_database_of_a_newer_version_is_not_touched(database: Database) -> None:
    with database.write() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(StoreError, match="newer version"):
        database.upgrade()
    assert ["newer version" in problem for problem in database.check()] == [True]


def test_checking_a_missing_file_does_not_make_one(tmp_path: Path) -> None:
    db = Database(f"sqlite:///{tmp_path / 'none.db'}")
    assert ["jtbd db upgrade" in problem for problem in db.check()] == [True]
    assert not (tmp_path / "none.db").exists()


def test_a_file_that_is_no_database_is_called_damaged(tmp_path: Path) -> None:
    (tmp_path / "x.db").write_text("these are no tables " * 100)
    db = Database(f"sqlite:///{tmp_path / 'x.db'}")
    assert ["damaged" in problem for problem in db.check()] == [True]
    db.dispose()


def test_a_missing_folder_is_named(tmp_path: Path) -> None:
    db = Database(f"sqlite:///{tmp_path / 'none' / 'x.db'}")
    with pytest.raises(StoreError, match=r"none/x\.db cannot be opened"):
        db.upgrade()


@pytest.fixture
def sqlite_url(migrated_file: Path, tmp_path: Path) -> str:
    (tmp_path / "jtbd.db").write_bytes(migrated_file.read_bytes())
    return f"sqlite:///{tmp_path / 'jtbd.db'}"


def test_sqlite_is_set_up_to_lose_nothing(sqlite_url: str) -> None:
    db = Database(sqlite_url)
    names = ("journal_mode", "synchronous", "foreign_keys", "busy_timeout")
    with db.read() as connection:
        values = [connection.exec_driver_sql(f"PRAGMA {name}").scalar_one() for name in names]
    assert values == ["wal", 2, 1, 10_000]
    db.dispose()


def test_a_locked_file_is_reported_as_busy(sqlite_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(database_module, "BUSY_SECONDS", 0.1)
    first, second = Database(sqlite_url), Database(sqlite_url)
    with first.write(), pytest.raises(StoreError, match="busy"):
        add_survey(second, "s")  # as if it were another process
    with first.write(), pytest.raises(StoreError, match="busy"):
        add_survey(first, "s")  # within the process
    add_survey(second, "afterwards")
    assert slugs(first) == {"afterwards"}
    first.dispose()
    second.dispose()


def test_a_full_disk_is_said_and_nothing_is_half_written(sqlite_url: str) -> None:
    db = Database(sqlite_url)
    with db.read() as connection:
        pages = connection.exec_driver_sql("PRAGMA page_count").scalar_one()
        connection.exec_driver_sql(f"PRAGMA max_page_count={pages}")  # of this connection, which is used again
    with pytest.raises(StoreError, match="full"):
        add_survey(db, "x" * 100_000)
    assert slugs(db) == set()
    assert db.check() == []
    db.dispose()


def read(url: str) -> None:
    db = Database(url)
    surveys.list_surveys(db)


@pytest.mark.parametrize(
    "address",
    [
        "postgresql://anna:{}@127.0.0.1:1/jtbd",
        "postgresql://anna:{}@127.0.0.1:port/jtbd",
        "postgresql://anna:{}@no-such-host.invalid/jtbd?connect_timeout=2",
        "postgresql://anna:{}@127.0.0.1:1/jtbd?sslmode=nonsense",
        "mysql://anna:{}@127.0.0.1/jtbd",
        "sqlite://anna:{}@127.0.0.1/jtbd",
        "anna:{}",
    ],
)
@pytest.mark.parametrize("password", ["s3cret", "s3cret%2Fp+ss", "s3cret/p ss"])
def test_no_error_shows_the_password(address: str, password: str) -> None:
    with pytest.raises(StoreError) as caught:
        read(address.format(password))
    assert "s3cret" not in "".join(traceback.format_exception(caught.value))  # causes included


def test_a_password_a_driver_quotes_is_blacked_out() -> None:
    url = Database(f"postgresql://anna:{'s3cret%2Fp+ss'}@localhost/jtbd").engine.url
    for quoted in ("s3cret/p+ss", "s3cret%2Fp%2Bss"):
        assert _without_password(f"cannot use {quoted} here", url) == "cannot use *** here"


def test_answers_stay_out_of_error_messages(database: Database) -> None:
    with pytest.raises(IntegrityError) as caught, database.write() as connection:
        connection.execute(insert(answer).values(response_id=99, question="q", value="something private"))
    assert "something private" not in str(caught.value)


def test_an_unreachable_server_is_named() -> None:
    problems = Database("postgres://anna@127.0.0.1:1/jtbd").check()
    assert len(problems) == 1
    assert problems[0].startswith("the database 127.0.0.1/jtbd cannot be reached")


def test_a_server_that_ends_a_session_is_unreachable() -> None:
    database = Database("postgresql://127.0.0.1/jtbd")
    lost = database.driver.OperationalError("server closed the connection unexpectedly\n\tThis probably means")
    said = r"cannot be reached \(server closed the connection unexpectedly\)"
    with pytest.raises(StoreError, match=said), as_store_errors(database.engine):
        raise lost


def test_a_missing_driver_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "psycopg", None)
    with pytest.raises(StoreError, match=r"jtbd\[postgres\]"):
        Database("postgresql://localhost/jtbd")


@pytest.mark.parametrize("prefix", ["postgres", "postgresql", "postgresql+psycopg"])
def test_every_way_to_say_postgresql_means_psycopg_3(prefix: str) -> None:
    assert Database(f"{prefix}://localhost/jtbd").engine.url.drivername == "postgresql+psycopg"


@pytest.mark.parametrize("statement", ["SELECT nonsense(", "SELEC 1"])
def test_a_mistake_of_ours_is_not_dressed_up_as_the_databases_fault(database: Database, statement: str) -> None:
    with pytest.raises(DBAPIError) as caught:
        execute(database, statement)
    assert statement in str(caught.value)


def execute(db: Database, statement: str) -> None:
    with db.read() as connection:
        connection.exec_driver_sql(statement)

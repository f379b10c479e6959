"""A session ends for good: a copy of its cookie is worth nothing afterwards."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient

from jtbd.store.accounts import issue_login_link, set_disabled, set_password
from jtbd.store.database import Database
from tests.web_studio.conftest import NOW, Clock, send


def copied(app: Flask, client: FlaskClient) -> FlaskClient:
    """Another browser with the same cookie, stolen."""
    cookie = client.get_cookie("jtbd")
    assert cookie
    thief = app.test_client()
    thief.set_cookie("jtbd", cookie.value)
    return thief


def log_out(database: Database, client: FlaskClient) -> None:
    send(client, "/studio/logout", page="/studio/")


def change_password(database: Database, client: FlaskClient) -> None:
    set_password(database, "Ada", "another sentence", NOW)  # in the same second as the login


def reset_password(database: Database, client: FlaskClient) -> None:
    link = "/studio/link/" + issue_login_link(database, "Ada", "reset", NOW, 24)
    send(client, link, password="another sentence")  # noqa: S106


def disable(database: Database, client: FlaskClient) -> None:
    set_disabled(database, "Ada", disabled=True)
    set_disabled(database, "Ada", disabled=False)


@pytest.mark.parametrize("end", [log_out, change_password, reset_password, disable])
def test_what_ends_a_session_ends_its_copies(
    app: Flask, client: FlaskClient, database: Database, end: Callable[[Database, FlaskClient], None]
) -> None:
    thief = copied(app, client)
    assert thief.get("/studio/tiny/ranking").status_code == 200
    end(database, client)
    assert thief.get("/studio/tiny/ranking").status_code == 303


def test_a_session_ends_after_a_week_however_busy(client: FlaskClient, clock: Clock) -> None:
    for hours in range(0, 7 * 24, 11):
        clock.hours = hours
        assert client.get("/studio/").status_code == 200
    clock.hours = 7 * 24 + 0.1
    assert client.get("/studio/").status_code == 303


def test_a_second_login_does_not_end_the_first(app: Flask, client: FlaskClient, sign_in: Callable[..., object]) -> None:
    other = app.test_client()
    send(other, "/studio/login", name="Ada", password="a sentence to remember")  # noqa: S106
    log_out_of = send(other, "/studio/logout", page="/studio/")
    assert log_out_of.status_code == 303
    assert client.get("/studio/").status_code == 200


@pytest.mark.parametrize("held", [{"id": 1, "name": "Ada", "since": 0, "seen": 0}, "", "x", 7, None])
def test_a_cookie_of_another_version_is_no_login(visitor: FlaskClient, held: object) -> None:
    with visitor.session_transaction() as session:
        session["studio"] = held
    assert visitor.get("/studio/").status_code == 303


def test_the_database_holds_nothing_to_log_in_with(client: FlaskClient, database: Database) -> None:
    with client.session_transaction() as session:
        token = session["studio"]
    assert len(token) >= 43  # 256 bits
    with database.read() as connection:
        stored = connection.exec_driver_sql("SELECT * FROM studio_session").all()
    assert len(stored) == 1
    assert token not in str(stored)


def test_old_sessions_are_swept_away(client: FlaskClient, database: Database, clock: Clock, app: Flask) -> None:
    clock.hours = timedelta(days=8).total_seconds() / 3600
    send(app.test_client(), "/studio/login", name="Ada", password="a sentence to remember")  # noqa: S106
    with database.read() as connection:
        assert connection.exec_driver_sql("SELECT count(*) FROM studio_session").scalar_one() == 1


def test_logging_out_keeps_the_answers_of_the_same_browser(client: FlaskClient) -> None:
    from tests.web.visitor import ABOUT, Visitor

    respondent = Visitor(client)
    respondent.answer(ABOUT)
    send(client, "/studio/logout", page="/studio/")
    assert client.get(respondent.path).status_code == 200

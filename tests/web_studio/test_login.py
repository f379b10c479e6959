"""Nobody sees results who is not signed in, and signing in ends."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask, url_for
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from jtbd.store.accounts import add_account, issue_login_link, set_disabled, set_password
from jtbd.store.database import Database
from jtbd.web.studio.session import local_path
from tests.web_studio.conftest import NOW, PASSWORD, Clock, send, token_in

NEW = "five words in a row"

SignIn = Callable[..., TestResponse]


def addresses(app: Flask) -> list[str]:
    """Every address of the studio that can be opened, with values that exist."""
    values = {"slug": "tiny", "name": "x.js"}
    found = []
    for rule in app.url_map.iter_rules():
        if rule.rule.startswith("/studio") and "GET" in (rule.methods or ()) and "token" not in rule.arguments:
            forms = re.findall(r"any\((.*?)\)", rule.rule)
            for form in forms[0].split(", ") if forms else [""]:
                given = {name: values.get(name, form) for name in rule.arguments}
                with app.test_request_context():
                    found.append(url_for(rule.endpoint, **given))  # type: ignore[arg-type]
    return sorted(set(found) - {"/studio/login"})


def test_every_address_asks_for_a_login(app: Flask, visitor: FlaskClient) -> None:
    asked = addresses(app)
    assert len(asked) > 15
    for address in asked:
        answer = visitor.get(address)
        assert answer.status_code == 303, address
        assert answer.location.startswith("/studio/login?next=/studio/"), address


def test_a_survey_that_does_not_exist_asks_for_a_login_too(visitor: FlaskClient) -> None:
    assert visitor.get("/studio/nothing/ranking").status_code == 303


def test_after_the_login_the_page_asked_for_opens(visitor: FlaskClient, sign_in: SignIn) -> None:
    wanted = visitor.get("/studio/tiny/ranking?where.mode=retain").location
    answer = sign_in(address=wanted)
    assert (answer.status_code, answer.location) == (303, "/studio/tiny/ranking?where.mode=retain")
    assert visitor.get(answer.location).status_code == 200


@pytest.mark.parametrize(("name", "password"), [("Ada", "wrong password"), ("Nobody", PASSWORD), ("Bob", PASSWORD)])
def test_a_wrong_login_says_the_same_whatever_is_wrong(
    database: Database, visitor: FlaskClient, sign_in: SignIn, name: str, password: str
) -> None:
    add_account(database, "Bob", "planner", NOW)
    set_password(database, "Bob", PASSWORD, NOW)
    set_disabled(database, "Bob", disabled=True)
    answer = sign_in(name, password)
    assert answer.status_code == 400
    assert "The name or the password is not right." in answer.text
    assert password not in answer.text
    assert visitor.get("/studio/").status_code == 303


def test_a_forged_login_is_refused(visitor: FlaskClient) -> None:
    answer = visitor.post("/studio/login", data={"name": "Ada", "password": PASSWORD})
    assert answer.status_code == 400
    assert visitor.get("/studio/").status_code == 303


def test_the_session_is_new_after_the_login(visitor: FlaskClient, sign_in: SignIn) -> None:
    before = token_in(visitor.get("/studio/login").text)
    with visitor.session_transaction() as session:
        session["planted"] = "by somebody else"
    sign_in()
    with visitor.session_transaction() as session:
        assert "planted" not in session
    assert visitor.post("/studio/logout", data={"csrf_token": before}).status_code == 400


@pytest.mark.parametrize(
    "elsewhere",
    [
        "https://example.org/",
        "//example.org",
        "/\\example.org",
        "\\\\example.org",
        "/studio\n//x",
        "javascript:alert(1)",
        "/",
        "/s/tiny",
        "/studioX",
        "http://[",
        "/studio/\\..\\x",
    ],
)
def test_the_login_leads_nowhere_else(sign_in: SignIn, elsewhere: str) -> None:
    from urllib.parse import quote

    assert local_path(elsewhere) is None
    assert sign_in(address=f"/studio/login?next={quote(elsewhere)}").location == "/studio/"


def test_logging_out_ends_the_session(client: FlaskClient) -> None:
    answer = send(client, "/studio/logout", page="/studio/")
    assert (answer.status_code, answer.location) == (303, "/studio/login")
    assert client.get("/studio/").status_code == 303


def test_logging_out_cannot_be_forged(client: FlaskClient) -> None:
    assert client.post("/studio/logout").status_code == 400
    assert client.get("/studio/logout").status_code != 200
    assert client.get("/studio/").status_code == 200


def test_a_disabled_account_is_thrown_out(database: Database, client: FlaskClient) -> None:
    set_disabled(database, "Ada", disabled=True)
    assert client.get("/studio/tiny/ranking").status_code == 303


def test_a_new_password_ends_older_sessions(database: Database, client: FlaskClient) -> None:
    set_password(database, "Ada", "another sentence", NOW + timedelta(minutes=1))
    assert client.get("/studio/").status_code == 303


def test_a_session_ends_after_twelve_idle_hours(client: FlaskClient, clock: Clock) -> None:
    clock.hours = 11.9
    assert client.get("/studio/").status_code == 200
    clock.hours = 11.9 + 11.9
    assert client.get("/studio/").status_code == 200
    clock.hours += 12.1
    assert client.get("/studio/").status_code == 303


def test_the_first_administrator_chooses_name_and_password_once(database: Database, visitor: FlaskClient) -> None:
    address = "/studio/link/" + issue_login_link(database, None, "create_admin", NOW, 24)
    assert visitor.get(address).status_code == visitor.get(address).status_code == 200
    answer = send(visitor, address, name="Grace", password=NEW)
    assert (answer.status_code, answer.location) == (303, "/studio/")
    assert "Grace" in visitor.get("/studio/").text
    used = visitor.get(address)
    assert used.status_code == 410
    assert "cannot be used any more" in used.text


def test_a_reset_sets_the_password(app: Flask, database: Database, visitor: FlaskClient, sign_in: SignIn) -> None:
    address = "/studio/link/" + issue_login_link(database, "Ada", "reset", NOW, 24)
    page = visitor.get(address)
    assert "Ada" in page.text
    assert 'id="name"' not in page.text
    assert send(visitor, address, password=NEW).status_code == 303
    assert visitor.get("/studio/").status_code == 200
    visitor.delete_cookie("jtbd")
    assert sign_in().status_code == 400
    assert sign_in(password=NEW).status_code == 303


def test_two_who_open_the_same_link_set_one_password(app: Flask, database: Database) -> None:
    address = "/studio/link/" + issue_login_link(database, "Ada", "reset", NOW, 24)
    first, second = app.test_client(), app.test_client()
    tokens = [token_in(one.get(address).text) for one in (first, second)]
    codes = [
        one.post(address, data={"csrf_token": token, "password": f"long enough {token[:3]}"}).status_code
        for one, token in zip((first, second), tokens, strict=True)
    ]
    assert codes == [303, 410]


@pytest.mark.parametrize(
    ("name", "password", "said"),
    [
        ("Grace", "short", "at least 10 characters"),
        ("ADA", "long enough for it", "already an account"),
        ("  ", "long enough for it", "needs a name"),
    ],
)
def test_what_is_refused_leaves_the_link_usable(
    database: Database, visitor: FlaskClient, name: str, password: str, said: str
) -> None:
    address = "/studio/link/" + issue_login_link(database, None, "create_admin", NOW, 24)
    answer = send(visitor, address, name=name, password=password)
    assert answer.status_code == 400
    assert said in answer.text
    assert send(visitor, address, name="Grace", password=NEW).status_code == 303


def test_an_old_or_unknown_link_is_over(database: Database, visitor: FlaskClient, clock: Clock) -> None:
    address = "/studio/link/" + issue_login_link(database, "Ada", "reset", NOW, 24)
    clock.hours = 25
    assert visitor.get(address).status_code == 410
    assert visitor.get("/studio/link/unknown").status_code == 410

"""Every address of the application, tried without a login, with too little rights, and by a forged form."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

import pytest
from flask import Flask, url_for
from flask.testing import FlaskClient

from jtbd.store.accounts import add_account, issue_login_link, set_password
from jtbd.store.database import Database
from tests.contents import contents
from tests.security.conftest import MakeApp
from tests.web.visitor import ABOUT, Visitor
from tests.web_studio.conftest import NOW, PASSWORD, send, token_in

ANYBODY = {"studio.login", "studio.logout", "studio.link"}
KNOWN = {"slug": "tiny", "name": "acquire", "page_id": "mode"}


def doors(app: Flask, method: str, **values: str) -> Iterator[tuple[str, str]]:
    """Endpoint and address of every rule that takes the method, with values that exist where they are known."""
    for rule in app.url_map.iter_rules():
        if method not in (rule.methods or ()) or rule.endpoint == "static":
            continue
        form = re.search(r"any\((\w+)", rule.rule)
        given = {name: {**KNOWN, **values}.get(name, form[1] if form else "1") for name in rule.arguments}
        with app.test_request_context():
            yield rule.endpoint, url_for(rule.endpoint, **given)  # type: ignore[arg-type]


@pytest.mark.parametrize("method", ["GET", "POST", "PUT", "DELETE", "PATCH", "HEAD"])
def test_nothing_of_the_studio_is_shown_or_done_without_a_login(
    app: Flask, visitor: FlaskClient, database: Database, method: str
) -> None:
    before = contents(database)
    asked = [(name, address) for name, address in doors(app, method) if address.startswith("/studio")]
    assert method not in ("GET", "POST", "HEAD") or asked
    for endpoint, address in asked:
        if endpoint in ANYBODY:
            continue
        answer = visitor.open(address, method=method)
        assert (answer.status_code, answer.location.partition("?")[0]) == (303, "/studio/login"), address
    assert contents(database) == before


def test_a_planner_looks_and_changes_nothing(app: Flask, visitor: FlaskClient, database: Database) -> None:
    add_account(database, "Pia", "planner", NOW)
    set_password(database, "Pia", PASSWORD, NOW)
    send(visitor, "/studio/login", name="Pia", password=PASSWORD)
    token = token_in(visitor.get("/studio/").text)
    before = contents(database)
    tried = 0
    for endpoint, address in doors(app, "POST"):
        if endpoint.startswith("studio.") and endpoint not in ANYBODY:
            answer = visitor.post(address, data={"csrf_token": token, "reason": "because", "action": "exclude"})
            assert answer.status_code == 403, address
            tried += 1
    assert tried
    assert contents(database) == before


@pytest.mark.parametrize("forged", [{}, {"csrf_token": ""}, {"csrf_token": "20260302090000##0"}, {"csrf_token": "\0"}])
def test_every_form_needs_its_token(
    app: Flask, client: FlaskClient, database: Database, forged: dict[str, str]
) -> None:
    respondent = Visitor(client)  # who is signed in to the studio as well
    respondent.answer(ABOUT)
    token = issue_login_link(database, "Ada", "reset", NOW, 24)
    before = contents(database)
    fields = {"consent": "yes", "mode": "retain", "go": "next", "name": "Ada", "password": PASSWORD}
    decision = {"who": "1", "reason": "because", "action": "exclude", "revision": "1", "code": respondent.code}
    asked = list(doors(app, "POST", token=token))
    assert len(asked) >= 6
    for _, address in asked:
        answer = client.post(address, data={**fields, **decision, **forged})
        assert 400 <= answer.status_code < 500, address
        assert contents(database) == before, address
    assert client.get("/studio/").status_code == 200


def test_a_token_of_somebody_else_is_no_token(app: Flask, client: FlaskClient, database: Database) -> None:
    stolen = token_in(app.test_client().get("/studio/login").text)
    before = contents(database)
    fields = {"csrf_token": stolen, "who": "1", "reason": "because", "action": "exclude"}
    assert client.post("/studio/tiny/quality", data=fields).status_code == 422
    assert client.post("/studio/logout", data={"csrf_token": stolen}).status_code == 400
    assert contents(database) == before


def test_an_address_of_respondents_holds_nothing_that_can_be_counted(app: Flask) -> None:
    public = [rule for rule in app.url_map.iter_rules() if not rule.rule.startswith(("/studio", "/static"))]
    assert {name for rule in public for name in rule.arguments} <= {"slug", "page_id", "code", "token"}
    assert [rule.rule for rule in public if "int:" in rule.rule] == []


@pytest.mark.parametrize(
    "name",
    ["../../secret.key", "..%2f..%2fsecret.key", "%2e%2e/secret.key", "....//secret.key", "/etc/passwd", "C:\\x"],
)
def test_no_name_leads_out_of_the_folders(client: FlaskClient, app: Flask, name: str) -> None:
    secret = app.extensions["jtbd"].settings.secret_key()
    for address in (
        "/studio/maps/",
        "/studio/-/",
        "/static/",
        "/s/",
        "/studio/",
        "/r/",
        "/preview/",
        "/studio/maps/x?with=",
    ):
        answer = client.get(address + name)
        assert answer.status_code < 500
        assert secret not in answer.data
        assert b"root:" not in answer.data


def test_a_download_is_named_by_the_survey_alone(client: FlaskClient) -> None:
    answer = client.get("/studio/tiny/ranking.csv?where.mode=../../x&wave=")
    assert answer.status_code == 400
    named = client.get("/studio/tiny/ranking.csv").headers["Content-Disposition"]
    assert re.fullmatch(r"attachment; filename=[a-z0-9.-]+", named)


@pytest.mark.parametrize("method", ["TRACE", "CONNECT", "FOO"])
def test_strange_methods_are_refused(make_app: MakeApp, method: str) -> None:
    answer = make_app().test_client().open("/s/tiny", method=method)
    assert answer.status_code == 405
    assert "GET" in answer.headers["Allow"]


def test_a_walk_over_every_address_fails_nowhere(client: FlaskClient, app: Flask) -> None:
    tries: list[Callable[[str], str]] = [str, lambda address: address + "?where.mode=%00&wave=x&lang=%ff&next=//x"]
    for change in tries:
        for _, address in doors(app, "GET", name="%00", slug="tiny", code="%ff%00", token="%ff%00"):  # noqa: S106
            assert client.get(change(address)).status_code < 500, address

"""What no browser of ours would send: codes of others, old tokens, made-up ids, bytes that are no text."""

from __future__ import annotations

import re
from datetime import timedelta
from urllib.parse import quote, urlencode

import pytest
from flask.testing import FlaskClient
from itsdangerous import URLSafeTimedSerializer

from jtbd.settings import Settings
from jtbd.store.accounts import issue_login_link
from jtbd.store.database import Database
from jtbd.survey.preview import preview_token
from tests.contents import contents
from tests.security.conftest import MakeApp
from tests.web.visitor import ABOUT, FIRST, LAST, Visitor
from tests.web_studio.conftest import NOW, PASSWORD, Clock, send

STRANGE = [
    "\0",
    "\ud7ff\ufffe",
    "%00",
    "-1",
    "1e9",
    "999999999999999999999",
    "1 OR 1=1",
    "'; DROP TABLE rating; --",
    "../..",
]


@pytest.fixture
def answering(respondent: Visitor) -> Visitor:
    """Somebody at the first page of ratings."""
    respondent.answer(ABOUT, {"mode": "retain"})
    return respondent


@pytest.mark.parametrize("value", STRANGE)
def test_a_forged_revision_begins_nothing(respondent: Visitor, database: Database, value: str) -> None:
    respondent.get("/s/tiny")
    before = contents(database)
    assert respondent.post({"consent": "yes", "revision": value}).status_code == 409
    assert contents(database) == before


@pytest.mark.parametrize("value", STRANGE)
def test_forged_pages_are_not_found_and_change_nothing(answering: Visitor, database: Database, value: str) -> None:
    before = contents(database)
    address = f"/s/tiny/{quote(value, safe='')}"
    assert answering.client.get(address).status_code == 404
    for way in ("", "/answers"):
        assert answering.post(FIRST, address + way).status_code == 404
    assert contents(database) == before


@pytest.mark.parametrize("value", STRANGE)
def test_forged_outcomes_and_ratings_are_not_stored(answering: Visitor, database: Database, value: str) -> None:
    before = contents(database)
    answer = answering.post({f"imp_{value}": "5", "imp_sample-leaving-time": value, "go": "next"})
    assert answer.status_code == 422
    assert answering.post({f"imp_{value}": "5"}, answering.path + "/answers").status_code == 204
    assert without_time(contents(database)) == without_time(before)


def without_time(found: dict[str, list[tuple[object, ...]]]) -> dict[str, list[tuple[object, ...]]]:
    """Apart from the row that says that somebody was there."""
    return {name: rows for name, rows in found.items() if name != "response"}


def test_a_code_of_somebody_else_changes_nothing_without_their_form(
    make_app: MakeApp, answering: Visitor, database: Database
) -> None:
    """Whoever learns a code can answer as its holder; a page elsewhere that guesses or plants one cannot."""
    app = make_app()
    other = Visitor(app.test_client())
    other.start()
    before = contents(database)
    for code in (answering.code, "x" * 22, "", "\0", answering.code + " ", answering.code.upper()):
        sent = {"code": code, "csrf_token": "forged", **FIRST}
        assert other.client.post(answering.path, data=sent).status_code in (303, 400)
        assert other.client.post(answering.path + "/answers", data=sent).status_code in (400, 404)
    assert contents(database) == before


def test_a_code_leads_only_to_its_own_survey_and_is_nowhere_stored(answering: Visitor, database: Database) -> None:
    assert re.fullmatch(r"[\w-]{22}", answering.code)  # 128 bits
    everything = str(contents(database, leave_out=()))
    assert answering.code not in everything


def test_tokens_that_are_old_used_or_of_another_key_open_nothing(
    settings: Settings, visitor: FlaskClient, database: Database, clock: Clock
) -> None:
    link = "/studio/link/" + issue_login_link(database, "Ada", "reset", NOW, 24)
    assert send(visitor, link, password=PASSWORD).status_code == 303
    replayed = visitor.post(link, data={"password": "something quite new"})
    assert (replayed.status_code, visitor.get(link).status_code) == (410, 410)
    late = "/studio/link/" + issue_login_link(database, "Ada", "reset", NOW, 24)
    clock.hours = timedelta(hours=24, seconds=1).total_seconds() / 3600
    assert visitor.get(late).status_code == 410
    for token in (
        preview_token(b"another key", "tiny"),
        URLSafeTimedSerializer(settings.secret_key(), salt="another use").dumps("tiny"),
        preview_token(settings.secret_key(), "tiny")[:-1],
        preview_token(settings.secret_key(), "tiny") + "x",
        "",
    ):
        assert visitor.get(f"/preview/{token}").status_code in (404, 410), token


@pytest.mark.parametrize("path", ["/s/tiny", "/s/tiny/about-1", "/s/tiny/about-1/answers", "/studio/login"])
@pytest.mark.parametrize("kind", ["application/x-www-form-urlencoded", "multipart/form-data; boundary=x", "text/plain"])
def test_ten_megabytes_are_refused(respondent: Visitor, database: Database, path: str, kind: str) -> None:
    respondent.start()
    before = contents(database)
    head = b"--x\r\nContent-Disposition: form-data; name=a\r\n\r\n" if "multipart" in kind else b"a="
    answer = respondent.client.post(path, data=head + b"x" * 10_000_000, content_type=kind)
    assert 400 <= answer.status_code < 500
    assert contents(database) == before


def test_very_many_fields_do_no_harm(answering: Visitor, database: Database) -> None:
    before = contents(database)["rating"]
    assert answering.post({f"imp_{number}": "5" for number in range(50_000)}).status_code == 200  # with the reminder
    assert contents(database)["rating"] == before


@pytest.mark.parametrize("bytes_", [b"\xff\xfe", b"\xed\xa0\x80", b"\xc0\x80", b"\0", b"%ff%00", b"\xf0\x9f"])
def test_bytes_that_are_no_text_do_no_harm(answering: Visitor, database: Database, bytes_: bytes) -> None:
    hidden = urlencode(answering.hidden()).encode()
    kind = "application/x-www-form-urlencoded"
    for field in (b"imp_sample-leaving-time", b"csrf_token", b"code", b"go", b"seen", bytes_):
        for way in ("", "/answers"):
            data = hidden + b"&" + field + b"=" + bytes_
            answer = answering.client.post(answering.path + way, data=data, content_type=kind)
            assert answer.status_code < 500
    for path in ("/s/", "/r/", "/preview/", "/studio/link/", "/i/", "/studio/login?next=", "/s/tiny?lang="):
        assert answering.client.get(path + quote(bytes_)).status_code < 500
    assert {value for row in contents(database)["rating"] for value in row[2:]} <= {None, 1, 2, 3, 4, 5}


@pytest.mark.parametrize("header", ["Accept-Language", "User-Agent", "Cookie", "X-Request-ID", "Content-Type", "Range"])
def test_strange_headers_do_no_harm(visitor: FlaskClient, header: str) -> None:
    for value in ("\xff\xfe", "x" * 100_000, "q=;q=,,;", "jtbd=..; jtbd=.", "*;q=nan", "a" * 70 + "-"):
        assert visitor.get("/s/tiny", headers={header: value}).status_code < 500


def test_a_finished_response_cannot_be_reopened(answering: Visitor, database: Database) -> None:
    paths = ["/s/tiny/about-1", "/s/tiny/mode", answering.path]
    answering.press(FIRST)
    paths.append(answering.path)
    hidden = answering.hidden()
    answering.press(LAST)
    assert answering.path == "/s/tiny/thanks"
    before = contents(database)
    for path in paths:
        for way in ("", "/answers"):
            answer = answering.client.post(path + way, data={**hidden, **FIRST, **LAST, "imp_sample-leaving-time": "1"})
            said_before = path == paths[-1] and not way  # the last page as it is stored: a second press of its button
            assert answer.status_code == (303 if said_before else 409), path + way
    assert contents(database) == before

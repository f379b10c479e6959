"""What the server writes of its requests: enough to find a failure, nothing of who asked."""

from __future__ import annotations

import io
import json
import logging
import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from flask import Flask

from jtbd.settings import Rate, Settings
from jtbd.store.invitations import Invited, invite
from jtbd.store.surveys import publish
from jtbd.survey.compile import load_survey
from jtbd.web.app import create_app
from jtbd.web.log import write_log
from tests.web.conftest import SetClock
from tests.web.visitor import ABOUT, FIRST, LAST, Visitor, preview_path

Lines = io.StringIO


@pytest.fixture
def written(monkeypatch: pytest.MonkeyPatch, settings: Settings) -> Iterator[Lines]:
    """What is written on stderr."""
    stream = io.StringIO()
    monkeypatch.setattr("sys.stderr", stream)
    logger = logging.getLogger("jtbd")
    before = (logger.handlers[:], logger.propagate, logger.level)
    write_log(settings)
    yield stream
    logger.handlers[:], logger.propagate = before[:2]
    logger.setLevel(before[2])


@pytest.fixture
def app(settings: Settings, clock: SetClock, written: Lines) -> Iterator[Flask]:
    app = create_app(settings, clock=clock)
    yield app
    app.extensions["jtbd"].database.dispose()


def lines(written: Lines) -> list[dict[str, Any]]:
    return [json.loads(line) for line in written.getvalue().splitlines()]


def test_a_request_is_a_line_with_pattern_status_and_time(app: Flask, written: Lines) -> None:
    answer = app.test_client().get("/studio/login?lang=de")
    (line,) = lines(written)
    assert (line["method"], line["route"], line["status"]) == ("GET", "/studio/login", 200)
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}\+00:00", line["time"])
    assert line["ms"] > 0
    assert answer.headers["X-Request-ID"] == line["request"]


def test_nothing_of_a_respondent_is_written(app: Flask, settings: Settings, written: Lines) -> None:
    visitor = Visitor(app.test_client())
    visitor.answer({**ABOUT, "organisation": "Secret Ltd"}, {"mode": "retain"}, FIRST)
    code = visitor.code
    visitor.press(LAST)
    link = preview_path(settings, "tiny")
    for path in (f"/r/{code}", f"/r/{code}x", link, f"/nothing/{code}", f"/s/tiny?name=Smith&code={code}"):
        visitor.client.get(path, headers={"X-Forwarded-For": "10.7.7.7", "User-Agent": "Smith's browser"})
    app.test_client().post("/studio/login", data={"name": "Smith", "password": "Secret Ltd"})
    text = written.getvalue()
    for secret in (code, link.rpartition("/")[2], "Secret", "Smith", "10.7.7.7", "127.0.0.1", "nothing"):
        assert secret not in text
    requests = [line["route"] for line in lines(written) if line["message"] == "request"]
    assert requests == ["unknown", "/studio/login"]


@pytest.mark.parametrize("anonymous", [False, True])
def test_no_line_says_when_a_response_began_or_was_answered(
    app: Flask, settings: Settings, written: Lines, clock: SetClock, *, anonymous: bool
) -> None:
    """Responses are numbered as they begin: the time of the third line would be the time of the third response."""
    database = app.extensions["jtbd"].database
    publish(database, replace(load_survey(settings, "tiny"), anonymous=anonymous), clock())
    made: list[Invited] = []
    invite(database, "tiny", ["p1", "p2"], clock(), made.extend)
    for one in made:
        visitor = Visitor(app.test_client())
        visitor.get(f"/i/{one.token}")
        for sent in ({}, {"consent": "yes"}, ABOUT, {"mode": "retain"}, FIRST, LAST):
            visitor.press(sent)
        assert visitor.path == "/s/tiny/thanks"
        visitor.client.get("/static/jtbd.css")
        visitor.client.get("/healthz")
    assert [line["route"] for line in lines(written)] == ["/healthz", "/healthz"]


def test_who_tries_too_many_codes_is_written_down(settings: Settings, clock: SetClock, written: Lines) -> None:
    app = create_app(replace(settings, resume_limit=Rate(1, 3600)), clock=clock)
    statuses = [app.test_client().get("/r/nobodys-code").status_code for _ in range(2)]
    assert statuses == [404, 429]
    assert [(line["route"], line["status"]) for line in lines(written)] == [("/r/<code>", 429)]
    app.extensions["jtbd"].database.dispose()


def test_a_failure_is_written_with_where_and_why_and_its_number_is_on_the_page(app: Flask, written: Lines) -> None:
    def fail(code: str) -> str:
        raise RuntimeError("a bug")

    app.view_functions["respond.resume"] = fail
    answer = app.test_client().get("/r/a-secret-code")
    assert answer.status_code == 500
    failure, request = lines(written)
    assert (failure["level"], failure["route"], request["status"]) == ("error", "/r/<code>", 500)
    assert "RuntimeError: a bug" in failure["exception"]
    assert "a-secret-code" not in written.getvalue()
    assert failure["request"] == request["request"] == answer.headers["X-Request-ID"]
    assert f"<code>{failure['request']}</code>" in answer.text


@pytest.mark.parametrize(
    ("proxies", "given", "kept"),
    [(1, "abcdef-0123_X", True), (0, "abcdef-0123_X", False), (1, "short", False), (1, 'x"\\{}<b>0123', False)],
)
def test_an_id_of_the_proxy_is_kept_if_it_is_trusted_and_is_one(
    settings: Settings,
    clock: SetClock,
    proxies: int,
    given: str,
    *,
    kept: bool,
) -> None:
    app = create_app(replace(settings, proxies=proxies), clock=clock)
    answer = app.test_client().get("/healthz", headers={"X-Request-ID": given})
    assert (answer.headers["X-Request-ID"] == given) is kept
    app.extensions["jtbd"].database.dispose()


def test_only_failures_are_written_when_told_so(
    settings: Settings, clock: SetClock, written: Lines, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.stderr", written)
    write_log(replace(settings, log="errors"))
    app = create_app(settings, clock=clock)
    app.test_client().get("/studio/login")
    assert written.getvalue() == ""
    app.logger.error("this counts")
    assert lines(written)[0]["message"] == "this counts"
    app.extensions["jtbd"].database.dispose()


def test_a_proxy_that_is_not_trusted_is_told_of_once(app: Flask, written: Lines) -> None:
    for _ in range(3):
        app.test_client().get("/healthz", headers={"X-Forwarded-For": "10.7.7.7"})
    warned = [line["message"] for line in lines(written) if line["level"] == "warning"]
    assert len(warned) == 1
    assert "JTBD_TRUSTED_PROXIES" in warned[0]

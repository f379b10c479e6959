"""One address may try often enough for a room full of people, and not more."""

from __future__ import annotations

import pytest
from flask import Flask
from flask.testing import FlaskClient

from jtbd.settings import Rate
from tests.security.conftest import MakeApp
from tests.web.visitor import Visitor
from tests.web_studio.conftest import PASSWORD, Clock, send


def outside(app: Flask) -> FlaskClient:
    """A browser that is not on the server's own machine."""
    client = app.test_client()
    client.environ_base["REMOTE_ADDR"] = "10.0.0.1"
    return client


def test_starts_are_refused_politely_and_in_time_again(make_app: MakeApp, clock: Clock) -> None:
    app = make_app(start_limit=Rate(3, 60))
    for _ in range(3):
        Visitor(outside(app)).start()
    late = Visitor(outside(app))
    late.get("/s/tiny")
    refused = late.post({"consent": "yes"})
    assert refused.status_code == 429
    assert 1 <= int(refused.headers["Retry-After"]) <= 60
    assert "Too many attempts" in refused.text
    clock.hours = 0.02
    assert late.post({"consent": "yes"}).status_code == 303


def test_a_room_full_of_people_behind_one_address_can_begin(make_app: MakeApp) -> None:
    client = outside(make_app())
    visitor = Visitor(client)
    visitor.get("/s/tiny")
    hidden = visitor.hidden()
    assert {client.post("/s/tiny", data={**hidden, "consent": "yes"}).status_code for _ in range(300)} == {303}


def test_the_machine_itself_is_not_limited_in_starts(make_app: MakeApp) -> None:
    """A proxy on it that is not trusted must not make all respondents share one limit."""
    app = make_app(start_limit=Rate(1, 60))
    for address in ("127.0.0.1", "::1", "::ffff:127.0.0.1"):
        client = app.test_client()
        client.environ_base["REMOTE_ADDR"] = address
        assert [Visitor(client).start().status_code for _ in range(3)] == [200] * 3


def test_codes_nobody_has_cannot_be_tried_for_long(make_app: MakeApp) -> None:
    app = make_app(resume_limit=Rate(5, 60))
    respondent = Visitor(app.test_client())
    respondent.start()
    link = f"/r/{respondent.code}"
    client = app.test_client()
    assert [client.get(link).status_code for _ in range(10)] == [303] * 10
    assert [client.get(f"/r/{number:022}").status_code for number in range(7)] == [404] * 5 + [429] * 2
    assert client.get(link).status_code == 429
    elsewhere = app.test_client().get(link, environ_base={"REMOTE_ADDR": "10.9.9.9"})
    assert elsewhere.status_code == 303


def log_in(client: FlaskClient, name: str, password: str = "wrong password") -> int:  # noqa: S107
    return send(client, "/studio/login", name=name, password=password).status_code


def test_passwords_cannot_be_tried_for_long_from_one_address(make_app: MakeApp, clock: Clock) -> None:
    app = make_app(login_limit=Rate(4, 3600))
    client = app.test_client()
    assert [log_in(client, f"name {number}") for number in range(6)] == [400] * 4 + [429] * 2
    assert log_in(client, "Ada", PASSWORD) == 429
    clock.hours = 1.1
    assert log_in(client, "Ada", PASSWORD) == 303


def test_passwords_of_one_account_cannot_be_tried_for_long_from_many(make_app: MakeApp) -> None:
    app = make_app(login_limit=Rate(4, 3600))
    found = []
    for number, name in enumerate(["Ada", "ada", " ADA ", "Ada", "Ada"]):
        client = app.test_client()
        client.environ_base["REMOTE_ADDR"] = f"10.0.0.{number}"
        found.append(log_in(client, name))
    assert found == [400] * 4 + [429]


@pytest.mark.parametrize(
    ("addresses", "status"),
    [
        (["2001:db8:1:2::1", "2001:db8:1:2:ffff::9"], 429),  # one customer
        (["2001:db8:1:2::1", "2001:db8:1:3::1"], 400),
        (["::ffff:10.0.0.1", "10.0.0.1"], 429),
        (["10.0.0.1", "10.0.0.2"], 400),
    ],
)
def test_what_counts_as_one_address(make_app: MakeApp, addresses: list[str], status: int) -> None:
    app = make_app(login_limit=Rate(1, 3600))
    found = []
    for number, address in enumerate(addresses):
        client = app.test_client()
        client.environ_base["REMOTE_ADDR"] = address
        found.append(log_in(client, f"name {number}"))
    assert found == [400, status]

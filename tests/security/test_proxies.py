"""What a request says of itself is believed only where somebody vouches for it."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import TYPE_CHECKING

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from jtbd.settings import Rate
from tests.security.conftest import MakeApp
from tests.web.visitor import ABOUT, Visitor
from tests.web_studio.conftest import PASSWORD, send

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

FORWARDED = {
    "X-Forwarded-For": "10.1.1.1",
    "X-Forwarded-Proto": "https",
    "X-Forwarded-Host": "surveys.example.org",
    "X-Forwarded-Prefix": "/jtbd",
}


def link_on_page(client: FlaskClient, path: str = "", **sent: object) -> str:
    """The link to come back that the first page of a survey shows."""
    visitor = Visitor(client)
    visitor.page = client.get(f"{path}/s/tiny", **sent)  # type: ignore[arg-type]
    begun = client.post(f"{path}/s/tiny", data={**visitor.hidden(), "consent": "yes"}, **sent)  # type: ignore[arg-type]
    assert begun.status_code == 303
    page = client.get(f"{path}/s/tiny/about-1", **sent)  # type: ignore[arg-type]
    found = re.search(r'"(https?://[^"]*/r/)[\w-]+"', page.text)
    assert found
    return found[1]


def test_headers_of_proxies_are_not_believed_by_themselves(make_app: MakeApp) -> None:
    client = make_app().test_client()
    assert link_on_page(client, headers=FORWARDED) == "http://localhost/r/"
    assert "Secure" not in client.get("/s/tiny", headers=FORWARDED).headers.get("Set-Cookie", "")


def test_headers_of_the_proxy_are_believed_when_told_so(make_app: MakeApp) -> None:
    client = make_app(proxies=1).test_client()
    answer = client.get("/s/tiny", headers=FORWARDED)
    cookie = answer.headers["Set-Cookie"]
    assert "Secure;" in cookie
    assert "Path=/jtbd" in cookie
    assert 'href="/jtbd/static/' in answer.text
    answer = client.get("/studio/", headers=FORWARDED)
    assert answer.location == "/jtbd/studio/login?next=/studio/"


def test_what_comes_before_the_trusted_proxy_is_not_believed(make_app: MakeApp) -> None:
    """A visitor may send the headers too; the proxy adds to them, and only what it added counts."""
    app = make_app(proxies=1, login_limit=Rate(1, 3600))
    found = []
    for number in range(2):
        client = app.test_client()
        headers = {"X-Forwarded-For": f"6.6.6.{number}, 10.1.1.1"}
        page = client.get("/studio/login", headers=headers)
        token = re.search(r'csrf_token" type="hidden" value="([^"]+)', page.text)
        assert token
        form = {"csrf_token": token[1], "name": f"n{number}", "password": "x"}
        found.append(client.post("/studio/login", data=form, headers=headers).status_code)
    assert found == [400, 429]


@pytest.mark.parametrize(
    "prefix", ["//evil.example", "/\\evil.example", "/a/../b", "/a b", "/<script>", "https://evil"]
)
def test_a_prefix_that_is_no_path_is_refused(make_app: MakeApp, prefix: str) -> None:
    answer = make_app(proxies=1).test_client().get("/studio/", headers={**FORWARDED, "X-Forwarded-Prefix": prefix})
    assert answer.status_code == 400
    assert "evil" not in answer.text + str(answer.headers)


@pytest.mark.parametrize("scheme", ["javascript", "ftp", "HTTPS\0"])
def test_a_scheme_that_is_none_is_refused(make_app: MakeApp, scheme: str) -> None:
    answer = make_app(proxies=1).test_client().get("/s/tiny", headers={**FORWARDED, "X-Forwarded-Proto": scheme})
    assert answer.status_code == 400


@pytest.mark.parametrize(
    ("host", "status"),
    [
        ("surveys.example.org", 200),
        ("SURVEYS.example.org:8443", 200),
        ("a.other.org", 200),
        ("evil.example", 400),
        ("surveys.example.org.evil.example", 400),
        ("evilother.org", 400),
        ("surveys.example.org@evil.example", 400),
        ("surveys.example.org evil.example", 400),
        ("<script>", 400),
        ("", 400),
    ],
)
def test_only_hosts_we_are_called_by_are_answered(make_app: MakeApp, host: str, status: int) -> None:
    client = make_app(hosts=("surveys.example.org", ".other.org")).test_client()
    answer = client.get("/s/tiny", headers={"Host": host})
    assert answer.status_code == status
    for path in ("/studio", "/s/tiny/mode", "/nothing"):
        answer = client.get(path, headers={"Host": host})
        assert status == 200 or (answer.status_code, "evil" in answer.headers.get("Location", "")) == (400, False)


def test_a_forged_host_behind_a_proxy_is_refused_too(make_app: MakeApp) -> None:
    client = make_app(proxies=1, hosts=("surveys.example.org",)).test_client()
    assert client.get("/s/tiny", headers=FORWARDED).status_code == 200
    assert client.get("/s/tiny", headers={**FORWARDED, "X-Forwarded-Host": "evil.example"}).status_code == 400


def test_whoever_looks_after_the_machine_may_ask_by_any_name(make_app: MakeApp) -> None:
    client = make_app(hosts=("surveys.example.org",)).test_client()
    assert client.get("/healthz", headers={"Host": "10.0.0.7:8000"}).status_code == 200


def taking_off(app: WSGIApplication, prefix: str) -> WSGIApplication:
    """A proxy that passes on what comes after the prefix."""

    def pass_on(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        environ["PATH_INFO"] = environ["PATH_INFO"].removeprefix(prefix)
        return app(environ, start_response)

    return pass_on


def outside(page: TestResponse, prefix: str) -> list[str]:
    """Addresses on a page that would leave the prefix."""
    found = re.findall(r'(?:href|src|action)="(/[^"]*)"', page.text)
    assert found
    return [one for one in found if not one.startswith(prefix + "/")]


@pytest.mark.parametrize("taken_off", [True, False], ids=["the proxy takes the prefix off", "the proxy leaves it"])
def test_the_whole_application_lives_under_a_prefix(make_app: MakeApp, *, taken_off: bool) -> None:
    app = make_app(url_prefix="/jtbd")
    if taken_off:
        app.wsgi_app = taking_off(app.wsgi_app, "/jtbd")  # type: ignore[method-assign]
    client = app.test_client()
    assert link_on_page(client, "/jtbd") == "http://localhost/jtbd/r/"
    assert outside(client.get("/jtbd/s/tiny/about-1"), "/jtbd") == []
    wanted = client.get("/jtbd/studio/tiny/ranking?method=gap").location
    assert wanted == "/jtbd/studio/login?next=/studio/tiny/ranking?method%3Dgap"
    answer = send(client, wanted, name="Ada", password=PASSWORD)
    assert answer.location == "/jtbd/studio/tiny/ranking?method=gap"
    for address in ("/jtbd/studio/", answer.location, "/jtbd/studio/maps/", "/jtbd/studio/tiny/landscape"):
        page = client.get(address)
        assert page.status_code == 200
        assert outside(page, "/jtbd") == []


def test_cookies_keep_to_tls_and_to_us(make_app: MakeApp) -> None:
    client = make_app(https=True, url_prefix="/jtbd").test_client()
    cookie = client.get("/s/tiny").headers["Set-Cookie"]
    assert {"Secure", "HttpOnly", "SameSite=Lax", "Path=/jtbd"} <= set(cookie.split("; "))
    plain = make_app().test_client().get("/s/tiny").headers["Set-Cookie"]
    assert {"HttpOnly", "SameSite=Lax", "Path=/"} <= set(plain.split("; "))
    assert "Secure" not in plain


def test_links_begin_as_visitors_come(make_app: MakeApp) -> None:
    client = make_app(https=True).test_client()
    assert link_on_page(client, base_url="https://localhost") == "https://localhost/r/"


@pytest.mark.parametrize("split", ["/s/tiny%0d%0aSet-Cookie:%20x=1", "/studio/login?next=/studio/%0d%0aX:%20y"])
def test_no_header_can_be_smuggled_in(make_app: MakeApp, split: str) -> None:
    answer = make_app().test_client().get(split)
    assert "X" not in answer.headers
    assert "x=1" not in answer.headers.get("Set-Cookie", "")


def test_answers_are_found_again_after_login_elsewhere(make_app: MakeApp) -> None:
    """Two browsers under one prefix do not share what they answered."""
    app = make_app(url_prefix="/jtbd")
    first, second = Visitor(app.test_client()), Visitor(app.test_client())
    first.answer(ABOUT)
    assert second.client.get("/jtbd/s/tiny/mode").location == "/jtbd/s/tiny"

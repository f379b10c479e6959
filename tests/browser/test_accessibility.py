"""What respondents meet, judged by axe on every page, on a phone and a desktop, light and dark; and its weight."""

from __future__ import annotations

import gzip
import os
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from playwright.sync_api import Page, Response

from jtbd.store.surveys import set_status
from tests.browser.conftest import DESKTOP, PHONE, OpenPage
from tests.browser.provide import AXE, NO_AXE, provide_axe
from tests.browser.server import SURVEY, LiveServer
from tests.browser.test_respond import LEAVING, SUITE, come_to_ratings, press, rate, skip, start

pytestmark = pytest.mark.browser

RUN = """async () => (await axe.run(document, {runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa",
    "best-practice"]})).violations.map(one => [one.id, one.help, one.nodes.map(node => node.html)])"""
MOST_BYTES = 30_000


@pytest.fixture(scope="module")
def axe() -> str:
    """The source of axe-core; without it the tests are skipped (under CI they fail)."""
    if not provide_axe():
        if os.environ.get("CI") == "true":
            pytest.fail(NO_AXE)
        pytest.skip(NO_AXE)
    return AXE.read_text()


@pytest.fixture
def closed(live_server: LiveServer) -> Iterator[None]:
    """The survey while it is closed."""
    set_status(live_server.database, SURVEY, "closed", datetime.now(UTC))
    yield
    set_status(live_server.database, SURVEY, "open", datetime.now(UTC))


def violations(page: Page, axe: str) -> list[object]:
    """What axe finds on the page."""
    page.evaluate(axe)
    found: list[object] = page.evaluate(RUN)
    return found


def test_axe_finds_what_is_wrong(open_page: OpenPage, axe: str) -> None:
    page = open_page(javascript=True)
    page.goto(f"/s/{SURVEY}")
    page.evaluate("document.querySelector('label').replaceWith(document.createElement('input'))")
    assert violations(page, axe)


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
@pytest.mark.parametrize("size", [PHONE, DESKTOP], ids=["phone", "desktop"])
def test_no_page_has_a_violation(open_page: OpenPage, axe: str, size: tuple[int, int], dark: bool) -> None:
    page = open_page(size, dark=dark, javascript=True)
    found: dict[str, list[object]] = {}

    def judge(name: str) -> None:
        found[name] = violations(page, axe)

    page.goto("/")
    judge("surveys")
    page.goto(f"/s/{SURVEY}")
    judge("start")
    press(page, "Start")
    judge("start, error")
    start(page)
    judge("profile")
    press(page)
    judge("profile, error")
    page.get_by_text(SUITE).click()
    press(page)
    page.get_by_text(LEAVING).click()
    judge("mode")
    press(page)
    judge("ratings")
    page.locator("input[type=radio]").first.evaluate("one => { one.value = '9'; one.checked = true; }")
    press(page)
    judge("ratings, error")
    press(page)
    judge("reminder")
    rate(page, 4, 2)
    judge("rated")
    press(page)
    page.goto(f"/s/{SURVEY}")
    judge("going on")
    page.get_by_role("link", name="Go on").click()
    while "/thanks" not in page.url:
        skip(page)
    judge("thanks")
    page.goto("/s/none")
    judge("not found")
    assert {name: one for name, one in found.items() if one} == {}


@pytest.mark.usefixtures("closed")
@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_a_closed_survey_has_no_violation(open_page: OpenPage, axe: str, dark: bool) -> None:
    page = open_page(PHONE, dark=dark, javascript=True)
    answer = page.goto(f"/s/{SURVEY}")
    assert answer
    assert answer.status == 410
    assert violations(page, axe) == []


def test_a_page_of_ratings_is_light(open_page: OpenPage) -> None:
    """All that a browser loads for it, compressed as a proxy in front of the server would; scaled to 10 outcomes."""
    page = open_page(javascript=True)
    come_to_ratings(page)
    loaded: list[Response] = []
    page.on("response", lambda response: loaded.append(response))
    page.reload(wait_until="networkidle")
    outcomes = page.locator(".outcome").count()
    weights = {one.url: len(gzip.compress(one.body(), 6)) for one in loaded}
    assert len(weights) == 3  # the page, its style, its script
    assert sum(weights.values()) * max(1, 10 / outcomes) <= MOST_BYTES

"""What respondents meet, judged by axe on every page, on a phone and a desktop, light and dark; and its weight."""

from __future__ import annotations

import gzip
import os
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from playwright.sync_api import Page, Response

from jtbd.store.responses import complete, find_by_code
from jtbd.store.surveys import set_status
from tests.browser.conftest import DESKTOP, PHONE, OpenPage
from tests.browser.provide import AXE, NO_AXE, provide_axe
from tests.browser.server import SURVEY, LiveServer
from tests.browser.test_respond import (
    LEAVING,
    SCREENSHOTS,
    SIDEWAYS,
    SUITE,
    code_on,
    come_to_ratings,
    press,
    rate,
    start,
)

pytestmark = pytest.mark.browser

RUN = """async () => (await axe.run(document, {runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa",
    "best-practice"]})).violations.map(one => [one.id, one.help, one.nodes.map(node => node.html)])"""
MOST_BYTES = 30_000
SIZES = {"narrow": (320, 640), "phone": PHONE, "desktop": DESKTOP}


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


class Judge:
    """Looks at a page at every size and in every colour, and takes its pictures."""

    def __init__(self, page: Page, axe: str) -> None:
        self.page, self.axe = page, axe
        self.found: dict[str, list[object]] = {}
        SCREENSHOTS.mkdir(parents=True, exist_ok=True)

    def look(self, name: str) -> None:
        self.page.evaluate(self.axe)
        for device, (width, height) in SIZES.items():
            self.page.set_viewport_size({"width": width, "height": height})
            if self.page.evaluate(SIDEWAYS):
                self.found[f"{name}, {device}"] = ["scrolls sideways"]
            for scheme in ("light", "dark") if device != "narrow" else ():
                self.page.emulate_media(color_scheme=scheme)
                self.page.screenshot(path=SCREENSHOTS / f"{name}-{device}-{scheme}.png", full_page=True)
                if bad := self.page.evaluate(RUN):
                    self.found[f"{name}, {device}, {scheme}"] = bad


def test_no_page_has_a_violation_or_scrolls_sideways(
    open_page: OpenPage, axe: str, live_server: LiveServer, small_survey: str
) -> None:
    page = open_page(javascript=True)
    judge = Judge(page, axe)
    page.goto("/")
    judge.look("surveys")
    page.goto(f"/s/{SURVEY}")
    judge.look("start")
    press(page, "Start")
    judge.look("start-error")
    start(page)
    judge.look("profile")
    press(page)
    judge.look("error")
    page.get_by_text(SUITE).click()
    press(page)
    page.get_by_text(LEAVING).click()
    judge.look("mode")
    press(page)
    judge.look("ratings")
    page.locator("input[type=radio]").first.evaluate("one => { one.value = '9'; one.checked = true; }")
    press(page)
    judge.look("ratings-error")
    press(page)
    page.get_by_text("keep this link").click()
    judge.look("reminder")
    rate(page, 4, 2)
    judge.look("rated")
    press(page)
    page.goto(f"/s/{SURVEY}")
    judge.look("going-on")
    page.get_by_role("link", name="Go on").click()
    row = find_by_code(live_server.database, code_on(page))
    assert row
    complete(live_server.database, row.id, asked=set(), now=datetime.now(UTC))
    page.goto(f"/s/{SURVEY}/thanks")
    judge.look("thanks")
    page.goto("/s/none")
    judge.look("not-found")
    page.goto(f"/s/{small_survey}")
    page.get_by_role("checkbox").check()
    press(page, "Start")
    page.get_by_text("One suite").click()
    press(page)
    page.get_by_text("Keeping customers").click()
    press(page)
    page.get_by_text("Does not apply to me").first.click()
    page.locator("[name^=imp_][value='4']").last.check()
    judge.look("not-applicable")
    heights = page.eval_on_selector_all("label.outside", "ones => ones.map(one => one.getBoundingClientRect().height)")
    assert min(heights) >= 44
    assert judge.found == {}


@pytest.mark.usefixtures("closed")
@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_a_closed_survey_has_no_violation(open_page: OpenPage, axe: str, dark: bool) -> None:
    page = open_page(PHONE, dark=dark, javascript=True)
    answer = page.goto(f"/s/{SURVEY}")
    assert answer
    assert answer.status == 410
    assert violations(page, axe) == []


def test_a_page_of_ratings_is_light(open_page: OpenPage, live_server: LiveServer) -> None:
    """All that a browser loads for it, compressed as a proxy in front of the server would; scaled to 10 outcomes."""
    page = open_page(javascript=True)
    come_to_ratings(page, live_server)
    loaded: list[Response] = []
    page.on("response", lambda response: loaded.append(response))
    page.reload(wait_until="networkidle")
    outcomes = page.locator(".outcome").count()
    weights = {one.url: len(gzip.compress(one.body(), 6)) for one in loaded}
    assert len(weights) == 3  # the page, its style, its script
    assert sum(weights.values()) * max(1, 10 / outcomes) <= MOST_BYTES

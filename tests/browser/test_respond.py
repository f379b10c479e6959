"""The shipped survey, answered as people do: by touch, by keyboard, impatiently, going back."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from jtbd.store.responses import answers_of, find_by_code
from jtbd.survey.compile import load_survey
from jtbd.survey.flow import pages_for
from jtbd.survey.model import Rating
from tests.browser.conftest import DESKTOP, PHONE, OpenPage
from tests.browser.server import SURVEY, LiveServer

pytestmark = pytest.mark.browser

SCREENSHOTS = Path(__file__).parents[2] / "test-output" / "screenshots"
SUITE = "One suite for marketing, sales and service"
LEAVING = "Keeping customers who are leaving, buying less or have gone quiet"
SIDEWAYS = "() => document.documentElement.scrollWidth - document.documentElement.clientWidth"


def start(page: Page) -> None:
    page.goto(f"/s/{SURVEY}")
    page.get_by_role("checkbox").check()
    press(page, "Start")


def press(page: Page, name: str = "Next") -> None:
    """Press a button and wait for the page it leads to."""
    with page.expect_navigation():
        page.get_by_role("button", name=name).click()


def enter(page: Page) -> None:
    """Press the Enter key and wait for the page it leads to."""
    with page.expect_navigation():
        page.keyboard.press("Enter")


def come_to_ratings(page: Page) -> None:
    start(page)
    page.get_by_text(SUITE).click()
    press(page)
    page.get_by_text(LEAVING).click()
    press(page)


def rate(page: Page, importance: int, satisfaction: int) -> int:
    """Rate every outcome of the page with the mouse; returns how many there were."""
    for legend, value in (("How important?", importance), ("How satisfied today?", satisfaction)):
        for group in page.get_by_role("group", name=legend).all():
            group.get_by_text(str(value), exact=True).click()
    return page.get_by_role("heading", level=2).count()


def answer_all(page: Page) -> int:
    """From the first page of ratings to the thanks; returns how many outcomes were rated."""
    rated = 0
    while "/thanks" not in page.url:
        rated += rate(page, 5, 2)
        press(page)
    return rated


def code_on(page: Page) -> str:
    found = re.search(r"/r/([\w-]+)", page.content())
    assert found
    return found[1]


def stored(server: LiveServer, code: str) -> tuple[str, dict[str, object], dict[str, Rating], set[str]]:
    row = find_by_code(server.database, code)
    assert row
    answers, ratings, pages = answers_of(server.database, row.id)
    return row.status, dict(answers), ratings, pages


def outcomes_of_mode(server: LiveServer, mode: str) -> int:
    pages = pages_for(load_survey(server.settings, SURVEY), {"mode": mode})
    return sum(len(page.outcomes) for page in pages)


def test_a_whole_survey_is_answered_by_touch_on_a_phone_without_javascript(
    open_page: OpenPage, live_server: LiveServer
) -> None:
    page = open_page(PHONE)
    come_to_ratings(page)
    code = code_on(page)

    assert answer_all(page) == outcomes_of_mode(live_server, "retain")

    expect(page.get_by_text(code)).to_be_visible()
    status, answers, ratings, _ = stored(live_server, code)
    assert status == "complete"
    assert answers == {"solution": "one-suite", "mode": "retain"}
    assert len(ratings) == outcomes_of_mode(live_server, "retain")
    assert set(ratings.values()) == {Rating(5, 2)}


def test_a_whole_survey_is_answered_by_keyboard_alone(open_page: OpenPage, live_server: LiveServer) -> None:
    page = open_page()
    page.goto(f"/s/{SURVEY}")
    tab_to(page, "consent")
    page.keyboard.press("Space")
    enter(page)
    tab_to(page, "organisation")
    page.keyboard.type("Acme")
    tab_to(page, "solution")
    page.keyboard.press("Space")
    enter(page)
    expect(page.get_by_role("heading", level=1)).to_have_text("The work you know best")
    tab_to(page, "mode")
    page.keyboard.press("ArrowDown")  # chooses the next one: grow
    enter(page)
    code = code_on(page)
    while "/thanks" not in page.url:
        for number in range(2 * page.get_by_role("heading", level=2).count()):
            page.keyboard.press("Tab")
            page.keyboard.press("Space")
            if number % 2:
                page.keyboard.press("ArrowRight")
        enter(page)

    status, answers, ratings, _ = stored(live_server, code)
    assert status == "complete"
    assert answers == {"organisation": "Acme", "solution": "one-suite", "mode": "grow"}
    assert len(ratings) == outcomes_of_mode(live_server, "grow")
    assert set(ratings.values()) == {Rating(1, 2)}


def tab_to(page: Page, name: str) -> None:
    """Press Tab until the field of this name has the focus."""
    for _ in range(40):
        page.keyboard.press("Tab")
        if page.locator(f"[name='{name}']:focus").count():
            return
    pytest.fail(f"no way to {name} with the Tab key")


def test_enter_in_a_text_field_goes_on_and_not_back(open_page: OpenPage) -> None:
    page = open_page()
    come_to_ratings(page)
    page.locator("input[type=radio]").first.focus()
    enter(page)
    expect(page).to_have_title(re.compile("^Step 4 of"))


def test_a_double_click_on_next_and_a_reload_store_a_page_once(open_page: OpenPage, live_server: LiveServer) -> None:
    page = open_page()
    come_to_ratings(page)
    code = code_on(page)
    outcomes = rate(page, 4, 1)
    page.get_by_role("button", name="Next").dblclick()
    expect(page).to_have_title(re.compile("^Step 4 of"))
    page.wait_for_load_state("networkidle")
    page.reload()

    _, _, ratings, saved = stored(live_server, code)
    assert list(ratings.values()) == [Rating(4, 1)] * outcomes
    assert saved == {"about-1", "mode", "retain.decide-what-counts-as-leaving"}


def test_going_back_keeps_answers_on_both_pages(open_page: OpenPage) -> None:
    page = open_page(PHONE)
    come_to_ratings(page)
    rate(page, 4, 3)
    press(page, "Back")
    expect(page.get_by_label(LEAVING)).to_be_checked()
    press(page)
    for value in ("4", "3"):
        assert page.locator(f"input[value='{value}']:checked").count() == page.get_by_role("heading", level=2).count()
    press(page)
    page.go_back()
    assert page.locator("input:checked").count() == 2 * page.get_by_role("heading", level=2).count()


def test_an_error_takes_the_focus_and_leads_to_its_field(open_page: OpenPage) -> None:
    page = open_page(javascript=True)
    start(page)
    press(page)
    expect(page).to_have_title(re.compile("^Error: "))
    expect(page.get_by_role("alert")).to_be_focused()
    page.get_by_role("link", name="What do you mainly use").click()
    expect(page.get_by_label(SUITE)).to_be_focused()


def test_no_page_scrolls_sideways_on_the_narrowest_phone(open_page: OpenPage) -> None:
    page = open_page((320, 640), javascript=True)  # scripts only measure
    page.goto("/")
    assert page.evaluate(SIDEWAYS) == 0
    page.goto(f"/s/{SURVEY}")
    assert page.evaluate(SIDEWAYS) == 0
    start(page)
    press(page)
    assert page.evaluate(SIDEWAYS) == 0
    page.get_by_text(SUITE).click()
    press(page)
    assert page.evaluate(SIDEWAYS) == 0
    page.get_by_text(LEAVING).click()
    press(page)
    page.get_by_text("keep this link").click()
    while "/thanks" not in page.url:
        assert page.evaluate(SIDEWAYS) == 0
        press(page)
    assert page.evaluate(SIDEWAYS) == 0


def test_every_target_is_at_least_44_pixels_high_and_wide(open_page: OpenPage) -> None:
    page = open_page((320, 640), javascript=True)  # scripts only measure
    start(page)
    sizes = "ones => ones.map(one => one.getBoundingClientRect()).map(box => [box.width, box.height])"
    targets = "label.choice, .scale label, input[type=text], .buttons button"
    for text in (SUITE, LEAVING):
        assert min(map(min, page.eval_on_selector_all(targets, sizes))) >= 44
        page.get_by_text(text).click()
        press(page)
    assert min(map(min, page.eval_on_selector_all(targets, sizes))) >= 44


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
@pytest.mark.parametrize("size", [PHONE, DESKTOP], ids=["phone", "desktop"])
def test_pages_are_pictured(open_page: OpenPage, size: tuple[int, int], dark: bool) -> None:
    page = open_page(size, dark=dark)
    SCREENSHOTS.mkdir(parents=True, exist_ok=True)

    def picture(name: str) -> None:
        device = "phone" if size == PHONE else "desktop"
        page.screenshot(path=SCREENSHOTS / f"{name}-{device}-{'dark' if dark else 'light'}.png", full_page=True)

    page.goto("/")
    picture("surveys")
    page.goto(f"/s/{SURVEY}")
    picture("start")
    start(page)
    picture("profile")
    press(page)
    picture("error")
    page.get_by_text(SUITE).click()
    press(page)
    page.get_by_text(LEAVING).click()
    picture("mode")
    press(page)
    page.get_by_text("keep this link").click()
    first = page.get_by_role("group").first
    first.get_by_text("4", exact=True).click()
    picture("rating")
    page.goto(f"/s/{SURVEY}")
    picture("going-on")
    page.get_by_role("link", name="Go on").click()
    while "/thanks" not in page.url:
        press(page)
    picture("thanks")

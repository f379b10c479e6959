"""The shipped survey, answered as people do: by touch, by keyboard, impatiently, going back."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from jtbd.store.responses import begin, find_by_code, save_page
from jtbd.survey.compile import load_survey
from jtbd.survey.flow import pages_for
from jtbd.survey.model import Rating, Submission
from tests.browser.conftest import PHONE, OpenPage
from tests.browser.server import SURVEY, LiveServer
from tests.held import answers_of

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


def come_to_ratings(page: Page, server: LiveServer) -> None:
    """Open a response of which all before the ratings is stored already."""
    now = datetime.now(UTC)
    begun = begin(server.database, slug=SURVEY, kind="real", language="en", consent="", now=now)
    for page_id, answers in (("about-1", {"solution": "one-suite"}), ("mode", {"mode": "retain"})):
        save_page(server.database, begun.response_id, Submission(page_id, dict(answers), {}), now)
    page.goto(f"/r/{begun.code}")


def rate(page: Page, importance: int, satisfaction: int) -> int:
    """Rate every outcome of the page with the mouse; returns how many there were."""
    for prefix, value in (("imp_", importance), ("sat_", satisfaction)):
        for choice in page.locator(f"label:has([name^='{prefix}'][value='{value}'])").all():
            choice.click()
    return page.locator(".outcome").count()


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
    start(page)
    page.get_by_text(SUITE).click()
    press(page)
    page.get_by_text(LEAVING).click()
    press(page)
    code = code_on(page)

    assert answer_all(page) == outcomes_of_mode(live_server, "retain")

    expect(page.get_by_text(code, exact=True)).to_be_visible()
    status, answers, ratings, _ = stored(live_server, code)
    assert status == "complete"
    assert answers == {"solution": "one-suite", "mode": "retain"}
    assert len(ratings) == outcomes_of_mode(live_server, "retain")
    assert set(ratings.values()) == {Rating(5, 2)}


def test_a_whole_survey_is_answered_by_keyboard_alone(
    open_page: OpenPage, live_server: LiveServer, small_survey: str
) -> None:
    page = open_page(javascript=True)
    page.goto(f"/s/{small_survey}")
    tab_to(page, "button")
    enter(page)  # without consent
    expect(page.get_by_role("alert")).to_be_focused()
    follow_first_link(page)
    expect(page.locator("[name=consent]")).to_be_focused()
    page.keyboard.press("Space")
    enter(page)

    starts_at(page, "function")
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    page.keyboard.type("Acme")
    enter(page)  # what has to be answered was passed over
    expect(page.get_by_role("alert")).to_be_focused()
    follow_first_link(page)
    expect(page.locator("[name=solution][value=suite]")).to_be_focused()
    page.keyboard.press("Space")
    enter(page)
    starts_at(page, "mode")
    page.keyboard.press("ArrowDown")  # chooses the next one: retain
    enter(page)

    code = code_on(page)
    starts_at(page, "imp_sample-leaving-time")
    page.keyboard.press("Space")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Tab")
    page.keyboard.press("Space")
    tab_to(page, "imp_sample-leaving-cause")
    page.keyboard.press("Space")
    tab_to(page, "na_sample-leaving-cause")
    page.keyboard.press("Space")  # and takes the rating back
    assert page.locator("[name=imp_sample-leaving-cause]:checked").count() == 0
    tab_to(page, "button", but="Back")
    enter(page)

    starts_at(page, "imp_sample-handover-unanswered")
    for _ in range(2):
        page.keyboard.press("Space")
        page.keyboard.press("Tab")
    tab_to(page, "button", but="Back")
    enter(page)
    expect(page.get_by_role("region", name="1 line is not fully rated yet")).to_be_focused()
    follow_first_link(page)
    expect(page.locator("[name=imp_sample-change-promised][value='1']")).to_be_focused()
    page.keyboard.press("Space")
    page.keyboard.press("Tab")
    page.keyboard.press("Space")
    tab_to(page, "button", but="Back")
    enter(page)

    expect(page.get_by_role("heading", level=1)).to_have_text("You have come to the end")
    status, answers, ratings, _ = stored(live_server, code)
    assert (status, answers) == ("complete", {"solution": "suite", "organisation": "Acme", "mode": "retain"})
    assert ratings == {
        "sample-leaving-time": Rating(2, 1),
        "sample-handover-unanswered": Rating(1, 1),
        "sample-change-promised": Rating(1, 1),
    }


def starts_at(page: Page, name: str) -> None:
    """A new page begins at its top, and the first press of Tab leads to its first field."""
    assert page.evaluate("document.activeElement === document.body")
    page.keyboard.press("Tab")
    expect(page.locator("[name]:focus")).to_have_attribute("name", name)


def follow_first_link(page: Page) -> None:
    """From a summary that has the focus to the field it names first."""
    page.keyboard.press("Tab")
    expect(page.locator("a:focus")).to_have_count(1)
    page.keyboard.press("Enter")


def tab_to(page: Page, name: str, but: str = "-") -> None:
    """Press Tab until the field of this name, or a button with another text than `but`, has the focus."""
    wanted = f"button:focus:not(:text('{but}'))" if name == "button" else f"[name='{name}']:focus"
    for _ in range(40):
        page.keyboard.press("Tab")
        if page.locator(wanted).count():
            return
    pytest.fail(f"no way to {name} with the Tab key")


def test_enter_in_a_text_field_goes_on_and_not_back(open_page: OpenPage, live_server: LiveServer) -> None:
    page = open_page()
    come_to_ratings(page, live_server)
    page.locator("input[type=radio]").first.focus()
    enter(page)
    expect(page).to_have_title(re.compile("^Reminder: Step 3"))
    page.locator("input[type=radio]").first.focus()
    enter(page)
    expect(page).to_have_title(re.compile("^Step 4 of"))


def test_a_double_click_on_next_and_a_reload_store_a_page_once(open_page: OpenPage, live_server: LiveServer) -> None:
    page = open_page()
    come_to_ratings(page, live_server)
    code = code_on(page)
    outcomes = rate(page, 4, 1)
    page.get_by_role("button", name="Next").dblclick()
    expect(page).to_have_title(re.compile("^Step 4 of"))
    page.wait_for_load_state("networkidle")
    page.reload()

    _, _, ratings, saved = stored(live_server, code)
    assert list(ratings.values()) == [Rating(4, 1)] * outcomes
    assert saved == {"about-1", "mode", "retain.decide-what-counts-as-leaving"}


def test_going_back_keeps_answers_on_both_pages(open_page: OpenPage, live_server: LiveServer) -> None:
    page = open_page(PHONE)
    come_to_ratings(page, live_server)
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


def test_no_page_of_ratings_scrolls_sideways_on_the_narrowest_phone(
    open_page: OpenPage, live_server: LiveServer
) -> None:
    """The other pages are looked at with axe."""
    page = open_page((320, 640), javascript=True)  # scripts only measure
    come_to_ratings(page, live_server)
    row = find_by_code(live_server.database, code_on(page))
    assert row
    asked = [one.id for one in pages_for(load_survey(live_server.settings, SURVEY), {"mode": "retain"}) if one.outcomes]
    assert len(asked) > 5
    for one in asked:
        page.goto(f"/s/{SURVEY}/{one}")
        page.get_by_text("keep this link").click()
        assert page.evaluate(SIDEWAYS) == 0, one
        save_page(live_server.database, row.id, Submission(one, {}, {}), datetime.now(UTC))


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

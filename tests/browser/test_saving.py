"""With a script: each answer is saved as it is given, kept while the connection is down, and the page moves on."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from jtbd.survey.model import Rating
from tests.browser.conftest import PHONE, OpenPage
from tests.browser.server import LiveServer
from tests.browser.test_respond import code_on, come_to_ratings, press, rate, start, stored

pytestmark = pytest.mark.browser

SAVED = "Answers so far are saved"
NOT_SENT = "Not sent yet: we keep trying"
UNSENT = "() => Object.keys(localStorage).filter(key => key.startsWith('jtbd.')).length"


def wait_until(page: Page, is_so: Callable[[], bool]) -> None:
    for _ in range(100):
        if is_so():
            return
        page.wait_for_timeout(50)
    pytest.fail("it never came to that")


def choose(page: Page, outcome: int, legend: str, value: int) -> None:
    card = page.locator(".outcome").nth(outcome)
    card.get_by_role("group", name=legend).get_by_text(str(value), exact=True).click()


def test_an_answer_is_stored_before_the_page_is_sent(open_page: OpenPage, live_server: LiveServer) -> None:
    page = open_page(javascript=True)
    come_to_ratings(page, live_server)
    with page.expect_response(f"{page.url}/answers") as arrived:
        choose(page, 0, "How important?", 4)
    assert arrived.value.status == 204
    expect(page.get_by_role("status")).to_have_text(SAVED)
    _, _, ratings, saved = stored(live_server, code_on(page))
    assert list(ratings.values()) == [Rating(4)]
    assert saved == {"about-1", "mode"}
    assert page.evaluate(UNSENT) == 0
    page.reload()
    assert page.locator("input:checked").count() == 1


def test_answers_given_without_a_connection_are_kept_and_sent_later(
    open_page: OpenPage, live_server: LiveServer
) -> None:
    page = open_page(PHONE, javascript=True)
    come_to_ratings(page, live_server)
    code = code_on(page)
    page.context.set_offline(True)
    choose(page, 0, "How important?", 5)
    choose(page, 0, "How satisfied today?", 1)
    expect(page.get_by_role("status")).to_have_text(NOT_SENT)
    assert stored(live_server, code)[2] == {}

    page.context.set_offline(False)  # the browser says so, and the page sends at once
    expect(page.get_by_role("status")).to_have_text(SAVED)
    assert list(stored(live_server, code)[2].values()) == [Rating(5, 1)]
    assert page.evaluate(UNSENT) == 0


def test_answers_given_without_a_connection_outlive_the_page(open_page: OpenPage, live_server: LiveServer) -> None:
    page = open_page(javascript=True)
    come_to_ratings(page, live_server)
    code, address = code_on(page), page.url
    page.route("**/answers", lambda route: route.abort())
    choose(page, 0, "How important?", 5)
    choose(page, 1, "How satisfied today?", 2)
    expect(page.get_by_role("status")).to_have_text(NOT_SENT)
    assert stored(live_server, code)[2] == {}

    again = page.context.new_page()  # as after a crash: nothing is sent on leaving
    again.route("**/answers", lambda route: route.abort())
    again.goto(address)
    assert again.locator("input:checked").count() == 2
    expect(again.get_by_role("status")).to_have_text(NOT_SENT)
    assert stored(live_server, code)[2] == {}
    again.unroute("**/answers")
    again.evaluate("dispatchEvent(new Event('online'))")
    expect(again.get_by_role("status")).to_have_text(SAVED)
    assert sorted(stored(live_server, code)[2].values(), key=str) == sorted([Rating(5), Rating(None, 2)], key=str)


def test_the_page_itself_brings_what_was_not_sent(open_page: OpenPage, live_server: LiveServer) -> None:
    page = open_page(javascript=True)
    come_to_ratings(page, live_server)
    code = code_on(page)
    page.route("**/answers", lambda route: route.abort())
    outcomes = rate(page, 4, 2)
    press(page)
    expect(page).to_have_title(re.compile("^Step 4 of"))
    assert list(stored(live_server, code)[2].values()) == [Rating(4, 2)] * outcomes
    page.unroute("**/answers")
    page.reload()
    wait_until(page, lambda: page.evaluate(UNSENT) == 0)


def test_time_runs_down_as_lines_are_rated(open_page: OpenPage, live_server: LiveServer) -> None:
    page = open_page(javascript=True)
    come_to_ratings(page, live_server)
    before = minutes(page)
    rate(page, 3, 3)
    assert 0 < minutes(page) < before


def minutes(page: Page) -> int:
    found = re.search(r"\d+", page.locator("#time-left").inner_text())
    assert found
    return int(found[0])


def test_the_next_line_comes_into_view_under_a_finger(open_page: OpenPage, live_server: LiveServer) -> None:
    page = open_page((360, 420), javascript=True)
    page.emulate_media(reduced_motion="reduce")
    come_to_ratings(page, live_server)
    top = "one => one.getBoundingClientRect().top"
    second = page.locator(".outcome").nth(1)
    choose(page, 0, "How important?", 3)
    before = second.evaluate(top)
    assert before > 100
    choose(page, 0, "How satisfied today?", 3)
    wait_until(page, lambda: second.evaluate(top) < 20)
    at = page.evaluate("scrollY")
    choose(page, 0, "How satisfied today?", 4)  # changing one's mind moves nothing
    assert abs(page.evaluate("scrollY") - at) < 400
    assert page.locator("[value='4']:focus").count() == 1


def test_nothing_moves_under_the_keyboard(open_page: OpenPage, live_server: LiveServer) -> None:
    page = open_page(PHONE, javascript=True)
    come_to_ratings(page, live_server)
    scales = page.locator(".outcome").first.locator("fieldset")
    for scale in scales.all():
        scale.locator("input").first.focus()
        page.keyboard.press("Space")
    at = page.evaluate("scrollY")
    page.wait_for_timeout(300)
    assert page.evaluate("scrollY") == at
    assert scales.last.locator("input:focus").count() == 1


def test_a_reminder_takes_the_focus_and_leads_to_what_is_missing(open_page: OpenPage, live_server: LiveServer) -> None:
    page = open_page(javascript=True)
    come_to_ratings(page, live_server)
    choose(page, 0, "How important?", 3)
    press(page)
    box = page.get_by_role("region", name=re.compile("not fully rated yet"))
    expect(box).to_be_focused()
    box.get_by_role("link").first.click()
    expect(page.locator("input:focus")).to_have_attribute("name", re.compile("^sat_"))
    press(page, "Go on without them")
    expect(page).to_have_title(re.compile("^Step 4 of"))


def test_what_is_written_is_saved_when_the_field_is_left(open_page: OpenPage, live_server: LiveServer) -> None:
    page = open_page(javascript=True)
    start(page)
    page.locator("[name=organisation]").fill("Acme")
    with page.expect_response(f"{page.url}/answers"):
        page.keyboard.press("Tab")
    assert stored(live_server, code_on(page))[1] == {"organisation": "Acme"}

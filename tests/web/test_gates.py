"""Screeners, quotas and the ways out, on every path a respondent can take."""

from __future__ import annotations

import pytest
from flask import Flask

from jtbd.settings import Settings
from jtbd.store.database import Database
from jtbd.store.erasure import erase
from jtbd.store.panel_ids import panel_id_of
from jtbd.store.quotas import fieldwork
from jtbd.store.responses import ResponseRow, find_by_code
from jtbd.store.surveys import counts, publish
from jtbd.survey.compile import load_survey
from tests.held import answers_of
from tests.survey.samples import GATED, write
from tests.web.conftest import SetClock
from tests.web.visitor import ABOUT, FIRST, LAST, Visitor, preview_path, text_of

DOES = {"does": "daily"}
MARKETER = {**ABOUT, "function": "marketing"}
MODE = {"mode": "retain"}


@pytest.fixture(autouse=True)
def gated(settings: Settings, database: Database, clock: SetClock) -> None:
    """The survey ``tiny`` with its gates, as the newest revision."""
    write(settings.workspace, "surveys/tiny.yaml", GATED)
    publish(database, load_survey(settings, "tiny"), clock())


def row_of(database: Database, visitor: Visitor) -> ResponseRow:
    row = find_by_code(database, visitor.code)
    assert row
    return row


def another(app: Flask) -> Visitor:
    return Visitor(app.test_client())


def filled(database: Database, clock: SetClock) -> dict[str, tuple[int, int, int]]:
    """Complete, reserved and free places by quota."""
    found = fieldwork(database, "tiny", clock()).quotas
    return {one.quota.id: (one.complete, one.reserved, one.free) for one in found}


# screening


def test_who_chooses_an_answer_that_ends_the_survey_is_thanked_and_told_the_reference(
    visitor: Visitor, database: Database
) -> None:
    visitor.answer({"does": "never"})
    assert visitor.path == "/s/tiny/thanks"
    assert visitor.heading == "Thank you for your time"
    assert "no further questions" in visitor.page.text
    row = row_of(database, visitor)
    assert (row.status, row.ended_by) == ("screened_out", "does")
    assert counts(database, "tiny").screened_out == 1
    assert erase(database, visitor.code)


def test_who_was_screened_out_comes_to_no_page_any_more_and_stores_nothing(
    visitor: Visitor, database: Database
) -> None:
    visitor.answer(DOES)
    second_tab = visitor.hidden()
    visitor.get("/s/tiny/screening")
    visitor.press({"does": "never"})
    code = visitor.code
    for path in ("/s/tiny/about-1", "/s/tiny/screening", "/s/tiny/retain.hand-over", f"/r/{code}"):
        assert visitor.get(path).request.path == "/s/tiny/thanks"
    sent = visitor.client.post("/s/tiny/about-1", data={**second_tab, **MARKETER})
    assert (sent.status_code, sent.location) == (303, "/s/tiny/thanks")
    sent = visitor.client.post("/s/tiny/about-1/answers", data={**second_tab, **MARKETER})
    assert sent.status_code == 409
    sent = visitor.client.post("/s/tiny/screening", data={**second_tab, **DOES})
    assert sent.location == "/s/tiny/thanks"
    assert answers_of(database, row_of(database, visitor).id)[0] == {"does": "never"}


def test_pages_behind_the_screener_cannot_be_sent_before_it(visitor: Visitor, database: Database) -> None:
    visitor.start()
    for path in ("/s/tiny/about-1", "/s/tiny/retain.notice-leaving"):
        sent = visitor.post({**MARKETER, **FIRST}, path)
        assert (sent.status_code, sent.location) == (303, "/s/tiny/screening")
        assert visitor.post({**MARKETER, **FIRST}, f"{path}/answers").status_code == 409
    answers, ratings, saved = answers_of(database, row_of(database, visitor).id)
    assert (answers, ratings, saved) == ({}, {}, set())


def test_an_answer_changed_without_sending_the_page_opens_nothing(visitor: Visitor, database: Database) -> None:
    visitor.answer(DOES, MARKETER, MODE)
    here = visitor.path
    assert visitor.post({"does": "never"}, "/s/tiny/screening/answers").status_code == 204
    assert row_of(database, visitor).status == "in_progress"  # it may have been a slip
    assert visitor.post(FIRST, here).location == "/s/tiny/screening"
    assert visitor.post(FIRST, f"{here}/answers").status_code == 204  # kept, and yet the page stays closed
    assert visitor.get(here).request.path == "/s/tiny/screening"
    visitor.press(DOES)
    visitor.get(here)
    assert visitor.path == here
    visitor.get("/s/tiny/screening")
    visitor.press({"does": "never"})
    assert row_of(database, visitor).status == "screened_out"


def test_going_back_with_an_answer_that_ends_the_survey_ends_it(visitor: Visitor, database: Database) -> None:
    visitor.start()
    visitor.press({"does": "never"}, go="back")
    assert visitor.path == "/s/tiny/thanks"
    assert row_of(database, visitor).status == "screened_out"


# quotas


def test_a_place_is_reserved_with_the_answer_and_filled_with_the_end(
    visitor: Visitor, database: Database, clock: SetClock
) -> None:
    visitor.answer(DOES)
    assert filled(database, clock)["sales"] == (0, 0, 2)
    visitor.press(ABOUT)
    assert filled(database, clock)["sales"] == (0, 1, 1)
    for one in (MODE, FIRST, LAST):
        visitor.press(one)
    assert row_of(database, visitor).status == "complete"
    assert filled(database, clock) == {"sales": (1, 0, 1), "service-with-sheets": (0, 0, 1)}


def test_when_the_quota_is_full_the_next_one_is_thanked(app: Flask, database: Database, clock: SetClock) -> None:
    for _ in range(2):
        another(app).answer(DOES, ABOUT)
    late = another(app)
    late.answer(DOES, ABOUT)
    assert late.path == "/s/tiny/thanks"
    assert "already answered" in late.page.text
    row = row_of(database, late)
    assert (row.status, row.ended_by) == ("quota_full", "sales")
    assert counts(database, "tiny").quota_full == 1
    assert fieldwork(database, "tiny", clock()).quotas[0].turned_away == 1
    other = another(app)
    other.answer(DOES, MARKETER)
    assert other.path == "/s/tiny/mode"


def test_a_changed_answer_gives_the_place_back(app: Flask, database: Database, clock: SetClock) -> None:
    visitor = another(app)
    visitor.answer(DOES, ABOUT)
    visitor.get("/s/tiny/about-1")
    visitor.press({**ABOUT, "function": "service", "solution": "sheets"})
    assert filled(database, clock) == {"sales": (0, 0, 2), "service-with-sheets": (0, 1, 0)}
    visitor.get("/s/tiny/screening")
    visitor.press({"does": "never"})
    assert filled(database, clock)["service-with-sheets"] == (0, 0, 1)


def test_an_answer_changed_without_sending_the_page_takes_no_place(
    app: Flask, database: Database, clock: SetClock
) -> None:
    for _ in range(2):
        another(app).answer(DOES, ABOUT)
    visitor = another(app)
    visitor.answer(DOES, MARKETER, MODE)
    here = visitor.path
    assert visitor.post({"function": "sales"}, "/s/tiny/about-1/answers").status_code == 204
    assert visitor.get(here).request.path == "/s/tiny/about-1"
    assert visitor.post(FIRST, here).location == "/s/tiny/about-1"
    visitor.press(ABOUT)
    assert row_of(database, visitor).status == "quota_full"


def test_who_was_away_takes_the_place_again_if_there_is_room(app: Flask, database: Database, clock: SetClock) -> None:
    visitors = [another(app) for _ in range(2)]
    for one in visitors:
        one.answer(DOES, ABOUT)
    codes = [one.code for one in visitors]
    clock.move(hours=23)
    visitors[0].get("/s/tiny/mode")
    assert visitors[0].post({"mode": "retain"}, "/s/tiny/mode/answers").status_code == 204  # is activity
    clock.move(hours=2)
    assert filled(database, clock)["sales"] == (0, 1, 1)
    visitors[1].get(f"/r/{codes[1]}")
    assert visitors[1].path == "/s/tiny/mode"
    assert filled(database, clock)["sales"] == (0, 2, 0)
    clock.move(hours=25)
    newcomers = [another(app) for _ in range(2)]
    for one in newcomers:
        one.answer(DOES, ABOUT)
    assert visitors[0].get("/s/tiny/mode").request.path == "/s/tiny/thanks"
    assert row_of(database, visitors[0]).status == "quota_full"
    assert filled(database, clock)["sales"] == (0, 2, 0)


def test_who_was_away_loses_the_place_also_without_opening_a_page(
    app: Flask, database: Database, clock: SetClock
) -> None:
    away = another(app)
    away.answer(DOES, ABOUT, MODE)
    clock.move(hours=25)
    for _ in range(2):
        another(app).answer(DOES, ABOUT)
    assert away.post(FIRST, f"{away.path}/answers").status_code != 204
    assert away.post(FIRST).location == "/s/tiny/thanks"
    assert row_of(database, away).status == "quota_full"


def test_the_last_page_does_not_complete_without_a_place(app: Flask, database: Database, clock: SetClock) -> None:
    slow = another(app)
    slow.answer(DOES, ABOUT, MODE, FIRST)
    clock.move(hours=25)
    for _ in range(2):
        another(app).answer(DOES, ABOUT, MODE, FIRST, LAST)
    slow.press(LAST)
    assert row_of(database, slow).status == "quota_full"
    assert filled(database, clock)["sales"] == (2, 0, 0)


def test_a_preview_passes_a_full_quota_and_takes_no_place(
    app: Flask, settings: Settings, database: Database, clock: SetClock
) -> None:
    for _ in range(2):
        another(app).answer(DOES, ABOUT)
    author = another(app)
    author.get(preview_path(settings, "tiny"))
    for one in (DOES, ABOUT):
        author.press(one)
    assert author.path == "/s/tiny/mode"
    assert filled(database, clock)["sales"] == (0, 2, 0)


# the way out


def test_a_panels_respondent_goes_back_with_the_panels_id(visitor: Visitor, database: Database) -> None:
    visitor.get("/s/tiny?pid=ab/9%2B1")
    visitor.press({"consent": "yes"})
    for one in (DOES, ABOUT, MODE, FIRST, LAST):
        visitor.press(one)
    assert panel_id_of(database, row_of(database, visitor).id) == "ab/9+1"
    link = visitor.soup.select_one("a.button")
    assert link
    assert link["href"] == "https://panel.example/done?who=ab%2F9%2B1&a=1"
    assert link.text == "Go on to panel.example"
    refresh = visitor.soup.select_one("meta[http-equiv=refresh]")
    assert refresh
    assert refresh["content"] == f"30;url={link['href']}"
    visitor.get("/s/tiny/thanks?stay=yes")
    assert visitor.soup.select_one("a.button")
    assert not visitor.soup.select_one("meta[http-equiv=refresh]")


def test_each_end_has_its_link(app: Flask) -> None:
    out = another(app)
    out.get("/s/tiny?pid=x1")
    out.press({"consent": "yes"})
    out.press({"does": "never"})
    assert "https://panel.example/out/x1" in out.page.text
    for _ in range(3):
        full = another(app)
        full.answer(DOES, ABOUT)
    assert full.soup.select_one("a[href='https://panel.example/full']")
    assert not full.soup.select_one("meta[http-equiv=refresh]")  # nobody sent them: they choose


def test_without_an_id_there_is_no_link_that_needs_one(visitor: Visitor) -> None:
    visitor.answer({"does": "never"})
    assert "panel.example" not in visitor.page.text


@pytest.mark.parametrize(
    "sent", ["//evil.example", "..", "a b", "a@b", "x" * 129, "é", "a\n", "<script>", "{id}", "a&who=b", ""]
)
def test_what_is_no_id_is_left_out(visitor: Visitor, database: Database, sent: str) -> None:
    visitor.page = visitor.client.get("/s/tiny", query_string={"pid": sent})
    visitor.path = "/s/tiny"
    assert visitor.client.post(
        "/s/tiny", query_string={"pid": sent}, data={**visitor.hidden(), "consent": "yes"}
    ).location == ("/s/tiny/screening")
    visitor.get("/s/tiny/screening")
    assert row_of(database, visitor)
    assert panel_id_of(database, row_of(database, visitor).id) is None


def test_nothing_else_that_is_sent_gets_into_the_link(visitor: Visitor) -> None:
    visitor.get("/s/tiny?pid=x1&complete=https://evil.example&next=//evil.example")
    visitor.press({"consent": "yes"})
    visitor.press({"does": "never", "link": "https://evil.example"})
    page = visitor.get("/s/tiny/thanks?next=https://evil.example&pid=other&link=//evil.example")
    assert "evil" not in page.text
    assert "other" not in page.text


def test_the_id_stays_when_the_page_is_shown_again(visitor: Visitor, database: Database) -> None:
    visitor.get("/s/tiny?pid=x1")
    visitor.press({})
    assert "Please tick the box" in text_of(visitor.page)
    visitor.press({"consent": "yes"})
    assert panel_id_of(database, row_of(database, visitor).id) == "x1"


def test_an_id_of_a_panel_begins_one_response(app: Flask, visitor: Visitor, database: Database) -> None:
    visitor.get("/s/tiny?pid=x1")
    visitor.press({"consent": "yes"})
    assert visitor.path == "/s/tiny/screening"
    for one in (visitor, another(app)):
        one.get("/s/tiny?pid=x1")
        assert one.press({"consent": "yes"}).status_code == 409
        assert one.heading == "This link has been used already"
    assert counts(database, "tiny").in_progress == 1
    other = another(app)
    other.get("/s/tiny?pid=x2")
    assert other.press({"consent": "yes"}).status_code == 200


def test_who_comes_from_a_panel_and_presses_start_twice_goes_on(visitor: Visitor, database: Database) -> None:
    visitor.get("/s/tiny?pid=x1")
    first, second = (visitor.post({"consent": "yes"}) for _ in range(2))
    assert first.location == second.location == "/s/tiny/screening"
    assert visitor.get(second.location).status_code == 200
    assert panel_id_of(database, row_of(database, visitor).id) == "x1"
    assert counts(database, "tiny").in_progress == 1


# answers that are saved before their page is sent


def autosave(visitor: Visitor, path: str, **fields: str) -> int:
    """Send some answers of a page as its script does."""
    return visitor.client.post(f"{path}/answers", data={**visitor.hidden(), **fields}).status_code


def test_a_quota_over_two_pages_lets_those_go_on_whose_second_page_was_saved_in_the_background(
    visitor: Visitor, settings: Settings, database: Database, clock: SetClock
) -> None:
    cell = "quotas:\n  - {id: cell, where: {function: sales, mode: retain}, limit: 5}\n"
    start = GATED.index("quotas:")
    write(settings.workspace, "surveys/tiny.yaml", GATED[:start] + cell + GATED[GATED.index("end:", start) :])
    publish(database, load_survey(settings, "tiny"), clock())
    visitor.answer(DOES, ABOUT)
    at_mode = visitor.path
    assert autosave(visitor, at_mode, **MODE) == 204
    visitor.press(MODE)
    assert visitor.path not in (at_mode, "/s/tiny/about-1")
    assert filled(database, clock) == {"cell": (0, 1, 4)}


def test_ratings_are_kept_while_a_page_before_has_to_be_sent_again(visitor: Visitor, database: Database) -> None:
    visitor.answer(DOES, MARKETER, MODE)
    at_ratings, hidden = visitor.path, visitor.hidden()
    visitor.get("/s/tiny/about-1")
    assert autosave(visitor, "/s/tiny/about-1", function="sales") == 204
    background = {name: value for name, value in FIRST.items() if name.startswith("imp_")}
    assert visitor.client.post(f"{at_ratings}/answers", data={**hidden, **background}).status_code == 204
    sent = visitor.client.post(at_ratings, data={**hidden, **FIRST, "go": "next"})
    assert (sent.status_code, sent.location) == (303, "/s/tiny/about-1")
    assert len(answers_of(database, row_of(database, visitor).id)[1]) == 2
    visitor.get("/s/tiny/about-1")
    visitor.press(ABOUT)
    visitor.press(MODE)
    assert visitor.path == at_ratings

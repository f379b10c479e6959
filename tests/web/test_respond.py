"""A respondent's way through a survey, from the list of surveys to the thanks."""

from __future__ import annotations

import sqlite3
import unicodedata
from datetime import datetime
from pathlib import Path
from urllib.parse import urlencode

import pytest
from flask import Flask
from flask.testing import FlaskClient

from jtbd.settings import Settings
from jtbd.store.database import Database
from jtbd.store.responses import ResponseRow, find_by_code
from jtbd.store.surveys import counts, publish, set_status
from jtbd.survey.compile import load_survey
from jtbd.survey.model import Rating
from jtbd.web.app import create_app
from tests.held import answers_of
from tests.survey.samples import RETAIN, TINY, write
from tests.web.conftest import SetClock
from tests.web.visitor import ABOUT, FIRST, LAST, Visitor, preview_path, text_of

RETAINED = {
    "sample-leaving-time": Rating(5, 2),
    "sample-leaving-cause": Rating(4, 1),
    "sample-handover-unanswered": Rating(3, 3),
    "sample-change-promised": Rating(5, 5),
}


def response_of(database: Database, code: str) -> ResponseRow:
    row = find_by_code(database, code)
    assert row
    return row


def ratings_of(database: Database, code: str) -> dict[str, Rating]:
    return answers_of(database, response_of(database, code).id)[1]


# the way through


def test_open_surveys_are_listed_with_first_sentence_and_time(visitor: Visitor) -> None:
    visitor.get("/")
    assert visitor.soup.select_one("a[href='/s/tiny']")
    assert "Two short pages about your work." in visitor.page.text
    assert "About 1 minute" in visitor.page.text


def test_without_an_open_survey_the_list_says_so_politely(
    visitor: Visitor, database: Database, clock: SetClock
) -> None:
    set_status(database, "tiny", "closed", clock())
    assert visitor.get("/").status_code == 200
    assert "No survey is open" in visitor.page.text


def test_a_survey_is_answered_to_the_end(visitor: Visitor, database: Database, clock: SetClock) -> None:
    visitor.finish()

    assert visitor.path == "/s/tiny/thanks"
    row = response_of(database, visitor.code)
    assert (row.status, row.kind, row.completed_at) == ("complete", "real", clock())
    answers, ratings, _ = answers_of(database, row.id)
    assert answers == {"function": "sales", "solution": "suite", "organisation": "Acme", "mode": "retain"}
    assert ratings == RETAINED


def test_a_response_begins_only_with_consent(visitor: Visitor, database: Database) -> None:
    visitor.get("/s/tiny")
    answer = visitor.press({})
    assert answer.status_code == 422
    assert visitor.soup.title
    assert visitor.soup.title.text.startswith("Error:")
    assert visitor.soup.select_one(".problems a[href='#f-consent']")
    assert counts(database, "tiny").in_progress == 0


def test_every_redirect_is_a_303(visitor: Visitor) -> None:
    visitor.get("/s/tiny")
    assert visitor.post({"consent": "yes"}).status_code == 303
    visitor.get("/s/tiny/about-1")
    assert visitor.post({**ABOUT, "go": "next"}).status_code == 303
    assert visitor.client.get("/s/tiny/retain.hand-over").status_code == 303


def test_consent_is_given_to_the_text_that_was_shown(
    visitor: Visitor, settings: Settings, database: Database, clock: SetClock
) -> None:
    visitor.get("/s/tiny")
    write(settings.workspace, "surveys/tiny.yaml", TINY.replace("Your answers are stored", "We keep all"))
    publish(database, load_survey(settings, "tiny"), clock())
    answer = visitor.press({"consent": "yes"})
    assert answer.status_code == 409
    assert "We keep all" in answer.text
    assert "consent" not in visitor.shown
    assert counts(database, "tiny").in_progress == 0


def test_progress_counts_steps_and_minutes(visitor: Visitor) -> None:
    visitor.answer(ABOUT)
    assert "Step 2 of 4" in visitor.page.text
    assert "about 1 minute left" in visitor.page.text


def test_the_first_page_of_ratings_introduces_its_map(visitor: Visitor) -> None:
    visitor.answer(ABOUT, {"mode": "acquire"})
    assert "Work with organisations that have not bought before." in visitor.page.text
    visitor.press({})
    visitor.press({})  # past the reminder
    assert visitor.path == "/s/tiny/acquire.hand-over"
    assert "Work with organisations that have not bought before." not in visitor.page.text


def test_ratings_may_be_left_blank(visitor: Visitor, database: Database) -> None:
    part = {"imp_sample-leaving-time": "5"}
    visitor.answer(ABOUT, {"mode": "retain"}, part, part, {}, {})  # each page twice: past its reminder
    assert visitor.path == "/s/tiny/thanks"
    assert ratings_of(database, visitor.code) == {"sample-leaving-time": Rating(5, None)}


def test_an_optional_question_can_be_taken_back(visitor: Visitor, database: Database) -> None:
    visitor.answer(ABOUT)
    code = visitor.code
    visitor.get("/s/tiny/about-1")
    visitor.press({"function": "", "solution": "suite", "organisation": ""})
    assert answers_of(database, response_of(database, code).id)[0] == {"solution": "suite"}
    visitor.get("/s/tiny/about-1")
    assert visitor.shown == {"function": "", "solution": "suite"}


# going back, changing one's mind, stopping and going on


def test_back_saves_and_shows_the_page_before(visitor: Visitor, database: Database) -> None:
    visitor.answer(ABOUT, {"mode": "retain"})
    visitor.press(FIRST, go="back")
    assert visitor.path == "/s/tiny/mode"
    assert visitor.shown == {"mode": "retain"}
    assert ratings_of(database, visitor.code)["sample-leaving-time"] == Rating(5, 2)
    visitor.press({"mode": "retain"})
    assert visitor.shown == FIRST


def test_back_saves_what_is_valid_and_a_required_answer_is_still_owed(visitor: Visitor, database: Database) -> None:
    visitor.answer(ABOUT, {"mode": "retain"}, FIRST)
    visitor.get("/s/tiny/mode")
    visitor.press({"mode": ""}, go="back")
    code = visitor.code
    assert visitor.path == "/s/tiny/about-1"
    assert visitor.get(f"/r/{code}").request.path == "/s/tiny/retain.hand-over"  # what was answered stands
    visitor.get("/s/tiny/about-1")
    visitor.press({"solution": "", "organisation": "Other"}, go="back")
    answers = answers_of(database, response_of(database, code).id)[0]
    assert (answers["organisation"], answers["solution"]) == ("Other", "suite")


def test_back_from_an_empty_page_leaves_it_unsaved(visitor: Visitor) -> None:
    visitor.answer(ABOUT, {"mode": "retain"})
    visitor.press({}, go="back")
    visitor.get(f"/r/{visitor.code}")
    assert visitor.path == "/s/tiny/retain.notice-leaving"


def test_a_part_filled_required_page_left_by_back_is_where_one_goes_on(visitor: Visitor) -> None:
    visitor.start()
    code = visitor.code
    visitor.press({"organisation": "Acme"}, go="back")
    assert visitor.path == "/s/tiny"
    visitor.get(f"/r/{code}")
    assert visitor.path == "/s/tiny/about-1"
    assert visitor.shown["organisation"] == "Acme"


def test_a_changed_mode_leads_to_its_own_pages(visitor: Visitor, database: Database) -> None:
    part = {"imp_sample-audience-time": "5", "sat_sample-audience-time": "1"}
    visitor.answer(ABOUT, {"mode": "acquire"}, part, part)
    visitor.get("/s/tiny/mode")
    visitor.press({"mode": "retain"})
    assert visitor.path == "/s/tiny/retain.notice-leaving"
    visitor.press(FIRST)
    visitor.press(LAST)
    assert ratings_of(database, visitor.code) == RETAINED


def test_pages_one_has_come_to_may_be_visited_and_no_others(visitor: Visitor) -> None:
    visitor.answer(ABOUT, {"mode": "retain"})
    for page_id in ("about-1", "mode", "retain.notice-leaving"):
        assert visitor.get(f"/s/tiny/{page_id}").request.path == f"/s/tiny/{page_id}"
    for page_id in ("retain.hand-over", "acquire.hand-over", "thanks"):
        assert visitor.get(f"/s/tiny/{page_id}").request.path == "/s/tiny/retain.notice-leaving"


def test_a_page_cannot_be_sent_before_its_turn(visitor: Visitor, database: Database) -> None:
    visitor.start()
    answer = visitor.post(LAST, "/s/tiny/retain.hand-over")
    assert answer.location == "/s/tiny/about-1"
    assert ratings_of(database, visitor.code) == {}


def test_the_start_page_offers_to_go_on(visitor: Visitor, database: Database) -> None:
    visitor.answer(ABOUT)
    first = visitor.code
    visitor.get("/s/tiny")
    link = visitor.soup.find("a", string="Go on where you stopped")
    assert link
    assert link["href"] == "/s/tiny/mode"  # type: ignore[index]
    visitor.press({"consent": "yes"})
    assert visitor.path == "/s/tiny/about-1"
    assert visitor.code != first
    assert counts(database, "tiny").in_progress == 2


def test_after_cookies_are_lost_the_link_leads_on(visitor: Visitor, app: Flask) -> None:
    visitor.answer(ABOUT, {"mode": "retain"}, FIRST)
    elsewhere = Visitor(app.test_client())
    elsewhere.get(f"/r/{visitor.code}")
    assert elsewhere.path == "/s/tiny/retain.hand-over"
    elsewhere.press(LAST)
    assert elsewhere.path == "/s/tiny/thanks"
    assert Visitor(app.test_client()).get(f"/r/{visitor.code}").request.path == "/s/tiny/thanks"


def test_an_unknown_code_gets_a_polite_404(client: FlaskClient) -> None:
    answer = client.get("/r/nobody")
    assert answer.status_code == 404
    assert "leads to no answers" in answer.text


def test_a_page_without_a_response_leads_to_the_start(visitor: Visitor) -> None:
    assert visitor.get("/s/tiny/mode").request.path == "/s/tiny"


def test_a_response_stays_on_the_revision_it_began(
    visitor: Visitor, settings: Settings, database: Database, clock: SetClock
) -> None:
    visitor.start()
    write(settings.workspace, "surveys/tiny.yaml", TINY.replace("Which work do you know best?", "Which is yours?"))
    publish(database, load_survey(settings, "tiny"), clock())
    visitor.press(ABOUT)
    assert "Which work do you know best?" in visitor.page.text


def test_a_response_is_finished_as_it_began_after_its_outcomes_are_gone_and_the_survey_is_closed(
    visitor: Visitor, settings: Settings, database: Database, clock: SetClock
) -> None:
    visitor.answer(ABOUT, {"mode": "retain"})
    began = response_of(database, visitor.code).revision_id
    write(settings.workspace, "maps/retain.yaml", RETAIN.replace("sample-leaving-", "sample-staying-"))
    publish(database, load_survey(settings, "tiny"), clock())
    set_status(database, "tiny", "closed", clock())
    visitor.press(FIRST)
    visitor.press(LAST)
    assert visitor.path == "/s/tiny/thanks"
    row = response_of(database, visitor.code)
    assert (row.status, row.revision_id) == ("complete", began)
    assert ratings_of(database, visitor.code) == RETAINED


# sent twice, sent late, sent from elsewhere


def test_a_page_sent_twice_is_stored_once(visitor: Visitor, database: Database) -> None:
    visitor.answer(ABOUT, {"mode": "retain"})
    first, second = visitor.post({**FIRST, "go": "next"}), visitor.post({**FIRST, "go": "next"})
    assert first.location == second.location == "/s/tiny/retain.hand-over"
    assert len(ratings_of(database, visitor.code)) == 2


def test_a_finished_response_does_not_change(visitor: Visitor, database: Database) -> None:
    visitor.answer(ABOUT, {"mode": "retain"}, FIRST)
    last, code, hidden = visitor.path, visitor.code, visitor.hidden()
    visitor.press(LAST)
    answer = visitor.client.post(last, data={**hidden, "imp_sample-change-promised": "1", "go": "next"})
    assert answer.status_code == 409
    assert "already complete" in answer.text
    assert ratings_of(database, code) == RETAINED


def test_the_last_page_sent_twice_leads_to_the_thanks_both_times(visitor: Visitor, database: Database) -> None:
    visitor.answer(ABOUT, {"mode": "retain"}, FIRST)
    first, second = visitor.post({**LAST, "go": "next"}), visitor.post({**LAST, "go": "next"})
    assert (first.status_code, second.status_code) == (303, 303)
    assert first.location == second.location == "/s/tiny/thanks"
    assert ratings_of(database, visitor.code) == RETAINED


def test_back_after_the_end_leads_to_the_thanks(visitor: Visitor) -> None:
    visitor.finish()
    assert visitor.get("/s/tiny/retain.hand-over").request.path == "/s/tiny/thanks"
    visitor.get("/s/tiny")
    assert "Answers from this browser are complete" in visitor.page.text


def test_the_thanks_name_the_reference_and_how_to_have_answers_deleted(visitor: Visitor) -> None:
    visitor.finish()
    assert visitor.code in visitor.page.text
    assert "deleted" in visitor.page.text
    assert "Thank you." in visitor.page.text


def test_two_tabs_each_go_on_with_their_own_response(visitor: Visitor, database: Database) -> None:
    visitor.answer(ABOUT, {"mode": "retain"})
    first, hidden, path = visitor.code, visitor.hidden(), visitor.path
    visitor.start()  # the other tab starts again
    second = visitor.code
    answer = visitor.client.post(path, data={**hidden, **FIRST, "go": "next"})
    assert answer.location == "/s/tiny/retain.hand-over"
    assert len(ratings_of(database, first)) == 2
    assert ratings_of(database, second) == {}


@pytest.mark.parametrize("token", ["", "20990101000000##forged", "no separator"])
def test_without_a_valid_token_answers_are_kept_in_the_page(visitor: Visitor, database: Database, token: str) -> None:
    visitor.answer(ABOUT, {"mode": "retain"})
    visitor.page = visitor.post(FIRST, csrf_token=token)
    assert visitor.page.status_code == 400
    assert "your answers are still here" in visitor.page.text
    assert visitor.shown == FIRST
    assert ratings_of(database, visitor.code) == {}
    visitor.press(dict(visitor.shown))
    assert len(ratings_of(database, visitor.code)) == 2


def test_a_page_open_overnight_keeps_its_answers(visitor: Visitor, clock: SetClock) -> None:
    visitor.start()
    clock.move(hours=13)
    visitor.press(ABOUT)
    assert visitor.page.status_code == 400
    assert visitor.shown == ABOUT
    visitor.press(dict(visitor.shown))
    assert visitor.path == "/s/tiny/mode"


def test_a_page_sent_after_cookies_were_cleared_keeps_its_answers(visitor: Visitor, app: Flask) -> None:
    visitor.start()
    elsewhere = Visitor(app.test_client())
    elsewhere.path = visitor.path
    elsewhere.page = elsewhere.client.post(visitor.path, data={**visitor.hidden(), **ABOUT})
    assert elsewhere.page.status_code == 400
    assert elsewhere.shown == ABOUT
    elsewhere.press(dict(elsewhere.shown))
    assert elsewhere.path == "/s/tiny/mode"


def test_a_page_of_nobody_explains_cookies_and_the_link(client: FlaskClient) -> None:
    answer = client.post("/s/tiny/about-1", data=ABOUT)
    assert answer.status_code == 400
    assert "cookies" in answer.text
    assert "link you kept" in answer.text


def test_a_start_without_cookies_keeps_the_tick(visitor: Visitor) -> None:
    visitor.get("/s/tiny")
    visitor.page = visitor.post({"consent": "yes"}, csrf_token="")
    assert visitor.page.status_code == 400
    assert "cookies" in visitor.page.text
    assert visitor.shown == {"consent": "yes"}


# closed, unknown, previewed


def test_a_closed_survey_takes_nobody_new(visitor: Visitor, database: Database, clock: SetClock) -> None:
    visitor.get("/s/tiny")
    set_status(database, "tiny", "closed", clock())
    for answer in (visitor.post({"consent": "yes"}), visitor.client.get("/s/tiny")):
        assert answer.status_code == 410
        assert "closed" in answer.text


def test_who_began_before_a_survey_closed_may_finish(visitor: Visitor, database: Database, clock: SetClock) -> None:
    visitor.start()
    set_status(database, "tiny", "closed", clock())
    visitor.get("/s/tiny")
    assert "Go on where you stopped" in visitor.page.text
    assert "Start again" not in visitor.page.text
    visitor.get("/s/tiny/about-1")
    for one in (ABOUT, {"mode": "retain"}, FIRST, LAST):
        visitor.press(one)
    assert visitor.path == "/s/tiny/thanks"


@pytest.mark.parametrize(
    "path",
    ["/s/none", "/s/none/about-1", "/s/none/thanks", "/s/%00", "/s/%ff", "/s/tiny/about-99", "/s/tiny/%00", "/nowhere"],
)
def test_an_unknown_address_gets_a_polite_404(visitor: Visitor, path: str) -> None:
    visitor.start()
    answer = visitor.client.get(path)
    assert answer.status_code == 404
    assert "nothing at this address" in answer.text
    assert visitor.client.post(path, data={"go": "next"}).status_code in {404, 405}


def test_a_preview_is_a_test_and_says_so_on_every_page(
    visitor: Visitor, settings: Settings, database: Database, clock: SetClock
) -> None:
    set_status(database, "tiny", "closed", clock())
    visitor.get(preview_path(settings, "tiny"))
    assert visitor.path == "/s/tiny/about-1"
    code = visitor.code
    for one in (ABOUT, {"mode": "retain"}, FIRST, LAST):
        assert "answers are not counted" in visitor.page.text
        visitor.press(one)
    assert "answers are not counted" in visitor.page.text
    assert response_of(database, code).kind == "test"
    assert counts(database, "tiny").complete == 0


def test_starting_again_within_a_preview_stays_a_test(visitor: Visitor, settings: Settings, database: Database) -> None:
    visitor.get(preview_path(settings, "tiny"))
    visitor.start()
    assert response_of(database, visitor.code).kind == "test"


def forged(path: str) -> str:
    """Another signature; the last letter would not do, as some of its bits are of no account."""
    return f"{path[:-5]}{'A' if path[-5] != 'A' else 'B'}{path[-4:]}"


@pytest.mark.parametrize("spoil", [forged, lambda _: "/preview/x"])
def test_a_forged_preview_is_refused(visitor: Visitor, settings: Settings, database: Database, spoil: object) -> None:
    answer = visitor.client.get(spoil(preview_path(settings, "tiny")))  # type: ignore[operator]
    assert answer.status_code == 410
    assert counts(database, "tiny").test == 0


def test_a_preview_of_an_unpublished_survey_is_not_found(client: FlaskClient, settings: Settings) -> None:
    assert client.get(preview_path(settings, "unpublished")).status_code == 404


# the database fails


def test_a_page_that_cannot_be_saved_is_shown_again_with_its_answers(
    visitor: Visitor, settings: Settings, database: Database
) -> None:
    visitor.answer(ABOUT, {"mode": "retain"})
    other = sqlite3.connect(settings.workspace / "jtbd.db")
    other.execute("ALTER TABLE rating RENAME TO hidden")
    other.commit()
    visitor.page = visitor.post({**FIRST, "go": "next"})
    assert visitor.page.status_code == 503
    assert "Please press again" in visitor.page.text
    assert visitor.shown == FIRST
    assert "Step 3 of 4" in visitor.page.text
    other.execute("ALTER TABLE hidden RENAME TO rating")
    other.commit()
    other.close()
    visitor.press(dict(visitor.shown))
    assert len(ratings_of(database, visitor.code)) == 2


def test_a_database_that_is_gone_still_loses_no_answer(visitor: Visitor, settings: Settings) -> None:
    visitor.start()
    path = settings.workspace / "jtbd.db"
    _swap_away(path)
    visitor.page = visitor.post({**ABOUT, "go": "next"})
    assert visitor.page.status_code == 503
    assert visitor.shown == ABOUT
    assert visitor.client.get("/s/tiny").status_code == 503
    _swap_back(path)
    visitor.press(dict(visitor.shown))
    assert visitor.path == "/s/tiny/mode"


@pytest.mark.parametrize(("go", "led"), [("next", "/s/tiny/retain.hand-over"), ("back", "/s/tiny/mode")])
def test_a_server_that_has_never_read_the_survey_still_loses_no_answer(
    visitor: Visitor, settings: Settings, clock: SetClock, database: Database, go: str, led: str
) -> None:
    visitor.answer(ABOUT, {"mode": "retain"})
    cookie, code = visitor.client.get_cookie("jtbd"), visitor.code
    assert cookie
    fresh = create_app(settings, clock=clock)  # as one that is started while the database is away
    visitor.client = fresh.test_client()
    visitor.client.set_cookie("jtbd", cookie.value)
    _swap_away(settings.workspace / "jtbd.db")
    visitor.page = visitor.post({**FIRST, "go": go})
    assert visitor.page.status_code == 503
    assert "your answers are still here. Please press again" in visitor.page.text
    assert [str(button["value"]) for button in visitor.soup.select("button")] == [go]
    assert visitor.hidden().items() >= FIRST.items()
    _swap_back(settings.workspace / "jtbd.db")
    visitor.press({}, go=go)
    assert visitor.path == led
    assert len(ratings_of(database, code)) == 2
    fresh.extensions["jtbd"].database.dispose()


def _swap_away(path: Path) -> None:
    with sqlite3.connect(path) as connection:
        connection.execute("ALTER TABLE response RENAME TO response_away")


def _swap_back(path: Path) -> None:
    with sqlite3.connect(path) as connection:
        connection.execute("ALTER TABLE response_away RENAME TO response")


# bad input


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("solution", "crowbar"),
        ("function", "<script>"),
        ("organisation", "x" * 3_000),
        ("solution", ["suite", "sheets"]),
        ("solution", ""),
        ("solution", "\0"),
    ],
)
def test_a_value_not_offered_is_explained_and_not_stored(
    visitor: Visitor, database: Database, field: str, value: str | list[str]
) -> None:
    visitor.start()
    visitor.press({**ABOUT, field: value})
    assert visitor.page.status_code == 422
    link = visitor.soup.select_one(f".problems a[href='#f-{field}']")
    assert link
    assert visitor.soup.select_one(f"#f-{field}")
    assert visitor.soup.select_one(f"[aria-invalid][aria-describedby~='e-{field}']")
    assert visitor.soup.select_one(f"#e-{field}")
    assert answers_of(database, response_of(database, visitor.code).id) == ({}, {}, set())


@pytest.mark.parametrize("value", ["6", "0", "-1", "five", "4.0", "４", "\0", ["1", "2"]])
def test_a_rating_off_the_scale_is_explained_and_not_stored(
    visitor: Visitor, database: Database, value: str | list[str]
) -> None:
    visitor.answer(ABOUT, {"mode": "retain"})
    visitor.press({**FIRST, "imp_sample-leaving-time": value})
    assert visitor.page.status_code == 422
    assert visitor.soup.select_one(".problems a[href='#f-imp_sample-leaving-time']")
    assert visitor.soup.select_one("fieldset[aria-invalid] #f-imp_sample-leaving-time")
    assert visitor.shown["sat_sample-leaving-time"] == "2"
    assert ratings_of(database, visitor.code) == {}


def test_outcomes_and_questions_not_asked_are_ignored(visitor: Visitor, database: Database) -> None:
    strange = {"imp_sample-audience-time": "5", "imp_none": "5", "mode": "acquire", "status": "complete"}
    visitor.answer(ABOUT, {"mode": "retain"}, {**FIRST, **strange}, LAST)
    assert ratings_of(database, visitor.code) == RETAINED


def test_what_respondents_write_is_shown_as_they_wrote_it(visitor: Visitor) -> None:
    text = "\"><script>alert('1')</script>{{ 7*7 }}"
    visitor.answer({**ABOUT, "organisation": text})
    visitor.get("/s/tiny/about-1")
    assert visitor.shown["organisation"] == text
    assert not visitor.soup.find("script", src=False)


def test_texts_of_maps_and_surveys_are_shown_as_written(
    visitor: Visitor, settings: Settings, database: Database, clock: SetClock
) -> None:
    evil = TINY.replace("A tiny survey", "'<script>alert(1)</script>'").replace(
        "Where do you work?", "Where <b onclick=alert(1)>do</b> you work?"
    )
    write(settings.workspace, "surveys/tiny.yaml", evil.replace("Thank you.", "<img src=x> thanks"))
    publish(database, load_survey(settings, "tiny"), clock())
    for path in ("/", "/s/tiny"):
        visitor.get(path)
        assert not visitor.soup.find("script", src=False)
        assert "<script>alert(1)</script>" in text_of(visitor.page)
    visitor.start()
    assert "Where <b onclick=alert(1)>do</b> you work?" in text_of(visitor.page)
    for one in (ABOUT, {"mode": "retain"}, FIRST, LAST):
        assert not visitor.soup.find(["b", "img"])
        assert not visitor.soup.find("script", src=False)
        visitor.press(one)
    assert not visitor.soup.find("img")


def test_control_characters_are_dropped_from_text(visitor: Visitor, database: Database) -> None:
    visitor.answer({**ABOUT, "organisation": "Ac\0me\u202e\x07"})
    assert answers_of(database, response_of(database, visitor.code).id)[0]["organisation"] == "Acme"


@pytest.mark.parametrize(
    "text",
    [
        "\u05e2\u05d1\u05e8\u05d9\u05ea, ok\u200f!",
        "\U0001f468\u200d\U0001f469\u200d\U0001f467 \U0001f44d\U0001f3fd",
        "a\u0301\u0323 o\u0308",
        "\u0645\u06cc\u200c\u062e\u0648",
    ],
    ids=["right to left", "emoji", "combining marks", "joiners"],
)
def test_text_in_any_script_is_kept(visitor: Visitor, database: Database, text: str) -> None:
    visitor.answer({**ABOUT, "organisation": text})
    visitor.get("/s/tiny/about-1")
    assert unicodedata.normalize("NFD", visitor.shown["organisation"]) == unicodedata.normalize("NFD", text)
    stored = answers_of(database, response_of(database, visitor.code).id)[0]["organisation"]
    assert stored == visitor.shown["organisation"]
    field = visitor.soup.select_one("#f-organisation")
    assert field
    assert field["dir"] == "auto"


def test_a_megabyte_of_text_is_refused_politely(visitor: Visitor, database: Database) -> None:
    visitor.start()
    answer = visitor.post({**ABOUT, "organisation": "x" * 1_000_000})
    assert answer.status_code == 413
    assert "too much" in answer.text
    assert answers_of(database, response_of(database, visitor.code).id) == ({}, {}, set())


@pytest.mark.parametrize(("broken", "status"), [(b"%ff%fe", 303), (b"\xff\xfe", 400)], ids=["quoted", "raw"])
def test_invalid_utf_8_is_no_reason_to_fail(visitor: Visitor, database: Database, broken: bytes, status: int) -> None:
    visitor.start()
    answer = visitor.client.post(
        visitor.path,
        data=urlencode(visitor.hidden()).encode() + b"&solution=suite&organisation=" + broken + b"Acme&go=next",
        content_type="application/x-www-form-urlencoded",
    )
    assert answer.status_code == status
    stored = answers_of(database, response_of(database, visitor.code).id)[0]
    assert str(stored.get("organisation", "Acme")).endswith("Acme")


def test_a_session_that_was_tampered_with_is_a_new_visitor(client: FlaskClient) -> None:
    client.set_cookie("jtbd", "eyJyZXNwb25kOnRpbnkiOnsiY29kZSI6IngifX0.forged.signature")
    assert client.get("/s/tiny/mode").location == "/s/tiny"


def test_times_come_from_the_clock(visitor: Visitor, database: Database, clock: SetClock) -> None:
    visitor.start()
    began: datetime = clock()
    clock.move(minutes=3)
    visitor.press(ABOUT)
    row = response_of(database, visitor.code)
    assert (row.started_at, row.updated_at) == (began, clock())

"""Invitations as their holders meet them: good for one response, whoever looks at the link first."""

from __future__ import annotations

from dataclasses import replace

import pytest
from flask import Flask
from flask.testing import FlaskClient

from jtbd.settings import Settings
from jtbd.store.database import Database
from jtbd.store.invitations import Invited, invite
from jtbd.store.pilot import end_pilot
from jtbd.store.responses import find_by_code
from jtbd.store.surveys import counts, publish, set_status
from jtbd.store.waves import close_wave, open_wave
from jtbd.survey.compile import load_survey
from tests.store.samples import at_once
from tests.web.conftest import SetClock
from tests.web.test_respond import ratings_of
from tests.web.visitor import ABOUT, FIRST, LAST, Visitor, preview_path, text_of


def publish_with(database: Database, settings: Settings, clock: SetClock, **changes: object) -> None:
    plan = replace(load_survey(settings, "tiny"), **changes)  # type: ignore[arg-type]
    publish(database, plan, clock())


def invited(database: Database, clock: SetClock, *ids: str) -> list[str]:
    """The links of these people."""
    made: list[Invited] = []
    invite(database, "tiny", ids or ("p1",), clock(), made.extend)
    return [f"/i/{one.token}" for one in made]


@pytest.fixture(params=[False, True], ids=["known", "anonymous"])
def link(request: pytest.FixtureRequest, database: Database, settings: Settings, clock: SetClock) -> str:
    """An invitation to a survey for people with one."""
    publish_with(database, settings, clock, access="invited", anonymous=request.param)
    return invited(database, clock)[0]


def test_the_first_page_says_that_there_are_surveys_by_invitation(
    visitor: Visitor, database: Database, settings: Settings, clock: SetClock
) -> None:
    visitor.get("/")
    assert "invitation" not in visitor.page.text
    publish(
        database, replace(load_survey(settings, "tiny"), slug="other", title="Whom it names", access="invited"), clock()
    )
    visitor.get("/")
    assert "There are also surveys by invitation." in visitor.page.text
    set_status(database, "tiny", "closed", clock())
    visitor.get("/")
    assert "The surveys that are open at the moment are by invitation" in visitor.page.text
    assert "No survey is open" not in visitor.page.text
    assert "Whom it names" not in visitor.page.text
    visitor.get("/?lang=de")
    assert "öffnen Sie den persönlichen Link" in visitor.page.text
    set_status(database, "other", "closed", clock())
    visitor.get("/")
    assert "No survey is open" in visitor.page.text


def test_an_invitation_leads_through_the_survey(link: str, visitor: Visitor, database: Database) -> None:
    visitor.get(link)
    assert visitor.heading == "A tiny survey"
    visitor.press({"consent": "yes"})
    for one in (ABOUT, {"mode": "retain"}, FIRST, LAST):
        visitor.press(one)
    assert visitor.path == "/s/tiny/thanks"
    assert counts(database, "tiny").complete == 1
    assert len(ratings_of(database, visitor.code)) == 4


@pytest.mark.parametrize("method", ["GET", "HEAD", "OPTIONS"])
def test_looking_at_the_link_uses_nothing_up(link: str, visitor: Visitor, database: Database, method: str) -> None:
    for _ in range(3):
        assert visitor.client.open(link, method=method).status_code == 200
    visitor.get(link)
    assert visitor.press({}).status_code == 422, "nor does a form without consent"
    assert visitor.press({"consent": "yes", "csrf_token": "forged"}).status_code == 400
    assert counts(database, "tiny").in_progress == 0
    visitor.get(link)
    assert visitor.press({"consent": "yes"}).status_code == 200
    assert counts(database, "tiny").in_progress == 1


def test_the_text_agreed_to_is_the_one_shown(
    link: str, visitor: Visitor, settings: Settings, database: Database, clock: SetClock
) -> None:
    visitor.get(link)
    publish_with(database, settings, clock, access="invited", consent="Another text.")
    assert visitor.press({"consent": "yes"}).status_code == 409
    assert "Another text." in visitor.page.text
    visitor.press({"consent": "yes"})
    with database.read() as connection:
        query = "SELECT c.text FROM response JOIN consent_text c ON c.id = consent_text_id"
        assert connection.exec_driver_sql(query).all() == [("Another text.",)]


def test_without_an_invitation_the_survey_explains_and_does_not_start(
    link: str, visitor: Visitor, app: Flask, database: Database
) -> None:
    answer = visitor.get("/s/tiny")
    assert answer.status_code == 403
    assert "by invitation" in visitor.heading
    assert not visitor.soup.select("form")
    assert "tiny" not in visitor.get("/").text
    visitor.get(link)
    page = visitor.hidden()
    assert visitor.client.post("/s/tiny", data={**page, "consent": "yes"}).status_code == 403
    assert counts(database, "tiny").in_progress == 0


def test_who_began_by_invitation_goes_on_at_the_surveys_own_address(link: str, visitor: Visitor) -> None:
    visitor.get(link)
    visitor.press({"consent": "yes"})
    visitor.get("/s/tiny")
    assert visitor.soup.select_one("a.button")
    assert not visitor.soup.select("form"), "nobody begins twice"


def test_a_preview_needs_no_invitation(link: str, visitor: Visitor, settings: Settings, database: Database) -> None:
    visitor.get(preview_path(settings, "tiny"))
    visitor.get("/s/tiny")
    assert visitor.press({"consent": "yes"}).status_code == 200
    assert counts(database, "tiny").test == 2


def test_in_another_browser_the_link_resumes_the_response(
    database: Database, settings: Settings, clock: SetClock, visitor: Visitor, app: Flask
) -> None:
    publish_with(database, settings, clock, access="invited")
    (link,) = invited(database, clock)
    visitor.get(link)
    visitor.press({"consent": "yes"})
    visitor.press(ABOUT)
    other = Visitor(app.test_client())
    other.get(link)
    assert (other.path, other.code) == ("/s/tiny/mode", visitor.code)
    for one in ({"mode": "retain"}, FIRST, LAST):
        other.press(one)
    visitor.get(link)
    assert visitor.path == "/s/tiny/thanks"
    assert counts(database, "tiny").complete == 1


def test_in_another_browser_an_anonymous_invitation_says_that_it_was_used(
    database: Database, settings: Settings, clock: SetClock, visitor: Visitor, app: Flask
) -> None:
    publish_with(database, settings, clock, access="invited", anonymous=True)
    (link,) = invited(database, clock)
    visitor.get(link)
    assert "anonymous" in visitor.page.text
    visitor.press({"consent": "yes"})
    code = visitor.code
    other = Visitor(app.test_client())
    assert other.get(link).status_code == 410
    assert "used" in other.heading
    assert other.get(f"/r/{code}").status_code == 200, "the code, in the respondent's hands, leads back"
    visitor.get(link)
    assert visitor.path == "/s/tiny/about-1", "so does the browser"


def test_a_start_sent_twice_begins_one_response_even_if_the_first_answer_was_lost(
    link: str, visitor: Visitor, app: Flask, database: Database
) -> None:
    visitor.get(link)
    form = {**visitor.hidden(), "consent": "yes"}
    cookie = visitor.client.get_cookie("jtbd")
    assert cookie
    sent = []
    for _ in range(2):
        browser = app.test_client()
        browser.set_cookie("jtbd", cookie.value)
        sent.append(browser.post(link, data=form))
        assert browser.get(sent[-1].location).status_code == 200
    assert [one.status_code for one in sent] == [303, 303]
    assert counts(database, "tiny").in_progress == 1


def test_twenty_starts_at_once_begin_one_response(link: str, app: Flask, database: Database) -> None:
    pages = []
    for _ in range(20):
        visitor = Visitor(app.test_client())
        visitor.get(link)
        pages.append((visitor.client, {**visitor.hidden(), "consent": "yes"}))

    def start(client: FlaskClient, form: dict[str, str]) -> int:
        return client.post(link, data=form).status_code

    found = at_once([lambda client=client, form=form: start(client, form) for client, form in pages])
    assert set(found) <= {303, 410}
    assert found.count(303) in {1, 20}, "all of one known person, or the first of an anonymous one"
    assert counts(database, "tiny").in_progress == 1


def test_each_invitation_begins_its_own_response(
    database: Database, settings: Settings, clock: SetClock, visitor: Visitor
) -> None:
    """Also in one browser: the earlier response of a shared computer is not taken up, and not changed."""
    publish_with(database, settings, clock)
    codes = []
    for link in invited(database, clock, "p1", "p2"):
        visitor.get(link)
        visitor.press({"consent": "yes"})
        codes.append(visitor.code)
    assert len(set(codes)) == 2
    assert counts(database, "tiny").in_progress == 2


def test_an_unknown_invitation_gets_a_polite_404(client: FlaskClient) -> None:
    for token in ("x", "%00", "é" * 50):
        assert client.get(f"/i/{token}").status_code == 404
        assert client.post(f"/i/{token}", data={"consent": "yes"}).status_code == 404


def test_a_closed_survey_takes_no_new_invitation_and_lets_go_on(
    link: str, visitor: Visitor, app: Flask, database: Database, clock: SetClock
) -> None:
    visitor.get(link)
    set_status(database, "tiny", "closed", clock())
    answer = visitor.post({"consent": "yes"})
    assert (answer.status_code, "closed" in text_of(answer)) == (410, True)
    assert visitor.get(link).status_code == 410
    set_status(database, "tiny", "open", clock())
    visitor.get(link)
    visitor.press({"consent": "yes"})
    set_status(database, "tiny", "closed", clock())
    assert visitor.get(link).status_code == 200


def test_an_invitation_is_to_its_wave(
    database: Database, settings: Settings, clock: SetClock, visitor: Visitor, app: Flask
) -> None:
    publish_with(database, settings, clock, access="invited")
    open_wave(database, "tiny", "first", clock())
    unused, used = invited(database, clock, "p1", "p2")
    visitor.get(used)
    visitor.press({"consent": "yes"})
    late = Visitor(app.test_client())
    late.get(unused)
    close_wave(database, "tiny", clock())
    open_wave(database, "tiny", "second", clock())
    assert late.press({"consent": "yes"}).status_code == 410
    assert late.get(unused).status_code == 410
    assert "ended" in late.heading
    visitor.get(used)
    assert visitor.path == "/s/tiny/about-1", "who began in time may finish"
    (again,) = invited(database, clock, "p2")
    late.get(again)
    late.press({"consent": "yes"})
    row = find_by_code(database, late.code)
    assert row
    assert row.wave == 2


def test_languages_stay_on_the_invitations_own_page(
    database: Database, settings: Settings, clock: SetClock, visitor: Visitor
) -> None:
    plan = load_survey(settings, "tiny")
    german = replace(plan, language="de", language_name="Deutsch", title="Eine kleine Umfrage")
    publish(database, replace(plan, language_name="English", translations=(german,), access="invited"), clock())
    (link,) = invited(database, clock)
    visitor.get(link)
    assert visitor.soup.select_one(f"nav a[href='{link}?lang=de']")
    visitor.get(f"{link}?lang=de")
    assert visitor.heading == "Eine kleine Umfrage"
    visitor.press({"consent": "yes"})
    row = find_by_code(database, visitor.code)
    assert row
    assert row.language == "de"


@pytest.mark.parametrize("delete_answers", [False, True])
def test_after_a_pilot_the_mailed_link_begins_for_real(
    link: str, visitor: Visitor, app: Flask, database: Database, clock: SetClock, *, delete_answers: bool
) -> None:
    visitor.get(link)
    visitor.press({"consent": "yes"})
    tried = visitor.code
    end_pilot(database, "tiny", delete_answers=delete_answers, expected=1, by="Ada", now=clock())
    for browser in (Visitor(app.test_client()), visitor):
        assert browser.get(link).status_code == 200
        assert browser.heading == "A tiny survey"
    visitor.press({"consent": "yes"})
    assert "answers are not counted" not in visitor.page.text
    found = find_by_code(database, visitor.code)
    assert found
    assert found.kind == "real"
    if not delete_answers:
        kept = find_by_code(database, tried)
        assert kept, "its respondent can still erase it"
        assert kept.kind == "test"

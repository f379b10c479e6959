"""In which language a respondent is asked: by link, then browser, then the survey's own."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest
from bs4 import BeautifulSoup
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import text

from jtbd.settings import Settings
from jtbd.store.database import Database
from jtbd.store.responses import find_by_code
from jtbd.store.surveys import publish, set_status
from jtbd.survey.compile import load_survey
from jtbd.translation.interface import interface_to_fill
from jtbd.web.app import create_app
from tests.survey.samples import write
from tests.translation.samples import OFFERED, bracketed, offered_workspace, translate_all
from tests.web.conftest import SetClock
from tests.web.test_html import EVERYTHING, PAGES
from tests.web.visitor import ABOUT, FIRST, Visitor, preview_path

GERMAN = {"Accept-Language": "de-AT,de;q=0.9,en;q=0.5"}


@pytest.fixture
def settings(tmp_path: Path, clock: SetClock) -> Settings:
    """The survey ``tiny`` in English, German and Spanish."""
    settings = offered_workspace(tmp_path)
    database = Database(settings.database_url)
    database.upgrade()
    publish(database, load_survey(settings, "tiny"), clock())
    database.dispose()
    return settings


def language_of(page: BeautifulSoup) -> str:
    assert page.html
    return str(page.html["lang"])


def stored(database: Database, visitor: Visitor) -> str:
    row = find_by_code(database, visitor.code)
    assert row
    return row.language


@pytest.mark.parametrize(
    ("query", "browser", "expected"),
    [
        ("", "", "en"),
        ("", "de-AT,de;q=0.9", "de"),
        ("", "fr,es;q=0.5", "es"),
        ("", "fr", "en"),
        ("", "de;q=0,es", "es"),
        ("?lang=es", "de", "es"),
        ("?lang=de-CH", "es", "de"),
        ("?lang=DE", "", "de"),
        ("?lang=fr", "es", "es"),
        ("?lang=en", "de", "en"),
        ("?lang=../../x", "de", "de"),
        ("?lang=%00", ";;q=x", "en"),
    ],
)
def test_the_link_goes_before_the_browser_and_the_browser_before_the_survey(
    client: FlaskClient, query: str, browser: str, expected: str
) -> None:
    page = BeautifulSoup(client.get(f"/s/tiny{query}", headers={"Accept-Language": browser}).text, "html.parser")
    assert language_of(page) == expected
    assert page.h1
    assert page.h1.text == ("A tiny survey" if expected == "en" else f"[{expected}] A tiny survey")
    assert page.select_one("form button")
    assert page.select("form button")[-1].text == {"en": "Start", "de": "Beginnen", "es": "Empezar"}[expected]


def test_a_switcher_names_each_language_in_its_own_words(visitor: Visitor) -> None:
    visitor.get("/s/tiny?lang=de")
    links = visitor.soup.select("nav.languages a")
    assert [(one["lang"], one.text, one.get("aria-current")) for one in links] == [
        ("en", "English", None), ("de", "Deutsch", "true"), ("es", "Español", None),
    ]  # fmt: skip
    visitor.get(str(links[2]["href"]))
    assert visitor.heading == "[es] A tiny survey"


def test_the_language_is_kept_to_the_end_and_stored(visitor: Visitor, database: Database) -> None:
    visitor.get("/s/tiny?lang=de")
    visitor.press({"consent": "yes"})
    assert visitor.heading == "Über Sie und Ihre Arbeit"
    for fields in (ABOUT, {"mode": "retain"}):
        visitor.press(fields)
        assert language_of(visitor.soup) == "de"
    assert visitor.soup.h2
    assert visitor.soup.h2.text == "[de] Minimize the time it takes to learn that a customer is about to leave"
    assert "Denken Sie an Ihre eigene Arbeit" in visitor.page.text
    assert visitor.soup.select("button")[-1].text == "Weiter"
    visitor.press(FIRST)
    visitor.press({})
    assert "2 Zeilen sind noch nicht vollständig bewertet" in visitor.page.text
    visitor.press({})
    assert visitor.heading == "Sie sind am Ende angekommen"
    assert stored(database, visitor) == "de"


def test_the_consent_text_that_was_read_is_the_one_stored(visitor: Visitor, settings: Settings) -> None:
    visitor.get("/s/tiny?lang=es")
    visitor.press({"consent": "yes"})
    with sqlite3.connect(settings.workspace / "jtbd.db") as connection:
        assert connection.execute("SELECT text FROM consent_text").fetchall() == [
            ("[es] Your answers are stored for this test.",)
        ]


def test_the_language_of_the_page_sent_counts_not_that_of_the_browser_since(
    visitor: Visitor, database: Database
) -> None:
    visitor.get("/s/tiny?lang=de")
    visitor.path = "/s/tiny"  # the address without the language, as after a failed attempt
    visitor.press({})
    assert language_of(visitor.soup) == "de"
    assert "Bitte setzen Sie das Häkchen" in visitor.page.text
    visitor.press({"consent": "yes"})
    assert stored(database, visitor) == "de"


def test_a_response_goes_on_in_the_language_in_which_it_began(app: Flask, visitor: Visitor) -> None:
    visitor.get("/s/tiny?lang=de")
    visitor.press({"consent": "yes"})
    elsewhere = Visitor(app.test_client())
    elsewhere.client.environ_base["HTTP_ACCEPT_LANGUAGE"] = "es"
    elsewhere.get(f"/r/{visitor.code}")
    assert language_of(elsewhere.soup) == "de"
    elsewhere.get("/s/tiny")
    assert elsewhere.heading == "[de] A tiny survey"
    elsewhere.get("/s/tiny?lang=es")
    assert elsewhere.heading == "[es] A tiny survey"


def test_a_preview_can_be_had_in_each_language(visitor: Visitor, settings: Settings, database: Database) -> None:
    visitor.get(preview_path(settings, "tiny") + "?lang=es")
    assert language_of(visitor.soup) == "es"
    assert "Vista previa:" in visitor.page.text
    assert stored(database, visitor) == "es"


def test_surveys_are_listed_in_the_visitors_language(client: FlaskClient) -> None:
    page = client.get("/", headers=GERMAN).text
    assert "Sie sind herzlich eingeladen, an dieser Umfrage teilzunehmen." in page
    assert "[de] Two short pages about your work." in page
    assert "Etwa 1 Minute" in page
    soup = BeautifulSoup(client.get("/?lang=es", headers=GERMAN).text, "html.parser")
    assert language_of(soup) == "es"
    assert soup.select_one("a[href='/s/tiny?lang=es']")


def test_errors_are_told_in_the_visitors_language(client: FlaskClient, database: Database, clock: SetClock) -> None:
    assert "Unter dieser Adresse gibt es nichts" in client.get("/s/none", headers=GERMAN).text
    assert "Este enlace no lleva a ninguna respuesta" in client.get("/r/none?lang=es", headers=GERMAN).text
    set_status(database, "tiny", "closed", clock())
    assert "„[de] A tiny survey“ ist zu Ende" in client.get("/s/tiny", headers=GERMAN).text
    assert "There is nothing at this address" in client.get("/studio/none/none", headers=GERMAN).text


def test_numbers_in_messages_are_written_as_the_language_does(visitor: Visitor) -> None:
    visitor.get("/s/tiny?lang=de")
    visitor.press({"consent": "yes"})
    visitor.press({**ABOUT, "organisation": "x" * 2345})
    assert "Bitte schreiben Sie höchstens 2.000 Zeichen; es sind 2.345" in visitor.page.text
    assert "1 Antwort braucht Ihre Aufmerksamkeit" in visitor.page.text


def test_a_page_is_shown_in_its_language_while_the_database_is_away(
    app: Flask, visitor: Visitor, database: Database
) -> None:
    visitor.get("/s/tiny?lang=de")
    visitor.press({"consent": "yes"})
    visitor.post(ABOUT)
    with database.write() as connection:
        connection.execute(text("ALTER TABLE response RENAME TO gone"))
    answer = visitor.post(ABOUT)
    assert answer.status_code == 503
    assert "Diese Seite ließ sich gerade nicht speichern" in answer.text
    assert 'lang="de"' in answer.text


def test_a_survey_written_in_german_speaks_german(
    visitor: Visitor, settings: Settings, database: Database, clock: SetClock
) -> None:
    write(settings.workspace, "surveys/own.yaml", EVERYTHING.replace("everything", "own").replace(": ar", ": de"))
    publish(database, load_survey(settings, "own"), clock())
    visitor.get("/s/own")
    assert visitor.soup.select("button")[-1].text == "Beginnen"
    assert not visitor.soup.select("nav.languages")


def test_a_translation_that_nobody_checked_breaks_no_page(visitor: Visitor, settings: Settings) -> None:
    update = interface_to_fill(settings, "de")
    text = update.content.decode()
    for said, instead in {
        '"Beginnen"': '"<b>Los</b>"',
        '"Etwa %(number)s Minute"': '"Etwa %(nummer)s Minute"',
        '"Schritt %(position)s von %(total)s"': '"100 % in %(position)d"',
    }.items():
        assert said in text
        text = text.replace(said, instead)
    write(settings.workspace, "templates/translations/interface.de.po", text)
    visitor.get("/s/tiny?lang=de")
    assert "&lt;b&gt;Los&lt;/b&gt;" in visitor.page.text
    assert "About 1 minute" in visitor.page.text
    visitor.press({"consent": "yes"})
    assert "Step 1 of" in visitor.page.text
    assert "Weiter" in visitor.page.text


# every text of the interface goes through its catalogue


def no_cookies(visitor: Visitor) -> None:
    visitor.start()
    visitor.client.delete_cookie("jtbd")
    visitor.page = visitor.client.post("/s/tiny/about-1?lang=eo", data=ABOUT)


def finished(visitor: Visitor) -> None:
    visitor.answer(ABOUT, {"mode": "retain"}, FIRST)
    hidden = visitor.hidden()
    visitor.press({})
    visitor.page = visitor.client.post("/s/tiny/retain.hand-over", data=hidden)


def changed(visitor: Visitor) -> None:
    visitor.get("/s/tiny")
    visitor.page = visitor.post({"consent": "yes"}, revision="0")


def begun_without_token(visitor: Visitor) -> None:
    visitor.get("/s/tiny")
    visitor.page = visitor.post({"consent": "yes"}, csrf_token="")


def too_much(visitor: Visitor) -> None:
    visitor.start()
    visitor.page = visitor.post({"organisation": "x" * 2_000_000})


MORE: dict[str, Callable[[Visitor], object]] = {
    "no-cookies": no_cookies,
    "finished-twice": finished,
    "text-changed": changed,
    "begun-without-token": begun_without_token,
    "too-much": too_much,
    "not-allowed": lambda visitor: setattr(visitor, "page", visitor.client.put("/s/tiny")),
    "old-preview": lambda visitor: visitor.get("/preview/x"),
    "many-errors": lambda visitor: (visitor.start(), visitor.press({"organisation": "x" * 3000})),
}
NEVER_TRANSLATED = {"English", "Esperanto", "Deutsch", "Español"}


@pytest.fixture
def esperanto(tmp_path: Path, clock: SetClock) -> Flask:
    """The application with every text it can translate in brackets."""
    settings = offered_workspace(tmp_path)
    write(tmp_path, "surveys/tiny.yaml", OFFERED.replace("[de, es]", "[eo]"))
    write(tmp_path, "surveys/everything.yaml", EVERYTHING.replace("language: ar", "languages: [eo]"))
    for survey in ("tiny", "everything"):
        translate_all(settings, survey, "eo", bracketed)
    database = Database(settings.database_url)
    database.upgrade()
    for survey in ("tiny", "everything"):
        publish(database, load_survey(settings, survey), clock())
    database.dispose()
    app = create_app(settings, clock=clock)
    app.testing = True
    return app


@pytest.mark.parametrize("name", [*PAGES, *MORE])
def test_every_text_of_a_page_can_be_translated(esperanto: Flask, name: str) -> None:
    client = esperanto.test_client()
    client.environ_base["HTTP_ACCEPT_LANGUAGE"] = "eo"
    visitor = Visitor(client)
    ({**PAGES, **MORE})[name](visitor)
    assert language_of(visitor.soup) == "eo"
    assert [text for text in texts_of(visitor.soup) if untranslated(text)] == []
    esperanto.extensions["jtbd"].database.dispose()


def texts_of(soup: BeautifulSoup) -> list[str]:
    """What is read or heard on a page."""
    heard = [str(one[key]) for key in ("aria-label", "title", "alt", "placeholder") for one in soup.select(f"[{key}]")]
    for own in soup.select("code, .reference a, textarea"):  # what the visitor wrote, and their code
        own.decompose()
    return heard + [text for text in soup.stripped_strings if text != "html"]


def untranslated(said: str) -> bool:
    """Whether letters stand outside all brackets."""
    while "⟦" in said and (shorter := re.sub(r"⟦[^⟦⟧]*⟧", "", said)) != said:
        said = shorter
    return said.strip() not in NEVER_TRANSLATED and bool(re.search(r"[^\W\d_]", said))


def test_what_is_not_translated_would_be_seen() -> None:
    assert untranslated("⟦Step 1 of 3⟧: Hand over")
    assert not untranslated("⟦2 of 5, towards ⟦very easy⟧⟧: ⟦Where?⟧ 7")

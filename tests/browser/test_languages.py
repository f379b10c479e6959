"""A survey in German with its long words, in Spanish, and in a language written from right to left, on a phone."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from jtbd.settings import Settings
from tests.browser.conftest import PHONE
from tests.browser.server import LiveServer, running_server
from tests.browser.test_respond import SCREENSHOTS, SIDEWAYS
from tests.survey.samples import TINY, small_workspace, write
from tests.translation.samples import Say, marked, translate_all

pytestmark = pytest.mark.browser

GERMAN = {
    "A tiny survey": "Eine Umfrage zur Kundenbindung im Geschäftskundenvertrieb",
    "Two short pages about your work.": "Zwei kurze Seiten über Ihre Arbeit mit bestehenden Kundinnen und Kunden.",
    "Your answers are stored for this test.": "Ihre Antworten werden für diese Untersuchung gespeichert.",
    "Which function do you work in?": "In welchem Unternehmensbereich arbeiten Sie?",
    "Marketing": "Marketing und Unternehmenskommunikation",
    "Sales": "Vertriebsinnendienst",
    "Service": "Kundendienstleitung",
    "What do you use today?": "Was verwenden Sie dafür heute?",
    "One suite": "Ein Kundenbeziehungsmanagementsystem",
    "Separate tools": "Verschiedene Einzelanwendungen",
    "Spreadsheets": "Tabellenkalkulationsprogramme",
    "Where do you work?": "Für welche Organisation arbeiten Sie?",
    "Leave blank if you would rather not say": "Lassen Sie das Feld leer, wenn Sie es nicht sagen möchten",
    "Which work do you know best?": "Welche Arbeit kennen Sie am besten?",
    "Winning new customers": "Neukundengewinnung",
    "Keeping customers who are about to leave": "Abwanderungsgefährdete Kundinnen und Kunden halten",
    "Notice that a customer is leaving": "Abwanderungswahrscheinlichkeiten erkennen",
    "Minimize the time it takes to learn that a customer is about to leave": (
        "Die Zeit minimieren, bis die Abwanderungsabsicht einer Geschäftskundin bekannt ist"
    ),
    "learn that a customer is about to leave": "erfahren, dass eine Kundin abwandern will",
}
ARABIC = ["تقليل", "الوقت", "اللازم", "لمعرفة", "أن", "العميل", "على", "وشك", "المغادرة"]


def german(original: str) -> str:
    return GERMAN.get(original, marked("de")(original))


def arabic(original: str) -> str:
    """As many words as the original has, with its placeholders."""
    words = (ARABIC * 20)[: max(1, len(original.split()))]
    return " ".join([*words, *re.findall(r"%\(\w+\)s", original)])


SAID: dict[str, Say] = {"de": german, "es": marked("es"), "ar": arabic}


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LiveServer]:
    folder = tmp_path_factory.mktemp("languages")
    settings: Settings = small_workspace(folder)
    for language, say in SAID.items():
        translate_all(settings, "tiny", language, say)
    write(folder, "surveys/tiny.yaml", TINY.replace("maps:", f"languages: [{', '.join(SAID)}]\nmaps:"))
    with running_server(folder, "tiny") as running:
        yield running


@pytest.fixture
def phone(browser: Browser, server: LiveServer) -> Iterator[Page]:
    context = browser.new_context(
        base_url=server.url, viewport={"width": PHONE[0], "height": PHONE[1]}, java_script_enabled=False, locale="es-MX"
    )
    page = context.new_page()
    page.set_default_timeout(10_000)
    yield page
    context.close()


def press(page: Page) -> None:
    with page.expect_navigation():
        page.get_by_role("button").last.click()


def test_a_browser_gets_its_language_and_the_switcher_another(phone: Page) -> None:
    phone.goto("/s/tiny")
    expect(phone.locator("html")).to_have_attribute("lang", "es")
    phone.get_by_role("link", name="Deutsch").click()
    expect(phone.locator("html")).to_have_attribute("lang", "de")
    expect(phone.get_by_role("button", name="Beginnen")).to_be_visible()
    box = phone.get_by_role("link", name="Español").bounding_box()
    assert box
    assert min(box["width"], box["height"]) >= 44


@pytest.mark.parametrize("language", SAID)
def test_no_page_of_any_language_scrolls_sideways(phone: Page, language: str) -> None:
    SCREENSHOTS.mkdir(parents=True, exist_ok=True)

    def look(name: str) -> None:
        phone.screenshot(path=SCREENSHOTS / f"{language}-{name}.png", full_page=True)
        for width in (320, PHONE[0]):
            phone.set_viewport_size({"width": width, "height": PHONE[1]})
            assert phone.evaluate(SIDEWAYS) == 0, (name, width)

    phone.goto(f"/s/tiny?lang={language}")
    look("start")
    press(phone)
    look("error")
    expect(phone.locator("html")).to_have_attribute("lang", language)
    phone.get_by_role("checkbox").check()
    press(phone)
    press(phone)
    look("profile-error")
    phone.locator("[name=solution]").first.check()
    press(phone)
    phone.locator("[name=mode]").last.check()
    press(phone)
    look("ratings")
    if language == "ar":
        expect(phone.locator("html")).to_have_attribute("dir", "rtl")
        places = [one.bounding_box() for one in phone.locator(".scale").first.locator("label").all()]
        lefts = [place["x"] for place in places if place]
        assert len(lefts) == 5
        assert lefts == sorted(lefts, reverse=True)  # 1 stands at the right, where reading begins
    press(phone)
    look("reminder")
    press(phone)
    press(phone)
    press(phone)
    look("thanks")

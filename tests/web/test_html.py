"""What the pages are made of: valid HTML that assistive technology can read, and headers that protect."""

from __future__ import annotations

import re
import subprocess
import sys
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest
from bs4 import BeautifulSoup, Tag
from flask.testing import FlaskClient
from tinyhtml5.parser import HTMLParser

from jtbd.settings import Settings
from jtbd.store.database import Database
from jtbd.store.surveys import publish, set_status
from jtbd.survey.compile import load_survey
from tests.survey.samples import write
from tests.web.conftest import SetClock
from tests.web.visitor import ABOUT, FIRST, Visitor, preview_path

STYLESHEET = Path(__file__).parents[2] / "jtbd" / "web" / "static" / "respond.css"

EVERYTHING = """\
survey: everything
title: Every kind of question
introduction: |
  One.

  Two.
consent: Yes?
language: ar
maps: [acquire]
ratings: [importance, satisfaction, difficulty]
phrasing: ability
profile:
  - {id: data, text: How many people work there?, kind: number, as: weight, hint: Count them}
  - {id: errors, text: Anything else?, kind: text, required: true}
  - id: validate
    text: What do you use?
    kind: multiple
    required: true
    hint: As many as apply
    options: [{value: a, text: A}, {value: b, text: B}]
"""


def everything(settings: Settings, database: Database, clock: SetClock) -> None:
    """Publish a survey with every kind of question, ids that forms use themselves, and three scales."""
    write(settings.workspace, "surveys/everything.yaml", EVERYTHING)
    publish(database, load_survey(settings, "everything"), clock())


def invalid(visitor: Visitor) -> None:
    visitor.start()
    visitor.press({"function": "x"})


def off_the_scale(visitor: Visitor) -> None:
    visitor.answer(ABOUT, {"mode": "retain"}, {**FIRST, "imp_sample-leaving-time": "9"})


def token_missing(visitor: Visitor) -> None:
    visitor.start()
    visitor.page = visitor.post(ABOUT, csrf_token="")


def another_survey(*pages: dict[str, str | list[str]]) -> Callable[[Visitor], None]:
    def go(visitor: Visitor) -> None:
        visitor.get("/s/everything")
        visitor.press({"consent": "yes"})
        for one in pages:
            visitor.press(one)

    return go


WRITTEN: dict[str, str | list[str]] = {"data": "7", "errors": "\nfine\n", "validate": ["a", "b"]}
PAGES: dict[str, Callable[[Visitor], object]] = {
    "surveys": lambda visitor: visitor.get("/"),
    "start": lambda visitor: visitor.get("/s/tiny"),
    "start-again": lambda visitor: (visitor.start(), visitor.get("/s/tiny")),
    "no-consent": lambda visitor: (visitor.get("/s/tiny"), visitor.press({})),
    "profile": lambda visitor: visitor.start(),
    "profile-saved": lambda visitor: (visitor.answer(ABOUT), visitor.get("/s/tiny/about-1")),
    "error": invalid,
    "ratings": lambda visitor: visitor.answer(ABOUT, {"mode": "retain"}),
    "ratings-error": off_the_scale,
    "reminder": lambda visitor: visitor.answer(ABOUT, {"mode": "retain"}, {}),
    "token": token_missing,
    "thanks": lambda visitor: visitor.finish(),
    "finished": lambda visitor: (visitor.finish(), visitor.get("/s/tiny")),
    "every-kind": another_survey(),
    "every-kind-error": another_survey({"data": "many"}),
    "three-scales": another_survey(WRITTEN),
    "not-found": lambda visitor: visitor.get("/s/none"),
    "unknown-code": lambda visitor: visitor.get("/r/none"),
}


@pytest.fixture(params=PAGES)
def shown(
    request: pytest.FixtureRequest, visitor: Visitor, settings: Settings, database: Database, clock: SetClock
) -> Visitor:
    """A visitor on each kind of page in turn."""
    everything(settings, database, clock)
    PAGES[request.param](visitor)
    return visitor


def test_every_page_is_valid_html(shown: Visitor) -> None:
    parser = HTMLParser()
    parser.parse(shown.page.text)
    assert parser.errors == []


def test_every_page_is_well_formed_for_its_readers(shown: Visitor) -> None:
    soup = shown.soup
    assert len(soup.find_all("h1")) == 1
    assert len(soup.find_all("main")) == 1
    assert soup.html
    assert soup.html["lang"]
    assert soup.title
    assert soup.title.text.strip()
    levels = [int(heading.name[1]) for heading in soup.find_all(re.compile("^h[1-6]$"))]
    assert all(level <= 2 for level in levels)
    ids = Counter(str(one["id"]) for one in soup.select("[id]"))
    assert [name for name, times in ids.items() if times > 1] == []
    named = [str(one[key]) for key in ("for", "aria-labelledby", "aria-describedby") for one in soup.select(f"[{key}]")]
    assert [one for names in named for one in names.split() if one not in ids] == []
    for link in soup.select("a[href^='#']"):
        assert str(link["href"])[1:] in ids


def test_every_field_has_a_label_and_every_group_a_legend(shown: Visitor) -> None:
    for field in shown.soup.select("input:not([type=hidden]), textarea"):
        assert field.find_parent("label") or shown.soup.find("label", attrs={"for": field.get("id")})
        assert not field.get("placeholder")
    for group in shown.soup.find_all("fieldset"):
        legend = next(child for child in group.children if isinstance(child, Tag))
        assert legend.name == "legend"
        assert legend.get_text(strip=True)


def test_no_page_carries_scripts_or_styles_of_its_own(shown: Visitor) -> None:
    assert shown.soup.find_all("style") == []
    for script in shown.soup.find_all("script"):
        assert str(script["src"]).startswith("/static/respond.js?v=")
        assert script.text == ""
    for one in shown.soup.find_all(True):
        assert not [name for name in one.attrs if name == "style" or name.startswith("on")]


def test_next_is_the_last_button_of_the_only_form(visitor: Visitor) -> None:
    visitor.answer(ABOUT, {"mode": "retain"})
    (form,) = visitor.soup.find_all("form")
    buttons = form.find_all("button")
    assert [button["value"] for button in buttons] == ["next", "back", "next"]
    assert buttons[0]["aria-hidden"] == "true"  # what the Enter key presses


def test_each_radio_says_its_number_and_what_it_means(visitor: Visitor) -> None:
    visitor.answer(ABOUT, {"mode": "retain"})
    radios = visitor.soup.select("input[name='sat_sample-leaving-time']")
    labels = [str(one["aria-label"]) for one in radios]
    assert labels[0] == "1, not at all satisfied"
    assert labels[4] == "5, extremely satisfied"
    assert [label[0] for label in labels] == ["1", "2", "3", "4", "5"]
    legend = radios[0].find_parent("fieldset").legend  # type: ignore[union-attr]
    assert legend
    assert legend.get_text(" ", strip=True) == "How satisfied today? learn that a customer is about to leave"


def test_three_scales_in_the_short_phrasing_read_as_one_sentence(
    visitor: Visitor, settings: Settings, database: Database, clock: SetClock
) -> None:
    everything(settings, database, clock)
    another_survey(WRITTEN)(visitor)
    assert (
        "When you develop a qualified lead with organisations that are not customers yet, how important is it to you "
        "to be able to do each of these, how satisfied are you with the way you can do it today, and how difficult "
        "is it today?"
    ) in visitor.page.text
    legends = [legend.contents[0] for legend in visitor.soup.find_all("legend")[:3]]
    assert legends == ["How important?", "How satisfied today?", "How difficult today?"]
    assert "very difficult" in visitor.page.text


def test_questions_may_bear_names_that_forms_use_themselves(
    visitor: Visitor, settings: Settings, database: Database, clock: SetClock
) -> None:
    everything(settings, database, clock)
    another_survey(WRITTEN)(visitor)
    visitor.get("/s/everything/about-1")
    assert visitor.shown["data"] == "7"
    assert len(visitor.soup.select("input[name=validate][checked]")) == 2
    textarea = visitor.soup.find("textarea")
    assert textarea
    assert textarea.text.strip() == "fine"


def test_a_language_written_from_right_to_left_is_marked(
    visitor: Visitor, settings: Settings, database: Database, clock: SetClock
) -> None:
    everything(settings, database, clock)
    visitor.get("/s/everything")
    assert visitor.soup.html
    assert (visitor.soup.html["lang"], visitor.soup.html["dir"]) == ("ar", "rtl")


def test_pages_are_neither_cached_nor_framed_nor_scripted_from_elsewhere(client: FlaskClient) -> None:
    headers = client.get("/s/tiny").headers
    cookie = headers["Set-Cookie"]
    assert headers["Cache-Control"] == "no-store"
    assert headers["X-Content-Type-Options"] == "nosniff"
    policy = headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie


def test_the_stylesheet_is_kept_by_browsers_until_it_changes(client: FlaskClient) -> None:
    soup = BeautifulSoup(client.get("/").text, "html.parser")
    link = soup.find("link", rel="stylesheet")
    assert link
    answer = client.get(str(link["href"]), buffered=True)
    assert answer.status_code == 200
    assert answer.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    assert "immutable" not in client.get("/static/respond.css", buffered=True).headers["Cache-Control"]
    assert "immutable" not in client.get("/static/respond.css?v=old", buffered=True).headers["Cache-Control"]


def test_the_script_stays_small() -> None:
    assert len(STYLESHEET.with_name("respond.js").read_bytes()) < 7_200


def test_the_stylesheet_stays_small_and_knows_no_left_or_right() -> None:
    css = STYLESHEET.read_text()
    assert len(css.encode()) < 6_000
    assert not re.search(r"(margin|padding|border)-(left|right)|text-align:\s*(left|right)|[;{](left|right):", css)


@pytest.mark.parametrize("scheme", [0, 1], ids=["light", "dark"])
def test_text_and_edges_stand_out_enough(scheme: int) -> None:
    palettes = [
        dict(re.findall(r"--(\w+):(#\w+)", block)) for block in re.findall(r":root\{[^}]*", STYLESHEET.read_text())
    ]
    colours = palettes[0] | palettes[scheme]
    text = [
        ("ink", "ground"), ("ink", "paper"), ("ink", "tint"), ("ink", "badtint"), ("soft", "ground"), ("soft", "paper"),
        ("accent", "ground"), ("accent", "paper"), ("accent", "tint"), ("paper", "accent"), ("bad", "paper"),
        ("bad", "badtint"), ("soft", "tint"),
    ]  # fmt: skip
    assert [pair for pair in text if _contrast(colours[pair[0]], colours[pair[1]]) < 4.5] == []
    edges = [("edge", "paper"), ("edge", "ground"), ("accent", "ground"), ("bad", "ground")]
    assert [pair for pair in edges if _contrast(colours[pair[0]], colours[pair[1]]) < 3] == []


def _contrast(one: str, other: str) -> float:
    """The contrast of two colours as WCAG 2.2 defines it."""
    dark, light = sorted((_luminance(one), _luminance(other)))
    return (light + 0.05) / (dark + 0.05)


def _luminance(colour: str) -> float:
    digits = colour[1:] if len(colour) == 7 else "".join(2 * digit for digit in colour[1:])
    parts = [int(digits[at : at + 2], 16) / 255 for at in (0, 2, 4)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def test_pages_for_respondents_load_no_analysis() -> None:
    script = (
        "import sys, jtbd.web.respond; "
        "print([name for name in ('pandas', 'scipy', 'altair', 'vl_convert', 'alembic') if name in sys.modules])"
    )
    ran = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=False)
    assert (ran.stdout.strip(), ran.stderr) == ("[]", "")


def test_a_closed_survey_and_an_old_preview_are_valid_pages(
    client: FlaskClient, settings: Settings, database: Database, clock: SetClock
) -> None:
    set_status(database, "tiny", "closed", clock())
    for path in ("/s/tiny", preview_path(settings, "tiny") + "x", "/"):
        parser = HTMLParser()
        parser.parse(client.get(path).text)
        assert parser.errors == []

"""The map as a picture: everything is on it, nothing runs out of its card, and others than the eye can read it."""

from __future__ import annotations

import struct
from itertools import combinations
from xml.etree import ElementTree

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jtbd.jobmap.lettering import Lettering
from jtbd.jobmap.load import load_map
from jtbd.jobmap.model import JobMap
from jtbd.jobmap.picture import Mark, as_png, as_svg
from jtbd.jobmap.sheet import BAND, BAND_GAP, BOTTOM, HEIGHT, MARGIN, PAD, TOP, WIDTH, lay_out
from jtbd.settings import Settings
from tests.jobmap.samples import a_map, job_maps, with_titles

SVG = "{http://www.w3.org/2000/svg}"
LONG = "Find out who takes part in the decision to buy and what each of these people needs to know"


def shipped_map(name: str) -> JobMap:
    return load_map(Settings.read("/nowhere", {}), name)


def words_of(svg: str) -> str:
    """All text drawn, in the order in which it is drawn."""
    return " ".join("".join(one.itertext()) for one in ElementTree.fromstring(svg).iter(f"{SVG}tspan"))  # noqa: S314


@pytest.mark.parametrize("name", ["acquire", "grow", "retain", "leverage"])
def test_a_shipped_map_fits_a_slide_with_all_its_steps(name: str) -> None:
    job_map = shipped_map(name)
    svg = as_svg(job_map)
    assert 'viewBox="0 0 1600 900"' in svg
    words = words_of(svg)
    places = [words.index(step.title) for step in job_map.steps]
    assert places == sorted(places)
    for step in job_map.steps:
        assert ", ".join(step.functions) in words
        assert f"{len(step.outcomes)} outcomes" in words
    assert job_map.job in words
    assert job_map.source in words


def test_twelve_steps_with_long_titles_fit_a_slide_in_letters_one_can_read() -> None:
    sheet = lay_out(with_titles(shipped_map("retain"), *[LONG] * 12))
    assert sheet.height == HEIGHT
    assert sheet.style.title.size >= 17
    assert not any(card.cut for row in sheet.rows for card in row.cards)


def test_forty_steps_make_the_picture_taller_and_leave_none_out() -> None:
    job_map = with_titles(shipped_map("retain"), *[LONG] * 40)
    sheet = lay_out(job_map)
    assert sheet.height > HEIGHT
    assert [card.step for row in sheet.rows for card in row.cards] == list(job_map.steps)


def test_few_steps_have_large_letters_and_every_ability() -> None:
    outcomes = {name: [f"{name}-{number}" for number in range(4)] for name in ("first", "second", "third")}
    sheet = lay_out(with_titles(a_map(**outcomes), "One", "Two", "Three"))
    assert sheet.style.title.size >= 26
    assert all(len(card.examples) == len(card.step.outcomes) for card in sheet.rows[0].cards)


def test_shared_outcomes_are_counted_and_drawn_as_rings() -> None:
    job_map = a_map(first=["a-one", "a-two", "a-three"], second=["b-one"])
    svg = as_svg(job_map, {"a-one", "a-two", "elsewhere"})
    assert "3 outcomes, 2 shared" in words_of(svg)
    assert "1 outcome " in words_of(svg)
    assert "shared with another map" in words_of(svg)
    rings = [line for line in svg.splitlines() if line.startswith("<circle") and "stroke" in line]
    assert len(rings) == 2 + 1, "two outcomes, one sign in the legend"
    assert "shared" not in words_of(as_svg(job_map, {"elsewhere"}))


def test_neighbouring_steps_of_one_stage_stand_under_one_band() -> None:
    sheet = lay_out(shipped_map("retain"))
    assert [[band.stage for band in row.bands] for row in sheet.rows] == [
        ["define", "locate", "prepare"],
        ["confirm", "execute", "conclude", "monitor", "modify"],
    ]


def test_marks_colour_a_step_and_say_what_the_colour_means() -> None:
    job_map = a_map(first=["a-one"], second=["b-one"])
    svg = as_svg(job_map, marks={"second": Mark("#a5243d", 'opportunity "13"')})
    assert svg.count('fill="#a5243d"') == 2
    assert 'opportunity "13"' in words_of(svg)
    assert "1 outcome, opportunity" in ElementTree.fromstring(svg).findtext(f"{SVG}desc", "")  # noqa: S314


def test_the_picture_says_in_words_what_it_shows() -> None:
    root = ElementTree.fromstring(as_svg(shipped_map("retain"), {"effort-to-learn-customer-profit"}))  # noqa: S314
    assert root.get("role") == "img"
    title, desc = root.find(f"{SVG}title"), root.find(f"{SVG}desc")
    assert title is not None
    assert desc is not None
    assert root.get("aria-labelledby") == f"{title.get('id')} {desc.get('id')}"
    assert title.text == "Job map: Retain defecting customers"
    assert "1. Decide what counts as leaving (define, marketing" in (desc.text or "")
    assert "5 outcomes, 1 shared with other maps" in (desc.text or "")


def test_text_that_looks_like_markup_is_text() -> None:
    svg = as_svg(with_titles(a_map(first=["a-one"]), "<script>alert('1')</script> & \"more\""))
    assert "<script" not in svg
    assert "<script>alert('1')</script> & \"more\"" in words_of(svg)


def test_the_picture_asks_nothing_of_the_network() -> None:
    svg = as_svg(shipped_map("retain")).replace('xmlns="http://www.w3.org/2000/svg"', "")
    assert not [word for word in ("http:", "https:", "url(", "@import", "<image", "<style") if word in svg]


def test_the_png_is_a_sharp_16_by_9_picture() -> None:
    png = as_png(as_svg(shipped_map("retain")))
    assert png[:8] == b"\x89PNG\r\n\x1a\n"
    assert struct.unpack(">II", png[16:24]) == (3200, 1800)
    blank = as_png('<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1600 900" width="1600" height="900"/>')
    assert len(png) > 3 * len(blank)


@given(job_maps(most_steps=16), st.sets(st.sampled_from(["a-0", "b-1", "c-2"])), st.booleans())
@settings(max_examples=60)
def test_cards_hold_what_is_on_them_and_keep_apart(job_map: JobMap, shared: set[str], marked: bool) -> None:
    sheet = lay_out(job_map, shared, marked=marked)
    boxes = []
    for number, row in enumerate(sheet.rows):
        top = sheet.y(number) + BAND + BAND_GAP
        for card in row.cards:
            boxes.append((card.x, top, card.x + sheet.card_width, top + sheet.card_height))
            inside = sheet.card_width - 2 * PAD + 0.01
            assert all(sheet.style.title.width(line) <= inside for line in card.title)
            lines = [*card.functions, *(line for example in card.examples for line in example)]
            assert all(sheet.style.text.width(line) <= inside for line in lines)
    assert [card.step for row in sheet.rows for card in row.cards] == list(job_map.steps)
    for left, top, right, bottom in boxes:
        assert left >= MARGIN
        assert right <= WIDTH - MARGIN + 0.01
        assert top >= TOP
        assert bottom <= sheet.height - BOTTOM + 1
    for one, two in combinations(boxes, 2):
        assert one[2] <= two[0] or two[2] <= one[0] or one[3] <= two[1] or two[3] <= one[1]


@given(job_maps(most_steps=16), st.sets(st.sampled_from(["a-0", "b-1", "c-2"])))
@settings(max_examples=40)
def test_every_map_becomes_a_picture(job_map: JobMap, shared: set[str]) -> None:
    assert ElementTree.fromstring(as_svg(job_map, shared)).tag == f"{SVG}svg"  # noqa: S314


@pytest.mark.parametrize(
    ("text", "bold", "width"),
    [("Hello", False, 722 + 556 + 222 + 222 + 556), ("Hello", True, 722 + 556 + 278 + 278 + 611), ("é", False, 556)],
)
def test_widths_are_those_of_helvetica(text: str, bold: bool, width: int) -> None:
    assert Lettering(1000, bold=bold).width(text) == width


@given(st.text(max_size=200), st.floats(40, 400), st.booleans())
def test_lines_keep_every_letter_and_stay_in_their_room(text: str, room: float, bold: bool) -> None:
    letters = Lettering(20, bold=bold)
    lines = letters.wrap(text, room)
    assert "".join("".join(lines).split()) == "".join(text.split())
    assert all(letters.width(line) <= room for line in lines)
    assert all(letters.width(line) <= room for line in letters.wrap(text, room, 2))


def test_what_is_too_long_ends_with_an_ellipsis_after_a_word() -> None:
    assert Lettering(20).wrap("one two three four five", 100, 1) == ("one two…",)


def test_the_picture_of_a_map_is_the_same_each_time() -> None:
    assert as_svg(shipped_map("grow")) == as_svg(shipped_map("grow"))

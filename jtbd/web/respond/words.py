"""How scales and times are put into words, in the language spoken."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from functools import lru_cache
from gettext import NullTranslations

from jtbd.survey.answers import PREFIXES, FieldProblem
from jtbd.survey.model import Scale, Survey
from jtbd.translation.interface import gettext_noop
from jtbd.web.language import digits, gettext, ngettext, texts


@dataclass(frozen=True, eq=False)  # there is one of each scale and language: quickly compared
class ScaleWords:
    """A scale as it is shown. ``points`` pairs each value with what a screen reader says for it.

    The points between the ends have no words of their own, for whom reads and for whom listens.
    """

    prefix: str
    legend: str
    low: str
    high: str
    points: tuple[tuple[str, str], ...]


_SCALES: dict[Scale, tuple[str, str, str, str, str]] = {
    "importance": (
        gettext_noop("How important?"),
        gettext_noop("not at all"),
        gettext_noop("extremely"),
        gettext_noop("not at all important"),
        gettext_noop("extremely important"),
    ),
    "satisfaction": (
        gettext_noop("How satisfied today?"),
        gettext_noop("not at all"),
        gettext_noop("extremely"),
        gettext_noop("not at all satisfied"),
        gettext_noop("extremely satisfied"),
    ),
    "difficulty": (
        gettext_noop("How difficult today?"),
        gettext_noop("very easy"),
        gettext_noop("very difficult"),
        gettext_noop("very easy"),
        gettext_noop("very difficult"),
    ),
}
"""The legend, the words at both ends, and what the ends mean when they are heard alone."""


def scale_words(scale: Scale) -> ScaleWords:
    """A scale in the language spoken."""
    return _scale_words(scale, texts())


@lru_cache(maxsize=100)
def _scale_words(scale: Scale, spoken: NullTranslations) -> ScaleWords:
    del spoken  # what is said is in that language
    legend, low, high, least, most = map(gettext, _SCALES[scale])
    said = (
        gettext("1, %(least)s", least=least),
        gettext("2 of 5, towards %(least)s", least=least),
        gettext("3 of 5, in the middle"),
        gettext("4 of 5, towards %(most)s", most=most),
        gettext("5, %(most)s", most=most),
    )
    points = tuple((str(value), text) for value, text in enumerate(said, start=1))
    return ScaleWords(PREFIXES[scale], legend, low, high, points)


# Whole sentences: no two languages join their parts alike.
_ASKED: dict[tuple[Scale, ...], str] = {
    ("importance", "satisfaction"): gettext_noop(
        "For each line: how much does it matter to you, and how well are you able to do it today?"
    ),
    ("importance", "difficulty"): gettext_noop(
        "For each line: how much does it matter to you, and how difficult is it today?"
    ),
    ("importance", "satisfaction", "difficulty"): gettext_noop(
        "For each line: how much does it matter to you, how well are you able to do it today, and how difficult is it "
        "today?"
    ),
}
_ASKED_OF_ABILITIES: dict[tuple[Scale, ...], str] = {
    ("importance", "satisfaction"): gettext_noop(
        "When you %(job)s, how important is it to you to be able to do each of these, and how satisfied are you with "
        "the way you can do it today?"
    ),
    ("importance", "difficulty"): gettext_noop(
        "When you %(job)s, how important is it to you to be able to do each of these, and how difficult is it today?"
    ),
    ("importance", "satisfaction", "difficulty"): gettext_noop(
        "When you %(job)s, how important is it to you to be able to do each of these, how satisfied are you with the "
        "way you can do it today, and how difficult is it today?"
    ),
}


def lead_sentences(survey: Survey, job: str) -> list[str]:
    """What a page of ratings asks, in the words of the survey's phrasing; `job` completes "When you …"."""
    if survey.phrasing == "ability" and job:
        asked = gettext(_ASKED_OF_ABILITIES[survey.scales], job=job)
    else:
        asked = gettext(_ASKED[survey.scales])
    return [
        gettext("Think of your own work in the last three months."),
        asked,
        gettext("Mark a line that does not apply to your work.")
        if survey.not_applicable
        else gettext("Leave out a line that does not apply to your work."),
    ]


@dataclass(frozen=True)
class ShownProblem:
    """A line of the error summary: which field it leads to, what that asks, what is wrong."""

    field: str
    asked: str
    message: str


def said(problem: FieldProblem) -> str:
    """What is wrong with a field, in the language spoken."""
    return gettext(problem.message, **{name: digits(number) for name, number in problem.values})


def first_sentence(text: str) -> str:
    """The first sentence of a text."""
    return re.split(r"(?<=[.!?؟])\s", text, maxsplit=1)[0]


def minutes(number: int) -> str:
    """``About 1 minute``, ``About 6 minutes``."""
    return ngettext("About %(number)s minute", "About %(number)s minutes", number)


def minutes_left(number: int) -> str:
    """``about 1 minute left``, ``about 6 minutes left``."""
    return ngettext("about %(number)s minute left", "about %(number)s minutes left", number)


def time_words(most: int) -> str:
    """What the page's script says while time goes by: that 1 minute is left, 2, up to `most`, as a JSON array."""
    return _time_words(most, texts())


@lru_cache(maxsize=1000)
def _time_words(most: int, spoken: NullTranslations) -> str:
    del spoken  # what is said is in that language
    return json.dumps([minutes_left(number) for number in range(1, most + 1)])


def saving_words() -> dict[str, str]:
    """How it stands with answers that are sent as they are given, by the state that the page's script finds."""
    return {
        "saved": gettext("Answers so far are saved"),
        "waiting": gettext("Not sent yet: we keep trying"),
        "refused": gettext("Not saved yet: press “Next”"),
    }

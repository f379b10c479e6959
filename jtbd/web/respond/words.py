"""How scales and times are put into words."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from jtbd.survey.answers import PREFIXES
from jtbd.survey.model import Scale, Survey

_RIGHT_TO_LEFT = {"ar", "dv", "fa", "he", "ku", "ps", "sd", "ug", "ur", "yi"}


@dataclass(frozen=True)
class ScaleWords:
    """A scale as it is shown. ``points`` pairs each value with what a screen reader says for it.

    The points between the ends have no words of their own, for whom reads and for whom listens.
    """

    prefix: str
    legend: str
    low: str
    high: str
    points: tuple[tuple[str, str], ...]


def _words(scale: Scale, legend: str, low: str, high: str, meaning: str = "") -> ScaleWords:
    least, most = f"{low}{meaning}", f"{high}{meaning}"
    said = (
        f"1, {least}",
        f"2 of 5, towards {least}",
        "3 of 5, in the middle",
        f"4 of 5, towards {most}",
        f"5, {most}",
    )
    return ScaleWords(PREFIXES[scale], legend, low, high, tuple((text[0], text) for text in said))


SCALE_WORDS: dict[Scale, ScaleWords] = {
    "importance": _words("importance", "How important?", "not at all", "extremely", " important"),
    "satisfaction": _words("satisfaction", "How satisfied today?", "not at all", "extremely", " satisfied"),
    "difficulty": _words("difficulty", "How difficult today?", "very easy", "very difficult"),
}

_ASKED: dict[Scale, str] = {
    "importance": "how much does it matter to you",
    "satisfaction": "how well are you able to do it today",
    "difficulty": "how difficult is it today",
}
_ASKED_OF_ABILITIES: dict[Scale, str] = {
    "importance": "how important is it to you to be able to do each of these",
    "satisfaction": "how satisfied are you with the way you can do it today",
    "difficulty": "how difficult is it today",
}


def lead_sentence(survey: Survey, job: str) -> str:
    """What a page of ratings asks, in the words of the survey's phrasing; `job` completes "When you …"."""
    if survey.phrasing == "ability" and job:
        opening, words = f"When you {job},", _ASKED_OF_ABILITIES
    else:
        opening, words = "For each line:", _ASKED
    return f"Think of your own work in the last three months. {opening} {_and(words[one] for one in survey.scales)}?"


def _and(parts: Iterable[str]) -> str:
    *first, last = parts
    between = ", and " if first else ""
    return f"{', '.join(first)}{between}{last}"


def first_sentence(text: str) -> str:
    """The first sentence of a text."""
    return re.split(r"(?<=[.!?])\s", text, maxsplit=1)[0]


def minutes(number: int) -> str:
    """``about 1 minute``, ``about 6 minutes``."""
    return f"about {number} minute{'' if number == 1 else 's'}"


def direction(language: str) -> str:
    """Which way a language is written: ``ltr`` or ``rtl``."""
    return "rtl" if language.split("-")[0].lower() in _RIGHT_TO_LEFT else "ltr"

"""Statements that a respondent would answer alike."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from jtbd.jobmap.model import Outcome
from jtbd.jobmap.rules.outcome import METRIC
from jtbd.jobmap.rules.words import Words

SPELT_ALIKE = 85.0
"""Likeness of two stems (0..100) from which they are one word in two spellings."""

ONE_MORE = 5
"""Words of meaning from which one more on one side does not make another statement."""

_DIRECTION = re.compile(r"\w+\s+")
_BRITISH = re.compile(r"is(e|es|ed|ing|ation)$")
_TOKEN = re.compile(r"[\w’'-]+")


@dataclass(frozen=True)
class Pair:
    """Two outcomes that say nearly the same, in the form named; ``second`` comes later. ``likeness`` is 0..100."""

    first: int
    second: int
    form: Literal["outcome", "ability"]
    likeness: float


@dataclass(frozen=True)
class _Meaning:
    metric: str
    words: Counter[str]


class _Reader:
    """Reduces a text to the stems that carry its meaning, each synonym to the first of its group."""

    def __init__(self, words: Words) -> None:
        import snowballstemmer

        self.words = words
        self.stem = snowballstemmer.stemmer("english").stemWord
        self.phrases = {one: group[0] for group in words.synonyms for one in group if " " in one}
        self.same = {self.stem(one): self.stem(group[0]) for group in words.synonyms for one in group}

    def long(self, text: str) -> _Meaning:
        rest = _DIRECTION.sub("", text, count=1)
        metric = METRIC.match(rest)
        measured = re.sub(r"\b(?:the|it takes|to|of|that|in)\b", "", metric[0].casefold()) if metric else ""
        return _Meaning(" ".join(measured.split()), self.short(rest[metric.end() :] if metric else rest).words)

    def short(self, text: str) -> _Meaning:
        plain = text.casefold()
        for phrase, word in self.phrases.items():
            plain = re.sub(rf"\b{phrase}\b", word, plain)
        found: list[str] = []
        for token in _TOKEN.findall(plain):
            stem = self.stem(_BRITISH.sub(r"iz\1", re.sub(r"['’]s?$", "", token)))
            asked = token in ("who", "whom") and found[-1:] == ["know"]
            if (
                stem in self.same
                or asked
                or self.words.holds("turning", token)
                or not self.words.holds("little", token)
            ):
                found.append(self.same.get(stem, stem))
        return _Meaning("", Counter(found))


def near_duplicates(outcomes: Sequence[Outcome], words: Words) -> Iterator[Pair]:
    """Pairs of different outcomes that measure the same of the same thing, by their numbers.

    Compared are the stems of the words that carry meaning, without direction and metric, synonyms of the word lists
    made one and order left out. Two long forms are alike if their metrics are and no stem is left over on both sides
    (the time and the effort of one thing are answered differently, and so are audience and customer); one word
    more on one side is let pass in a long statement, unless it turns the meaning (before, without, refuse). Short
    forms carry no metric and are alike if no stem is left over at all.
    """
    reader = _Reader(words)
    long = [reader.long(outcome.outcome) for outcome in outcomes]
    short = [reader.short(outcome.ability) for outcome in outcomes]
    for second in range(len(outcomes)):
        for first in range(second):
            if outcomes[first].id == outcomes[second].id:
                continue
            if _alike(long[first], long[second], words, spare=1):
                yield _pair(outcomes, first, second, "outcome")
            elif _alike(short[first], short[second], words, spare=0):
                yield _pair(outcomes, first, second, "ability")


def _pair(outcomes: Sequence[Outcome], first: int, second: int, form: Literal["outcome", "ability"]) -> Pair:
    from rapidfuzz import fuzz

    texts = (getattr(outcomes[number], form).casefold() for number in (first, second))
    return Pair(first, second, form, fuzz.token_sort_ratio(*texts))


def _alike(first: _Meaning, second: _Meaning, words: Words, *, spare: int) -> bool:
    """Whether two texts mean the same but for at most `spare` words more on one side."""
    one, other = first.words, second.words
    if first.metric != second.metric or abs(len(one) - len(other)) > spare:
        return False
    left, right = list(one.keys() - other.keys()), list(other.keys() - one.keys())
    if len(left) > spare + 1 or len(right) > spare + 1:
        return False
    if left and right:
        left, right = _without_spellings(left, right)
    rest = left + right
    if not rest:
        return bool(one)
    few = len(rest) <= spare and not (left and right) and len(one & other) >= ONE_MORE
    return few and not any(words.holds("turning", word) for word in rest)


def _without_spellings(left: list[str], right: list[str]) -> tuple[list[str], list[str]]:
    """What is left of two lists of stems once those that differ in spelling alone are paired."""
    from rapidfuzz import fuzz

    rest = list(right)
    kept = []
    for word in left:
        match = next((one for one in rest if fuzz.ratio(word, one) >= SPELT_ALIKE), None)
        if match is None:
            kept.append(word)
        else:
            rest.remove(match)
    return kept, rest

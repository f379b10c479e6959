"""Word lists, shipped and a workspace's own, and where their words stand in a text."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import cached_property

from pydantic import Field

from jtbd.errors import InputError, Issue
from jtbd.jobmap.fields import Entry, validate
from jtbd.jobmap.source import read_source
from jtbd.settings import Settings

FILE = "lint/words.yaml"
SHORTEST_VERB = 5
"""Letters from which a thing may be done: one can be phoned or emailed, but `add` is not what an `ad` does."""


class WordFile(Entry):
    """Word lists: ``maps/lint/words.yaml``."""

    solution: list[str] = Field(default_factory=list)
    channel: list[str] = Field(default_factory=list)
    method: list[str] = Field(default_factory=list)
    brand: list[str] = Field(default_factory=list)
    jargon: list[str] = Field(default_factory=list)
    vague: list[str] = Field(default_factory=list)
    absolute: list[str] = Field(default_factory=list)
    loophole: list[str] = Field(default_factory=list)
    unmeasured: list[str] = Field(default_factory=list)
    feeling: list[str] = Field(default_factory=list)
    pair: list[str] = Field(default_factory=list)
    neutral: list[str] = Field(default_factory=list)
    abbreviation: list[str] = Field(default_factory=list)
    verb: list[str] = Field(default_factory=list)
    little: list[str] = Field(default_factory=list)
    allow: list[str] = Field(default_factory=list)
    turning: list[str] = Field(default_factory=list)
    synonyms: list[list[str]] = Field(default_factory=list)
    ordinary: dict[str, list[str]] = Field(default_factory=dict)


_THINGS = ("solution", "channel", "method", "brand", "jargon")
"""Kinds whose words are met in the plural too, and as verbs; goods are not several good."""

KINDS = tuple(name for name in WordFile.model_fields if name not in ("allow", "ordinary", "synonyms"))

_WORD = re.compile(r"(?<![\w-])\w")
_LETTERS = 4
"""Letters by which words are looked up: a text is compared with few of the thousand words of the lists."""


@dataclass(frozen=True)
class Words:
    """Words by kind.

    ``allow`` are phrases that are left alone whatever stands in them; ``ordinary`` are, for a word, those in whose
    company it is no fault; ``synonyms`` are groups of words that make no other statement.
    """

    by_kind: dict[str, tuple[str, ...]]
    allow: tuple[str, ...]
    ordinary: dict[str, tuple[str, ...]] = field(default_factory=dict)
    synonyms: tuple[tuple[str, ...], ...] = ()

    @cached_property
    def _lists(self) -> dict[str, _List]:
        lists = {kind: _List(words, things=kind in _THINGS) for kind, words in self.by_kind.items()}
        return lists | {"allow": _List(self.allow)}

    @cached_property
    def _single(self) -> dict[str, frozenset[str]]:
        return {kind: frozenset(word.casefold() for word in words) for kind, words in self.by_kind.items()}

    @cached_property
    def _company(self) -> dict[str, tuple[re.Pattern[str], _List]]:
        """By the start of a word: its pattern, and the words in whose company it is no fault."""
        return {
            word: (re.compile(_one(word, things=True)), _List(near, things=True))
            for word, near in self.ordinary.items()
        }

    def found(self, kind: str, text: str) -> list[str]:
        """Words of a kind that stand in a text, as they stand there, where they are no ordinary use."""
        found = self._lists[kind].found(self.without("allow", text))
        return [word for word in found if not self._is_ordinary(word, text)]

    def holds(self, kind: str, word: str) -> bool:
        """Whether a single word is one of a kind."""
        return word.casefold() in self._single[kind]

    def without(self, kind: str, text: str) -> str:
        """The text with a gap where words of a kind were."""
        return self._lists[kind].gaps(text)

    def _is_ordinary(self, word: str, text: str) -> bool:
        return any(pattern.fullmatch(word) and near.found(text) for pattern, near in self._company.values())


class _List:
    """Words looked up by their first letters, longest first; those with a capital only as written."""

    def __init__(self, words: tuple[str, ...], *, things: bool = False) -> None:
        self.things = things
        self.by_start: dict[str, list[str]] = {}
        for word in sorted(words, key=len, reverse=True):
            self.by_start.setdefault(_start(word), []).append(word)
        self.patterns: dict[str, re.Pattern[str]] = {}

    def found(self, text: str) -> list[str]:
        return [text[start:end] for start, end in self._spans(text)]

    def gaps(self, text: str) -> str:
        for start, end in reversed(self._spans(text)):
            text = f"{text[:start]}…{text[end:]}"
        return text

    def _spans(self, text: str) -> list[tuple[int, int]]:
        spans: list[tuple[int, int]] = []
        for word in _WORD.finditer(text):
            start = word.start()
            if (not spans or start >= spans[-1][1]) and (end := self._end(text, start)):
                spans.append((start, end))
        return spans

    def _end(self, text: str, start: int) -> int:
        """Where the word of the list that begins at `start` ends; 0 if none begins there."""
        letters = text[start : start + _LETTERS].casefold()
        for length in range(len(letters), 0, -1):
            if (key := letters[:length]) in self.by_start and (match := self._pattern(key).match(text, start)):
                return match.end()
        return 0

    def _pattern(self, start: str) -> re.Pattern[str]:
        if start not in self.patterns:
            words = "|".join(_one(word, things=self.things) for word in self.by_start[start])
            self.patterns[start] = re.compile(rf"(?:{words})(?![\w-])")
        return self.patterns[start]


def read_words(settings: Settings) -> tuple[Words, list[Issue]]:
    """The shipped lists with those of the workspace added; words the workspace allows are taken out of them."""
    merged: dict[str, list[str]] = {kind: [] for kind in KINDS}
    allow: list[str] = []
    ordinary: dict[str, tuple[str, ...]] = {}
    synonyms: list[tuple[str, ...]] = []
    issues: list[Issue] = []
    for folder in reversed(list(settings.folders("maps"))):
        path = folder / FILE
        if not path.is_file():
            continue
        try:
            entry, found = validate(WordFile, read_source(path))
        except InputError as error:
            issues += error.issues
            continue
        issues += found
        if entry is None:
            continue
        for kind in KINDS:
            merged[kind] += getattr(entry, kind)
        allow += entry.allow
        synonyms += [tuple(group) for group in entry.synonyms if group]
        for word, near in entry.ordinary.items():
            ordinary[word] = (*ordinary.get(word, ()), *near)
    allowed = {word.casefold() for word in allow}
    kept = {kind: tuple(word for word in words if word.casefold() not in allowed) for kind, words in merged.items()}
    return Words(kept, tuple(allow), ordinary, tuple(synonyms)), issues


def _start(word: str) -> str:
    """The letters that a text must have in common with a word, whichever form it is in."""
    return re.split(r"\W", word.removesuffix("y") or word, maxsplit=1)[0][:_LETTERS].casefold()


def _one(word: str, *, things: bool) -> str:
    """A pattern for a word or phrase: singular and plural, and as a verb, if it is a thing."""
    body = re.escape(word).replace(r"\ ", r"[\s-]+").replace(r"\-", "-?")
    if things:
        verb = "|e?d|ing" if len(word) >= SHORTEST_VERB else ""
        plural = word.endswith("y") and word[-2:-1] not in "aeiou"
        body = f"{body[:-1]}(?:y|ies{verb})" if plural else f"{body}(?:e?s{verb})?"
    return body if any(character.isupper() for character in word) else f"(?i:{body})"

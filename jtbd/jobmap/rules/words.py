"""Word lists, shipped and a workspace's own, as patterns."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property

from pydantic import Field

from jtbd.errors import InputError, Issue
from jtbd.jobmap.fields import Entry, validate
from jtbd.jobmap.source import read_source
from jtbd.settings import Settings

FILE = "lint/words.yaml"


class WordFile(Entry):
    """Word lists: ``maps/lint/words.yaml``."""

    solution: list[str] = Field(default_factory=list)
    channel: list[str] = Field(default_factory=list)
    brand: list[str] = Field(default_factory=list)
    jargon: list[str] = Field(default_factory=list)
    vague: list[str] = Field(default_factory=list)
    absolute: list[str] = Field(default_factory=list)
    loophole: list[str] = Field(default_factory=list)
    unmeasured: list[str] = Field(default_factory=list)
    allow: list[str] = Field(default_factory=list)


_THINGS = ("solution", "channel", "brand", "jargon")
"""Kinds whose words are nouns, met in the plural too; goods are not several good."""

KINDS = tuple(name for name in WordFile.model_fields if name != "allow")


@dataclass(frozen=True)
class Words:
    """Words by kind. ``allow`` are phrases that are left alone whatever stands in them."""

    by_kind: dict[str, tuple[str, ...]]
    allow: tuple[str, ...]

    @cached_property
    def _patterns(self) -> dict[str, re.Pattern[str]]:
        return {kind: _pattern(words, plural=kind in _THINGS) for kind, words in self.by_kind.items()}

    def found(self, kind: str, text: str) -> list[str]:
        """Words of a kind that stand in a text, as they stand there."""
        rest = _pattern(self.allow).sub(" ", text) if self.allow else text
        return [match[0] for match in self._patterns[kind].finditer(rest)]


def read_words(settings: Settings) -> tuple[Words, list[Issue]]:
    """The shipped lists with those of the workspace added; words the workspace allows are taken out of them."""
    merged: dict[str, list[str]] = {kind: [] for kind in KINDS}
    allow: list[str] = []
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
    allowed = {word.casefold() for word in allow}
    kept = {kind: tuple(word for word in words if word.casefold() not in allowed) for kind, words in merged.items()}
    return Words(kept, tuple(allow)), issues


def _pattern(words: tuple[str, ...], *, plural: bool = False) -> re.Pattern[str]:
    """Whole words, longest first; those with a capital only as written."""
    if not words:
        return re.compile(r"(?!)")
    ordered = sorted(words, key=len, reverse=True)
    return re.compile(r"(?<![\w-])(?:" + "|".join(_one(word, plural=plural) for word in ordered) + r")(?![\w-])")


def _one(word: str, *, plural: bool) -> str:
    body = re.escape(word).replace(r"\ ", r"[\s-]+").replace(r"\-", r"[\s-]?")
    if plural:
        body = body[:-1] + "(?:y|ies)" if word.endswith("y") and word[-2:-1] not in "aeiou" else f"{body}(?:e?s)?"
    return body if any(character.isupper() for character in word) else f"(?i:{body})"

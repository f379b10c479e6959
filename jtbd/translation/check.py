"""Originals against a PO file: what each is in the other language, and what is amiss."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

from jtbd.errors import Issue, issue, warning
from jtbd.translation.catalogue import TranslationFile

if TYPE_CHECKING:
    from babel.messages.catalog import Message

GAPS = ("translation-missing", "translation-outdated")
"""Codes of the issues for which respondents would read the original."""

_NAMED_AT_ONCE = 3
_PLACEHOLDER = re.compile(r"\{\w*\}|%\(\w+\)\w|https?://[^\s)]+")

Texts = Mapping[str, str]
"""Texts by the place where they stand, such as ``step:notice:title``, in the order of their file."""


def translate(texts: Texts, of: TranslationFile) -> tuple[dict[str, str], list[Issue]]:
    """The translations of `texts`, by place, and what is wrong with them.

    A translation counts only beside the very original that it translates: once the original is reworded, the entry
    is out of date until a translator has looked at it again.

    Returns
    -------
    dict of str to str
        Of the places that have a translation.
    list of Issue
        ``translation-missing``, ``translation-outdated`` (errors: see :func:`lenient`) and
        ``translation-placeholder``, with the line in the PO file.
    """
    found: dict[str, str] = {}
    issues: list[Issue] = []
    missing: list[tuple[str, int]] = []
    of_other_originals = {one.context: one for one in _entries(of)}
    for place, original in texts.items():
        entry = of.catalog.get(original, place)
        said = written(entry) if entry else ""
        if entry and said and not entry.fuzzy:
            found[place] = said
            issues += _placeholder_issues(original, said, entry, of.file)
        elif (old := entry if said else of_other_originals.get(place)) and written(old):
            issues.append(_outdated(place, old, of.file))
        else:
            missing.append((place, entry.lineno or 0 if entry else 0))
    if missing:
        issues.append(_missing(missing, len(texts), of.file))
    return found, issues


def unknown(places: Collection[str], of: TranslationFile) -> list[Issue]:
    """A warning for each entry of the file that translates nothing there is."""
    return [
        warning(
            "translation-unknown",
            f"there is no text at `{entry.context}`" if entry.context else "the entry names no place (msgctxt)",
            "update the file: the command that writes it sets such entries aside",
            file=of.file,
            line=entry.lineno or 0,
        )
        for entry in _entries(of)
        if entry.context not in places
    ]


def lenient(issues: Collection[Issue]) -> list[Issue]:
    """The same issues, those for which the original can stand in made warnings."""
    return [replace(one, level="warning") if one.code in GAPS else one for one in issues]


def written(entry: Message) -> str:
    """The translation an entry gives; of one with plural forms, the first, or nothing if any form is left empty."""
    if isinstance(entry.string, str):
        return entry.string.strip()
    return entry.string[0].strip() if entry.string and all(form.strip() for form in entry.string) else ""


def _entries(of: TranslationFile) -> Iterator[Message]:
    return (entry for entry in of.catalog if entry.id)


def _placeholder_issues(original: str, said: str, entry: Message, file: str) -> Iterator[Issue]:
    wanted, given = (sorted(_PLACEHOLDER.findall(text)) for text in (original, said))
    if wanted != given:
        message = f"the translation of `{entry.context}` has {_listed(given)} where the original has {_listed(wanted)}"
        remedy = "take placeholders and addresses over as they are"
        yield issue("translation-placeholder", message, remedy, file=file, line=entry.lineno or 0)


def _listed(parts: list[str]) -> str:
    return ", ".join(parts) or "no placeholder"


def _outdated(place: str, entry: Message, file: str) -> Issue:
    message = f"the translation at `{place}` is of an earlier wording, or marked as unsure (fuzzy)"
    remedy = "update the file, look at the new original, and take the mark away"
    return issue("translation-outdated", message, remedy, file=file, line=entry.lineno or 0)


def _missing(missing: list[tuple[str, int]], total: int, file: str) -> Issue:
    named = [f"{place} (line {line})" if line else place for place, line in missing[:_NAMED_AT_ONCE]]
    more = len(missing) - len(named)
    rest = f" and {more} more" if more else ""
    message = f"{len(missing)} of {total} texts have no translation: {', '.join(named)}{rest}"
    remedy = "update the file, which adds entries that are not there, and fill them in"
    return issue("translation-missing", message, remedy, file=file, line=min(line for _, line in missing))

"""A PO file for a translator to fill: made new, or brought up to date without losing what is in it."""

from __future__ import annotations

import io
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from jtbd._version import __version__
from jtbd.settings import Settings
from jtbd.translation.catalogue import (
    FOLDER,
    TranslationFile,
    file_name,
    find_translations,
    locale_of,
    read_translations,
)
from jtbd.translation.check import Texts, written

if TYPE_CHECKING:
    from babel.messages.catalog import Catalog, Message

_HEADER = """\
{title}
Write each translation into msgstr, below the original in msgid. Leave msgid and msgctxt (which
says where a text stands) as they are. An entry marked fuzzy is of an earlier wording of the
original: mend it, then take the mark away."""


_Key = tuple[str | None, str]
"""An entry's place and original."""


@dataclass(frozen=True)
class Counts:
    """How far a translation is: texts done, to look at again, and empty."""

    done: int
    outdated: int
    missing: int


@dataclass(frozen=True)
class ToFill:
    """A PO file of the workspace as it should be now, and how far its translation is."""

    path: Path
    content: bytes
    counts: Counts


def to_fill(
    settings: Settings,
    folders: Iterable[Path],
    kind: str,
    name: str,
    texts: Texts,
    language: str,
    notes: Mapping[str, str] | None = None,
) -> ToFill:
    """The workspace's PO file of some texts, begun from the nearest one there is.

    Parameters
    ----------
    folders : iterable of Path
        Where to look for it, the nearest first.
    kind, name : str
        ``maps`` or ``surveys``, and the file whose texts these are.
    notes : mapping of str to str, optional
        For the translator, by place.

    Raises
    ------
    InputError
        If the one there is cannot be read.
    """
    return _to_fill(settings, folders, kind, name, language, template(texts, notes or {}), guess=False)


def filled_from(settings: Settings, kind: str, name: str, language: str, originals: Catalog) -> ToFill:
    """:func:`to_fill` for texts that have no places: a new one may take the translation of a similar one, as fuzzy."""
    return _to_fill(settings, settings.folders(kind), kind, name, language, originals, guess=True)


def _to_fill(
    settings: Settings,
    folders: Iterable[Path],
    kind: str,
    name: str,
    language: str,
    originals: Catalog,
    *,
    guess: bool,
) -> ToFill:
    found = find_translations(folders, name, language)
    old = read_translations(found, language) if found else None
    content, counts = updated(originals, old, language, f"{kind}/{name}: translation into {language}", guess=guess)
    return ToFill(settings.workspace / kind / FOLDER / file_name(name, language), content, counts)


def template(texts: Texts, notes: Mapping[str, str]) -> Catalog:
    """A catalog of originals; `notes` are for the translator, by place."""
    from babel.messages.catalog import Catalog

    catalog = Catalog(project="jtbd", version=__version__, msgid_bugs_address="", fuzzy=False)
    for place, original in texts.items():
        comments = [notes[place]] if place in notes else []
        catalog.add(original, context=place, auto_comments=comments)
    return catalog


def updated(
    originals: Catalog, old: TranslationFile | None, language: str, title: str, *, guess: bool = False
) -> tuple[bytes, Counts]:
    """The PO file of a language, with an entry for each of the originals.

    Translations of `old` are kept. Where an original was reworded, its translation stays, marked as fuzzy, beside the
    new original and with the previous one. Entries whose text is gone are set aside at the end of the file.

    Parameters
    ----------
    guess : bool
        Whether a new text without a place may take the translation of a similar one, as fuzzy.
    """
    from babel.messages.catalog import Catalog
    from babel.messages.pofile import write_po

    catalog = old.catalog if old else Catalog(locale_of(language), last_translator="", language_team="")
    _revive(catalog, originals)
    kept = {_key(entry): entry.previous_id for entry in catalog if entry.fuzzy}
    previous = kept | _move_reworded(catalog, originals)
    catalog.update(originals, no_fuzzy_matching=not guess)
    for entry in catalog:
        if entry.fuzzy and not entry.previous_id:
            entry.previous_id = previous.get(_key(entry), [])
    catalog.header_comment = "\n".join(f"# {line}" for line in _HEADER.format(title=title).splitlines())
    catalog.fuzzy = False
    catalog.project, catalog.version = originals.project, originals.version
    catalog.msgid_bugs_address = originals.msgid_bugs_address
    for entry in catalog:
        if not written(entry):  # an empty entry is missing, whatever it was before
            entry.flags.discard("fuzzy")
    buffer = io.BytesIO()
    write_po(buffer, catalog, width=100, include_previous=True)
    return buffer.getvalue(), _counts(catalog)


def _revive(catalog: Catalog, originals: Catalog) -> None:
    """Take back what was set aside, if its text has come back: as fuzzy, for marks are lost where it lay."""
    for key, entry in list(catalog.obsolete.items()):
        if originals.get(entry.id, entry.context) and not catalog.get(entry.id, entry.context):
            entry.flags.add("fuzzy")
            catalog[entry.id] = entry
            del catalog.obsolete[key]


def _move_reworded(catalog: Catalog, originals: Catalog) -> dict[_Key, list[str]]:
    """Give translations of reworded texts the new original; returns the previous ones."""
    by_place = {entry.context: entry for entry in catalog if entry.id and entry.context}
    previous = {}
    for original in originals:
        old = by_place.get(original.context or "") if original.id else None
        if old is None or catalog.get(original.id, original.context) or not written(old):
            continue
        catalog.delete(old.id, old.context)
        catalog.add(
            original.id,
            old.string,
            context=original.context,
            flags={*old.flags, "fuzzy"},
            user_comments=old.user_comments,
        )
        previous[_key(original)] = list(old.previous_id) or [_key(old)[1]]
    return previous


def _key(entry: Message) -> _Key:
    return entry.context, entry.id if isinstance(entry.id, str) else entry.id[0]


def _counts(catalog: Catalog) -> Counts:
    entries = [entry for entry in catalog if entry.id]
    missing = sum(not written(entry) for entry in entries)
    outdated = sum(entry.fuzzy for entry in entries)
    return Counts(len(entries) - missing - outdated, outdated, missing)

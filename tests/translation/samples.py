"""Translations made up for tests: every text of a survey, its maps and the interface, said by a function."""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.pofile import write_po

from jtbd.settings import Settings
from jtbd.survey.compile import check_draft
from jtbd.survey.translate import files_to_fill
from jtbd.translation.catalogue import read_translations
from tests.survey.samples import TINY, small_workspace, write

OFFERED = TINY.replace("maps:", "languages: [de, es]\nmaps:")
"""The tiny survey in two further languages."""

Say = Callable[[str], str]


def marked(language: str) -> Say:
    """A translation that shows what it is one of: ``[de] Original``."""
    return lambda original: f"[{language}] {original}"


def bracketed(original: str) -> str:
    """A translation in which what has none stands out."""
    return "\n\n".join(f"⟦{part}⟧" for part in original.split("\n\n"))


def offered_workspace(folder: Path) -> Settings:
    """The workspace of the tiny survey, which is translated into German and Spanish as :func:`marked` does."""
    settings = small_workspace(folder)
    write(folder, "surveys/tiny.yaml", OFFERED)
    for language in ("de", "es"):
        translate_all(settings, "tiny", language, marked(language))
    return settings


def translate_all(settings: Settings, survey: str, language: str, say: Say) -> list[Path]:
    """Write every file that the survey needs for a language, and fill in what is empty; returns the files."""
    draft, issues = check_draft(settings, survey)
    assert draft, issues
    files = list(files_to_fill(settings, draft, language))
    for one in files:
        one.path.parent.mkdir(parents=True, exist_ok=True)
        one.path.write_bytes(one.content)
        fill(one.path, language, say)
    return [one.path for one in files]


def fill(path: Path, language: str, say: Say) -> None:
    """Fill in what is empty in a PO file, as a translator would."""
    catalog = read_translations(path, language).catalog
    for entry in catalog:
        if entry.id and not (entry.string[0] if isinstance(entry.string, tuple) else entry.string):
            forms = entry.id if isinstance(entry.id, tuple) else (entry.id,)
            said = [say(form) for form in forms]
            entry.string = (
                (said + said[-1:] * catalog.num_plurals)[: catalog.num_plurals] if len(forms) > 1 else said[0]
            )
    save(path, catalog)


def save(path: Path, catalog: Catalog) -> None:
    """Write a PO file."""
    buffer = io.BytesIO()
    write_po(buffer, catalog, include_previous=True)
    path.write_bytes(buffer.getvalue())

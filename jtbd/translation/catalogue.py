"""PO files: which one holds a language, what it says, and whether it can be read at all."""

from __future__ import annotations

import io
import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from jtbd.errors import InputError, called, issue
from jtbd.settings import Settings

if TYPE_CHECKING:
    from babel.messages.catalog import Catalog, Message

FOLDER = "translations"
"""Where the PO files of a folder of maps, surveys or templates are: below it."""

MAX_BYTES = 4 << 20


_LINE = re.compile(r'((msgctxt|msgid|msgid_plural|msgstr(\[\d+])?)\s+)?"([^"\\]|\\.)*"\s*|\s*|\s*#.*')
"""What a line of a PO file can be. Babel forgives a quote that is missing, and loses what follows it."""

_CODE = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8}){0,3}")


def is_language(code: str) -> bool:
    """Whether this looks like a language code such as ``de`` or ``pt-BR``."""
    return bool(_CODE.fullmatch(code))


@dataclass(frozen=True)
class TranslationFile:
    """A PO file: what its author calls it, and what is in it."""

    file: str
    catalog: Catalog


def file_name(name: str, language: str) -> str:
    """What the file with the texts of `name` in a language is called: ``retain.de.po``."""
    return f"{name}.{language}.po"


def beside(settings: Settings, kind: str, path: Path) -> list[Path]:
    """Where translations of the file `path` are looked for: in the workspace, then beside the file.

    A workspace's own file that has the name of a shipped one has nothing to do with the translations of that one.
    """
    return list(dict.fromkeys([settings.workspace / kind, path.parent]))


def find_translations(folders: Iterable[Path], name: str, language: str) -> Path | None:
    """The PO file of a map, survey or other file in the first of `folders` that has one."""
    for folder in folders:
        path = folder / FOLDER / file_name(name, language)
        if path.is_file():
            return path
    return None


def read_translations(path: Path, language: str | None) -> TranslationFile:
    """What a PO file holds.

    Parameters
    ----------
    language : str or None
        Which language it is in; ``None`` for a template (POT).

    Raises
    ------
    InputError
        If it cannot be read, or is no PO file.
    """
    # Babel takes 30 ms to import: only where a language other than the original is asked for
    from babel.messages.pofile import PoFileError, read_po

    file = called(path)
    remedy = "open it in a translator's program such as Poedit, which shows where it breaks, and save it as UTF-8"
    try:
        content = path.read_bytes()
        if len(content) > MAX_BYTES:
            raise ValueError(f"it is larger than {MAX_BYTES >> 20} MiB")
        lines = content.decode("utf-8-sig").split("\n")
        if wrong := [number for number, line in enumerate(lines, start=1) if not _LINE.fullmatch(line)]:
            message = "the translations cannot be read: this line is no part of a PO file"
            raise InputError([issue("translation-unreadable", message, remedy, file=file, line=wrong[0])])
        locale = locale_of(language) if language else None
        catalog = read_po(io.BytesIO(content), locale=locale, charset="utf-8-sig", abort_invalid=True)
        for entry in catalog:
            _find_previous(entry)
        return TranslationFile(file, catalog)
    except PoFileError as error:
        message = f"the translations cannot be read: {str(error).split(' on ')[0].lower()}"
        raise InputError([issue("translation-unreadable", message, remedy, file=file, line=error.lineno + 1)]) from None
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        message = "the translations are not UTF-8"
        raise InputError([issue("translation-unreadable", message, remedy, file=file, line=line)]) from None
    except (OSError, ValueError, LookupError) as error:
        reason = getattr(error, "strerror", None) or str(error) or "it is no PO file"
        message = f"the translations cannot be read: {reason}"
        raise InputError([issue("translation-unreadable", message, remedy, file=file)]) from None


def _find_previous(entry: Message) -> None:
    """Take an entry's earlier original out of its comments: Babel writes it (``#|``), but does not read it."""
    from babel.messages.pofile import denormalize

    lines = [one[1:].strip() for one in entry.user_comments if one.startswith("|")]
    entry.user_comments = [one for one in entry.user_comments if not one.startswith("|")]
    if lines and lines[0].startswith("msgid "):
        entry.previous_id = [denormalize("\n".join(lines).removeprefix("msgid "))]


def locale_of(language: str) -> str | None:
    """What Babel calls a language (``pt-BR`` is ``pt_BR``); ``None`` if it does not know it."""
    from babel.core import Locale, UnknownLocaleError

    try:
        return str(Locale.parse(language, sep="-"))
    except (UnknownLocaleError, ValueError):
        return None


def language_name(language: str) -> str:
    """What those who speak a language call it, such as ``Deutsch``; its code, if that is not known."""
    from babel.core import Locale

    locale = locale_of(language)
    name = Locale.parse(locale).get_display_name(locale) if locale else None
    return name[:1].upper() + name[1:] if name else language

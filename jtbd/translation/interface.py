"""The interface's own texts in other languages: what buttons, errors and scales say to respondents."""

from __future__ import annotations

import gettext
import io
from collections.abc import Iterator
from pathlib import Path

from jtbd.errors import InputError, Issue, issue, warning
from jtbd.resources import shipped
from jtbd.settings import Settings
from jtbd.translation.catalogue import FOLDER, TranslationFile, file_name, find_translations, read_translations
from jtbd.translation.check import written
from jtbd.translation.update import ToFill, filled_from

NAME = "interface"
SOURCE_LANGUAGE = "en"


def gettext_noop(text: str) -> str:
    """`text`, marked to be collected for translators; it is translated where it is shown."""
    return text


def interface_template() -> TranslationFile:
    """The originals of all interface texts."""
    return read_translations(shipped("templates") / FOLDER / f"{NAME}.pot", None)


def find_interface(settings: Settings, language: str) -> tuple[Path, str] | None:
    """The PO file of the interface in a language, else in the language it is a form of (``pt`` for ``pt-BR``)."""
    while language:
        if path := find_translations(settings.folders("templates"), NAME, language):
            return path, language
        language = language.rpartition("-")[0]
    return None


def interface_languages(settings: Settings) -> list[str]:
    """Languages in which there are interface texts, that of the originals first."""
    found = {
        path.name.removeprefix(f"{NAME}.").removesuffix(".po")
        for folder in settings.folders("templates")
        for path in (folder / FOLDER).glob(f"{NAME}.*.po")
    }
    return [SOURCE_LANGUAGE, *sorted(found - {SOURCE_LANGUAGE})]


def interface_to_fill(settings: Settings, language: str) -> ToFill:
    """The workspace's PO file of the interface in a language, made new or brought up to date."""
    return filled_from(settings, "templates", NAME, language, interface_template().catalog)


def load_interface(settings: Settings, language: str) -> gettext.NullTranslations:
    """Interface texts in a language; the originals where there are none.

    Raises
    ------
    InputError
        If the file that is there cannot be read.
    """
    found = find_interface(settings, language)
    if found is None:
        return gettext.NullTranslations()
    from babel.messages.mofile import write_mo

    compiled = io.BytesIO()
    write_mo(compiled, read_translations(*found).catalog)
    compiled.seek(0)
    return gettext.GNUTranslations(compiled)


def interface_issues(settings: Settings, language: str) -> list[Issue]:
    """What is amiss with the interface in a language."""
    if language.split("-")[0] == SOURCE_LANGUAGE:
        return []
    found = find_interface(settings, language)
    if found is None:
        message = f"there are no interface texts (buttons, errors, scales) in `{language}`"
        remedy = f"`jtbd survey translate SURVEY --language {language}` writes a file to fill in"
        return [issue("translation-missing", message, remedy, file=file_name(NAME, language))]
    try:
        of = read_translations(*found)
    except InputError as error:
        return list(error.issues)
    return [*_gaps(of), *_mistakes(of)]


def _gaps(of: TranslationFile) -> Iterator[Issue]:
    entries = [one for one in interface_template().catalog if one.id]
    missing, outdated = [], []
    for original in entries:
        entry = of.catalog.get(original.id, original.context)
        if entry is None or not written(entry):
            missing.append(entry.lineno or 0 if entry else 0)
        elif entry.fuzzy:
            outdated.append(entry.lineno or 0)
    remedy = "fill them in; respondents read these texts in English until then"
    if missing:
        message = f"{len(missing)} of {len(entries)} interface texts have no translation"
        yield issue("translation-missing", message, remedy, file=of.file, line=min(missing))
    for line in outdated:
        message = "this translation is of an earlier wording, or marked as unsure (fuzzy)"
        yield issue("translation-outdated", message, "mend it and take the mark away", file=of.file, line=line)


def _mistakes(of: TranslationFile) -> Iterator[Issue]:
    """Placeholders and plural forms that would not work: Babel's own checks."""
    originals = interface_template().catalog
    for entry in of.catalog:
        if entry.id and entry.python_format and "python-format" not in entry.flags:
            entry.flags.add("python-format")  # translators' programs may drop the mark
        for error in entry.check(of.catalog) if entry.id and written(entry) else ():
            remedy = "take placeholders such as %(number)s over as they are, in every plural form"
            yield issue("translation-placeholder", str(error), remedy, file=of.file, line=entry.lineno or 0)
        if entry.id and originals.get(entry.id, entry.context) is None:
            message = "the interface has no such text"
            remedy = "update the file: the command that writes it sets such entries aside"
            yield warning("translation-unknown", message, remedy, file=of.file, line=entry.lineno or 0)

"""Maps in other languages: which PO file holds what, and what a map says in one of them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from jtbd.errors import InputError, Issue, called, issue
from jtbd.jobmap.library import map_folders
from jtbd.jobmap.model import JobMap
from jtbd.jobmap.source import read_source
from jtbd.jobmap.texts import headings, reworded, texts_in, texts_of
from jtbd.settings import Settings
from jtbd.translation.catalogue import FOLDER, beside, file_name, find_translations, read_translations
from jtbd.translation.check import Texts, lenient, translate, unknown
from jtbd.translation.update import ToFill, to_fill


@dataclass(frozen=True)
class Translated:
    """A map in another language: texts without a translation are the originals; ``issues`` say which."""

    job_map: JobMap
    issues: tuple[Issue, ...]


def in_language(settings: Settings, path: Path, job_map: JobMap, language: str, contexts: set[str]) -> Translated:
    """The map in the file `path`, in another language; of its contexts, only those named have to be translated."""
    issues: list[Issue] = []
    said: dict[str, str] = {}
    for file, texts in needed(settings, path, job_map, contexts).items():
        found, of_file = translation_of(settings, file, texts, language)
        said |= found
        issues += of_file
    return Translated(reworded(job_map, lambda place, original: said.get(place, original)), tuple(issues))


def needed(settings: Settings, path: Path, job_map: JobMap, contexts: set[str]) -> dict[Path, dict[str, str]]:
    """The texts of a map by the file that defines them, its own first."""
    files: dict[str, Path] = {}
    for file in [path, *_others(settings, path)]:
        for place in _texts_in_file(file):
            if file == path or place.startswith(("outcome:", "context:")):
                files.setdefault(place, file)
    wanted: dict[Path, dict[str, str]] = {path: {}}
    for place, original in texts_of(job_map).items():
        if not place.startswith("context:") or place.split(":")[1] in contexts:
            wanted.setdefault(files.get(place, path), {})[place] = original
    return wanted


def translation_of(settings: Settings, path: Path, texts: Texts, language: str) -> tuple[dict[str, str], list[Issue]]:
    """Translations of some texts of the map file `path`, by place, and what is amiss with them."""
    found = find_translations(beside(settings, "maps", path), path.stem, language)
    if found is None:
        remedy = f"`jtbd map translate {path.stem} --language {language}` writes one to fill in"
        message = f"there is no file {FOLDER}/{file_name(path.stem, language)} with its {len(texts)} texts"
        return {}, [issue("translation-missing", message, remedy, file=called(path))] if texts else []
    try:
        return translate(texts, read_translations(found, language))
    except InputError as error:
        return {}, list(error.issues)


def translation_issues(settings: Settings, path: Path) -> Iterator[Issue]:
    """What is amiss with every translation there is of the map file `path`; gaps are warnings here."""
    texts = _texts_in_file(path)
    seen: set[str] = set()
    for folder in beside(settings, "maps", path):
        for file in sorted((folder / FOLDER).glob(f"{path.stem}.*.po")):
            language = file.name.removeprefix(f"{path.stem}.").removesuffix(".po")
            if language in seen or "." in language:
                continue
            seen.add(language)
            try:
                of = read_translations(file, language)
            except InputError as error:
                yield from error.issues
                continue
            yield from lenient(translate(texts, of)[1])
            yield from unknown(texts, of)


def for_translator(settings: Settings, path: Path, language: str) -> ToFill:
    """The PO file of the map file `path` in the workspace, made new or brought up to date.

    Raises
    ------
    InputError
        If the file that is there cannot be read.
    """
    texts = _texts_in_file(path)
    return to_fill(settings, beside(settings, "maps", path), "maps", path.stem, texts, language, headings(texts))


def _texts_in_file(path: Path) -> dict[str, str]:
    try:
        return texts_in(read_source(path).data)
    except InputError:  # reported when that file itself is read
        return {}


def _others(settings: Settings, path: Path) -> Iterator[Path]:
    """The other files in reach, nearest folder first; of two with one name, the nearer."""
    seen = {path.stem}
    for folder in map_folders(settings, path):
        for file in sorted(folder.glob("*.yaml")):
            if file.stem not in seen:
                seen.add(file.stem)
                yield file

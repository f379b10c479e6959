"""A survey in its further languages: the same plan, compiled from a translated survey file and translated maps."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from jtbd.errors import InputError, Issue
from jtbd.jobmap.model import JobMap
from jtbd.jobmap.translate import for_translator, in_language, needed, translation_of
from jtbd.settings import Settings
from jtbd.survey.assemble import Draft, compile_survey, profile_questions
from jtbd.survey.model import Page, Survey
from jtbd.survey.texts import reworded, texts_of
from jtbd.translation.catalogue import FOLDER, beside, file_name, find_translations, language_name, read_translations
from jtbd.translation.check import GAPS, lenient, translate, unknown
from jtbd.translation.interface import interface_issues, interface_to_fill
from jtbd.translation.update import ToFill, to_fill


def translate_survey(settings: Settings, draft: Draft) -> tuple[Survey, list[Issue]]:
    """The survey of a draft with its translations, and what is amiss with them.

    Where a text has no translation, the original stands in its place and an issue of a code in
    :data:`~jtbd.translation.check.GAPS` says so: an error for languages that the survey offers to respondents.
    """
    issues = lenient(interface_issues(settings, draft.entry.language))
    translations: list[Survey] = []
    for number, language in enumerate(draft.entry.languages):
        if language != draft.entry.language:
            survey, found = _in_language(settings, draft, language, ("languages", number))
            translations.append(survey)
            issues += found
    if not translations:
        return draft.survey, issues
    name = language_name(draft.entry.language)
    return replace(draft.survey, language_name=name, translations=tuple(translations)), issues


def files_to_fill(settings: Settings, draft: Draft, language: str) -> Iterator[ToFill]:
    """What has to be filled in for the survey to be asked in a language, each file as it should be now.

    These are the survey's own file, and those of its maps and of the interface in which anything is missing.

    Raises
    ------
    InputError
        If a file that is there cannot be read.
    """
    folders = beside(settings, "surveys", draft.path)
    yield to_fill(settings, folders, "surveys", draft.path.stem, texts_of(draft.entry), language)
    files: dict[Path, dict[str, str]] = {}
    for path, job_map in zip(_paths(settings, draft), draft.maps, strict=True):
        for file, texts in needed(settings, path, job_map, _contexts(draft)).items():
            files.setdefault(file, {}).update(texts)
    for file, texts in files.items():
        if _has_gaps(translation_of(settings, file, texts, language)[1]):
            yield for_translator(settings, file, language)
    if _has_gaps(interface_issues(settings, language)):
        yield interface_to_fill(settings, language)


def _has_gaps(issues: Sequence[Issue]) -> bool:
    return any(one.code in GAPS for one in issues)


def _in_language(settings: Settings, draft: Draft, language: str, place: tuple[str, int]) -> tuple[Survey, list[Issue]]:
    said, issues = _own_texts(settings, draft, language, place)
    issues += interface_issues(settings, language)
    maps: list[JobMap] = []
    for path, job_map in zip(_paths(settings, draft), draft.maps, strict=True):
        translated = in_language(settings, path, job_map, language, _contexts(draft))
        maps.append(translated.job_map)
        issues += translated.issues
    own = reworded(draft.entry, lambda where, original: said.get(where, original))
    questions, _ = profile_questions(own, maps, draft.source, complete=True)
    survey = compile_survey(own.model_copy(update={"language": language}), maps, questions or ())
    return _of_original(replace(survey, language_name=language_name(language)), draft.survey), issues


def _own_texts(
    settings: Settings, draft: Draft, language: str, place: tuple[str, int]
) -> tuple[dict[str, str], list[Issue]]:
    texts = texts_of(draft.entry)
    found = find_translations(beside(settings, "surveys", draft.path), draft.path.stem, language)
    if found is None:
        wanted = f"{FOLDER}/{file_name(draft.path.stem, language)}"
        remedy = f"`jtbd survey translate {draft.path.stem} --language {language}` writes what is to be filled in"
        message = f"there is no file {wanted} with the survey's {len(texts)} texts"
        return {}, [draft.source.issue("translation-missing", message, remedy, place)]
    try:
        of = read_translations(found, language)
    except InputError as error:
        return {}, list(error.issues)
    said, issues = translate(texts, of)
    return said, issues + unknown(texts, of)


def _of_original(translated: Survey, original: Survey) -> Survey:
    """The translation with what makes its ratings those of the original: its wordings and its maps' hashes."""
    statements = {key: one.statement for key, one in original.outcomes.items()}

    def page(one: Page) -> Page:
        return replace(one, outcomes=tuple(replace(rated, original=statements[rated.id]) for rated in one.outcomes))

    maps = zip(translated.maps, original.maps, strict=True)
    return replace(
        translated,
        pages=tuple(page(one) for one in translated.pages),
        maps=tuple(replace(ours, content_hash=theirs.content_hash) for ours, theirs in maps),
    )


def _contexts(draft: Draft) -> set[str]:
    """The contexts of which the survey takes the text or the options from a map."""
    return {
        one.id
        for one in draft.entry.profile
        if one.role == "context" and (not one.text or (not one.options and one.kind not in ("number", "text")))
    }


def _paths(settings: Settings, draft: Draft) -> list[Path]:
    paths = [settings.find("maps", name) for name in draft.entry.maps]
    return [path for path in paths if path is not None]  # each was found when it was read

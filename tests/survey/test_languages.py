"""A survey in several languages: one plan, other words."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from jtbd.errors import Issue
from jtbd.settings import Settings
from jtbd.store.plan_json import plan_from_json, plan_hash, plan_to_json
from jtbd.survey.compile import check_survey, load_survey
from jtbd.survey.model import Survey
from tests.survey.samples import ACQUIRE, TINY, small_workspace, write
from tests.translation.samples import OFFERED, marked, offered_workspace, translate_all


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return offered_workspace(tmp_path)


def codes(issues: list[Issue]) -> set[tuple[str, str]]:
    return {(one.code, one.level) for one in issues}


def skeleton(survey: Survey) -> object:
    """What must be the same in every language: pages, questions and their values, outcomes and their hashes."""
    return [
        (
            page.id,
            page.map,
            page.mode,
            [
                (one.id, one.kind, one.role, one.required, [option.value for option in one.options])
                for one in page.questions
            ],
            [(one.id, one.wording_hash) for one in page.outcomes],
        )
        for page in survey.pages
    ]


def test_a_translation_is_the_same_survey_in_other_words(settings: Settings) -> None:
    survey = load_survey(settings, "tiny")
    german = survey.in_language("de")
    assert [(one.language, one.language_name) for one in survey.languages] == [
        ("en", "English"), ("de", "Deutsch"), ("es", "Español"),
    ]  # fmt: skip
    assert skeleton(german) == skeleton(survey)
    assert [one.content_hash for one in german.maps] == [one.content_hash for one in survey.maps]
    assert german.title == "[de] A tiny survey"
    assert german.consent == "[de] Your answers are stored for this test."
    texts = [one.text for one in german.questions] + [option.text for one in german.questions for option in one.options]
    texts += [one.statement for one in german.outcomes.values()] + [one.ability for one in german.outcomes.values()]
    texts += [page.title for page in german.pages if page.outcomes]
    assert [text for text in texts if not text.startswith("[de] ")] == []
    assert survey.in_language("fr") is survey


def test_a_published_revision_is_complete_by_itself(settings: Settings) -> None:
    survey = load_survey(settings, "tiny")
    assert plan_from_json(plan_to_json(survey)) == survey
    one_language = replace(survey, translations=(), language_name="")
    assert (
        plan_from_json(plan_to_json(one_language).replace(',"language_name":"","translations":[]', "")) == one_language
    )
    assert plan_hash(survey) != plan_hash(one_language)


def test_adding_languages_leaves_the_hash_of_a_survey_without_them(tmp_path: Path) -> None:
    plan = load_survey(small_workspace(tmp_path), "tiny")
    assert "translations" not in plan_to_json(plan).replace('"translations":[]', "")
    assert plan_hash(plan) == plan_hash(replace(plan, language_name="", translations=()))


def test_a_shared_outcome_is_translated_where_it_is_defined(settings: Settings) -> None:
    files = {path.name: path.read_text() for path in (settings.workspace / "maps" / "translations").glob("*.de.po")}
    assert "outcome:sample-handover-unanswered:outcome" in files["acquire.de.po"]
    assert "sample-handover-unanswered" not in files["retain.de.po"]


def test_texts_without_a_translation_stop_the_survey_unless_the_original_may_stand(tmp_path: Path) -> None:
    settings = small_workspace(tmp_path)
    write(tmp_path, "surveys/tiny.yaml", OFFERED)
    survey, issues = check_survey(settings, "tiny")
    assert survey is None
    assert codes(issues) == {("translation-missing", "error")}
    assert {Path(one.file).name for one in issues} == {"tiny.yaml", "acquire.yaml", "retain.yaml"}
    assert [(one.line, one.column) for one in issues if one.file.endswith("tiny.yaml")] == [(5, 13), (5, 17)]

    survey, issues = check_survey(settings, "tiny", original_where_missing=True)
    assert survey
    assert codes(issues) == {("translation-missing", "warning")}
    assert survey.in_language("de").title == "A tiny survey"


def test_a_reworded_original_is_shown_rather_than_its_old_translation(settings: Settings, tmp_path: Path) -> None:
    write(tmp_path, "maps/acquire.yaml", ACQUIRE.replace("Select a target audience", "Choose whom to address"))
    survey, issues = check_survey(settings, "tiny")
    assert survey is None
    assert codes(issues) == {("translation-outdated", "error")}
    (german, _) = issues
    place = (tmp_path / "maps/translations/acquire.de.po").read_text().splitlines()[german.line - 1 :][:3]
    assert any("Select a target audience" in line for line in place)

    survey, _ = check_survey(settings, "tiny", original_where_missing=True)
    assert survey
    titles = [page.title for page in survey.in_language("de").pages]
    assert "Choose whom to address" in titles
    assert "[de] Hand over the lead" in titles

    translate_all(settings, "tiny", "de", marked("de"))
    text = (tmp_path / "maps/translations/acquire.de.po").read_text()
    assert '#, fuzzy\n#| msgid "Select a target audience"\n' in text
    assert check_survey(settings, "tiny")[0] is None  # still to be looked at


def test_a_context_is_translated_with_its_map(tmp_path: Path) -> None:
    settings = small_workspace(tmp_path)
    asked = OFFERED.replace("profile:\n", "profile:\n  - {id: deciders, as: context}\n")
    write(tmp_path, "surveys/tiny.yaml", asked)
    for language in ("de", "es"):
        translate_all(settings, "tiny", language, marked(language))
    survey = load_survey(settings, "tiny").in_language("es")
    question = next(one for one in survey.questions if one.id == "deciders")
    assert question.text == "[es] How many people take part in a typical buying decision?"
    assert [(one.value, one.text) for one in question.options] == [
        ("one", "[es] 1"), ("few", "[es] 2-4"), ("many", "[es] 5 or more"),
    ]  # fmt: skip


def test_options_taken_from_a_map_have_to_be_translated_too(tmp_path: Path) -> None:
    settings = small_workspace(tmp_path)
    asked = "  - {id: deciders, as: context, kind: single, text: How many decide?}\n"
    write(tmp_path, "surveys/tiny.yaml", OFFERED.replace("profile:\n", f"profile:\n{asked}"))
    for language in ("de", "es"):
        translate_all(settings, "tiny", language, marked(language))
    path = tmp_path / "maps/translations/acquire.de.po"
    path.write_text(path.read_text().replace('"[de] 2-4"', '""'))
    survey, issues = check_survey(settings, "tiny")
    assert survey is None
    assert ["context:deciders:option:few" in one.message for one in issues] == [True]


def test_contexts_that_a_survey_does_not_ask_need_no_translation(settings: Settings, tmp_path: Path) -> None:
    path = tmp_path / "maps/translations/acquire.de.po"
    text = path.read_text()
    for said in ("[de] 2-4", "[de] How many people take part in a typical buying decision?"):
        assert said in text
        text = text.replace(said, "")
    path.write_text(text)
    assert check_survey(settings, "tiny")[0]


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        (("languages: [de, es]", "languages: [de, de]"), ("listed-twice", 5, 12)),
        (("languages: [de, es]", "languages: [German]"), ("bad-language", 5, 13)),
        (("languages: [de, es]", "languages: de"), ("wrong-type", 5, 12)),
    ],
)
def test_languages_that_cannot_be_are_refused(
    settings: Settings, tmp_path: Path, change: tuple[str, str], expected: tuple[str, int, int]
) -> None:
    write(tmp_path, "surveys/tiny.yaml", OFFERED.replace(*change))
    survey, issues = check_survey(settings, "tiny")
    assert survey is None
    assert expected in [(one.code, one.line, one.column) for one in issues]


def test_the_surveys_own_language_may_be_among_those_offered(settings: Settings, tmp_path: Path) -> None:
    write(tmp_path, "surveys/tiny.yaml", OFFERED.replace("[de, es]", "[en, de]"))
    assert [one.language for one in load_survey(settings, "tiny").languages] == ["en", "de"]


def test_a_language_without_interface_texts_is_said(settings: Settings, tmp_path: Path) -> None:
    write(tmp_path, "surveys/tiny.yaml", TINY.replace("maps:", "language: fr\nmaps:"))
    survey, issues = check_survey(settings, "tiny")
    assert survey
    assert [(one.code, one.level, one.file) for one in issues] == [
        ("translation-missing", "warning", "interface.fr.po")
    ]

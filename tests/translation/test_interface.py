"""The interface's own texts: collected completely, translated completely, and no more often read than needed."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from jtbd.settings import Settings
from jtbd.translation.interface import (
    interface_issues,
    interface_languages,
    interface_template,
    interface_to_fill,
    load_interface,
)
from tests.translation.extract import extract


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings.read(tmp_path, {})


def test_the_template_holds_the_texts_of_code_and_templates_as_they_are() -> None:
    keys = [{(one.id, one.context) for one in catalog} for catalog in (extract(), interface_template().catalog)]
    assert len(keys[0]) > 100
    assert keys[0] == keys[1], "write it anew: make translations"


def test_german_and_spanish_ship(settings: Settings) -> None:
    assert interface_languages(settings) == ["en", "de", "es"]


@pytest.mark.parametrize("language", ["de", "es"])
def test_a_shipped_translation_is_complete_and_its_placeholders_match(settings: Settings, language: str) -> None:
    assert interface_issues(settings, language) == []
    texts = load_interface(settings, language)
    for one in interface_template().catalog:
        if isinstance(one.id, str) and one.id and not one.context:
            assert texts.gettext(one.id) is not one.id
            ends = [text[-1] for text in (one.id, texts.gettext(one.id))]
            if ends[0] in ".?:":
                assert ends[0] == ends[1], one.id


def test_only_placeholders_begin_with_a_percent_sign() -> None:
    """Templates call `_()` with and without values: a lone % would be read in one case and not in the other."""
    for one in interface_template().catalog:
        for text in one.id if isinstance(one.id, tuple) else (one.id,):
            assert all(rest[:1] == "(" for rest in text.split("%")[1:]), text
            assert not set(text) & {"<", ">"}


def test_plural_forms_are_those_of_the_language(settings: Settings) -> None:
    german = load_interface(settings, "de")
    said = [german.ngettext("About %(number)s minute", "About %(number)s minutes", n) for n in (1, 2)]
    assert said == ["Etwa %(number)s Minute", "Etwa %(number)s Minuten"]


def test_a_workspace_can_bring_a_language_and_a_form_of_one(settings: Settings) -> None:
    assert [one.code for one in interface_issues(settings, "fr")] == ["translation-missing"]
    update = interface_to_fill(settings, "fr")
    assert update.path == settings.workspace / "templates" / "translations" / "interface.fr.po"
    update.path.parent.mkdir(parents=True)
    update.path.write_bytes(update.content.replace(b'msgid "Next"\nmsgstr ""', b'msgid "Next"\nmsgstr "Suivant"'))
    assert load_interface(settings, "fr-CA").gettext("Next") == "Suivant"
    assert load_interface(settings, "fr").gettext("Back") == "Back"
    (issue,) = interface_issues(settings, "fr")
    assert (issue.code, issue.file) == ("translation-missing", str(update.path))
    assert "of" in issue.message


@pytest.mark.parametrize(
    ("change", "code"),
    [
        (("von %(total)s", "von %(all)s"), "translation-placeholder"),
        (('"Etwa %(number)s Minuten"', '"Etwa viele Minuten"'), ""),
        (("%(number)s Minuten", "%(nummer)s Minuten"), "translation-placeholder"),
        (('msgid "Next"', '#, fuzzy\nmsgid "Next"'), "translation-outdated"),
        (('msgid "Next"', 'msgid "Onward"'), "translation-missing"),
    ],
)
def test_a_translation_that_would_break_a_page_is_found(settings: Settings, change: tuple[str, str], code: str) -> None:
    update = interface_to_fill(settings, "de")
    update.path.parent.mkdir(parents=True)
    text = update.content.decode()
    assert change[0] in text
    update.path.write_text(text.replace(*change))
    found = [one.code for one in interface_issues(settings, "de")]
    assert (code in found) if code else not found


def test_english_pages_read_no_translations() -> None:
    script = "import sys, jtbd.web.respond, jtbd.web.app; print([n for n in sys.modules if n.startswith('babel')])"
    ran = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=False)
    assert (ran.stdout.strip(), ran.stderr) == ("[]", "")

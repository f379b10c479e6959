"""From a survey in one language to one in three, from the command line."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.survey.samples import small_workspace, write
from tests.translation.samples import OFFERED, fill, marked


@pytest.fixture
def workspace(tmp_path: Path) -> Path:
    small_workspace(tmp_path)
    return tmp_path


def test_a_survey_is_translated_checked_published_and_previewed(run, workspace):
    done = run("survey", "translate", "tiny", "--language", "de")
    assert done.stdout.splitlines() == [
        "surveys/translations/tiny.de.po: 0 done, 0 to look at again, 17 missing",
        "maps/translations/acquire.de.po: 0 done, 0 to look at again, 17 missing",
        "maps/translations/retain.de.po: 0 done, 0 to look at again, 10 missing",
    ]
    write(workspace, "surveys/tiny.yaml", OFFERED.replace("[de, es]", "[de]"))

    checked = run("survey", "check", "tiny")
    assert checked.returncode == 1
    assert "surveys/translations/tiny.de.po:" in checked.stdout
    assert "translation-missing 17 of 17 texts have no translation: survey:title (line " in checked.stdout
    refused = run("survey", "publish", "tiny")
    assert (refused.returncode, refused.stdout) == (1, "")
    assert "translation-missing" in refused.stderr

    anyway = run("survey", "publish", "tiny", "--original-where-missing")
    assert anyway.returncode == 0
    assert "revision 1" in anyway.stdout
    assert "translation-missing warning: 17 of 17" in anyway.stderr

    for path in workspace.glob("*/translations/*.de.po"):
        fill(path, "de", marked("de"))
    checked = run("survey", "check", "tiny")
    assert checked.returncode == 0
    assert "languages: English (en), Deutsch (de)" in checked.stdout
    assert "revision 2" in run("survey", "publish", "tiny").stdout
    links = run("survey", "preview", "tiny").stdout.split()
    assert [link.partition("?")[2] for link in links] == ["", "frame=phone", "lang=de"]
    again = run("survey", "translate", "tiny", "--language", "de")
    assert again.stdout == "surveys/translations/tiny.de.po: 17 done, 0 to look at again, 0 missing\n"


def test_a_language_without_an_interface_gets_a_file_for_that_too(run, workspace):
    done = run("survey", "translate", "tiny", "--language", "fr")
    assert "templates/translations/interface.fr.po: 0 done" in done.stdout


def test_a_map_is_translated_by_itself(run, workspace):
    done = run("map", "translate", "retain", "--language", "pt-BR")
    assert done.stdout == "maps/translations/retain.pt-BR.po: 0 done, 0 to look at again, 10 missing\n"
    assert (
        'msgctxt "outcome:sample-leaving-time:ability"' in (workspace / "maps/translations/retain.pt-BR.po").read_text()
    )
    assert "translation-missing warning: 10 of 10" in run("map", "lint", "maps").stdout


@pytest.mark.parametrize(
    ("arguments", "status", "said"),
    [
        (["map", "translate", "retian", "--language", "de"], 1, "did you mean `retain`"),
        (["survey", "translate", "none", "--language", "de"], 1, "no-such-survey"),
        (["map", "translate", "retain", "--language", "../de"], 2, "not a language code"),
        (["map", "translate", "retain"], 2, "--language"),
    ],
)
def test_what_cannot_be_translated_is_told(run, workspace, arguments, status, said):
    done = run(*arguments)
    assert (done.returncode, done.stdout) == (status, "")
    assert said in done.stderr


def test_a_broken_file_is_left_as_it_is(run, workspace):
    path = write(workspace, "maps/translations/retain.de.po", 'msgid "a\nmsgstr')
    done = run("map", "translate", "retain", "--language", "de")
    assert done.returncode == 1
    assert "translation-unreadable" in done.stderr
    assert path.read_text() == 'msgid "a\nmsgstr'

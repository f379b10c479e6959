"""Translations of maps: looked up like maps, checked with them."""

from __future__ import annotations

from pathlib import Path

import pytest

from jtbd.jobmap.lint import lint
from jtbd.jobmap.load import load_map
from jtbd.jobmap.source import read_source
from jtbd.jobmap.texts import texts_in, texts_of
from jtbd.jobmap.translate import for_translator, needed
from jtbd.settings import Settings
from tests.survey.samples import RETAIN, small_workspace, write
from tests.translation.samples import fill, marked

SHARED = """\
shared: sample
outcomes:
  - id: sample-shared-time
    outcome: Minimize the time it takes to learn what a customer needs
    ability: learn what a customer needs
"""


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """The small workspace, ``retain`` using a shared outcome too, and a German file for each map."""
    settings = small_workspace(tmp_path)
    write(tmp_path, "maps/shared.yaml", SHARED)
    used = "      - use: sample-handover-unanswered\n"
    write(tmp_path, "maps/retain.yaml", RETAIN.replace(used, f"{used}      - use: sample-shared-time\n"))
    for name in ("acquire", "retain", "shared"):
        update = for_translator(settings, tmp_path / "maps" / f"{name}.yaml", "de")
        update.path.parent.mkdir(parents=True, exist_ok=True)
        update.path.write_bytes(update.content)
        fill(update.path, "de", marked("de"))
    return settings


def found(settings: Settings, name: str) -> list[tuple[str, str, str]]:
    """Codes, levels and files of what lint says of translations."""
    issues = lint(settings, [settings.workspace / "maps" / f"{name}.yaml"])
    return [(one.code, one.level, Path(one.file).name) for one in issues if one.code.startswith("translation-")]


def test_complete_translations_raise_nothing(settings: Settings) -> None:
    assert [found(settings, name) for name in ("acquire", "retain", "shared")] == [[], [], []]


def test_each_text_belongs_to_the_file_that_defines_it(settings: Settings) -> None:
    path = settings.workspace / "maps" / "retain.yaml"
    job_map = load_map(settings, "retain")
    wanted = needed(settings, path, job_map, set())
    assert {
        file.name: [place for place in texts if place.startswith("outcome:")] for file, texts in wanted.items()
    } == {
        "retain.yaml": [
            f"outcome:sample-{name}:{form}"
            for name in ("leaving-time", "leaving-cause", "change-promised")
            for form in ("outcome", "ability")
        ],
        "acquire.yaml": [f"outcome:sample-handover-unanswered:{form}" for form in ("outcome", "ability")],
        "shared.yaml": [f"outcome:sample-shared-time:{form}" for form in ("outcome", "ability")],
    }


def test_the_texts_of_a_file_are_those_of_its_map() -> None:
    """Read from the raw file, and asked for by the map: two ways to the same places."""
    settings = Settings.read(Path(__file__).parents[2], {})
    path = settings.find("maps", "acquire")
    assert path
    of_map = texts_of(load_map(settings, "acquire"))
    in_file = texts_in(read_source(path).data)
    assert len(in_file) > 30
    assert in_file.items() <= of_map.items()
    assert {place.split(":")[0] for place in of_map.keys() - in_file.keys()} <= {"outcome", "context"}


def test_a_gap_is_a_warning_of_the_map_that_holds_the_text(settings: Settings) -> None:
    path = settings.workspace / "maps" / "translations" / "shared.de.po"
    path.write_text(path.read_text().replace('msgstr "[de] learn what a customer needs"', 'msgstr ""'))
    assert found(settings, "shared") == [("translation-missing", "warning", "shared.de.po")]
    assert found(settings, "retain") == []


def test_a_reworded_outcome_is_told_where_its_translation_stands(settings: Settings) -> None:
    write(settings.workspace, "maps/shared.yaml", SHARED.replace("what a customer needs", "what customers need"))
    issues = [one for one in lint(settings, ["shared"]) if one.code == "translation-outdated"]
    lines = (settings.workspace / "maps" / "translations" / "shared.de.po").read_text().splitlines()
    assert [lines[one.line - 1] for one in issues] == [
        'msgid "Minimize the time it takes to learn what a customer needs"', 'msgid "learn what a customer needs"',
    ]  # fmt: skip
    assert {one.level for one in issues} == {"warning"}


def test_entries_of_texts_that_are_gone_and_files_that_are_broken_are_told(settings: Settings) -> None:
    folder = settings.workspace / "maps" / "translations"
    (folder / "shared.es.po").write_text('msgid "a\nmsgstr')
    with (folder / "shared.de.po").open("a") as file:
        file.write('\nmsgctxt "outcome:none:ability"\nmsgid "x"\nmsgstr "y"\n')
    assert set(found(settings, "shared")) == {
        ("translation-unknown", "warning", "shared.de.po"),
        ("translation-unreadable", "error", "shared.es.po"),
    }


def test_a_file_of_the_workspace_begins_with_what_is_shipped_for_the_map(settings: Settings, tmp_path: Path) -> None:
    path = tmp_path / "maps" / "acquire.yaml"
    before = for_translator(settings, path, "de")
    assert before.counts.missing == 0
    assert before.path == tmp_path / "maps" / "translations" / "acquire.de.po"
    assert for_translator(settings, path, "fr").counts.done == 0

"""Questions named like what is known of every response have columns of their own, wherever they are read."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from jtbd.analysis import survey_source
from jtbd.analysis.archive import write_archive
from jtbd.analysis.quality import survey_quality
from jtbd.analysis.source import open_file
from jtbd.report.tables import ratings_table
from jtbd.store.database import Database
from jtbd.survey.columns import ABOUT_RESPONSES, column_of
from jtbd.survey.model import Option, Question, Survey
from jtbd.web.studio.asking import chips, default_query
from tests.store.samples import about, page, published, respond, survey

OPTIONS = (Option("acquire", "Acquire"), Option("retain", "Retain"))
QUESTIONS = (
    Question("status", "What do you do?", "single", OPTIONS, "mode"),
    Question("language", "What do you speak?", "text"),
    Question("wave", "Which wave?", "single", (Option("a", "First"), Option("b", "Second")), "segment"),
    Question("revision", "Which organisation?", "text", role="organisation"),
)
GIVEN = {"status": "acquire", "language": "Klingon", "wave": "b", "revision": "Acme"}


@pytest.fixture
def database(migrated_file: Path, tmp_path: Path) -> Iterator[Database]:
    copy = shutil.copy(migrated_file, tmp_path / "jtbd.db")
    database = Database(f"sqlite:///{copy}")
    yield database
    database.dispose()


@pytest.fixture
def plan(database: Database) -> Survey:
    asked = published(database, survey(questions=QUESTIONS))
    for _ in range(5):
        respond(database, about(**GIVEN), page(1, find=(5, 1), win=(4, 2)))
    return asked


def test_a_question_is_a_column_unless_every_response_has_one_of_its_name() -> None:
    assert [column_of(name) for name in ("status", "function")] == ["answer_status", "function"]
    assert {column_of(one) for one in QUESTIONS} == {f"answer_{name}" for name in ABOUT_RESPONSES}


def test_roles_texts_and_words_of_people_are_found_by_their_column(
    database: Database, plan: Survey, tmp_path: Path
) -> None:
    source = survey_source(database, "modes")
    assert source.roles == {"mode": "answer_status", "segment": "answer_wave", "organisation": "answer_revision"}
    assert source.texts["answer_wave"] == {"a": "First", "b": "Second"}
    assert {name: column[0] for name, column in source.verbatims.items()} == {"answer_language": "Klingon"}
    attributes = {name: column[0] for name, column in source.ratings.attributes.items()}
    assert attributes == {
        "answer_status": "acquire",
        "answer_wave": "b",
        "answer_revision": "Acme",
        "wave": "",
        "status": "in_progress",
        "language": "en",
        "revision": "1",
    }
    for free_text, left_out in ((False, {"answer_language", "answer_revision"}), (True, set())):
        folder = tmp_path / str(free_text)
        write_archive(source, folder, free_text=free_text)
        kept = open_file(str(folder))
        assert {*kept.ratings.attributes, *kept.verbatims} == {*attributes, "answer_language"} - left_out
        assert kept.roles == {role: column for role, column in source.roles.items() if column not in left_out}
        columns = ratings_table(source, free_text=free_text).columns
        assert {"answer_language", "answer_revision"} - {*columns} == left_out
    read_back = open_file(str(tmp_path / "True"))
    assert read_back.verbatims["answer_language"].tolist() == ["Klingon"] * 5
    assert "answer_language" not in read_back.ratings.attributes


def test_conduct_and_chips_read_the_same_columns(database: Database, plan: Survey) -> None:
    quality = survey_quality(database, "modes")
    assert quality.careless.rated["importance"].tolist() == [2] * 5
    found = {chip.name: chip for chip in chips(plan, quality.source, default_query(), [])}
    assert [one.enough for one in found["where.answer_wave"].choices] == [True, False, True]
    assert found["where.answer_status"].label == "Status"


def test_a_text_question_that_got_a_role_later_is_an_attribute(database: Database, plan: Survey) -> None:
    tongue = replace(QUESTIONS[1], role="segment")
    profile = replace(plan.pages[0], questions=(*QUESTIONS[:1], tongue))
    published(database, replace(plan, pages=(profile, *plan.pages[1:])))
    source = survey_source(database, "modes")
    assert source.roles["segment"] == "answer_language"
    assert "answer_language" in source.ratings.attributes

"""Ratings given in different languages are ratings of the same outcomes."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest

import jtbd
from jtbd.analysis.source import survey_source
from jtbd.settings import Settings
from jtbd.store.bulk import FinishedResponse, add_many
from jtbd.store.database import Database
from jtbd.store.surveys import find_survey, publish
from jtbd.survey.compile import load_survey
from jtbd.survey.model import Rating
from tests.survey.samples import ACQUIRE, write
from tests.translation.samples import marked, offered_workspace, translate_all

NOW = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
ASKED = ("sample-audience-time", "sample-handover-unanswered")


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """The tiny survey, answered by 20 people in English and 30 in German who care less."""
    settings = offered_workspace(tmp_path)
    database = Database(settings.database_url)
    database.upgrade()
    publish(database, load_survey(settings, "tiny"), NOW)
    answer(database, {"en": 20, "de": 30})
    database.dispose()
    return settings


def answer(database: Database, people: dict[str, int]) -> None:
    rng = np.random.default_rng(1)
    for language, number in people.items():
        most = 6 if language == "en" else 5
        given = rng.integers(1, most, (number, len(ASKED), 2)).tolist()
        rows = [
            FinishedResponse(
                {"mode": "acquire"}, dict(zip(ASKED, [Rating(*one) for one in row], strict=True)), NOW, NOW, language
            )
            for row in given
        ]
        add_many(database, "tiny", "real", rows, NOW)


def test_one_score_over_both_languages_and_one_in_each(settings: Settings) -> None:
    pooled = jtbd.score("tiny", workspace=settings.workspace).set_index("outcome").loc[[*ASKED]]
    assert pooled["n"].tolist() == [50, 50]
    assert pooled.loc[ASKED[0], "statement"] == "Minimize the time it takes to agree which audience to pursue"

    apart = jtbd.score("tiny", by="language", workspace=settings.workspace).set_index(["group", "outcome"])
    assert apart["n"].unstack("outcome")[[*ASKED]].to_dict("index") == {
        "en": dict.fromkeys(ASKED, 20), "de": dict.fromkeys(ASKED, 30),
    }  # fmt: skip
    for outcome in ASKED:
        mean = (20 * apart.loc[("en", outcome), "importance"] + 30 * apart.loc[("de", outcome), "importance"]) / 50
        assert mean == pytest.approx(pooled.loc[outcome, "importance"])
        assert apart.loc[("en", outcome), "importance"] != apart.loc[("de", outcome), "importance"]

    only = jtbd.score("tiny", where={"language": "de"}, workspace=settings.workspace).set_index("outcome")
    for outcome in ASKED:
        assert only.loc[outcome, "opportunity"] == apart.loc[("de", outcome), "opportunity"]


def test_a_mended_translation_is_a_new_revision_that_is_pooled_and_a_reworded_original_one_that_is_not(
    settings: Settings,
) -> None:
    database = Database(settings.database_url)
    path = settings.workspace / "maps" / "translations" / "acquire.de.po"
    path.write_text(path.read_text().replace("[de] Minimize", "[de] Make small"))
    assert publish(database, load_survey(settings, "tiny"), NOW).revision_number == 2
    answer(database, {"de": 10})
    source = survey_source(database, "tiny")
    assert source.wording_split == ()
    assert source.ratings.n == 60

    write(settings.workspace, "maps/acquire.yaml", ACQUIRE.replace("agree which audience", "settle which audience"))
    for language in ("de", "es"):
        translate_all(settings, "tiny", language, marked(language))
    assert publish(database, load_survey(settings, "tiny", original_where_missing=True), NOW).revision_number == 3
    answer(database, {"de": 10})
    assert survey_source(database, "tiny").wording_split == ("sample-audience-time@r1",)
    assert find_survey(database, "tiny")
    database.dispose()


def test_languages_are_named_where_results_are_shown(settings: Settings) -> None:
    database = Database(settings.database_url)
    source = survey_source(database, "tiny")
    assert source.texts["language"] == {"en": "English", "de": "Deutsch", "es": "Español"}
    database.dispose()

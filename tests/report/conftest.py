"""Analyses of a small survey with simulated answers."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from jtbd.analysis import Analysis, Query, Source, analyse, survey_source
from jtbd.simulation import simulate_into
from jtbd.store.database import Database
from jtbd.store.surveys import publish
from jtbd.survey.compile import load_survey
from tests.survey.samples import small_workspace

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)


@pytest.fixture(scope="package")
def source(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Source]:
    settings = small_workspace(tmp_path_factory.mktemp("report"))
    database = Database(settings.database_url)
    database.upgrade()
    publish(database, load_survey(settings, "tiny"), NOW)
    simulate_into(database, "tiny", 300, 1, NOW)
    yield survey_source(database, "tiny")
    database.dispose()


@pytest.fixture(scope="package")
def analysis(source: Source) -> Analysis:
    return analyse(source, Query())

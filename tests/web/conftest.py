"""An application over a small published survey, its visitor, and its clock."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from jtbd.settings import Settings
from jtbd.store.database import Database
from jtbd.store.surveys import publish
from jtbd.survey.compile import load_survey
from jtbd.web.app import create_app
from tests.survey.samples import small_workspace
from tests.web.visitor import Visitor


@dataclass
class SetClock:
    """A clock that stands still until it is moved."""

    now: datetime

    def __call__(self) -> datetime:
        return self.now

    def move(self, **by: float) -> None:
        self.now += timedelta(**by)


@pytest.fixture
def clock() -> SetClock:
    return SetClock(datetime(2026, 3, 1, 12, 0, tzinfo=UTC))


@pytest.fixture
def settings(tmp_path: Path, clock: SetClock) -> Settings:
    """A workspace with the survey ``tiny`` published."""
    settings = small_workspace(tmp_path)
    database = Database(settings.database_url)
    database.upgrade()
    publish(database, load_survey(settings, "tiny"), clock())
    database.dispose()
    return settings


@pytest.fixture
def app(settings: Settings, clock: SetClock) -> Iterator[Flask]:
    app = create_app(settings, clock=clock)
    app.testing = True
    yield app
    app.extensions["jtbd"].database.dispose()


@pytest.fixture
def database(app: Flask) -> Database:
    found: Database = app.extensions["jtbd"].database
    return found


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    return app.test_client()


@pytest.fixture
def visitor(client: FlaskClient) -> Visitor:
    """Somebody who answers ``tiny`` as a browser without JavaScript would."""
    return Visitor(client)

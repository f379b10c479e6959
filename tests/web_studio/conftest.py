"""A workspace with the tiny survey, simulated answers and an account, and a visitor who is signed in."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from jtbd.settings import Settings
from jtbd.simulation import simulate_into
from jtbd.store.accounts import add_account, set_password
from jtbd.store.database import Database
from jtbd.store.surveys import publish
from jtbd.survey.compile import load_survey
from jtbd.web.app import create_app
from jtbd.web.services import Services
from tests.survey.samples import small_workspace

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
PASSWORD = "a sentence to remember"  # noqa: S105  an account of the tests


@dataclass
class Clock:
    """A clock that a test sets."""

    now: datetime = NOW
    hours: float = field(default=0, init=False)

    def __call__(self) -> datetime:
        return self.now + timedelta(hours=self.hours)


@pytest.fixture(scope="session")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A workspace to copy: the survey ``tiny`` with 200 simulated answers, and the administrator Ada."""
    folder = tmp_path_factory.mktemp("studio")
    settings = small_workspace(folder)
    database = Database(settings.database_url)
    database.upgrade()
    publish(database, load_survey(settings, "tiny"), NOW)
    simulate_into(database, "tiny", 200, 1, NOW)
    add_account(database, "Ada", "admin", NOW)
    set_password(database, "Ada", PASSWORD, NOW)
    with database.engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    database.dispose()
    return folder


@pytest.fixture
def settings(filled: Path, tmp_path: Path) -> Settings:
    folder = tmp_path / "workspace"
    shutil.copytree(filled, folder)
    return Settings.read(folder, {})


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def app(settings: Settings, clock: Clock) -> Iterator[Flask]:
    app = create_app(settings, clock=clock)
    app.testing = True
    yield app
    services: Services = app.extensions["jtbd"]
    services.database.dispose()


@pytest.fixture
def database(app: Flask) -> Database:
    services: Services = app.extensions["jtbd"]
    return services.database


@pytest.fixture
def visitor(app: Flask) -> FlaskClient:
    """Somebody who is not signed in."""
    return app.test_client()


@pytest.fixture
def sign_in(visitor: FlaskClient) -> Callable[..., TestResponse]:
    def sign_in(name: str = "Ada", password: str = PASSWORD, address: str = "/studio/login") -> TestResponse:
        return send(visitor, address, name=name, password=password)

    return sign_in


@pytest.fixture
def client(visitor: FlaskClient, sign_in: Callable[..., TestResponse]) -> FlaskClient:
    """Ada, signed in."""
    assert sign_in().status_code == 303
    return visitor


def send(client: FlaskClient, address: str, page: str = "", **fields: str) -> TestResponse:
    """Open the page, fill in its form and send it."""
    token = token_in(client.get(page or address).text)
    return client.post(address, data={"csrf_token": token, **fields})


def token_in(page: str) -> str:
    found = re.search(r'name="csrf_token"[^>]* value="([^"]+)"', page)
    assert found, "the page has no form"
    return found[1]

"""What machines ask the server."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

import pytest
from alembic.script import ScriptDirectory
from flask import Flask
from sqlalchemy import text

from jtbd.settings import Settings
from jtbd.store.migrate import _config
from jtbd.store.revisions import newest_revision
from jtbd.web.app import create_app
from tests.web.conftest import SetClock


@pytest.fixture
def app(settings: Settings, clock: SetClock) -> Iterator[Flask]:
    app = create_app(replace(settings, metrics="loopback"), clock=clock)
    yield app
    app.extensions["jtbd"].database.dispose()


def test_a_server_lives_without_its_database_and_is_not_ready(app: Flask, settings: Settings) -> None:
    client = app.test_client()
    assert [client.get(path).status_code for path in ("/healthz", "/readyz")] == [200, 200]
    app.extensions["jtbd"].database.dispose()
    for file in settings.workspace.glob("jtbd.db*"):
        file.unlink()
    assert client.get("/healthz").status_code == 200
    answer = client.get("/readyz")
    assert answer.status_code == 503
    assert str(settings.workspace) not in answer.text


def test_a_server_is_not_ready_before_the_schema_is_the_newest(app: Flask) -> None:
    database, client = app.extensions["jtbd"].database, app.test_client()

    def set_revision(name: str) -> None:
        with database.write() as connection:
            connection.execute(text("UPDATE alembic_version SET version_num = :name"), {"name": name})

    newest = newest_revision()
    for other in ("0001", "9999"):
        set_revision(other)
        answer = client.get("/readyz")
        assert answer.status_code == 503
        assert answer.get_json() == {"status": "the schema of the database is not the newest"}
    set_revision(newest)
    assert client.get("/readyz").get_json() == {"status": "ready"}
    set_revision("9999")
    assert client.get("/readyz").status_code == 200, "a newer version may have brought it up to date meanwhile"


def test_the_newest_revision_is_the_one_that_migrations_lead_to() -> None:
    assert newest_revision() == ScriptDirectory.from_config(_config()).get_current_head()


def test_requests_are_counted_by_pattern(app: Flask) -> None:
    client = app.test_client()
    for path in ("/s/tiny", "/s/tiny", "/r/secret-code", "/nothing"):
        client.get(path)
    client.open("/s/tiny", method="SECRET")
    text = client.get("/metrics").text
    assert 'jtbd_requests_total{method="GET",route="/s/<slug>",status="200"} 2.0' in text
    assert 'jtbd_requests_total{method="GET",route="/r/<code>",status="404"} 1.0' in text
    assert 'jtbd_requests_total{method="other",route="unknown",status="405"} 1.0' in text
    assert 'jtbd_request_seconds_count{route="/s/<slug>"} 2.0' in text
    assert re.search("secret|SECRET", text) is None


@pytest.mark.parametrize(
    ("address", "headers"),
    [
        ("10.0.0.1", {}),
        ("127.0.0.1", {"X-Forwarded-For": "127.0.0.1"}),
        ("127.0.0.1", {"Forwarded": "for=127.0.0.1"}),
        ("unix:", {}),
    ],
)
def test_metrics_are_for_this_machine_alone(app: Flask, address: str, headers: dict[str, str]) -> None:
    client = app.test_client()
    assert client.get("/metrics").status_code == 200
    assert client.get("/metrics", environ_base={"REMOTE_ADDR": address}, headers=headers).status_code == 404


def test_metrics_are_off_unless_asked_for(settings: Settings, clock: SetClock) -> None:
    for metrics, status in (("off", 404), ("all", 200)):
        app = create_app(replace(settings, metrics=metrics), clock=clock)  # type: ignore[arg-type]
        client = app.test_client()
        assert client.get("/metrics", environ_base={"REMOTE_ADDR": "10.0.0.1"}).status_code == status
        app.extensions["jtbd"].database.dispose()

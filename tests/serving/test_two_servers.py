"""Two servers behind a proxy, on one PostgreSQL database: one is killed, and respondents go on at the other."""

from __future__ import annotations

from pathlib import Path

import pytest

from jtbd.store.database import Database
from tests.serving.kept import see_that_all_is_there
from tests.serving.processes import prepared, serving
from tests.serving.proxy import proxy_before
from tests.serving.respondents import NO_ANSWER, crowd_at


@pytest.mark.parametrize("database_url", [pytest.param("postgres", marks=pytest.mark.postgres)], indirect=True)
def test_what_was_acknowledged_outlives_one_of_two_servers(tmp_path: Path, database_url: str) -> None:
    settings = prepared(tmp_path, database_url)
    with (
        serving(settings, log=tmp_path / "first.log") as first,
        serving(settings, log=tmp_path / "second.log") as second,
        proxy_before(first.port, second.port) as port,
        crowd_at(port) as crowd,
    ):
        crowd.wait_for(30)
        first.kill()
        crowd.wait_for(30)
        first.start()
        crowd.wait_for(30)
        second.kill()
        crowd.wait_for(30)
    assert crowd.seen(NO_ANSWER) > 0
    database = Database(settings.database_url)
    see_that_all_is_there(database, crowd)
    database.dispose()

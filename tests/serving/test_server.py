"""The real server, started as its operator starts it."""

from __future__ import annotations

import json
import signal
import sqlite3
import time
from concurrent.futures import ThreadPoolExecutor
from http.client import HTTPConnection
from pathlib import Path
from urllib.parse import urlencode, urlsplit

import pytest

from jtbd.store.database import Database
from tests.browser.server import LiveServer, running_server
from tests.cli.conftest import Run
from tests.survey.samples import small_workspace
from tests.web.visitor import Visitor

FORM = {"Content-Type": "application/x-www-form-urlencoded"}


@pytest.fixture
def workspace(tmp_path: Path) -> Path:
    folder = tmp_path / "study"
    folder.mkdir()
    small_workspace(folder)
    return folder


def ask(server: LiveServer, method: str, path: str, body: str = "", **headers: str) -> tuple[int, dict[str, str], str]:
    parts = urlsplit(server.url)
    connection = HTTPConnection(parts.hostname or "", parts.port or 0, timeout=30)
    connection.request(method, path, body or None, headers)
    answer = connection.getresponse()
    found = answer.status, {name.lower(): value for name, value in answer.getheaders()}, answer.read().decode()
    connection.close()
    return found


def begin(server: LiveServer) -> tuple[int, dict[str, str], str]:
    """Begin a response, as a browser does."""
    _, headers, text = ask(server, "GET", "/s/tiny")
    hidden = Visitor.hidden_in(text)
    return ask(server, "POST", "/s/tiny", urlencode({**hidden, "consent": "yes"}), Cookie=headers["set-cookie"], **FORM)


def test_requests_under_way_are_finished_when_the_server_is_told_to_stop(workspace: Path) -> None:
    with running_server(workspace, "tiny") as server:
        assert begin(server)[0] == 303
        blocking = sqlite3.connect(workspace / "jtbd.db", isolation_level=None)
        blocking.execute("BEGIN IMMEDIATE")  # nobody else can write now
        with ThreadPoolExecutor() as pool:
            under_way = pool.submit(begin, server)
            time.sleep(1)
            server.process.send_signal(signal.SIGTERM)
            time.sleep(0.5)
            assert not under_way.done()
            blocking.execute("COMMIT")
            blocking.close()
            assert under_way.result(timeout=20)[0] == 303
        assert server.process.wait(timeout=20) == 0
    database = Database(server.settings.database_url)
    with database.read() as connection:
        assert connection.exec_driver_sql("SELECT count(*) FROM response").scalar_one() == 2
    database.dispose()


def test_several_processes_answer_log_and_count_as_one(workspace: Path) -> None:
    with running_server(workspace, "tiny", ["--workers", "2"], JTBD_METRICS="loopback") as server:
        for _ in range(12):
            assert ask(server, "GET", "/s/tiny")[0] == 200
            assert ask(server, "GET", "/readyz")[0] == 200
        pages = [ask(server, "GET", "/metrics")[2] for _ in range(6)]
        assert [page.count('route="/s/<slug>",status="200"} 12.0') for page in pages] == [1] * 6
        assert ask(server, "GET", "/metrics", **{"X-Forwarded-For": "1.1.1.1"})[0] == 404
        written = [line for line in (workspace / "server.log").read_text().splitlines() if line.startswith("{")]
        routes = [json.loads(line).get("route") for line in written]
        assert (routes.count("/readyz"), routes.count("/s/<slug>")) == (12, 0)


def test_settings_that_make_no_sense_are_all_named_before_anything_starts(
    workspace: Path,
    run: Run,
) -> None:
    bad = {
        "JTBD_TRUSTED_PROXIES": "many",
        "JTBD_ALLOWED_HOSTS": "https://x",
        "JTBD_URL_PREFIX": "//x",
        "JTBD_HTTPS": "true",
        "JTBD_START_LIMIT": "100",
        "JTBD_LOG": "all",
        "JTBD_METRICS": "yes",
        "JTBD_ALOWED_HOSTS": "x",
    }
    done = run("--workspace", workspace, "serve", **bad)
    assert done.returncode == 1
    named = {line.partition(" ")[0] for line in done.stderr.splitlines()}
    assert named == set(bad)
    assert "did you mean JTBD_ALLOWED_HOSTS?" in done.stderr
    assert not (workspace / "jtbd.db").exists()


def test_a_backup_is_made_while_the_server_answers_and_comes_back(workspace: Path, run: Run) -> None:
    with running_server(workspace, "tiny") as server:
        assert begin(server)[0] == 303
        done = run("--workspace", workspace, "db", "backup", "saved")
        assert (done.returncode, done.stdout[:44]) == (0, "saved: 1 survey, 1 response, 0 ratings (0.2 "), done.stderr
        assert begin(server)[0] == 303
        assert json.loads(ask(server, "GET", "/readyz")[2]) == {"status": "ready"}
        running = run("--workspace", workspace, "db", "restore", "--replace", "saved")
        assert (running.returncode, "stop the server" in running.stderr) == (3, True)
        assert begin(server)[0] == 303
    refused = run("--workspace", workspace, "db", "restore", "saved")
    assert (refused.returncode, "use --replace" in refused.stderr) == (1, True)
    assert run("--workspace", workspace, "db", "restore", "--replace", "saved").returncode == 0
    database = Database(server.settings.database_url)
    with database.read() as connection:
        assert connection.exec_driver_sql("SELECT count(*) FROM response").scalar_one() == 1
    database.dispose()

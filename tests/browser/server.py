"""The real server in a process of its own, over a workspace that holds the shipped survey."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

from jtbd.settings import Settings
from jtbd.store.database import Database
from jtbd.store.surveys import publish
from jtbd.survey.compile import load_survey

SURVEY = "revenue-modes"
SECONDS_TO_START = 90


@dataclass(frozen=True)
class LiveServer:
    """A server that runs, and the database it writes to."""

    url: str
    settings: Settings
    database: Database
    process: subprocess.Popen[bytes]


def command(settings: Settings, port: int, *arguments: str) -> list[str]:
    """What starts the server."""
    start = [sys.executable, "-m", "jtbd", "--workspace", str(settings.workspace), "serve", "--port", str(port)]
    return [*start, *arguments]


@contextmanager
def running_server(
    folder: Path, survey: str = SURVEY, arguments: Iterable[str] = (), **environment: str
) -> Iterator[LiveServer]:
    """A server over a workspace and one of its surveys, on a free port of this machine, stopped at the end."""
    settings = Settings.read(folder, {})
    database = Database(settings.database_url)
    database.upgrade()
    publish(database, load_survey(settings, survey), datetime.now(UTC))
    port = free_port()
    clean = {name: value for name, value in os.environ.items() if not name.startswith("JTBD_")}
    with (folder / "server.log").open("w+") as log:
        process = subprocess.Popen(command(settings, port, *arguments), stdout=log, stderr=log, env=clean | environment)
        try:
            wait_for(process, f"http://127.0.0.1:{port}", folder / "server.log")
            yield LiveServer(f"http://127.0.0.1:{port}", settings, database, process)
        finally:
            process.terminate()
            try:
                process.wait(timeout=15)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
            database.dispose()


def free_port() -> int:
    """A port of this machine that nobody listens on."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port: int = listener.getsockname()[1]
    return port


def wait_for(process: subprocess.Popen[bytes], url: str, log: Path) -> None:
    """Wait until the server answers; what it wrote is the error if it ends before."""
    until = time.monotonic() + SECONDS_TO_START
    while time.monotonic() < until:
        if process.poll() is not None:
            break
        try:
            with urlopen(f"{url}/healthz", timeout=2):  # noqa: S310 - our own address
                return
        except (URLError, ConnectionError, TimeoutError):
            time.sleep(0.1)
    raise RuntimeError(f"the server did not start:\n{log.read_text()}")

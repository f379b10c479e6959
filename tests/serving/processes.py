"""Servers in processes of their own, to be killed and started again where they were."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import psutil

from jtbd.settings import Settings
from jtbd.store.database import Database
from jtbd.store.surveys import publish
from jtbd.survey.compile import load_survey
from tests.browser.server import command, free_port, wait_for
from tests.survey.samples import small_workspace


def prepared(workspace: Path, database_url: str = "") -> Settings:
    """A workspace whose survey ``tiny`` is published in its own database, or in the one of this address."""
    small_workspace(workspace)
    settings = Settings.read(workspace, {"JTBD_DATABASE_URL": database_url} if database_url else {})
    database = Database(settings.database_url)
    database.upgrade()
    publish(database, load_survey(settings, "tiny"), datetime.now(UTC))
    database.dispose()
    return settings


class Serving:
    """``jtbd serve`` on a port that it keeps, with its workers in a group of processes of its own."""

    def __init__(self, settings: Settings, log: Path, *arguments: str) -> None:
        self.port = free_port()
        self._command = command(settings, self.port, *arguments)
        self._log = log
        # without the last, which some environments set, every start would take three times as long
        clean = {name: value for name, value in os.environ.items() if not name.startswith(("JTBD_", "PYTHONDONT"))}
        self._environment = clean | {"JTBD_DATABASE_URL": settings.database_url, "JTBD_LOG": "errors"}
        self.process: subprocess.Popen[bytes]

    def start(self) -> None:
        """Start it, and wait until it answers."""
        with self._log.open("a") as log:
            self.process = subprocess.Popen(
                self._command, stdout=log, stderr=log, env=self._environment, start_new_session=True
            )
        wait_for(self.process, f"http://127.0.0.1:{self.port}", self._log)

    def workers(self) -> list[psutil.Process]:
        """The processes that answer, the oldest first."""
        children = psutil.Process(self.process.pid).children()
        return sorted(filter(_lives, children), key=lambda one: (one.create_time(), one.pid))

    def processes(self) -> list[int]:
        """The ids of its processes."""
        return [self.process.pid, *(one.pid for one in self.workers())]

    def kill(self) -> None:
        """Kill all of it at once, and wait until its port is free."""
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()
        wait_until(self._is_free)

    def stop(self) -> None:
        """Tell it to stop, or see to it."""
        self.process.terminate()
        try:
            self.process.wait(timeout=15)
        except subprocess.TimeoutExpired:
            self.kill()

    def _is_free(self) -> bool:
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("127.0.0.1", self.port))
            except OSError:
                return False
            return True


def _lives(process: psutil.Process) -> bool:
    try:
        return process.status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


@contextmanager
def serving(settings: Settings, *arguments: str, log: Path | None = None) -> Iterator[Serving]:
    """A server that runs inside the block, and writes its log into its workspace or where it is told."""
    server = Serving(settings, log or settings.workspace / "server.log", *arguments)
    try:
        server.start()
        yield server
    finally:
        server.stop()


def wait_until(is_so: Callable[[], bool], seconds: float = 30) -> None:
    until = time.monotonic() + seconds
    while not is_so():
        assert time.monotonic() < until, "it never came to that"
        time.sleep(0.02)

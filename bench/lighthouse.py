"""What Lighthouse thinks of the pages respondents meet, on a slow phone: the server as users run it, a real Chromium.

Lighthouse comes with npm into ``test-output``; it drives the Chromium that ``CHROME_PATH`` names, or one on PATH.
"""

from __future__ import annotations

import json
import os
import shutil
import statistics
import subprocess
from dataclasses import dataclass
from datetime import UTC, datetime
from http.client import HTTPConnection
from pathlib import Path
from urllib.parse import urlsplit

from jtbd.store.responses import begin, save_page
from jtbd.survey.model import Submission
from tests.browser.provide import ON_PATH
from tests.browser.server import SURVEY, LiveServer, running_server

RUNS = 5
ATTEMPTS = 4
VERSION = "13.5.0"
FOLDER = Path(__file__).parents[1] / "test-output" / f"lighthouse-{VERSION}"
LIGHTHOUSE = FOLDER / "node_modules" / ".bin" / "lighthouse"
LITTLE = 0.9
"""A weighed audit with less, of 1, is named."""
FAST_ENOUGH = 1000
"""Lighthouse's index of a machine under which it warns that performance is that of the machine."""
TARGETS = {"performance": 95, "accessibility": 100, "best-practices": 100}


@dataclass(frozen=True)
class Visit:
    """A page, and the cookie of somebody who has come to it."""

    name: str
    path: str
    cookie: str = ""


@dataclass(frozen=True)
class Run:
    """One judgement: points by category, the audits that cost some, and how fast the machine was.

    ``speed`` is Lighthouse's own index. Under about 1,000 it warns that performance is that of the machine.
    """

    points: dict[str, int]
    audits: dict[str, str]
    speed: float


def main(folder: Path) -> None:
    browser = os.environ.get("CHROME_PATH") or next(filter(None, map(shutil.which, ON_PATH)), None)
    if browser is None or not provide():
        print("\nLighthouse is left out: it needs npm, and a Chromium on PATH or in CHROME_PATH")
        return
    workspace = folder / "lighthouse"
    workspace.mkdir()
    print(f"\nLighthouse {VERSION}, a slow phone; points of 100, median of {RUNS} runs (lowest)")
    print(f"{'page':<10}" + "".join(f"{name:>20}" for name in TARGETS) + f"{'machine':>10}")
    with running_server(workspace) as server:
        for visit in visits(server):
            report(visit.name, [judge(server.url + visit.path, visit.cookie, browser, folder) for _ in range(RUNS)])


def report(name: str, runs: list[Run]) -> None:
    """Print a line for a page, and what cost it points."""
    cells = []
    for category, target in TARGETS.items():
        values = [run.points[category] for run in runs]
        median = statistics.median(values)
        cells.append(f"{median:g} ({min(values)}) {'ok' if median >= target else 'MISSED'}")
    speed = statistics.median(run.speed for run in runs)
    slow = " too slow to judge performance" if speed < FAST_ENOUGH else ""
    print(f"{name:<10}" + "".join(f"{cell:>20}" for cell in cells) + f"{speed:>10.0f}{slow}", flush=True)
    for audit, what in sorted({item for run in runs for item in run.audits.items()}):
        print(f"    {audit}: {what}")


def provide() -> bool:
    """Get Lighthouse if it is not there; whether it is there now."""
    if not LIGHTHOUSE.exists() and (npm := shutil.which("npm")):
        FOLDER.mkdir(parents=True, exist_ok=True)
        what = [npm, "install", "--prefix", str(FOLDER), "--ignore-scripts", "--no-audit", "--no-fund"]
        subprocess.run([*what, f"lighthouse@{VERSION}"], capture_output=True, check=False)
    return LIGHTHOUSE.exists()


def visits(server: LiveServer) -> list[Visit]:
    """The start page, and two pages of a response that has come so far."""
    profile = {"about-1": {"solution": "one-suite"}, "mode": {"mode": "retain"}}
    return [Visit("start", f"/s/{SURVEY}"), come_to(server, "profile", {}), come_to(server, "rating", profile)]


def come_to(server: LiveServer, name: str, answered: dict[str, dict[str, str]]) -> Visit:
    """Where a response goes on of which these pages are answered, and the cookie its link sets."""
    now = datetime.now(UTC)
    begun = begin(server.database, slug=SURVEY, kind="real", language="en", consent="", now=now)
    for page, answers in answered.items():
        save_page(server.database, begun.response_id, Submission(page, dict(answers), {}), now)
    connection = HTTPConnection(urlsplit(server.url).netloc)
    connection.request("GET", f"/r/{begun.code}")
    answer = connection.getresponse()
    connection.close()
    cookie = (answer.headers["Set-Cookie"] or "").partition(";")[0]
    return Visit(name, urlsplit(answer.headers["Location"]).path, cookie)


def judge(url: str, cookie: str, browser: str, folder: Path) -> Run:
    """Load a page once and have it judged."""
    output = folder / "lighthouse.json"
    flags = "--headless=new --disable-gpu" + (" --no-sandbox" if hasattr(os, "geteuid") and os.geteuid() == 0 else "")
    command = [str(LIGHTHOUSE), url, "--quiet", "--output=json", f"--output-path={output}", f"--chrome-flags={flags}"]
    command += [f"--only-categories={','.join(TARGETS)}", "--disable-storage-reset"]
    if cookie:
        headers = folder / "headers.json"
        headers.write_text(json.dumps({"Cookie": cookie}))
        command.append(f"--extra-headers={headers}")
    for attempt in range(ATTEMPTS):  # on a busy machine it may miss the very start of a page, and says so
        last = attempt == ATTEMPTS - 1
        done = subprocess.run(command, check=last, capture_output=True, env={**os.environ, "CHROME_PATH": browser})
        if not done.returncode:
            break
    found = json.loads(output.read_text())
    weighed = {one["id"] for name in TARGETS for one in found["categories"][name]["auditRefs"] if one["weight"]}
    scored = {name: one for name, one in found["audits"].items() if name in weighed and one["score"] is not None}
    return Run(
        {name: round(100 * found["categories"][name]["score"]) for name in TARGETS},
        {name: one["title"] for name, one in scored.items() if one["score"] < LITTLE},
        found["environment"]["benchmarkIndex"],
    )

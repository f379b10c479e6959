"""The survey of ``bench.submits`` in oTree, a peer that serves surveys from Python, under the same load client.

oTree comes from the package index into an environment of its own, and runs as its users run it: the production server
on SQLite. Like our own server it logs errors alone.
"""

from __future__ import annotations

import json
import os
import shutil
import sqlite3
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from bench.load import TOGETHER, free_port, head, loaded, report, running

VERSION = "6.0.15"
PROJECT = Path(__file__).with_name("otree_project")

PLACES = 1_000
"""Participants of a session, which oTree wants to know before: more than come while a load lasts."""

RATINGS = 100
"""Of each respondent."""


def main(folder: Path) -> None:
    try:
        programs = installed(folder / "otree")
    except subprocess.CalledProcessError as error:
        *_, reason = error.stderr.strip().split("\n")
        print(f"\noTree: not measured, it could not be installed: {reason}")
        return
    project = folder / "otree_project"
    head(f"the same pages served by oTree {VERSION}")
    finished = 0
    with served(project, programs) as (port, pid):
        for together in TOGETHER:
            found = loaded(new_session(port), "No more pages left", pid, together)
            report("oTree, SQLite", together, found)
            finished += found["respondents_done"]
    print(f"{saved(project / 'db.sqlite3'):,} of {RATINGS * finished:,} ratings given are in its database")


def installed(folder: Path) -> Path:
    """The programs of a new environment with oTree."""
    programs = folder / "bin"
    pip = [str(programs / "python"), "-m", "pip", "--quiet", "--disable-pip-version-check", "--retries", "1"]
    subprocess.run([sys.executable, "-m", "venv", str(folder)], check=True, capture_output=True, text=True)
    subprocess.run([*pip, "install", f"otree=={VERSION}"], check=True, capture_output=True, text=True)
    return programs


@contextmanager
def served(project: Path, programs: Path) -> Iterator[tuple[int, int]]:
    """oTree's production server over a new project: its port, and the process."""
    shutil.copytree(PROJECT, project)
    (project / "_static").mkdir()  # without it oTree does not start
    port = free_port()
    command = [str(programs / "otree"), "prodserver", f"127.0.0.1:{port}"]
    environment = {"PATH": f"{programs}{os.pathsep}{os.environ['PATH']}", "OTREE_PRODUCTION": "1"}
    with running(command, project, environment, port, "/api/otree_version") as pid:
        yield port, pid


def new_session(port: int) -> str:
    """The link of a new session, by which everybody who comes without a cookie gets the next place."""
    wanted = {"session_config_name": "outcomes", "num_participants": PLACES}
    with urllib.request.urlopen(f"http://127.0.0.1:{port}/api/sessions", json.dumps(wanted).encode()) as answer:
        link: str = json.load(answer)["session_wide_url"]
    return link


def saved(database: Path) -> int:
    """How many ratings oTree has stored."""
    with closing(sqlite3.connect(database)) as connection:
        players = connection.execute("SELECT * FROM outcomes_player")
        ratings = [k for k, (name, *_) in enumerate(players.description) if name.startswith(("importance", "satisf"))]
        return sum(player[k] is not None for player in players for k in ratings)

"""`jtbd quality`: what it prints, refuses and keeps."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable
from pathlib import Path
from subprocess import CompletedProcess

import pytest

from jtbd.settings import Settings
from jtbd.store.database import Database
from tests.analysis.test_quality import CARELESS, STRAIGHT, settings, straight_file
from tests.reference import DATA

Run = Callable[..., "CompletedProcess[str]"]

__all__ = ["settings"]


def rows(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text)))


def test_the_table_lists_the_flagged_and_says_what_could_not_be_seen(run: Run, settings: Settings) -> None:
    done = run("quality", "revenue-modes")
    assert done.returncode == 0
    assert "SIMULATED DATA · 4 of 46 respondents" in done.stdout
    assert [line.split()[0] for line in done.stdout.splitlines() if line.startswith("r4")] == CARELESS[:STRAIGHT]
    assert "signs-not-seen" in done.stderr
    assert "attention" in done.stderr


def test_exclude_and_include_are_kept_with_their_reasons(run: Run, settings: Settings) -> None:
    done = run("quality", "revenue-modes", "--exclude", "flagged", "--reason", "no care")
    assert done.stdout == "revenue-modes: 4 responses excluded\n"
    assert "4 excluded" in run("survey", "list").stdout
    assert run("quality", "revenue-modes", "--include", "r42", "--reason", "asked: real").returncode == 0
    assert "3 excluded" in run("survey", "list").stdout
    history = rows(run("quality", "revenue-modes", "--history", "--format", "csv").stdout)
    assert [(row["respondent"], row["action"], row["by"], row["reason"]) for row in history] == [
        ("r42", "include", "command line", "asked: real"),
        *[(one, "exclude", "command line", "no care") for one in ("r44", "r43", "r42", "r41")],
    ]
    table = rows(run("quality", "revenue-modes", "--format", "csv").stdout)
    states = {row["respondent"]: row["state"] for row in table if row["state"] != "counted"}
    assert states == {"r41": "excluded", "r42": "kept", "r43": "excluded", "r44": "excluded"}


def test_with_and_without_shows_both_ranks(run: Run, settings: Settings) -> None:
    done = run("quality", "revenue-modes", "--with-and-without", "--format", "json")
    got = json.loads(done.stdout)
    assert got["provenance"]["with"]["respondents"] == 46
    assert got["provenance"]["without"]["respondents"] == 42
    assert any(row["rank_change"] for row in got["outcomes"])
    assert "n = 46" in run("quality", "revenue-modes", "--with-and-without").stdout


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (["revenue-modes", "--exclude", "r41"], 2, "--reason"),
        (["revenue-modes", "--exclude", "r41", "--reason", " "], 2, "--reason"),
        (["revenue-modes", "--reason", "x"], 2, "--exclude"),
        (["revenue-modes", "--history", "--with-and-without"], 2, "choose one"),
        (["revenue-modes", "--exclude", "r999", "--reason", "x"], 1, "no-such-response"),
        (["nothing", "--exclude", "r1", "--reason", "x"], 1, "nothing"),
        (["nothing"], 1, "nothing"),
        ([str(DATA), "--exclude", "r001", "--reason", "x"], 1, "--exclude-flagged"),
        ([str(DATA), "--history"], 1, "surveys only"),
        ([str(DATA), "--wave", "1"], 1, "--wave"),
    ],
)
def test_what_makes_no_sense_is_refused(
    run: Run, settings: Settings, arguments: list[str], code: int, said: str
) -> None:
    done = run("quality", *arguments)
    assert (done.returncode, done.stdout) == (code, "")
    assert said in done.stderr
    assert "Traceback" not in done.stderr


def test_nothing_is_excluded_if_one_reference_is_wrong(run: Run, settings: Settings) -> None:
    run("quality", "revenue-modes", "--exclude", "r41", "--exclude", "r999", "--reason", "x")
    assert run("quality", "revenue-modes", "--history").stdout == ""


def test_a_file_is_scored_with_and_without(run: Run, tmp_path: Path) -> None:
    path = straight_file(tmp_path)
    done = run("quality", path, "--format", "csv", "--output", "flags.csv")
    assert done.returncode == 0
    assert [row["respondent"] for row in rows((tmp_path / "flags.csv").read_text()) if row["flagged"] == "True"] == [
        "r001"
    ]
    assert run("score", path).stdout != run("score", path, "--exclude-flagged").stdout
    assert "flagged-left-out" in run("score", path, "--exclude-flagged").stderr


def test_references_are_no_codes_and_no_names(run: Run, settings: Settings) -> None:
    done = run("quality", "revenue-modes", "--format", "json")
    people = {row["respondent"] for row in json.loads(done.stdout)["respondents"]}
    assert people == {f"r{number}" for number in range(1, 47)}
    assert "Organisation" not in done.stdout
    assert Database(settings.database_url).check() == []

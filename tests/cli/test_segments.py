import csv
import io
import json
import os
import pty
import subprocess
import sys
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

import jtbd
from jtbd.ratings.model import Ratings
from tests.ratings.segment_samples import draw

NOTE = "differences between them are not tested"


def write(path: Path, ratings: Ratings, **attributes: np.ndarray) -> Path:
    names = [f"{scale[:3]}_{outcome}" for scale in ratings.scales for outcome in ratings.outcomes]
    codes = np.hstack(list(ratings.scales.values()))
    with path.open("w", newline="") as file:
        writer = csv.writer(file)
        writer.writerow([*attributes, *names])
        for row, cells in enumerate(codes.tolist()):
            writer.writerow([*(values[row] for values in attributes.values()), *(code or "" for code in cells)])
    return path


@pytest.fixture(scope="module")
def planted(tmp_path_factory) -> Path:
    rng = np.random.default_rng(1)
    ratings, truth = draw(rng, 300, 2, apart=0.9)
    function = np.where(rng.random(300) < 0.8, np.array(["sales", "marketing"])[truth], "service")
    size = np.where(np.arange(300) < 4, "huge", "small")
    people = np.array([f"p{number}" for number in range(300)])
    return write(tmp_path_factory.mktemp("planted") / "planted.csv", ratings, respondent=people, function=function,
                 size=size)  # fmt: skip


@pytest.fixture(scope="module")
def alike(tmp_path_factory) -> Path:
    ratings, _ = draw(np.random.default_rng(2), 300, 1)
    return write(tmp_path_factory.mktemp("alike") / "alike.csv", ratings)


QUICK = ("--groups", "2", "--resamples", "20")


def rows(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text)))


@dataclass(frozen=True)
class Described:
    """What one run says in JSON, and whom it assigns."""

    text: str
    assigned: list[dict[str, str]]

    @property
    def json(self) -> dict[str, Any]:
        return json.loads(self.text)


def describe(planted: Path) -> Described:
    who = planted.with_name("who.csv")
    command = [sys.executable, "-m", "jtbd", "segments", planted, *QUICK, "--assign", who, "--format", "json"]
    done = subprocess.run(list(map(str, command)), capture_output=True, text=True, check=True)
    return Described(done.stdout, rows(who.read_text()))


@pytest.fixture(scope="module")
def described(planted) -> Described:
    return describe(planted)


def test_segments_that_hold_are_marked_as_descriptive(described):
    got = described.json
    assert got["accepted"] == 2
    assert NOTE in got["note"]
    assert NOTE in got["provenance"]["segments"]["note"]
    assert {row["group"] for row in got["rankings"]} == {"A", "B"}
    assert all(NOTE in row["note"] for row in got["rankings"])


def test_everybody_gets_a_segment_under_their_id(described):
    assert [row["respondent"] for row in described.assigned[:3]] == ["p0", "p1", "p2"]
    for size in described.json["sizes"]:
        assert size["people"] == sum(row["segment"] == size["segment"] for row in described.assigned)


def test_the_same_seed_gives_the_same_output(described, planted):
    assert describe(planted) == described


def test_profiles_hide_cells_under_five_people(described):
    got = {(row["attribute"], row["value"]): row for row in described.json["profiles"]}
    assert got["size", "huge"]["share_all"] is got["size", "huge"]["share_A"] is None
    shares = [got["function", value]["share_all"] for value in ("marketing", "sales", "service")]
    assert sum(shares) == pytest.approx(1)
    cells = [got["function", "sales"][name] or 0 for name in ("share_A", "share_B")]
    assert max(cells) > 0.7, "the planted segments differ by function"
    assert min(cells) < 0.1


def test_the_assignment_gives_the_rankings_when_scored(described, planted):
    """What is exported is what was scored: joined back by hand, --by gives the same figures."""
    frame = pd.read_csv(planted)
    frame["found"] = [row["segment"] for row in described.assigned]
    scored = jtbd.score(frame, by="found")
    own = [(row["group"], row["outcome"], row["opportunity"]) for row in described.json["rankings"]]
    assert own == list(scored[["group", "outcome", "opportunity"]].itertuples(index=False, name=None))


def test_unstable_divisions_are_refused_with_their_figures(run, alike, tmp_path):
    done = run("segments", alike, "--groups", "2..3", "--resamples", "20", "--assign", "who.csv")
    assert done.returncode == 0
    assert "No stable segments were found" in done.stdout
    assert "segment A" not in done.stdout
    assert not (tmp_path / "who.csv").exists()
    assert "who.csv is not written" in done.stderr


def test_refused_divisions_have_figures_and_nothing_else(run, alike):
    got = json.loads(run("segments", alike, *QUICK, "--by-model", "kmeans", "--format", "json").stdout)
    assert got["accepted"] is None
    assert got["rankings"] == got["sizes"] == got["profiles"] == got["outcomes"] == []
    assert got["solutions"][0]["why_not"]


@pytest.mark.parametrize(
    ("arguments", "exit_code", "said"),
    [
        (["--groups", "two"], 2, "2..5"),
        (["--groups", "1..3"], 1, "--groups bad-option"),
        (["--by", "function"], 2, "--by"),
        (["--resamples", "3"], 1, "--resamples bad-option"),
        (["--outcomes", "o1,o2"], 1, "--outcomes bad-option"),
        (["--outcomes", "o1,o2,o3,o4,o5,nothing"], 1, 'unknown-outcome nobody rated "nothing"'),
        (["--where", "size=huge"], 1, "too-few-people"),
    ],
)
def test_what_cannot_be_done_is_said(run, planted, arguments, exit_code, said):
    done = run("segments", planted, *arguments)
    assert (done.returncode, done.stdout) == (exit_code, "")
    assert said in done.stderr
    assert "Traceback" not in done.stderr


def test_outcomes_that_different_people_rate_are_refused(run, tmp_path):
    ratings, _ = draw(np.random.default_rng(3), 400, 2)
    for matrix in ratings.scales.values():
        matrix[:200, :5] = 0
        matrix[200:, 5:] = 0
    done = run("segments", write(tmp_path / "apart.csv", ratings))
    assert done.returncode == 1
    assert "not-rated-together" in done.stderr


def test_without_the_extra_the_command_says_what_to_install(planted, tmp_path):
    block = "import sys; sys.modules['sklearn'] = None; from jtbd.cli.main import main; main(sys.argv[1:])"
    done = subprocess.run(
        [sys.executable, "-c", block, "segments", str(planted)], capture_output=True, text=True, check=False
    )
    assert done.returncode == 1
    assert 'pip install "jtbd[segments]"' in done.stderr
    assert "Traceback" not in done.stderr


def test_a_terminal_sees_progress_and_the_file_what_was_found(planted, tmp_path):
    leader, follower = pty.openpty()
    command = [sys.executable, "-m", "jtbd", "segments", str(planted), *QUICK, "--output", str(tmp_path / "out.txt")]
    running = subprocess.Popen(command, stderr=follower)
    os.close(follower)
    seen = b""
    with suppress(OSError):  # how a terminal says that nobody writes to it any more
        while said := os.read(leader, 1000):
            seen += said
    assert running.wait() == 0
    assert b"Trying divisions" in seen
    text = (tmp_path / "out.txt").read_text()
    assert "Two segments hold" in text
    assert " ".join(text.split()).count(NOTE) == 2, "in the conclusion and over the rankings"

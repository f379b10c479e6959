"""``jtbd map``: pictures, differences, schemas."""

from __future__ import annotations

import json
import os
import subprocess
import sys

import pytest

from jtbd.resources import shipped


def test_a_map_is_shown_as_a_picture(run, tmp_path):
    done = run("map", "show", "retain", "--format", "svg")
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("<svg ")
    assert "Notice that a customer is" in done.stdout
    assert "7 outcomes, 6 shared" in done.stdout, "outcomes that the other shipped maps use are counted"


@pytest.mark.parametrize(
    ("name", "begins"), [("m.png", b"\x89PNG"), ("m.svg", b"<svg "), ("m.json", b"{"), ("m.txt", b"Retain")]
)
def test_the_ending_of_the_file_says_the_format(run, tmp_path, name, begins):
    assert run("map", "show", "retain", "--output", name).returncode == 0
    assert (tmp_path / name).read_bytes().startswith(begins)


def test_a_format_asked_for_wins_over_the_ending(run, tmp_path):
    assert run("map", "show", "retain", "--format", "json", "--output", "m.svg").returncode == 0
    assert (tmp_path / "m.svg").read_bytes().startswith(b"{")


def test_a_png_goes_into_a_pipe(tmp_path):
    command = [sys.executable, "-m", "jtbd", "map", "show", "retain", "--format", "png"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, check=True)
    assert done.stdout.startswith(b"\x89PNG")


@pytest.mark.skipif(not hasattr(os, "openpty"), reason="needs a terminal to refuse")
def test_a_png_is_not_written_to_a_terminal(tmp_path):
    ours, theirs = os.openpty()
    try:
        command = [sys.executable, "-m", "jtbd", "map", "show", "retain", "--format", "png"]
        done = subprocess.run(command, cwd=tmp_path, stdout=theirs, stderr=subprocess.PIPE, text=True, check=False)
    finally:
        os.close(ours)
        os.close(theirs)
    assert done.returncode == 2
    assert "--output FILE" in done.stderr


def test_two_modes_are_compared(run):
    done = run("map", "diff", "acquire", "retain")
    assert done.returncode == 0, done.stderr
    assert "only in acquire" in done.stdout
    assert json.loads(run("map", "diff", "acquire", "retain", "--format", "json").stdout)["between"] == "modes"


def test_two_versions_of_a_map_are_compared(run, tmp_path):
    (tmp_path / "retain-2.yaml").write_text(
        (shipped("maps") / "retain.yaml").read_text().replace("has begun to leave", "is about to leave")
    )
    done = run("map", "diff", "retain", "retain-2.yaml")
    assert done.returncode == 0, done.stderr
    assert "+ Minimize the time it takes to notice that a customer is about to leave" in done.stdout
    assert "no differences" in run("map", "diff", "retain", "retain").stdout


def test_a_map_that_is_not_there_cannot_be_compared(run):
    done = run("map", "diff", "retain", "nothing")
    assert done.returncode == 1
    assert "no-such-map" in done.stderr


@pytest.mark.parametrize(("what", "title"), [([], "Job map"), (["shared"], "Shared outcomes"), (["survey"], "Survey")])
def test_schemas_are_printed(run, what, title):
    done = run("map", "schema", *what)
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["title"] == title

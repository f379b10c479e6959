"""``jtbd init``: everything in a new workspace is well formed, and can be fielded as it is."""

from __future__ import annotations

import json
import os
import re
import shlex
import subprocess
import sys

import jsonschema
import pytest

from jtbd.jobmap.lint import lint
from jtbd.jobmap.load import load_map
from jtbd.jobmap.schema import map_schema, shared_schema
from jtbd.jobmap.source import read_source
from jtbd.settings import Settings
from jtbd.survey.schema import survey_schema


@pytest.fixture
def study(run, tmp_path):
    done = run("init", "study")
    assert done.returncode == 0, done.stderr
    return tmp_path / "study"


def test_the_maps_have_no_issue_but_for_being_small(study):
    assert {one.code for one in lint(Settings.read(study, {}), [study / "maps"])} <= {"map-size", "stage-missing"}


@pytest.mark.parametrize("survey", ["volunteers", "revenue-modes"])
def test_its_surveys_check_and_publish_as_they_are(run, study, survey):
    checked = run("--workspace", study, "survey", "check", survey)
    assert checked.returncode == 0
    assert checked.stderr == "", "no warning either"
    published = run("--workspace", study, "survey", "publish", survey)
    assert published.returncode == 0, published.stderr
    assert "revision 1" in published.stdout


def test_the_map_to_start_from_shows_what_a_map_can_hold(study):
    settings = Settings.read(study, {})
    job_map = load_map(settings, "find-volunteers")
    outcomes = list(job_map.outcomes)
    assert len(job_map.steps) == 3
    assert len(outcomes) == 9
    assert all(one.outcome.startswith("Minimize the ") and one.ability[0].islower() for one in outcomes)
    assert job_map.contexts
    assert any(one.lifecycle for one in outcomes)
    text = (study / "maps" / "find-volunteers.yaml").read_text()
    assert text.count("use: ") == 1
    assert text.count("\n#") > 20, "it teaches by its comments"


@pytest.mark.parametrize(
    ("name", "schema"),
    [
        ("maps/find-volunteers.yaml", map_schema()),
        ("maps/volunteering.yaml", shared_schema()),
        ("surveys/volunteers.yaml", survey_schema()),
    ],
)
def test_editors_find_nothing_to_underline(study, name, schema):
    jsonschema.Draft202012Validator(schema).validate(read_source(study / name).data)


def test_a_study_over_the_starter_comes_to_a_ranking(run, study):
    def jtbd(*arguments):
        done = run("--workspace", study, *arguments)
        assert done.returncode == 0, done.stderr
        return done.stdout

    jtbd("survey", "publish", "volunteers")
    jtbd("simulate", "volunteers", "--respondents", 40)
    scores = json.loads(jtbd("score", "volunteers", "--format", "json"))["scores"]
    assert len(scores) == 9
    assert "answer a person who offers to help without delay" in {row["statement"] for row in scores}


def test_the_commands_of_the_readme_are_commands(study):
    block = re.search(r"```\n(.*?)```", (study / "README.md").read_text(), re.S)
    assert block
    commands = [shlex.split(line, comments=True) for line in block[1].splitlines()]
    assert [command[1] for command in commands] == ["map", "map", "survey", "survey", "serve"]
    clean = {name: value for name, value in os.environ.items() if not name.startswith("JTBD_")}
    for name, *arguments in commands:
        assert name == "jtbd"
        command = [sys.executable, "-m", "jtbd", *arguments, *(["--help"] if arguments == ["serve"] else [])]
        done = subprocess.run(command, cwd=study, env=clean, capture_output=True, text=True, check=False)
        assert done.returncode == 0, (command, done.stderr)
    assert (study / "map.png").is_file()


def test_a_folder_in_use_is_left_alone(run, study):
    before = {path: path.read_bytes() for path in study.rglob("*.*") if path.is_file()}
    done = run("init", "study")
    assert done.returncode == 1
    assert "not-empty" in done.stderr
    assert {path: path.read_bytes() for path in study.rglob("*.*") if path.is_file()} == before

"""The same study on SQLite and on a real PostgreSQL, named by the environment."""

import csv
import json
import re
import socket

import pytest


def test_a_study_scores_the_same_on_either_database(run, empty_url, tmp_path):
    def jtbd(*arguments):
        done = run("--workspace", tmp_path / "study", *arguments, JTBD_DATABASE_URL=empty_url)
        assert done.returncode == 0, done.stderr
        return done.stdout

    (tmp_path / "study").mkdir()
    jtbd("survey", "publish", "revenue-modes")
    jtbd("simulate", "revenue-modes", "--respondents", "50", "--seed", "4")
    jtbd("db", "check")
    scores = json.loads(jtbd("score", "revenue-modes", "--format", "json"))["scores"]
    jtbd("export", "revenue-modes", "ratings", "--output", "ratings.csv")
    file = list(csv.DictReader(jtbd("score", "ratings.csv", "--format", "csv").splitlines()))
    assert [row["outcome"] for row in scores] == [row["outcome"] for row in file]
    assert [row["opportunity"] for row in scores] == [float(row["opportunity"]) for row in file]
    assert not (tmp_path / "study" / "jtbd.db").exists()


def test_a_database_that_cannot_be_reached_is_said_without_its_password(run):
    done = run("survey", "list", JTBD_DATABASE_URL="postgresql://me:secret@127.0.0.1:1/none")
    assert done.returncode == 3
    assert "secret" not in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize(
    "command",
    [
        "survey list",
        "survey close tiny",
        "survey status tiny",
        "survey links tiny",
        "survey quotas tiny",
        "survey end-pilot tiny --yes",
        "simulate tiny --respondents 5",
        "wave open tiny",
        "wave list tiny",
        "invite tiny panel.csv",
        "respondent erase reference",
        "respondent erase --older-than 9d --all --yes",
        "quality tiny --history",
        "quality tiny",
        "score tiny",
        "export tiny ratings --output x.csv",
        "user add Ada",
        "user list",
        "db scrub",
        "db backup saved",
        "survey publish no-such-survey",
        "survey preview no-such-survey",
    ],
)
def test_a_command_in_the_wrong_folder_makes_no_database(run, tmp_path, command):
    (tmp_path / "panel.csv").write_text("id\n7\n")
    done = run(*command.split())
    assert done.returncode == 1
    assert re.search(" (no-database|no-such-source|no-such-survey) ", done.stderr)
    assert [path.name for path in tmp_path.iterdir()] == ["panel.csv"]


def test_no_database_is_made_elsewhere_either(run, tmp_path):
    done = run("survey", "list", JTBD_DATABASE_URL=f"sqlite:///{tmp_path / 'other.db'}")
    assert done.returncode == 1
    assert f"{tmp_path / 'other.db'} no-database there is no database here; name its workspace" in done.stderr
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("command", ["db upgrade", "survey publish revenue-modes", "survey preview revenue-modes"])
def test_what_begins_a_study_makes_one(run, tmp_path, command):
    assert run(*command.split()).returncode == 0
    assert (tmp_path / "jtbd.db").exists()


def test_the_server_says_that_it_made_a_new_one(run, tmp_path):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        asked = ("serve", "--port", taken.getsockname()[1])
        first, second = (run(*asked) for _ in range(2))
    assert (first.returncode, second.returncode) == (3, 3), "somebody listens there"
    assert f"There was no database here: {tmp_path / 'jtbd.db'} is new and empty." in first.stderr
    assert "no database" not in second.stderr

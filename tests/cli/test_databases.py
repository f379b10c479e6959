"""The same study on SQLite and on a real PostgreSQL, named by the environment."""

import csv
import json


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

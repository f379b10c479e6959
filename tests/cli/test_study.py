"""A study from the command line: demo, survey, simulation, scores, roadmaps, accounts."""

import csv
import json
import socket
from datetime import UTC, datetime

import numpy as np
import pytest

from jtbd.store import responses
from jtbd.store.database import Database
from tests.survey.samples import small_workspace


@pytest.fixture
def demo(run, tmp_path):
    done = run("demo", "--no-serve", "--respondents", 60)
    assert done.returncode == 0, done.stderr
    return lambda *arguments: run("--workspace", "demo", *arguments)


def test_the_demo_prints_both_links_and_says_that_it_is_simulated(run, tmp_path):
    done = run("demo", "--no-serve", "--respondents", 30)
    assert "http://127.0.0.1:8000/\n" in done.stdout
    assert "/studio/link/" in done.stdout
    assert "simulated" in done.stdout
    assert (tmp_path / "demo" / "truth.csv").exists()


@pytest.mark.parametrize("command", [["demo"], ["--workspace", ".", "serve"]])
def test_a_port_in_use_is_refused_before_any_link_is_printed(run, command):
    with socket.socket() as listener:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)  # as our own server does
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        done = run(*command, "--port", listener.getsockname()[1])
    assert done.returncode == 3
    assert "--port" in done.stderr
    assert "Traceback" not in done.stderr
    assert "link" not in done.stdout


def test_setting_the_demo_up_again_adds_nothing(run, demo):
    assert run("demo", "--no-serve").returncode == 0
    assert "60 simulated" in demo("survey", "list").stdout


def test_the_demo_does_not_touch_a_real_workspace(run, tmp_path):
    assert run("--workspace", "demo", "db", "upgrade").returncode == 3, "the folder does not exist yet"
    (tmp_path / "demo").mkdir()
    assert run("--workspace", "demo", "survey", "publish", "revenue-modes").returncode == 0
    done = run("demo", "--no-serve")
    assert done.returncode == 1
    assert "not-a-demo" in done.stderr


def test_scores_of_the_demo_are_marked_as_simulated(demo):
    assert "SIMULATED DATA" in demo("score", "revenue-modes").stdout
    assert json.loads(demo("score", "revenue-modes", "--format", "json").stdout)["provenance"]["simulated"] is True


def test_a_mode_shows_only_the_outcomes_it_asks(demo):
    got = json.loads(demo("score", "revenue-modes", "--where", "mode=retain", "--format", "json").stdout)["scores"]
    assert len(got) == 74
    assert all("retain" in row["modes"].split() for row in got)


def test_the_exported_ratings_score_to_the_same_figures(demo, tmp_path):
    assert demo("export", "revenue-modes", "ratings", "--output", "ratings.csv").returncode == 0
    survey, file = (
        {row["outcome"]: row for row in json.loads(demo("score", source, "--format", "json").stdout)["scores"]}
        for source in ("revenue-modes", "ratings.csv")
    )
    assert survey.keys() == file.keys()
    for outcome, row in survey.items():
        for name in ("n", "importance", "opportunity_se", "rank", "rank_high"):
            assert file[outcome][name] == pytest.approx(row[name]), (outcome, name)


def test_a_survey_goes_from_check_to_closing(run, tmp_path):
    folder = small_workspace(tmp_path / "w").workspace

    def jtbd(*arguments):
        return run("--workspace", folder, *arguments)

    assert jtbd("map", "lint").returncode == 0
    assert "acquire" in jtbd("map", "show", "acquire").stdout.lower()
    assert jtbd("survey", "check", "tiny").returncode == 0
    assert "revision 1" in jtbd("survey", "publish", "tiny").stdout
    assert "unchanged" in jtbd("survey", "publish", "tiny").stdout
    assert "/preview/" in jtbd("survey", "preview", "tiny").stdout
    nothing = jtbd("score", "tiny")
    assert nothing.returncode == 1
    assert "no answers" in nothing.stderr
    assert jtbd("simulate", "tiny", "--respondents", 20).returncode == 0
    assert jtbd("score", "tiny").returncode == 0
    assert "closed" in jtbd("survey", "close", "tiny").stdout
    assert "open" in jtbd("survey", "reopen", "tiny").stdout
    assert jtbd("db", "check").returncode == 0


def test_unknown_surveys_and_maps_are_said_to_be_unknown(run):
    for arguments in (["survey", "check", "nothing"], ["map", "show", "nothing"], ["survey", "publish", "nothing"]):
        done = run(*arguments)
        assert done.returncode == 1
        assert "nothing" in done.stdout + done.stderr
        assert "Traceback" not in done.stderr


def test_roadmaps_name_their_moves(demo):
    done = demo("roadmap", "vendor", "revenue-modes", "--solution", "one-suite", "--format", "csv")
    moves = {row["move"] for row in csv.DictReader(done.stdout.splitlines())}
    assert moves
    assert moves <= {"trim", "catch up", "lead", "defend", "hold"}
    done = demo("roadmap", "buyer", "revenue-modes", "--organisation", "organisation a")
    assert done.returncode == 0
    assert "Organisation A" in done.stdout


def test_waves_are_opened_scored_and_closed(run, tmp_path):
    folder = small_workspace(tmp_path / "w").workspace

    def jtbd(*arguments):
        return run("--workspace", folder, *arguments)

    jtbd("survey", "publish", "tiny")
    jtbd("simulate", "tiny", "--respondents", 12)
    assert "wave 1 is open" in jtbd("wave", "open", "tiny", "--label", "2026").stdout
    assert jtbd("wave", "open", "tiny").returncode == 1, "one at a time"
    jtbd("simulate", "tiny", "--respondents", 8)
    assert "wave 1 is closed" in jtbd("wave", "close", "tiny").stdout
    scores = json.loads(jtbd("score", "tiny", "--wave", "1", "--format", "json").stdout)
    assert scores["provenance"]["respondents"] == 8
    assert json.loads(jtbd("score", "tiny", "--format", "json").stdout)["provenance"]["respondents"] == 20
    assert jtbd("wave", "close", "tiny").returncode == 1


def test_accounts_are_added_listed_and_disabled(run):
    assert run("db", "upgrade").returncode == 0
    link = run("user", "add", "Ada", "--role", "admin").stdout
    assert "/studio/link/" in link
    assert "Ada  admin  no password yet" in run("user", "list").stdout
    assert run("user", "add", "ada").stdout != link, "adding again resets the password"
    assert run("user", "disable", "Ada").returncode == 0
    assert "disabled" in run("user", "list").stdout
    assert run("user", "disable", "Nobody").returncode == 1


def test_a_response_is_erased_by_its_reference(run, tmp_path):
    settings = small_workspace(tmp_path / "w")
    assert run("--workspace", settings.workspace, "survey", "publish", "tiny").returncode == 0
    database = Database(settings.database_url)
    now = datetime.now(UTC)
    code = responses.begin(database, slug="tiny", kind="real", language="en", consent="yes", now=now).code
    assert run("--workspace", settings.workspace, "respondent", "erase", "--", code).returncode == 0
    assert responses.find_by_code(database, code) is None
    database.dispose()
    assert run("--workspace", settings.workspace, "respondent", "erase", "--", code).returncode == 1


def test_a_new_workspace_holds_a_survey_that_checks(run, tmp_path):
    assert run("init", "study").returncode == 0
    assert run("--workspace", "study", "survey", "check", "revenue-modes").returncode == 0
    assert run("init", "study").returncode == 1


@pytest.mark.parametrize("respondents", [400])
def test_ranking_and_intervals_recover_the_truth_of_the_demo(run, tmp_path, respondents):
    run("demo", "--no-serve", "--respondents", respondents)
    with (tmp_path / "demo" / "truth.csv").open() as file:
        truth = {row["outcome"]: float(row["opportunity"]) for row in csv.DictReader(file)}
    got = json.loads(run("--workspace", "demo", "score", "revenue-modes", "--format", "json").stdout)["scores"]
    true = np.array([truth[row["outcome"]] for row in got])
    low, high, point, rank_low, rank_high = (
        np.array([row[name] for row in got])
        for name in ("opportunity_low", "opportunity_high", "opportunity", "rank_low", "rank_high")
    )
    covered = ((low <= true) & (true <= high)).mean()
    assert 0.89 <= covered <= 1, f"95% intervals cover {covered:.0%} of {len(got)} true scores"
    true_rank = 1 + (true[:, None] < true).sum(axis=1)
    assert ((rank_low <= true_rank) & (true_rank <= rank_high)).mean() >= 0.95
    assert np.corrcoef(point, true)[0, 1] > 0.9
    assert np.sqrt(np.mean((point - true) ** 2)) < 1.3

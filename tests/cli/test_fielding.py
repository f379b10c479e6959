"""Running a study from the command line, in one process as far as that says the same."""

from __future__ import annotations

import csv
import io
import json
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
import vl_convert
import zxingcpp
from click.testing import CliRunner
from PIL import Image

from jtbd.cli.main import cli, exit_code
from jtbd.settings import Settings
from jtbd.store import responses, waves
from jtbd.store.database import Database
from jtbd.store.surveys import counts, find_survey, plan_in, publish, survey_in
from jtbd.survey.compile import load_survey
from tests.survey.samples import small_workspace

NOW = datetime.now(UTC)


@dataclass(frozen=True)
class Said:
    """What a command said."""

    code: int
    out: bytes
    err: str

    @property
    def text(self) -> str:
        return self.out.decode()


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    settings = small_workspace(tmp_path)
    database = Database(settings.database_url)
    database.upgrade()
    publish(database, load_survey(settings, "tiny"), NOW)
    database.dispose()
    return settings


@pytest.fixture
def database(settings: Settings) -> Database:
    return Database(settings.database_url)


@pytest.fixture
def jtbd(settings: Settings) -> Callable[..., Said]:
    """Run a command, answering its question."""

    def run(*arguments: str, answer: str = "") -> Said:
        command = ["--workspace", str(settings.workspace), *arguments]
        with CliRunner().isolation(input=answer) as streams:
            code = exit_code(lambda: cli.main(command, prog_name="jtbd", standalone_mode=False))
            return Said(code, streams[0].getvalue(), streams[1].getvalue().decode())

    return run


def begin(database: Database) -> None:
    responses.begin(database, slug="tiny", kind="real", language="en", consent="", now=NOW)


def test_a_survey_is_paused_and_opened_again(jtbd: Callable[..., Said], database: Database) -> None:
    for command, status in (("pause", "paused"), ("reopen", "open"), ("close", "closed")):
        assert jtbd("survey", command, "tiny").text == f"tiny: {status}\n"
        found = find_survey(database, "tiny")
        assert found
        assert found.status == status


@pytest.mark.parametrize("command", ["pause", "status", "links", "end-pilot", "close"])
def test_an_unknown_survey_is_told_with_those_there_are(jtbd: Callable[..., Said], command: str) -> None:
    said = jtbd("survey", command, "tinny")
    assert said.code == 1
    assert "no survey called “tinny”" in said.err
    assert "there is tiny" in said.err


def test_a_pilot_is_set_aside_once_that_is_confirmed(jtbd: Callable[..., Said], database: Database) -> None:
    assert "nothing was changed" in jtbd("survey", "end-pilot", "tiny").text
    begin(database)
    begin(database)
    refused = jtbd("survey", "end-pilot", "tiny", answer="n\n")
    assert (refused.code, counts(database, "tiny").in_progress) == (1, 2)
    assert "Turn 2 real responses to tiny into tests?" in refused.err
    assert jtbd("survey", "end-pilot", "tiny", answer="y\n").code == 0
    assert counts(database, "tiny").test == 2
    begin(database)
    assert "1 real response deleted" in jtbd("survey", "end-pilot", "tiny", "--delete", "--yes").text
    assert counts(database, "tiny").test == 2
    begin(database)
    waves.open_wave(database, "tiny", "", NOW)
    waves.close_wave(database, "tiny", NOW)
    said = jtbd("survey", "end-pilot", "tiny", "--yes")
    assert said.code == 1
    assert "wave 1" in said.err
    assert counts(database, "tiny").in_progress == 1


def test_the_status_says_how_far_people_got(jtbd: Callable[..., Said], database: Database) -> None:
    assert "nobody has begun" in jtbd("survey", "status", "tiny").text
    begin(database)
    waves.open_wave(database, "tiny", "2026", NOW)
    begin(database)
    text = jtbd("survey", "status", "tiny").text
    assert "tiny: A tiny survey · open\n2 started: 0 completed (0%), 2 in progress, 0 abandoned" in text
    assert "Retain defecting customers: Notice that a customer is leaving" in text
    assert "1 (2026)" in text
    whole = json.loads(jtbd("survey", "status", "tiny", "--format", "json").text)
    assert (whole["started"], whole["in_progress"], whole["by_wave"]["1"]["started"]) == (2, 2, 1)
    rows = list(csv.DictReader(io.StringIO(jtbd("survey", "status", "tiny", "--format", "csv").text)))
    assert (rows[0]["title"], rows[0]["reached"], rows[0]["here"]) == ("About you and your work", "2", "2")


def test_simulated_progress_is_marked(jtbd: Callable[..., Said]) -> None:
    assert jtbd("simulate", "tiny", "--respondents", "6").code == 0
    assert "SIMULATED DATA" in jtbd("survey", "status", "tiny").text
    assert json.loads(jtbd("survey", "status", "tiny", "--format", "json").text)["simulated"] is True


def test_waves_are_listed_and_named_by_number_or_label(jtbd: Callable[..., Said]) -> None:
    assert "no waves" in jtbd("wave", "list", "tiny").err
    jtbd("simulate", "tiny", "--respondents", "6")
    jtbd("wave", "open", "tiny", "--label", "Spring 2026")
    jtbd("simulate", "tiny", "--respondents", "8")
    listed = jtbd("wave", "list", "tiny").text
    assert [line.split()[0] for line in listed.splitlines()[2:]] == ["1", "–"]
    assert "Spring 2026" in listed
    for name in ("1", "spring 2026"):
        found = json.loads(jtbd("score", "tiny", "--wave", name, "--format", "json").text)
        assert found["provenance"]["respondents"] == 8
    for name in ("2", "autumn"):
        said = jtbd("score", "tiny", "--wave", name)
        assert said.code == 1
        assert f"unknown-wave there is no wave {name}; its waves are 1 (Spring 2026)" in said.err
    assert "bad-option" in jtbd("score", "tiny", "--wave", " ").err
    assert (
        "unknown-wave there is no wave 7; its waves are 1 (Spring 2026)" in jtbd("quality", "tiny", "--wave", "7").err
    )


def test_links_name_the_address_and_codes_lead_there(jtbd: Callable[..., Said], tmp_path: Path) -> None:
    text = jtbd("survey", "links", "tiny", "--base-url", "https://survey.example.org/").text
    links = dict(line.split("  ", 1) for line in text.splitlines())
    assert links["start"].strip() == "https://survey.example.org/s/tiny"
    assert links["preview on a phone"].strip().endswith("?frame=phone")
    for form, read in (("svg", lambda data: vl_convert.svg_to_png(data.decode(), scale=8)), ("png", lambda data: data)):
        data = jtbd("survey", "links", "tiny", "--base-url", "https://survey.example.org", "--format", form).out
        (code,) = zxingcpp.read_barcodes(Image.open(io.BytesIO(read(data))).convert("L"))
        assert code.text == "https://survey.example.org/s/tiny"
        assert code.format == zxingcpp.BarcodeFormat.QRCode
    assert jtbd("survey", "links", "tiny", "--format", "png", "--language", "fr").code == 2
    assert jtbd("survey", "links", "tiny", "--base-url", "survey.example.org").code == 2
    assert "this machine only" in jtbd("survey", "links", "tiny").err


def test_a_survey_by_invitation_has_links_to_try_it_alone(jtbd: Callable[..., Said], database: Database) -> None:
    with database.read() as connection:
        plan = plan_in(database, connection, survey_in(connection, "tiny").revision_id)
    publish(database, replace(plan, access="invited"), NOW)
    said = jtbd("survey", "links", "tiny")
    assert "/s/tiny" not in said.text
    assert "preview" in said.text
    assert "jtbd invite tiny PANEL.csv" in said.err
    refused = jtbd("survey", "links", "tiny", "--format", "svg")
    assert (refused.code, refused.out) == (2, b"")


def test_codes_are_drawn_only_when_they_are_asked_for() -> None:
    script = "import sys, jtbd.web.app; print('segno' in sys.modules)"
    ran = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=False)
    assert (ran.stdout.strip(), ran.stderr) == ("False", "")

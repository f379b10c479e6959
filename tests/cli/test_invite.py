"""``jtbd invite`` and ``jtbd respondent erase`` as a user runs them."""

from __future__ import annotations

import csv
import sqlite3
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from io import StringIO
from pathlib import Path

import pytest

from jtbd.cli.main import cli, exit_code
from jtbd.store.database import Database
from jtbd.store.invitations import begin_invited, find_invitation
from jtbd.store.responses import begin, save_page
from jtbd.store.surveys import counts
from jtbd.survey.model import Rating, Submission
from tests.survey.samples import small_workspace, write

Jtbd = Callable[..., "Ran"]
NOW = datetime.now(UTC)


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    database = Database(small_workspace(tmp_path).database_url)
    yield database
    database.dispose()


@dataclass(frozen=True)
class Ran:
    """What a command did."""

    exit_code: int
    stdout: str
    stderr: str


@pytest.fixture
def jtbd(
    tmp_path: Path, database: Database, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> Jtbd:
    """Run a command in this process, in a workspace with the survey tiny published."""

    def call(*arguments: object, answers: str = "") -> Ran:
        command = ["--workspace", str(tmp_path), *map(str, arguments)]
        monkeypatch.setattr("sys.stdin", StringIO(answers))
        capfd.readouterr()
        code = exit_code(lambda: cli.main(command, prog_name="jtbd", standalone_mode=False))
        return Ran(code, *capfd.readouterr())

    call("survey", "publish", "tiny")
    return call


def links(text: str) -> dict[str, str]:
    return {row["id"]: row["link"] for row in csv.DictReader(StringIO(text))}


def use(database: Database, link: str) -> int:
    token = link.rpartition("/")[2]
    begun = begin_invited(database, token, key="k" * 22, kind="real", language="en", consent="yes", now=NOW)
    rated = Submission("retain.notice-leaving", {}, {"sample-leaving-time": Rating(5, 2)})
    save_page(database, begun.response_id, rated, NOW)
    return begun.response_id


def test_a_panel_gets_a_link_each_and_nobody_a_second(jtbd: Jtbd, database: Database, tmp_path: Path) -> None:
    panel = write(tmp_path, "panel.csv", "id,mail\n7,a@example.org\n8,b@example.org\n")
    first = jtbd("invite", "tiny", panel, "--base-url", "https://ask.example.org/")
    made = links(first.stdout)
    assert list(made) == ["7", "8"]
    assert all(link.startswith("https://ask.example.org/i/") for link in made.values())
    assert "ids are in the column id\n2 invited\nnot read: mail\n" in first.stderr
    with sqlite3.connect(tmp_path / "jtbd.db") as connection:
        assert "example.org" not in "\n".join(connection.iterdump()), "only the id is stored"
    use(database, made["7"])

    output = tmp_path / "links.csv"
    second = jtbd("invite", "tiny", panel, "--output", output)
    assert links(output.read_text()) == {}
    assert "1 has an invitation already and keeps it; replace it with --again" in second.stderr
    assert "1 has used their invitation and gets no other" in second.stderr
    assert "--base-url" in second.stderr
    third = jtbd("invite", "tiny", panel, "--again")
    assert list(links(third.stdout)) == ["8"]
    assert find_invitation(database, made["8"].rpartition("/")[2]) is None


def test_a_bad_panel_file_invites_nobody(jtbd: Jtbd, tmp_path: Path) -> None:
    panel = write(tmp_path, "panel.csv", "id\n7\n\n7\n" + "x" * 300 + "\n")
    refused = jtbd("invite", "tiny", panel)
    assert (refused.exit_code, refused.stdout) == (1, "")
    assert f"{panel}:4 duplicate-id" in refused.stderr
    assert f"{panel}:5 too-long" in refused.stderr
    assert jtbd("invite", "none", write(tmp_path, "good.csv", "id\n7\n")).exit_code == 1
    assert "1 invited" in jtbd("invite", "tiny", tmp_path / "good.csv").stderr


def test_links_that_cannot_be_written_invite_nobody(jtbd: Jtbd, tmp_path: Path) -> None:
    panel = write(tmp_path, "panel.csv", "id\n7\n")
    assert jtbd("invite", "tiny", panel, "--output", tmp_path / "no folder" / "links.csv").exit_code == 3
    assert "1 invited" in jtbd("invite", "tiny", panel).stderr


@pytest.mark.parametrize("url", ["ask.example.org", "ftp://ask.example.org", "https://", "https://x.org/?a=b"])
def test_an_address_that_is_none_is_refused(jtbd: Jtbd, tmp_path: Path, url: str) -> None:
    panel = write(tmp_path, "panel.csv", "id\n7\n")
    assert jtbd("invite", "tiny", panel, "--base-url", url).exit_code == 2


def test_a_person_is_erased_by_the_id_of_the_panel(jtbd: Jtbd, database: Database, tmp_path: Path) -> None:
    made = links(jtbd("invite", "tiny", write(tmp_path, "panel.csv", "id\nper-7\nper-8\n")).stdout)
    for link in made.values():
        use(database, link)
    dry = jtbd("respondent", "erase", "--panel-id", "per-7", "--all", "--dry-run")
    assert dry.stdout == "tiny: 1 response and 1 invitation would be deleted\n"
    assert jtbd("respondent", "erase", "--panel-id", "per-7", "tiny", answers="n\n").exit_code == 130
    assert counts(database, "tiny").in_progress == 2, "nothing without a yes"
    done = jtbd("respondent", "erase", "--panel-id", "per-7", "tiny", answers="y\n")
    assert "1 response and 1 invitation deleted" in done.stdout
    assert "take the person out of your panel file" in done.stderr
    assert counts(database, "tiny").in_progress == 1
    found = b"".join(path.read_bytes() for path in tmp_path.glob("jtbd.db*"))
    assert (b"per-7" in found, b"per-8" in found) == (False, True)
    missing = jtbd("respondent", "erase", "--panel-id", "per-7", "tiny", "--yes")
    assert (missing.exit_code, "no-such-person" in missing.stderr) == (1, True)


def test_who_deleted_their_answers_counts_as_new_and_that_is_said(
    jtbd: Jtbd, database: Database, tmp_path: Path
) -> None:
    panel = write(tmp_path, "panel.csv", "mail;number\na@example.org;7\nb@example.org;8\n".replace(";", ","))
    first = jtbd("invite", "tiny", panel)
    assert "ids are in the column mail\n2 invited\nnot read: number\n" in first.stderr
    assert "deleted" not in first.stderr, "there was nobody who could have"
    begun = begin_invited(
        database,
        links(first.stdout)["a@example.org"].rpartition("/")[2],
        key="k" * 22,
        kind="real",
        language="en",
        consent="yes",
        now=NOW,
    )
    done = jtbd("respondent", "erase", begun.code)
    assert (done.exit_code, done.stdout) == (0, "the response is deleted\n")
    assert "take the person out of your panel file" in done.stderr
    with sqlite3.connect(tmp_path / "jtbd.db") as connection:
        assert "a@example.org" not in "\n".join(connection.iterdump()), "nothing is kept by which to know them"
    second = jtbd("invite", "tiny", panel)
    assert list(links(second.stdout)) == ["a@example.org"]
    assert "1 person of the file had been invited before. Who deleted their answers since is among" in second.stderr
    open_one = begin(database, slug="tiny", kind="real", language="en", consent="yes", now=NOW)
    assert jtbd("respondent", "erase", open_one.code).stderr == "", "they came without an invitation"


def test_what_is_older_than_it_should_be_is_erased(jtbd: Jtbd, database: Database) -> None:
    for age in (400, 300):
        then = NOW - timedelta(days=age)
        begin(database, slug="tiny", kind="real", language="en", consent="yes", now=then)
    dry = jtbd("respondent", "erase", "--older-than", "365d", "--all", "--dry-run")
    assert dry.stdout == "tiny: 1 response and 0 invitations would be deleted\n"
    assert jtbd("respondent", "erase", "--older-than", "365d", "tiny", "--yes").exit_code == 0
    assert counts(database, "tiny").in_progress == 1
    assert "nothing is that old" in jtbd("respondent", "erase", "--older-than", "365d", "--all").stdout


@pytest.mark.parametrize(
    "arguments",
    [
        (),
        ("--all",),
        ("--panel-id", "7"),
        ("--older-than", "365d"),
        ("--older-than", "365d", "tiny", "--all"),
        ("--older-than", "1 year", "--all"),
        ("--older-than", "0d", "--all"),
        ("--older-than", "365d", "--panel-id", "7", "--all"),
        ("ref", "--dry-run"),
    ],
)
def test_erasing_says_what_is_missing_and_erases_nothing(jtbd: Jtbd, arguments: tuple[str, ...]) -> None:
    assert jtbd("respondent", "erase", *arguments).exit_code == 2


def test_an_archive_names_nobody_unless_asked_to(jtbd: Jtbd, database: Database, tmp_path: Path) -> None:
    made = links(jtbd("invite", "tiny", write(tmp_path, "panel.csv", "id\nper-7\nper-8\n")).stdout)
    for link in made.values():
        use(database, link)
    import pyarrow.parquet as pq

    for options, expected in (((), False), (("--panel-ids",), True)):
        folder = tmp_path / f"archive{len(options)}"
        assert jtbd("archive", "tiny", folder, *options).exit_code == 0
        assert ("panel_id" in pq.read_table(folder).column_names) is expected
    jtbd("respondent", "erase", "--panel-id", "per-7", "--all", "--yes")
    ratings = tmp_path / "ratings.csv"
    jtbd("export", "tiny", "ratings", "--output", ratings)
    assert "panel_id" not in ratings.read_text()
    jtbd("export", "tiny", "ratings", "--panel-ids", "--output", ratings)
    rows = csv.DictReader(StringIO(ratings.read_text()))
    assert [row["panel_id"] for row in rows] == ["per-8"], "later exports are without"

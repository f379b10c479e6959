"""Who may use the studio, from the command line."""

from pathlib import Path

import pytest

from jtbd.cli.main import cli as command
from jtbd.cli.main import exit_code
from jtbd.settings import Settings
from jtbd.store.accounts import find_account
from jtbd.store.database import Database


def jtbd(workspace: Path, *arguments: str) -> int:
    return exit_code(lambda: command.main(["--workspace", str(workspace), *arguments], standalone_mode=False))


def is_disabled(workspace: Path, name: str) -> bool:
    database = Database(Settings.read(workspace, {}).database_url)
    account = find_account(database, name)
    database.dispose()
    assert account
    return account.disabled


@pytest.mark.parametrize("enable", [("user", "enable", "ada"), ("user", "disable", "Ada", "--enable")])
def test_an_account_is_kept_out_and_let_in_again(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], enable: tuple[str, ...]
) -> None:
    assert jtbd(tmp_path, "db", "upgrade") == 0
    assert jtbd(tmp_path, "user", "add", "Ada", "--role", "admin") == 0
    assert "/studio/link/" in capsys.readouterr().out
    assert jtbd(tmp_path, "user", "disable", "Ada") == 0
    assert is_disabled(tmp_path, "Ada")
    capsys.readouterr()
    assert jtbd(tmp_path, "user", "add", "Ada") == 1
    said = capsys.readouterr()
    assert "/studio/link/" not in said.out
    assert "jtbd user enable Ada" in said.err
    assert jtbd(tmp_path, *enable) == 0
    assert not is_disabled(tmp_path, "Ada")
    assert jtbd(tmp_path, "user", "add", "Ada") == 0


def test_nobody_cannot_be_let_in(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert jtbd(tmp_path, "db", "upgrade") == 0
    assert jtbd(tmp_path, "user", "enable", "Nobody") == 1
    assert "Nobody" in capsys.readouterr().err

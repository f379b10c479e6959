import subprocess
import sys

import pytest

from jtbd.settings import Settings
from jtbd.store.database import Database


@pytest.mark.parametrize("name", ["plain", "with space", "q?x=1", "a#b%20c"])
def test_the_database_is_in_the_workspace_whatever_its_name(tmp_path, name):
    folder = tmp_path / name
    folder.mkdir()
    settings = Settings.read(folder, {})
    assert not settings.has_database
    database = Database(settings.database_url)
    database.upgrade()
    database.dispose()
    assert (folder / "jtbd.db").is_file()
    assert settings.has_database
    assert [path.name for path in tmp_path.iterdir()] == [name]


def test_processes_that_start_together_share_one_key(tmp_path):
    code = "import sys; from jtbd.settings import Settings; print(Settings.read(sys.argv[1], {}).secret_key().decode())"
    command = [sys.executable, "-c", code, str(tmp_path)]
    running = [subprocess.Popen(command, stdout=subprocess.PIPE, text=True) for _ in range(6)]
    keys = {process.communicate()[0].strip() for process in running}
    assert len(keys) == 1
    assert len(keys.pop()) == 64
    assert [path.name for path in tmp_path.iterdir()] == ["secret.key"]


def test_an_empty_key_left_by_a_crash_is_made_anew(tmp_path):
    (tmp_path / "secret.key").touch()
    assert len(Settings.read(tmp_path, {}).secret_key()) == 64

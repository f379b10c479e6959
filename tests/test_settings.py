import subprocess
import sys

import pytest

from jtbd.errors import InputError
from jtbd.settings import Rate, Settings
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


def test_what_the_server_is_told_reaches_its_processes(tmp_path):
    told = {
        "JTBD_DATABASE_URL": "postgresql://host/name",
        "JTBD_TRUSTED_PROXIES": "2",
        "JTBD_ALLOWED_HOSTS": "Surveys.Example.org, .example.net,[::1]",
        "JTBD_URL_PREFIX": "/a/b-c/",
        "JTBD_HTTPS": "yes",
        "JTBD_START_LIMIT": "off",
        "JTBD_RESUME_LIMIT": "5/second",
        "JTBD_LOGIN_LIMIT": "10/day",
        "JTBD_LOG": "errors",
        "JTBD_METRICS": "all",
    }
    settings = Settings.read(tmp_path, told)
    assert settings.hosts == ("surveys.example.org", ".example.net", "[::1]")
    assert (settings.url_prefix, settings.https, settings.proxies) == ("/a/b-c", True, 2)
    assert (settings.start_limit.most, settings.login_limit) == (0, Rate(10, 86400))
    assert Settings.read(None, settings.environment()) == settings
    assert Settings.read(None, Settings.read(tmp_path, {}).environment()) == Settings.read(tmp_path, {})


@pytest.mark.parametrize(
    ("name", "text"),
    [
        *(("JTBD_TRUSTED_PROXIES", text) for text in ("-1", "11", "one", "1.0", "１")),
        *(("JTBD_ALLOWED_HOSTS", text) for text in ("a b", "a,,b", "a:80", "https://a", "*", "a/b", "-a", "a_b")),
        *(("JTBD_URL_PREFIX", text) for text in ("//a", "a", "/a//b", "/..", "/a/..", "/.", "/a b", "/a?b", "/ä")),
        *(("JTBD_HTTPS", text) for text in ("true", "1", "Yes")),
        *(("JTBD_START_LIMIT", text) for text in ("5", "0/minute", "-1/minute", "5/month", "5/ minute", "5/minute/x")),
        ("JTBD_LOG", "all"),
        ("JTBD_METRICS", "on"),
    ],
)
def test_a_setting_that_cannot_be_read_is_named(tmp_path, name, text):
    with pytest.raises(InputError) as refused:
        Settings.read(tmp_path, {name: text})
    (issue,) = refused.value.issues
    assert (issue.file, issue.code) == (name, "bad-setting")


def test_all_settings_that_cannot_be_read_are_named_at_once_and_so_are_mistyped_ones(tmp_path):
    environ = {"JTBD_HTTPS": "?", "JTBD_LOG": "?", "JTBD_TRUSTED_PROXY": "1", "HOME": "/", "JTBD_OF_ANOTHER": "x"}
    with pytest.raises(InputError) as refused:
        Settings.read(tmp_path, environ)
    assert {issue.file for issue in refused.value.issues} == {"JTBD_HTTPS", "JTBD_LOG", "JTBD_TRUSTED_PROXY"}
    assert "JTBD_TRUSTED_PROXIES" in str(refused.value)

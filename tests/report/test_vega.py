"""Vega's script: made once, kept whole, whoever makes it at the same time."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from jtbd.report.vega import bundle_name, vega_bundle


def test_the_script_is_made_once_and_then_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    script = vega_bundle(tmp_path / "cache")
    assert b"vegaEmbed" in script
    assert len(script) > 500_000

    def fail(*_: object, **__: object) -> str:
        raise AssertionError("made again")

    monkeypatch.setattr("vl_convert.javascript_bundle", fail)
    assert vega_bundle(tmp_path / "cache") == script


def test_two_processes_leave_one_whole_file(tmp_path: Path) -> None:
    code = (
        "import sys; from pathlib import Path; from jtbd.report.vega import vega_bundle; vega_bundle(Path(sys.argv[1]))"
    )
    started = [subprocess.Popen([sys.executable, "-c", code, str(tmp_path)]) for _ in range(2)]
    assert [one.wait(60) for one in started] == [0, 0]
    assert [path.name for path in tmp_path.iterdir()] == [bundle_name()]
    assert (tmp_path / bundle_name()).stat().st_size > 500_000


def test_a_folder_that_cannot_be_written_does_no_harm(tmp_path: Path) -> None:
    (tmp_path / "cache").write_text("a file where the folder should be")
    assert b"vegaEmbed" in vega_bundle(tmp_path / "cache")

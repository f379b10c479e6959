"""The command as a user types it, run in this process: a new one for each takes several times as long."""

from __future__ import annotations

import io
import os
import subprocess
from collections.abc import Callable
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path

import pytest

from jtbd.cli.main import main

Run = Callable[..., subprocess.CompletedProcess[str]]


def run_in(folder: Path) -> Run:
    """Run ``jtbd`` in a folder, with none of the settings of whoever runs the tests."""

    def call(*arguments: object, **environment: str) -> subprocess.CompletedProcess[str]:
        command = [str(one) for one in arguments]
        out, err = (io.TextIOWrapper(io.BytesIO(), encoding="utf-8", newline="") for _ in range(2))
        with pytest.MonkeyPatch.context() as context, redirect_stdout(out), redirect_stderr(err):
            for name in [name for name in os.environ if name.startswith("JTBD_")]:
                context.delenv(name)
            for name, value in environment.items():
                context.setenv(name, value)
            context.chdir(folder)
            with pytest.raises(SystemExit) as ended:
                main(command)
        said = []
        for stream in (out, err):
            stream.flush()
            said.append(stream.buffer.getvalue().decode().replace("\r\n", "\n"))  # type: ignore[attr-defined]
        return subprocess.CompletedProcess(["jtbd", *command], int(ended.value.code or 0), *said)

    return call


@pytest.fixture
def run(tmp_path: Path) -> Run:
    """Run ``jtbd`` in a folder of its own."""
    return run_in(tmp_path)

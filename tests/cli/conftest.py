"""The command run in this process, and as a user runs it."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

Run = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture
def run(tmp_path: Path) -> Run:
    """Run ``jtbd`` in a process of its own, in a folder of its own."""

    def call(*arguments: object, **environment: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "jtbd", *map(str, arguments)]
        clean = {name: value for name, value in os.environ.items() if not name.startswith("JTBD_")}
        return subprocess.run(
            command, cwd=tmp_path, env=clean | environment, capture_output=True, text=True, check=False, timeout=120
        )

    return call

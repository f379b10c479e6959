"""Files made to hurt are refused with an issue by the whole command, in little time and memory."""

from __future__ import annotations

import os
import resource
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

MEGABYTES = 100
SECONDS = 20
"""Of processor time, start and imports included: generous, as machines differ. What it takes is measured in bench."""

BOMB = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n" + "".join(
    f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]\n" for n in range(1, 15)
)

WITH_BYTES: dict[str, tuple[bytes, str]] = {
    "five-megabytes": (b"a: " + b"b" * (5 << 20), "too-large"),
    "five-megabytes-of-steps": (b"map: a\nsteps:\n" + b"  - {id: b, title: c}\n" * 240_000, "too-large"),
    "a-megabyte-of-steps": (b"map: a\nsteps:\n" + b"  - {id: b, title: c}\n" * 47_000, "too-large"),
    "a-long-list-unclosed": (b"a:\n" + b"  - b\n" * 10_000 + b"  - [c\n", "yaml-syntax"),
    "a-key-twice-and-again": (b"a: 1\n" * 200_000, "duplicate-key"),
    "billion-laughs": (BOMB.encode(), "too-many-aliases"),
    "deep-lists": (b"a: " + b"[" * 10_000 + b"]" * 10_000, "too-deep"),
    "deep-keys": ("".join(" " * n + "a:\n" for n in range(1_200)).encode(), "too-deep"),
    "utf-16": ("map: caf\u00e9\n".encode("utf-16"), "not-utf-8"),
    "latin-1": ("map: caf\u00e9\n".encode("latin-1"), "not-utf-8"),
    "nul": (b"map: a\0b\n", "control-character"),
    "empty": (b"", "empty-file"),
}


def lint(path: Path) -> subprocess.CompletedProcess[str]:
    """What the command says of a file, in a process that dies beyond the limits."""

    def limits() -> None:
        resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))

    command = [sys.executable, "-c", LINT, str(path)]
    return subprocess.run(command, cwd=path.parent, capture_output=True, text=True, preexec_fn=limits, timeout=300)


LINT = """
import pathlib, re, sys
from jtbd.cli.main import main
sys.argv = ["jtbd", "map", "lint", sys.argv[1]]
try:
    main()
finally:
    status = pathlib.Path("/proc/self/status").read_text()  # ru_maxrss counts what the parent held when it forked
    print(re.search(r"VmHWM:\\s+(\\d+)", status)[1], file=sys.stderr)
"""


def expect(done: subprocess.CompletedProcess[str], code: str) -> None:
    *_, kilobytes = done.stderr.strip().splitlines()
    assert done.returncode == 1, done.stderr
    assert f" {code} " in done.stdout
    assert "Traceback" not in done.stderr
    assert int(kilobytes) < MEGABYTES * 1024


@pytest.mark.parametrize("name", WITH_BYTES)
def test_a_file_made_to_hurt_is_refused_in_little_memory(tmp_path: Path, name: str) -> None:
    content, code = WITH_BYTES[name]
    path = tmp_path / "mine.yaml"
    path.write_bytes(content)
    expect(lint(path), code)


@pytest.mark.parametrize("make", [os.mkfifo, lambda path: path.symlink_to("/dev/zero")], ids=["pipe", "zeros"])
def test_what_is_no_file_is_not_waited_for(tmp_path: Path, make: Callable[[Path], None]) -> None:
    make(tmp_path / "mine.yaml")
    expect(lint(tmp_path / "mine.yaml"), "cannot-read")

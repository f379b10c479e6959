"""Servers of surveys under load: started, answered by the load client, and what it found, a line each.

A submit is timed from the first byte of the POST to the last byte of the next page. Client and server share the
machine.
"""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

SECONDS = 15
"""For how long each load lasts."""

TOGETHER = (8, 64)
"""How many respondents answer at once."""


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def running(
    command: Sequence[str], folder: Path, environment: Mapping[str, str], port: int, path: str
) -> Iterator[int]:
    """A server that the command starts in the folder, once it answers at the port and path: its process id."""
    server = subprocess.Popen(command, cwd=folder, env=environment, stdout=subprocess.DEVNULL, start_new_session=True)
    try:
        await_answer(server, port, path)
        yield server.pid
    finally:
        server.terminate()
        server.wait(30)
        with suppress(ProcessLookupError):
            os.killpg(server.pid, signal.SIGTERM)  # oTree's leaves a process of its own behind


def await_answer(server: subprocess.Popen[bytes], port: int, path: str) -> None:
    for _ in range(300):
        if server.poll() is not None:
            break
        with suppress(OSError):
            urllib.request.urlopen(f"http://127.0.0.1:{port}{path}").close()
            return
        time.sleep(0.2)
    raise RuntimeError(f"{server.args!r} does not answer")


def loaded(start: str, end: str, pid: int, together: int) -> dict[str, Any]:
    """What the load client says of so many respondents at once, who fail unless they come to a page that says ``end``.

    The process counts with its children.
    """
    command = [
        *(sys.executable, str(Path(__file__).with_name("surveyload.py")), "--start", start, "--expect", end),
        *("-c", str(together), "--seconds", str(SECONDS), "--warmup", "3", "--respondents", "100000"),
        *("--pids", str(pid)),
    ]
    found: dict[str, Any] = json.loads(subprocess.run(command, capture_output=True, check=True).stdout)
    return found


def head(title: str) -> None:
    print(f"\n{title}; client and server on the same cores")
    print(f"{'what':<40}{'submits/s':>10}{'target':>8}{'p50 ms':>8}{'p99 ms':>8}{'cpu ms':>8}{'target':>8}{'MB':>6}")


def report(name: str, together: int, found: dict[str, Any], target: tuple[int, float | None] | None = None) -> None:
    """One line of the table. The target: submits a second, and milliseconds of processor time for each."""
    rate, cost = target or ("", None)
    times = found["submit_ms"]
    print(
        f"{f'{name}, {together} at once':<40}{found['submits_per_s']:>10}{rate:>8}{times['p50']:>8}{times['p99']:>8}"
        f"{found['server_cpu_ms_per_submit']:>8}{cost or '':>8}{found['server_pss_mb_peak']:>6}"
        + (f"  {found['respondents_failed']} FAILED" if found["respondents_failed"] else ""),
        flush=True,
    )

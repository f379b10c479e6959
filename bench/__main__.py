"""``make bench``: times the things a user waits for, each beside its target; ``python -m bench PART ...`` some of them.

A machine that is busy with other work is slower, so compare figures of one run only.
"""

from __future__ import annotations

import os
import platform
import shutil
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import click

from bench import adaptive, lighthouse, maps, otree, scale, start, submits

PARTS: dict[str, Callable[[Path], None]] = {
    "start": start.main,
    "scale": scale.main,
    "maps": lambda _: maps.main(),
    "adaptive": lambda _: adaptive.main(),
    "submits": submits.main,
    "otree": otree.main,
    "lighthouse": lighthouse.main,
}


def pace() -> float:
    """Seconds for five million additions, by which runs on machines of different pace can be compared."""
    start, total = time.perf_counter(), 0
    for number in range(5_000_000):
        total += number
    return time.perf_counter() - start


@click.command(help=__doc__)
@click.argument("parts", nargs=-1, type=click.Choice(list(PARTS)))
def main(parts: tuple[str, ...]) -> None:
    folder = Path(tempfile.mkdtemp(prefix="jtbd-bench-"))
    print(f"Python {platform.python_version()}, {os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}")
    print(f"pace: {pace():.2f} s for five million additions; seconds below grow with it")
    try:
        for part in parts or PARTS:
            PARTS[part](folder)
    finally:
        shutil.rmtree(folder)


main()

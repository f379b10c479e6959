"""``make bench``: times the things a user waits for, each beside its target.

A machine that is busy with other work is slower, so compare figures of one run only.
"""

from __future__ import annotations

import os
import platform
import shutil
import tempfile
import time
from pathlib import Path

from bench import adaptive, lighthouse, maps, scale, start, submits


def pace() -> float:
    """Seconds for five million additions, by which runs on machines of different pace can be compared."""
    start, total = time.perf_counter(), 0
    for number in range(5_000_000):
        total += number
    return time.perf_counter() - start


def main() -> None:
    folder = Path(tempfile.mkdtemp(prefix="jtbd-bench-"))
    print(f"Python {platform.python_version()}, {os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}")
    print(f"pace: {pace():.2f} s for five million additions; seconds below grow with it")
    try:
        start.main(folder)
        scale.main(folder)
        maps.main()
        adaptive.main()
        submits.main(folder)
        lighthouse.main(folder)
    finally:
        shutil.rmtree(folder)


main()

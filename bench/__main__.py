"""``make bench``: times the things a user waits for, each beside its target.

A machine that is busy with other work is slower, so compare figures of one run only.
"""

from __future__ import annotations

import os
import platform
import shutil
import tempfile
from pathlib import Path

from bench import adaptive, lighthouse, maps, scale, start


def main() -> None:
    folder = Path(tempfile.mkdtemp(prefix="jtbd-bench-"))
    print(f"Python {platform.python_version()}, {os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}")
    try:
        start.main(folder)
        scale.main(folder)
        maps.main()
        adaptive.main()
        lighthouse.main(folder)
    finally:
        shutil.rmtree(folder)


main()

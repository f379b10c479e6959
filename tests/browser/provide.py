"""See that there is a browser for the tests: ``python -m tests.browser.provide`` (``make test`` runs it).

Playwright's own Chromium, else one on PATH, else Playwright's download, else, as root on Debian, apt.
Without any of them the browser tests are skipped, loudly; under ``CI=true`` that is a failure.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

from playwright.sync_api import sync_playwright

ON_PATH = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


def own_chromium() -> bool:
    """Whether Playwright has downloaded its own."""
    with sync_playwright() as playwright:
        return Path(playwright.chromium.executable_path).exists()


def found() -> bool:
    """Whether there is any browser."""
    return any(map(shutil.which, ON_PATH)) or own_chromium()


def attempts() -> list[tuple[str, list[list[str]]]]:
    """Ways to get one, each with its commands."""
    ways = [("Playwright's download", [[sys.executable, "-m", "playwright", "install", "chromium"]])]
    if hasattr(os, "geteuid") and os.geteuid() == 0 and shutil.which("apt-get"):
        ways.append(("apt, as root", [["apt-get", "update", "-q"], ["apt-get", "install", "-q", "-y", "chromium"]]))
    return ways


def main() -> int:
    """Get a browser if there is none; 1 under CI if that fails."""
    for name, commands in [] if found() else attempts():
        print(f"No browser for the tests yet: trying {name} ...", flush=True)
        if all(subprocess.run(command, capture_output=True, check=False).returncode == 0 for command in commands):
            break
    if found():
        return 0
    print("\n*** NO BROWSER: every test in a real browser will be skipped. Install Chromium to run them. ***\n")
    return int(os.environ.get("CI") == "true")


if __name__ == "__main__":
    sys.exit(main())

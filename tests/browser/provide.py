"""See that there is a browser for the tests, and axe: ``python -m tests.browser.provide`` (``make test`` runs it).

Playwright's own Chromium, else one on PATH, else Playwright's download, else, as root on Debian, apt. axe-core, which
finds what people with disabilities would stumble over, comes with npm into ``test-output``. Without any of them the
tests that need it are skipped, loudly; under ``CI=true`` that is a failure.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

from playwright.sync_api import sync_playwright

ON_PATH = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


AXE_VERSION = "4.14.1"
AXE_FOLDER = Path(__file__).parents[2] / "test-output" / f"axe-{AXE_VERSION}"
AXE = AXE_FOLDER / "node_modules" / "axe-core" / "axe.min.js"
NO_AXE = "NO AXE: pages are not checked for accessibility; install npm and run `python -m tests.browser.provide`"


def provide_axe() -> bool:
    """Get axe-core if it is not there; whether it is there now."""
    if not AXE.exists() and (npm := shutil.which("npm")):
        print("No axe-core for the tests yet: trying npm ...", flush=True)
        AXE_FOLDER.mkdir(parents=True, exist_ok=True)
        what = [npm, "install", "--prefix", str(AXE_FOLDER), "--ignore-scripts", "--no-audit", "--no-fund"]
        subprocess.run([*what, f"axe-core@{AXE_VERSION}"], capture_output=True, check=False)
    return AXE.exists()


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
    """Get what is not there; 1 under CI if that fails."""
    for name, commands in [] if found() else attempts():
        print(f"No browser for the tests yet: trying {name} ...", flush=True)
        if all(subprocess.run(command, capture_output=True, check=False).returncode == 0 for command in commands):
            break
    missing = [] if found() else ["NO BROWSER: every test in a real browser is left out; install Chromium"]
    missing += [] if provide_axe() else [NO_AXE]
    for reason in missing:
        print(f"\n*** {reason} ***\n")
    return int(bool(missing) and os.environ.get("CI") == "true")


if __name__ == "__main__":
    sys.exit(main())

"""The `browser` fixture: a real Chromium, one for all tests of a worker."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Error, Playwright, expect, sync_playwright

from tests.browser.provide import ON_PATH

ARGUMENTS = [
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Playwright's own Chromium, else one on PATH; without any, the tests are skipped (under CI they fail)."""
    expect.set_options(timeout=30_000)  # a busy machine is no fault of ours
    with sync_playwright() as playwright:
        found = _launch(playwright)
        if found is None:
            reason = (
                "NO BROWSER: every test in a real browser is left out; run `python -m playwright install chromium`, "
                f"or install one of {', '.join(ON_PATH)}"
            )
            if os.environ.get("CI") == "true":
                pytest.fail(reason)
            pytest.skip(reason)
        yield found
        found.close()


def _launch(playwright: Playwright) -> Browser | None:
    arguments = ARGUMENTS + (["--no-sandbox"] if hasattr(os, "geteuid") and os.geteuid() == 0 else [])
    if Path(playwright.chromium.executable_path).exists():
        return playwright.chromium.launch(args=arguments)
    for name in ON_PATH:
        if path := shutil.which(name):
            try:
                return playwright.chromium.launch(executable_path=path, args=arguments)
            except Error:
                continue
    return None

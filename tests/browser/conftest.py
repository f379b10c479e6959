"""A real browser, a real server, and the two brought together."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime

import pytest
from playwright.sync_api import Browser, Page

from jtbd.store.surveys import publish
from jtbd.survey.compile import load_survey
from tests.browser.server import LiveServer, running_server
from tests.survey.samples import TINY, small_workspace, write

PHONE = (390, 844)
DESKTOP = (1280, 900)

OpenPage = Callable[..., Page]


@pytest.fixture(scope="session")
def live_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LiveServer]:
    """The real server over a workspace with the shipped survey."""
    with running_server(tmp_path_factory.mktemp("workspace")) as server:
        yield server


@pytest.fixture(scope="session")
def small_survey(live_server: LiveServer, tmp_path_factory: pytest.TempPathFactory) -> str:
    """The id of a survey of few pages on the same server, whose lines may be said not to apply."""
    settings = small_workspace(tmp_path_factory.mktemp("small"))
    write(settings.workspace, "surveys/tiny.yaml", TINY + "not_applicable: true\n")
    publish(live_server.database, load_survey(settings, "tiny"), datetime.now(UTC))
    return "tiny"


@pytest.fixture
def open_page(browser: Browser, live_server: LiveServer) -> Iterator[OpenPage]:
    """A function that opens a fresh visitor's window of a size on the server's survey; any error in it fails."""
    contexts = []
    complaints: list[str] = []

    def open_one(size: tuple[int, int] = DESKTOP, *, dark: bool = False, javascript: bool = False) -> Page:
        context = browser.new_context(
            base_url=live_server.url,
            viewport={"width": size[0], "height": size[1]},
            color_scheme="dark" if dark else "light",
            java_script_enabled=javascript,
            has_touch=size == PHONE,
        )
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(10_000)
        page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
        page.on("pageerror", lambda error: complaints.append(str(error)))
        return page

    yield open_one
    for context in contexts:
        context.close()
    # a status of 4xx or a connection that is down is printed as an error too, and is what some tests are about
    assert [one for one in complaints if not one.startswith("Failed to load resource: ")] == []

"""The studio in a real browser: the chart draws under the CSP, nothing scrolls sideways, and pictures to look at."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Page, expect
from werkzeug.serving import make_server

from jtbd.settings import Settings
from jtbd.simulation import simulate_into
from jtbd.store.accounts import add_account, set_password
from jtbd.store.database import Database
from jtbd.store.surveys import publish
from jtbd.survey.compile import load_survey
from jtbd.web.app import create_app
from jtbd.web.services import Services
from tests.waves import two_waves
from tests.web_studio.conftest import PASSWORD

pytestmark = pytest.mark.browser

SCREENSHOTS = Path(__file__).parents[2] / "test-output" / "screenshots"
SIZES = {"desktop": (1280, 900), "phone": (390, 844)}
PAGES = {
    "list": "/studio/",
    "overview": "/studio/revenue-modes/",
    "landscape": "/studio/revenue-modes/landscape",
    "ranking": "/studio/revenue-modes/ranking",
    "ranking-filtered": "/studio/revenue-modes/ranking?where.mode=retain&method=gap",
    "change": "/studio/twice/change",
    "roadmaps": "/studio/revenue-modes/roadmaps?solution=one-suite",
    "buyer": "/studio/revenue-modes/roadmaps?organisation=Organisation+A",
    "quality": "/studio/revenue-modes/quality",
    "maps": "/studio/maps/",
    "map": "/studio/maps/retain",
    "side-by-side": "/studio/maps/-/side-by-side",
    "notice": "/studio/revenue-modes/ranking?where.mode=retain&where.function=nothing",
}


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A real server with the shipped survey and 400 simulated responses."""
    settings = Settings.read(tmp_path_factory.mktemp("studio-browser"), {})
    database = Database(settings.database_url)
    database.upgrade()
    now = datetime.now(UTC)
    publish(database, load_survey(settings, "revenue-modes"), now)
    simulate_into(database, "revenue-modes", 400, 1, now)
    publish(database, replace(load_survey(settings, "revenue-modes"), slug="twice", title="Asked twice"), now)
    two_waves(database, "twice", 300, 20, now - timedelta(days=400))
    add_account(database, "Ada", "admin", now)
    set_password(database, "Ada", PASSWORD, now)
    database.dispose()
    app = create_app(settings)
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()
    services: Services = app.extensions["jtbd"]
    services.database.dispose()


def open_page(browser: Browser, address: str, size: str, scheme: str = "light") -> tuple[Page, list[str]]:
    """A page of a visitor who has signed in, and what its console complains of."""
    width, height = SIZES[size]
    page = browser.new_page(viewport={"width": width, "height": height}, color_scheme=scheme)  # type: ignore[arg-type]
    complaints: list[str] = []

    def note(message: ConsoleMessage) -> None:
        if message.type in ("error", "warning"):
            complaints.append(message.text)

    page.on("console", note)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.goto(f"{address}/studio/login")
    page.get_by_label("Name").fill("Ada")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Log in").click()
    page.wait_for_url("**/studio/")
    return page, complaints


def test_the_landscape_draws_under_the_policy_without_eval(browser: Browser, address: str) -> None:
    page, complaints = open_page(browser, address, "desktop")
    answer = page.goto(f"{address}/studio/revenue-modes/landscape")
    assert answer
    policy = answer.headers["content-security-policy"]
    assert "unsafe-eval" not in policy
    assert "unsafe-inline" not in policy
    assert "script-src 'self' 'nonce-" in policy
    svg = page.locator("#landscape svg")
    expect(svg).to_be_visible()
    expect(svg.get_by_text("underserved", exact=True)).to_be_visible()
    symbols = page.locator("#landscape svg .mark-symbol path")
    assert symbols.count() > 100
    symbols.first.hover()
    expect(page.locator("#vg-tooltip-element")).to_contain_text("Rank range")
    assert complaints == []
    page.close()


def test_the_picture_stands_in_where_scripts_do_not_run(browser: Browser, address: str) -> None:
    page, _ = open_page(browser, address, "desktop")
    cookies = page.context.cookies()
    context = browser.new_context(java_script_enabled=False)
    context.add_cookies(cookies)  # type: ignore[arg-type]  # what one context gives, another takes
    plain = context.new_page()
    plain.goto(f"{address}/studio/revenue-modes/landscape")
    picture = plain.get_by_role("img", name="The landscape")
    expect(picture).to_be_visible()
    box = picture.bounding_box()
    assert box
    assert box["height"] > 200
    context.close()
    page.close()


def test_the_picture_stands_in_where_the_chart_cannot_be_fetched(browser: Browser, address: str) -> None:
    page, _ = open_page(browser, address, "desktop")
    page.route("**/landscape.json*", lambda route: route.abort())
    page.goto(f"{address}/studio/revenue-modes/landscape")
    expect(page.get_by_role("img", name="The landscape")).to_be_visible()
    page.close()


def test_no_page_complains_or_scrolls_sideways(browser: Browser, address: str) -> None:
    page, complaints = open_page(browser, address, "desktop")
    SCREENSHOTS.mkdir(parents=True, exist_ok=True)
    for name, path in PAGES.items():
        page.goto(f"{address}{path}")
        for scheme in ("light", "dark"):
            page.emulate_media(color_scheme=scheme)
            for size, (width, height) in SIZES.items():
                page.set_viewport_size({"width": width, "height": height})
                if name == "landscape":
                    page.reload()  # else it might be pictured as it is drawn anew
                    expect(page.locator("#landscape svg")).to_be_visible()
                page.screenshot(path=SCREENSHOTS / f"studio-{name}-{size}-{scheme}.png")
                wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
                assert wide <= 0, f"{name} scrolls sideways by {wide} pixels"
    assert [text for text in complaints if "400" not in text] == []  # the notice is a 400, which Chrome mentions
    page.close()


def test_filters_work_from_the_keyboard(browser: Browser, address: str) -> None:
    page, _ = open_page(browser, address, "desktop")
    page.goto(f"{address}/studio/revenue-modes/ranking")
    mode = page.get_by_label("Mode")
    mode.focus()
    mode.select_option("retain")
    apply = page.get_by_role("button", name="Apply")
    apply.focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**where.mode=retain**")
    assert page.get_by_label("Mode").input_value() == "retain"
    assert page.get_by_role("row").count() < 100
    page.close()

"""Pages that are written once for all: nobody's page is another's."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

import pytest
from flask import Flask
from flask.testing import FlaskClient

from jtbd.settings import Settings
from jtbd.store.database import Database
from jtbd.store.surveys import publish
from jtbd.survey.compile import load_survey
from jtbd.survey.model import Design, Survey
from jtbd.web.respond.printed import KEPT
from tests.web.conftest import SetClock
from tests.web.visitor import ABOUT, FIRST, Visitor, preview_path

PLANS = {
    "full": lambda plan: plan,
    "assigned": lambda plan: replace(plan, design=Design("balanced", 4, "random")),
    "ratings alone": lambda plan: replace(
        plan, pages=tuple(page for page in plan.pages if page.outcomes), design=Design("balanced", 4, "random")
    ),
    "not applicable": lambda plan: replace(plan, not_applicable=True),
}


@pytest.fixture(params=PLANS)
def plan(request: pytest.FixtureRequest, settings: Settings, database: Database, clock: SetClock) -> Survey:
    """The small survey in several designs."""
    plan: Survey = PLANS[request.param](load_survey(settings, "tiny"))
    publish(database, plan, clock())
    return plan


def without_key(page: str) -> str:
    """The page but for the secret of a start page, which is new each time."""
    return re.sub(r'(name="key" value=")[^"]+', r"\1", page)


ALL = {**ABOUT, "mode": "retain", **FIRST}
"""Whatever a page asks, but for a line or two that bring a reminder."""


def pages(visitor: Visitor) -> Iterator[str]:
    """Every page of a walk, one of them come back to, and the end."""
    yield visitor.get("/s/tiny").text
    yield visitor.press({"consent": "yes"}).text
    for step in range(20):
        yield visitor.press(ALL, go="back" if step == 3 else "next").text
        if visitor.path == "/s/tiny/thanks":
            return
    raise AssertionError(f"{visitor.path} leads no further")


def test_a_kept_page_is_the_page_that_would_be_written_now(app: Flask, plan: Survey) -> None:
    for visitor in (Visitor(app.test_client()) for _ in range(5)):
        for page in pages(visitor):
            if visitor.page.request.method == "GET":
                kept = dict(app.extensions[KEPT])
                app.extensions[KEPT].clear()
                assert without_key(visitor.client.get(visitor.path).text) == without_key(page)
                app.extensions[KEPT] |= kept


def test_nothing_of_one_respondent_is_on_the_pages_of_another(app: Flask, plan: Survey) -> None:
    first, second = Visitor(app.test_client()), Visitor(app.test_client())
    theirs = [set(re.findall(r'(?:value|data-response|href)="([^"]{12,})"', page)) for page in pages(first)]
    secrets = {one for one in set().union(*theirs) if re.search(r"[\w-]{12,}$", one)} - {"", "/s/tiny/erase"}
    mine = "".join(pages(second))
    assert first.code not in mine
    shared = {one for one in secrets if one in mine}
    assert not {one for one in shared if first.code in one or re.fullmatch(r"[0-9a-f]{12}|\d{10}\..*", one)}


def test_a_preview_does_not_leave_its_banner_to_others(
    app: Flask, settings: Settings, client: FlaskClient, plan: Survey
) -> None:
    testing, real = Visitor(client), Visitor(app.test_client())
    testing.get(preview_path(settings, "tiny"))
    testing.press(ABOUT)
    testing.press({"mode": "retain"})
    real.answer(ABOUT, {"mode": "retain"})
    assert "answers are not counted" in testing.page.text
    assert "answers are not counted" not in real.page.text
    assert "answers are not counted" in testing.client.get(testing.path).text

"""Quotas in the studio: there from the first respondent on, before any result can be shown."""

from __future__ import annotations

import re
from typing import Any

import pytest
from flask.testing import FlaskClient

from jtbd.settings import Settings
from jtbd.store import responses
from jtbd.store.accounts import add_account, set_password
from jtbd.store.database import Database
from jtbd.store.quotas import Fieldwork, QuotaCount
from jtbd.store.surveys import ResponseCounts, publish
from jtbd.survey.compile import load_survey
from jtbd.survey.model import Quota, Rating, Submission
from jtbd.web.studio.figures import quota_rows
from tests.survey.samples import GATED, write
from tests.web_studio.conftest import NOW, PASSWORD, send


def cells(page: str) -> list[list[str]]:
    """The rows of the table of quotas."""
    table = re.search(r"How far each quota is filled.*?</table>", page, re.DOTALL)
    assert table
    rows = re.findall(r"<tr>(.*?)</tr>", table[0].split("<tbody>")[1], re.DOTALL)
    return [re.findall(r'class="num">([\d,–]+)<', row) for row in rows]


def test_quotas_are_shown_with_results_and_before_there_are_any(
    client: FlaskClient, settings: Settings, database: Database
) -> None:
    write(settings.workspace, "surveys/tiny.yaml", GATED)
    publish(database, load_survey(settings, "tiny"), NOW)
    for does in ("daily", "daily", "daily", "never"):
        begun = responses.begin(database, slug="tiny", kind="real", language="en", consent="yes", now=NOW)
        responses.save_page(database, begun.response_id, Submission("screening", {"does": does}, {}), NOW)
        if does == "daily":
            about = Submission("about-1", {"function": "sales", "solution": "suite"}, {})
            responses.save_page(database, begun.response_id, about, NOW)
    page = client.get("/studio/tiny/").text
    assert "simulated" in page
    assert cells(page) == [["2", "0", "2", "0", "1"], ["1", "0", "0", "1", "0"]]
    assert "<dt>does</dt><dd>1</dd>" in page
    assert "<dt>over quota</dt><dd>1</dd>" in page
    one = responses.begin(database, slug="tiny", kind="real", language="en", consent="yes", now=NOW).response_id
    rating = Submission("retain.notice-leaving", {}, {"sample-leaving-time": Rating(5, 1)})
    responses.save_page(database, one, rating, NOW)
    page = client.get("/studio/tiny/").text
    assert "Fewer than 5 people" in page
    assert cells(page)[0] == ["2", "0", "2", "0", "1"]
    add_account(database, "Pat", "planner", NOW)
    set_password(database, "Pat", PASSWORD, NOW)
    planner = client.application.test_client()
    send(planner, "/studio/login", name="Pat", password=PASSWORD)
    page = planner.get("/studio/tiny/").text
    assert cells(page) == [["2", "–", "–", "–", "–"], ["1", "0", "0", "1", "0"]]
    assert "<dt>does</dt><dd>–</dd>" in page
    assert "under 5 responses with ratings" in page


QUOTAS = {name: Quota(name, 20) for name in ("a", "b", "c")}


def quota_count(name: str, complete: int, reserved: int = 0, turned_away: int = 0) -> QuotaCount:
    return QuotaCount(QUOTAS[name], complete, reserved, turned_away)


@pytest.mark.parametrize(
    ("found", "complete", "hidden"),
    [
        ([("a", 12), ("b", 8)], 20, ""),
        ([("a", 12), ("b", 3)], 15, "ab"),  # fifteen less twelve
        ([("a", 12), ("b", 3), ("c", 9)], 24, "bc"),
        ([("a", 12)], 15, "a"),  # three belong to no quota
        ([("a", 12), ("b", 10)], 25, "b"),  # three belong to neither
        ([("a", 12, 2), ("b", 8)], 20, "a"),  # free places: twenty less fourteen
    ],
)
def test_no_place_of_a_quota_tells_of_few_people(found: list[Any], complete: int, hidden: str) -> None:
    work = Fieldwork(None, tuple(quota_count(*one) for one in found), {})
    counts = ResponseCounts(complete=complete, in_progress=2)
    rows = quota_rows(work, counts, masked=True)
    assert "".join(one.quota.id for one in rows if one.complete == "–") == hidden
    assert all({one.reserved, one.free} == {"–"} for one in rows if one.complete == "–")
    assert not [one for one in quota_rows(work, counts, masked=False) if "–" in (one.complete, one.reserved, one.free)]

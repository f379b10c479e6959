"""Quotas in the studio: there from the first respondent on, before any result can be shown."""

from __future__ import annotations

import re

from flask.testing import FlaskClient

from jtbd.settings import Settings
from jtbd.store import responses
from jtbd.store.database import Database
from jtbd.store.surveys import publish
from jtbd.survey.compile import load_survey
from jtbd.survey.model import Rating, Submission
from tests.survey.samples import GATED, write
from tests.web_studio.conftest import NOW


def cells(page: str) -> list[list[str]]:
    """The rows of the table of quotas."""
    table = re.search(r"How far each quota is filled.*?</table>", page, re.DOTALL)
    assert table
    rows = re.findall(r"<tr>(.*?)</tr>", table[0].split("<tbody>")[1], re.DOTALL)
    return [re.findall(r'class="num">([\d,]+)<', row) for row in rows]


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

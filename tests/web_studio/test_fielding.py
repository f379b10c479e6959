"""The page on which a study is run, and what its buttons do."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable
from dataclasses import replace

import pytest
import zxingcpp
from bs4 import BeautifulSoup
from flask.testing import FlaskClient
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image
from sqlalchemy import func, select
from werkzeug.test import TestResponse

from jtbd.analysis.disclosure import hidden_groups
from jtbd.settings import Settings
from jtbd.store import exclusions, responses, waves
from jtbd.store.accounts import add_account, set_password
from jtbd.store.bulk import FinishedResponse, add_many
from jtbd.store.database import Database
from jtbd.store.events import survey_events
from jtbd.store.progress import PageReach, Reach
from jtbd.store.schema import response
from jtbd.store.surveys import ResponseCounts, counts, find_survey, publish, survey_in
from jtbd.store.waves import list_waves
from jtbd.survey.compile import load_survey
from jtbd.survey.model import RatedOutcome, Rating, Survey
from jtbd.web.studio.figures import ALL, Figures, figures, hidden_pages
from tests.web_studio.conftest import NOW, PASSWORD, send, token_in
from tests.web_studio.test_views import answers

PAGE = "/studio/tiny/fielding"


@pytest.fixture
def plan(settings: Settings) -> Survey:
    return load_survey(settings, "tiny")


@pytest.fixture
def planner(visitor: FlaskClient, sign_in: Callable[..., TestResponse], database: Database) -> FlaskClient:
    add_account(database, "Pat", "planner", NOW)
    set_password(database, "Pat", PASSWORD, NOW)
    sign_in("Pat")
    return visitor


def press(client: FlaskClient, action: str, **fields: str) -> TestResponse:
    token = token_in(client.get(PAGE).text)
    return client.post(PAGE, data={"csrf_token": token, "action": action, **fields})


def status(database: Database) -> str:
    found = find_survey(database, "tiny")
    assert found
    return found.status


def words(page: str) -> str:
    return " ".join(BeautifulSoup(page, "html.parser").get_text(" ").split())


def _an_answer(database: Database) -> int:
    """A response to the survey ``two``."""
    with database.read() as connection:
        mine = survey_in(connection, "two").id
        return int(connection.execute(select(func.min(response.c.id)).where(response.c.survey_id == mine)).scalar_one())


def begin(database: Database, language: str = "en") -> None:
    responses.begin(database, slug="tiny", kind="real", language=language, consent="", now=NOW)


def test_a_survey_is_paused_opened_again_and_closed(client: FlaskClient, database: Database) -> None:
    for action, now in (("pause", "paused"), ("reopen", "open"), ("close", "closed")):
        assert press(client, action).status_code == 303
        assert status(database) == now
        assert f"{now.capitalize()}." in words(client.get(PAGE).text)
    assert [(one.action, one.actor) for one in survey_events(database, "tiny", 3)] == [
        ("closed", "Ada"),
        ("open", "Ada"),
        ("paused", "Ada"),
    ]


def test_waves_are_opened_and_closed_one_at_a_time(client: FlaskClient, database: Database) -> None:
    assert press(client, "open-wave", label=" 2026 ").status_code == 303
    again = press(client, "open-wave")
    assert again.status_code == 422
    assert "still open" in again.text
    assert press(client, "close-wave").status_code == 303
    assert [(one.label, one.closed_at is None) for one in list_waves(database, "tiny")] == [("2026", False)]


def test_a_pilot_ends_when_the_name_of_the_survey_was_typed(client: FlaskClient, database: Database) -> None:
    begin(database)
    begin(database)
    refused = press(client, "end-pilot", how="delete", expected="2", confirm="tin")
    assert refused.status_code == 422
    assert "type tiny" in refused.text
    assert counts(database, "tiny").in_progress == 2
    assert press(client, "end-pilot", how="test", expected="1", confirm="tiny").status_code == 422, "others than seen"
    assert counts(database, "tiny").in_progress == 2
    assert press(client, "end-pilot", how="test", expected="2", confirm="tiny").status_code == 303
    assert (counts(database, "tiny").test, counts(database, "tiny").in_progress) == (2, 0)
    assert "ended the pilot; responses kept as tests: 2" in words(client.get(PAGE).text)
    begin(database)
    assert press(client, "end-pilot", how="delete", expected="1", confirm="tiny").status_code == 303
    assert counts(database, "tiny").test == 2


def test_after_a_wave_was_closed_there_is_no_pilot_to_end(client: FlaskClient, database: Database) -> None:
    begin(database)
    waves.open_wave(database, "tiny", "", NOW)
    waves.close_wave(database, "tiny", NOW)
    assert "End the pilot" not in client.get(PAGE).text
    answer = press(client, "end-pilot", how="delete", expected="1", confirm="tiny")
    assert answer.status_code == 422
    assert counts(database, "tiny").in_progress == 1


@pytest.mark.parametrize("action", ["pause", "close", "open-wave", "end-pilot"])
def test_a_planner_reads_and_does_nothing(planner: FlaskClient, database: Database, action: str) -> None:
    page = planner.get(PAGE)
    assert page.status_code == 200
    assert 'name="action"' not in page.text
    assert press(planner, action).status_code == 403
    assert status(database) == "open"


def test_a_forged_form_and_an_unknown_button_do_nothing(client: FlaskClient, database: Database) -> None:
    assert client.post(PAGE, data={"action": "close"}).status_code == 422
    assert press(client, "").status_code == 400
    assert press(client, "erase").status_code == 400
    assert status(database) == "open"


def test_a_visitor_is_sent_to_the_login(visitor: FlaskClient) -> None:
    assert visitor.get(PAGE).status_code == visitor.post(PAGE).status_code == 303


def test_progress_is_of_simulated_answers_and_says_so_until_somebody_begins(
    client: FlaskClient, database: Database
) -> None:
    page = words(client.get(PAGE).text)
    assert "Progress simulated data started 200" in page
    begin(database)
    page = words(client.get(PAGE).text)
    assert "Progress simulated data" not in page
    assert "started 1 completed 0 in progress 1" in page


def test_pages_are_listed_by_title_with_the_map_they_are_of(client: FlaskClient) -> None:
    soup = BeautifulSoup(client.get(PAGE).text, "html.parser")
    rows = [" ".join(row.get_text(" ").split()) for row in soup.select(".dropoff tbody tr")]
    assert rows[0].startswith("About you and your work 200 200 0 0")
    assert "Acquire new customers" in rows
    assert rows[rows.index("Retain defecting customers") + 1].startswith("Notice that a customer is leaving")


def test_small_groups_are_hidden_from_planners(planner: FlaskClient, database: Database, plan: Survey) -> None:
    german = replace(plan, title="Umfrage", language="de", language_name="Deutsch")
    publish(database, replace(plan, language_name="English", translations=(german,)), NOW)
    for language, number in (("en", 7), ("de", 3)):
        for _ in range(number):
            begin(database, language)
    soup = BeautifulSoup(planner.get(PAGE).text, "html.parser")
    cells = [[cell.get_text() for cell in row.select("th, td")] for row in soup.select(".reach tbody tr")]
    assert cells == [["English (en)", *"–––––"], ["Deutsch (de)", *"–––––"]], "ten less seven would be three"
    ada = planner.application.test_client()
    send(ada, "/studio/login", name="Ada", password=PASSWORD)
    soup = BeautifulSoup(ada.get(PAGE).text, "html.parser")
    assert [row.select("td")[0].get_text() for row in soup.select(".reach tbody tr")] == ["7", "3"]


@pytest.mark.parametrize(
    ("numbers", "hidden"),
    [
        ({"a": 7, "b": 3}, {"a", "b"}),
        ({"a": 7, "b": 3, "c": 50}, {"a", "b"}),
        ({"a": 2, "b": 3, "c": 50}, {"a", "b"}),
        ({"a": 7, "b": 0}, set()),
        ({"a": 5}, set()),
        ({"a": 4, "b": 0}, {"a"}),
    ],
)
def test_a_hidden_number_cannot_be_worked_out_from_the_others(numbers: dict[str, int], hidden: set[str]) -> None:
    assert hidden_groups(numbers) == hidden


def told(numbers: Figures, group: str = ALL) -> tuple[str, ...]:
    return tuple(numbers.text(group, name) for name in ("started", "completed", "in progress", "abandoned"))


@pytest.mark.parametrize(
    ("total", "shown", "rate"),
    [
        (Reach(12, 5, 3), ("20", "12", "–", "–"), "60%"),  # twenty less twelve and five
        (Reach(2, 1, 0), ("under 5", "under 5", "under 5", "0"), "–"),  # 67% of under five are two of three
        (Reach(30, 3, 0), ("33", "–", "–", "0"), "–"),
        (Reach(30, 1, 1), ("32", "–", "–", "–"), "–"),  # two is a small number, too
        (Reach(30, 10, 6), ("46", "30", "10", "6"), "65%"),
        (Reach(30, 10, 6, 3), ("49", "30", "10", "–"), "–"),
    ],
)
def test_parts_do_not_give_a_small_one_away(total: Reach, shown: tuple[str, ...], rate: str) -> None:
    counts = ResponseCounts(total.completed, total.in_progress + total.abandoned, total.screened_out)
    found = figures(total, counts, masked=True)
    if total.screened_out:
        assert found.text(ALL, "screened out") == "–"
        assert sum((ALL, one) in found.hidden for one in ("completed", "in progress", "abandoned")) >= 1
        assert found.rate(ALL) == rate
    else:
        assert (told(found), found.rate(ALL)) == (shown, rate)
    assert not figures(total, counts, masked=False).hidden


@given(
    st.lists(st.builds(Reach, *[st.integers(0, 12)] * 5), min_size=1, max_size=4),
)
def test_no_sum_has_one_hidden_figure(reaches: list[Reach]) -> None:
    groups = {f"g{number}": one for number, one in enumerate(reaches)}
    total = Reach(*(sum(getattr(one, name) for one in reaches) for name in STATES))
    counts = ResponseCounts(total.completed, total.in_progress + total.abandoned, total.screened_out, total.quota_full)
    found = figures(total, counts, groups, masked=True)
    assert all(cell in found.hidden for cell, number in found.numbers.items() if 0 < number < 5)
    parts = ("completed", "in progress", "abandoned", "screened out", "over quota")
    sums = [[(group, name) for name in ("started", *parts)] for group in (ALL, *groups)]
    sums += [[(group, name) for group in (ALL, *groups)] for name in ("started", *parts)]
    for one in sums:
        assert len(found.hidden.intersection(one)) != 1
        if one[0] not in found.hidden:
            assert not 0 < sum(found.numbers[cell] for cell in one[1:] if cell in found.hidden) < 5


STATES = ("completed", "in_progress", "abandoned", "screened_out", "quota_full")


def test_pages_do_not_tell_of_few_who_left_between_them(plan: Survey) -> None:
    reach = [(20, 17, 0, 3), (17, 12, 5, 0)]
    pages = [PageReach(page, *numbers) for page, numbers in zip(plan.pages, reach, strict=False)]
    found = figures(Reach(12, 5, 3), ResponseCounts(12, 8), masked=True)
    first, second = (one.page.id for one in pages)
    hidden = hidden_pages(pages, found)
    assert {(first, "left"), (first, "saved"), (second, "reached"), (second, "here")} <= hidden
    assert not hidden & {(first, "reached"), (second, "saved")}


def test_planners_see_no_exact_count_of_few_people(planner: FlaskClient, database: Database, plan: Survey) -> None:
    publish(database, replace(plan, slug="two", title="Two"), NOW)
    add_many(database, "two", "real", answers(plan, 3, solution="suite"), NOW)
    (row,) = (
        one for one in BeautifulSoup(planner.get("/studio/").text, "html.parser").select("tr") if "two ·" in one.text
    )
    assert [one.get_text() for one in row.select("td")][:3] == ["under 5", "0", "0"]
    page = words(planner.get("/studio/two/fielding").text)
    assert "under 5 responses with ratings" in page
    assert "started under 5 completed under 5 in progress 0 abandoned 0 completion rate –" in page
    assert "Last page saved 2 March 2026." in page, "the minute would be somebody's"
    add_many(database, "two", "real", answers(plan, 9, solution="suite"), NOW)
    for _ in range(3):
        responses.begin(database, slug="two", kind="real", language="en", consent="", now=NOW)
    exclusions.exclude(database, "two", [_an_answer(database)], "x", "Ada", NOW)
    page = words(planner.get("/studio/two/").text)
    assert "under 5 excluded" in page
    assert "15 started, – completed (–)" in page
    assert "complete – in progress – excluded under 5" in page
    ada = planner.application.test_client()
    send(ada, "/studio/login", name="Ada", password=PASSWORD)
    assert "complete 11 in progress 3 excluded 1" in words(ada.get("/studio/two/").text)


def test_a_survey_by_invitation_has_no_start_link(client: FlaskClient, database: Database, plan: Survey) -> None:
    publish(database, replace(plan, slug="two", access="invited"), NOW)
    page = client.get("/studio/two/fielding").text
    assert "By invitation: whoever has a link of their own may begin." in words(page)
    assert "jtbd invite two" in page
    assert "Anyone with a link" not in page
    assert "qr.svg" not in page
    assert "/s/two" not in page
    assert "/preview/" in page
    assert client.get("/studio/two/qr.svg").status_code == 404
    assert 'href="/s/two"' not in client.get("/studio/two/").text


def test_few_answers_in_a_language_are_not_counted_on_the_overview(
    client: FlaskClient, database: Database, plan: Survey
) -> None:
    german = replace(plan, title="Umfrage", language="de", language_name="Deutsch")
    publish(database, replace(plan, slug="two", language_name="English", translations=(german,)), NOW)
    rows = [replace(row, language="de") for row in answers(plan, 3, solution="suite")]
    add_many(database, "two", "real", [*answers(plan, 9, solution="suite"), *rows], NOW)
    page = words(client.get("/studio/two/").text)
    assert "by language English (en) – Deutsch (de) –" in page
    assert "12 started, 12 completed (100%)" in page


def test_few_answers_of_no_wave_are_not_counted_on_the_change_page(
    client: FlaskClient, database: Database, plan: Survey
) -> None:
    publish(database, replace(plan, slug="two"), NOW)
    ratings = [{one: Rating(1 + n % 5, 1 + n % 3) for one in plan.outcomes} for n in range(30)]
    people = [FinishedResponse({}, one, NOW, NOW) for one in ratings]
    add_many(database, "two", "real", people[:3], NOW)
    for label in ("2025", "2026"):
        waves.open_wave(database, "two", label, NOW)
        add_many(database, "two", "real", people, NOW)
        waves.close_wave(database, "two", NOW)
    for address in ("change", "change.json"):
        page = client.get(f"/studio/two/{address}").text
        assert "some answers belong to no wave" in page.lower()
        assert "3 answers belong" not in page


def test_the_codes_and_links_lead_to_the_survey_and_each_language(
    client: FlaskClient, database: Database, plan: Survey
) -> None:
    german = replace(plan, title="Umfrage", language="de", language_name="Deutsch")
    publish(database, replace(plan, language_name="English", translations=(german,)), NOW)
    soup = BeautifulSoup(client.get(PAGE).text, "html.parser")
    shown = [one["href"] for one in soup.select(".links dt + dd > a:first-child")]
    assert shown[:3] == [f"http://localhost/s/tiny{rest}" for rest in ("", "?lang=en", "?lang=de")]
    codes = [one["href"] for one in soup.select(".links .take a")]
    read = [decoded(client.get(str(one))) for one in codes]
    assert read == shown[:3]
    assert "tiny-qr-de.svg" in client.get(str(codes[2])).headers["Content-Disposition"]
    assert client.get("/studio/tiny/qr.svg?lang=fr").status_code == 404


def decoded(answer: TestResponse) -> str:
    """What a scanner reads."""
    import vl_convert

    assert answer.status_code == 200
    assert answer.mimetype == "image/svg+xml"
    picture = Image.open(io.BytesIO(vl_convert.svg_to_png(answer.text, scale=8)))
    (found,) = zxingcpp.read_barcodes(picture.convert("L"))
    return str(found.text)


def test_the_page_lists_the_newest_decisions_and_the_file_has_all(client: FlaskClient, database: Database) -> None:
    for number in range(60):
        exclusions.exclude(database, "tiny", [number + 1], f"reason {number}", "Ada", NOW)
    page = client.get("/studio/tiny/quality").text
    assert len(re.findall(r"<li><time", page)) == 50
    assert "reason 59" in page
    rows = list(csv.DictReader(io.StringIO(client.get("/studio/tiny/quality-history.csv").text)))
    assert [row["reason"] for row in rows] == [f"reason {number}" for number in reversed(range(60))]


def test_a_decision_needs_a_button(client: FlaskClient, database: Database) -> None:
    token = token_in(client.get("/studio/tiny/quality").text)
    for action in ({}, {"action": "erase"}):
        sent = {"csrf_token": token, "who": "r1", "reason": "x", **action}
        assert client.post("/studio/tiny/quality", data=sent).status_code == 400
    assert counts(database, "tiny").excluded == 0


def test_all_that_are_flagged_are_those_the_page_showed(client: FlaskClient, database: Database, plan: Survey) -> None:
    """Somebody flagged later is not excluded unseen; of whom something was decided since keeps that."""
    more = tuple(RatedOutcome(f"more-{n}", f"Minimize the time it takes to see {n}", f"see {n}") for n in range(30))
    pages = tuple(replace(one, outcomes=(*one.outcomes, *more)) if one.mode else one for one in plan.pages)
    publish(database, replace(plan, slug="long", pages=pages), NOW)

    def people(count: int, rate: Callable[[int], Rating], seconds: int) -> list[FinishedResponse]:
        ratings = {one.id: rate(place) for place, one in enumerate(more)}
        times = {page.id: seconds for page in pages}
        return [FinishedResponse({"mode": "retain"}, ratings, NOW, NOW, seconds=times) for _ in range(count)]

    def careless(count: int) -> list[FinishedResponse]:
        return people(count, lambda _: Rating(3, 3), 2)

    add_many(database, "long", "real", people(12, lambda place: Rating(place % 5 + 1, place * 7 % 5 + 1), 300), NOW)
    add_many(database, "long", "real", careless(3), NOW)
    page = client.get("/studio/long/quality").text
    (seen,) = BeautifulSoup(page, "html.parser").select("input[name=flagged]")
    flagged = [int(one[1:]) for one in str(seen["value"]).split()]
    assert len(flagged) == 3
    exclusions.include(database, "long", flagged[:1], "asked", "Ben", NOW)
    add_many(database, "long", "real", careless(2), NOW)
    sent = {"csrf_token": token_in(page), "who": "flagged", "flagged": str(seen["value"]), "reason": "x"}
    assert client.post("/studio/long/quality", data={**sent, "action": "exclude"}).status_code == 303
    excluded = {one.response_id for one in exclusions.history(database, "long") if one.action == "exclude"}
    assert excluded == set(flagged[1:])
    again = client.post("/studio/long/quality", data={**sent, "action": "exclude"})
    assert again.status_code == 422
    assert "decided meanwhile" in again.text

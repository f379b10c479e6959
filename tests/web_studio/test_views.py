"""The pages of a survey: what they show, what they leave out, and what they say when there is nothing."""

from __future__ import annotations

import html
import re
from dataclasses import replace
from html.parser import HTMLParser

import pytest
from flask.testing import FlaskClient

from jtbd.settings import Settings
from jtbd.store.bulk import FinishedResponse, add_many
from jtbd.store.database import Database
from jtbd.store.surveys import publish
from jtbd.survey.compile import load_survey
from jtbd.survey.model import Rating, Survey
from tests.web_studio.conftest import NOW

TABS = ["", "landscape", "ranking", "roadmaps"]
DOWNLOADS = ["ranking.csv", "ranking.xlsx", "ranking.json", "ranking.png", "landscape.json", "landscape.svg"]


@pytest.fixture
def plan(settings: Settings) -> Survey:
    return load_survey(settings, "tiny")


def answers(plan: Survey, count: int, **profile: str) -> list[FinishedResponse]:
    """People who all say that everything matters and nothing is served."""
    ratings = {outcome: Rating(5, 1) for outcome in plan.outcomes}
    return [FinishedResponse(dict(profile), ratings, NOW, NOW) for _ in range(count)]


def text_of(page: str) -> str:
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", page)).split())


def test_the_list_shows_every_survey_with_its_counts(client: FlaskClient, database: Database, plan: Survey) -> None:
    publish(database, replace(plan, slug="second", title="A second survey"), NOW)
    add_many(database, "second", "real", answers(plan, 3), NOW)
    page = client.get("/studio/").text
    assert page.count("simulated data") == 1
    assert "A tiny survey simulated data tiny · revision 1 of 2 March 2026 0 0 0 0 200 0 open" in text_of(page)
    assert "A second survey second · revision 1 of 2 March 2026 3 0 0 0 0 0 open" in text_of(page)


@pytest.mark.parametrize("tab", TABS)
def test_every_page_says_that_data_are_simulated(client: FlaskClient, tab: str) -> None:
    answer = client.get(f"/studio/tiny/{tab}")
    assert answer.status_code == 200
    assert '<span class="sim">simulated data</span>' in answer.text


def test_real_answers_are_not_called_simulated(client: FlaskClient, database: Database, plan: Survey) -> None:
    add_many(database, "tiny", "real", answers(plan, 6, solution="suite"), NOW)
    for tab in TABS:
        assert "simulated data" not in client.get(f"/studio/tiny/{tab}").text
    assert "simulated" not in client.get("/studio/tiny/ranking.csv").headers["Content-Disposition"]


def test_the_ranking_shows_each_outcome_with_its_interval(client: FlaskClient) -> None:
    page = client.get("/studio/tiny/ranking").text
    assert page.count('scope="row"') == 7
    labels = re.findall(r'aria-label="(opportunity score [^"]+)"', page)
    assert len(labels) == 7
    assert all(re.fullmatch(r"opportunity score [\d.]+, 95% interval [\d.]+ to [\d.]+", one) for one in labels)
    assert "Minimize the time it takes to agree which audience to pursue" in page
    assert "Acquire · Select a target audience" in page
    assert "All modes · Hand over the lead and 1 more" in text_of(page) or "All modes · Hand over" in text_of(page)


def test_filters_stay_in_the_address_and_are_said(client: FlaskClient) -> None:
    page = client.get("/studio/tiny/ranking?where.mode=retain&where.solution=suite&method=gap").text
    assert re.search(r'<option value="retain" selected>', page)
    assert re.search(r'<option value="gap" selected>', page)
    assert "with mode: Keeping customers who are about to leave; solution: One suite" in text_of(page)
    assert page.count('scope="row"') == 4
    assert "3 outcomes that nobody here rated, or too few people to show, are left out." in page
    links = re.findall(r'href="([^"]*/(?:ranking\.csv|landscape|)\?[^"]*)"', page)
    assert links
    assert all("where.mode=retain" in link and "method=gap" in link for link in links)
    assert "the dashed line is 0" in page


@pytest.mark.parametrize(
    "asked",
    [
        "method=nonsense",
        "scale=nonsense",
        "wave=x",
        "where.mode=nobody",
        "where.nothing=x",
        "wave=7",
        "scale=difficulty",
    ],
)
@pytest.mark.parametrize("what", ["", "ranking", "landscape", "ranking.csv", "landscape.json"])
def test_what_makes_no_sense_is_told_politely(client: FlaskClient, what: str, asked: str) -> None:
    answer = client.get(f"/studio/tiny/{what}?{asked}")
    assert answer.status_code == 400
    assert "This cannot be shown" in answer.text
    assert "--" not in text_of(answer.text)


def test_small_groups_are_never_shown(client: FlaskClient, database: Database, plan: Survey) -> None:
    add_many(database, "tiny", "real", answers(plan, 6, solution="suite", organisation="Big"), NOW)
    add_many(database, "tiny", "real", answers(plan, 4, solution="sheets", organisation="Tiny secret"), NOW)
    assert client.get("/studio/tiny/ranking").status_code == 200
    for address in ["?where.solution=sheets", "?where.organisation=Tiny+secret", "?where.solution=sheets&min_group=1"]:
        for what in ("ranking", "landscape", *DOWNLOADS):
            answer = client.get(f"/studio/tiny/{what}{address}")
            assert answer.status_code == 400, what
            assert "fewer than 5 people" in answer.text.lower()
    page = client.get("/studio/tiny/ranking").text
    assert re.search(r'<option value="sheets" disabled>Spreadsheets \(too few\)</option>', page)
    roadmaps = client.get("/studio/tiny/roadmaps").text
    assert "Tiny secret" not in roadmaps
    for address in ["roadmaps?organisation=Tiny+secret", "roadmap.csv?solution=sheets", "roadmaps?organisation=x"]:
        answer = client.get(f"/studio/tiny/{address}")
        assert answer.status_code == 400
        assert "Tiny secret" not in answer.text


def test_a_survey_without_answers_says_so_on_every_tab(client: FlaskClient, database: Database, plan: Survey) -> None:
    publish(database, replace(plan, slug="new"), NOW)
    for tab in [*TABS, *DOWNLOADS, "roadmap.csv", "ranking?where.mode=retain", "roadmaps?solution=suite"]:
        answer = client.get(f"/studio/new/{tab}")
        assert answer.status_code == 200, tab
        assert "No answers yet" in answer.text
        assert 'href="/s/new"' in answer.text


def test_four_answers_are_not_shown(client: FlaskClient, database: Database, plan: Survey) -> None:
    publish(database, replace(plan, slug="new"), NOW)
    add_many(database, "new", "real", answers(plan, 4), NOW)
    for tab in [*TABS, *DOWNLOADS]:
        page = client.get(f"/studio/new/{tab}").text
        assert "Fewer than 5 people have answered so far." in page
        assert "<svg" not in page
    add_many(database, "new", "real", answers(plan, 1), NOW)
    assert 'scope="row"' in client.get("/studio/new/ranking").text


@pytest.mark.parametrize("tab", ["", "landscape", "ranking", "roadmaps", "ranking.csv", "roadmap.csv"])
def test_a_survey_that_does_not_exist_is_not_found(client: FlaskClient, tab: str) -> None:
    assert client.get(f"/studio/nothing/{tab}?method=nonsense").status_code == 404


@pytest.mark.parametrize(
    ("asked", "said"),
    [("solution=suite", "For the vendor of “One suite”"), ("organisation=organisation+a", "For Organisation A")],
)
def test_a_roadmap_says_why(client: FlaskClient, asked: str, said: str) -> None:
    page = client.get(f"/studio/tiny/roadmaps?{asked}").text
    assert said in text_of(page)
    assert "comparisons are adjusted for" in page
    assert page.count('scope="row"') == 7


def test_what_people_typed_is_never_markup(client: FlaskClient, database: Database, plan: Survey) -> None:
    evil = "<script>alert('x')</script><img src=x onerror=alert(1)>\"'"
    pages = tuple(
        replace(page, title=evil, outcomes=tuple(replace(one, statement=f"{one.id} {evil}") for one in page.outcomes))
        for page in plan.pages
    )
    publish(database, replace(plan, slug="evil", title=evil, pages=pages), NOW)
    add_many(database, "evil", "real", answers(plan, 6, solution="suite", organisation=evil), NOW)
    for tab in [
        *TABS,
        "roadmaps?solution=suite",
        "roadmaps",
        "ranking?where.mode=" + "%3Cscript%3Ealert",
        "landscape.svg",
    ]:
        page = client.get(f"/studio/evil/{tab}").text
        assert "<script>alert" not in page, tab
        assert "<img src=x" not in page, tab


class Page(HTMLParser):
    """Finds what the policy would block, and elements that are not closed."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.wrong: list[str] = []
        self.ids: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        names = [name for name, _ in attrs]
        self.wrong += [f"{tag} {name}" for name in names if name == "style" or name.startswith("on")]
        self.wrong += [f"{tag} {name} twice" for name in set(names) if names.count(name) > 1]
        self.ids += [value or "" for name, value in attrs if name == "id"]
        if tag not in {"meta", "link", "input", "img", "br"}:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if self.open and self.open[-1] == tag:
            self.open.pop()

    def handle_endtag(self, tag: str) -> None:
        if not self.open or self.open.pop() != tag:
            self.wrong.append(f"</{tag}>")


@pytest.mark.parametrize(
    "address",
    [
        "",
        "tiny/",
        "tiny/landscape",
        "tiny/ranking?where.mode=retain",
        "tiny/roadmaps?solution=suite",
        "tiny/ranking?wave=x",
    ],
)
def test_pages_are_well_formed_and_keep_to_the_policy(client: FlaskClient, address: str) -> None:
    answer = client.get(f"/studio/{address}")
    page = Page(answer.text)
    assert page.wrong == []
    assert page.open == []
    assert len(set(page.ids)) == len(page.ids)
    policy = answer.headers["Content-Security-Policy"]
    assert "unsafe" not in policy
    assert answer.headers["Cache-Control"] == "no-store"
    nonces = re.findall(r'<script nonce="([^"]+)"', answer.text)
    assert answer.text.count("<script") == len(nonces)
    assert all(f"'nonce-{one}'" in policy for one in nonces)


def test_a_survey_in_several_languages_says_how_many_answered_in_each(
    client: FlaskClient, database: Database, plan: Survey
) -> None:
    assert "by language" not in client.get("/studio/tiny/").text
    german = replace(plan, title="Umfrage", language="de", language_name="Deutsch")
    publish(database, replace(plan, slug="two", language_name="English", translations=(german,)), NOW)
    people = {"en": answers(plan, 7, solution="suite"), "de": answers(plan, 9, solution="suite")}
    rows = [replace(row, language=language) for language, given in people.items() for row in given]
    add_many(database, "two", "real", rows, NOW)
    page = client.get("/studio/two/").text
    assert "Responses with ratings by language English (en) 7 Deutsch (de) 9" in text_of(page)
    assert '<select name="where.language">' in page
    german_only = client.get("/studio/two/?where.language=de")
    assert german_only.status_code == 200
    assert '<option value="de" selected>Deutsch</option>' in german_only.text


def test_the_ranking_shows_how_each_scale_was_rated(client: FlaskClient, database: Database, plan: Survey) -> None:
    add_many(database, "tiny", "real", answers(plan, 6, solution="suite"), NOW)
    page = client.get("/studio/tiny/ranking").text
    assert 'aria-label="importance rated 1: 0%, 2: 0%, 3: 0%, 4: 0%, 5: 100%"' in page
    assert 'aria-label="satisfaction rated 1: 100%, 2: 0%, 3: 0%, 4: 0%, 5: 0%"' in page


def test_scores_that_the_survey_cannot_give_are_not_offered(client: FlaskClient) -> None:
    page = client.get("/studio/tiny/ranking").text
    assert '<option value="gap"' in page
    assert '<option value="effort"' not in page

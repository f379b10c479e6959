from __future__ import annotations

import threading
import time
from contextlib import suppress
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, insert, select, update

from jtbd.store import exclusions, responses, surveys
from jtbd.store.database import Database
from jtbd.store.refusals import PageSavedSince, PanelIdUsed, ResponseFinished, ResponseUnknown
from jtbd.store.schema import answer, consent_text, page_save, rating, response
from jtbd.survey.model import Rating, Submission
from tests.held import answers_of
from tests.store.samples import LATER, NOW, about, at_once, begin, outcome, page, published, respond, survey

laws = settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])
ALL = {"find", "win", "keep", "grow"}


def stored(db: Database, response_id: int) -> dict[str, list[Any]]:
    """Every row of a response but what says when and how often it was saved and how long that took."""
    with db.read() as connection:
        return {
            table.name: [
                tuple(row)
                for row in connection.execute(
                    select(*[one for one in table.c if one.name not in {"saved_at", "seconds", "saves"}])
                    .where(table.c.response_id == response_id)
                    .order_by(*table.primary_key)
                )
            ]
            for table in (answer, rating, page_save)
        }


def number_of(db: Database, table: Any) -> int:
    with db.read() as connection:
        return connection.execute(select(func.count()).select_from(table)).scalar_one()


def test_a_respondent_comes_back_with_the_code_and_only_with_it(database: Database) -> None:
    published(database)
    begun = responses.begin(database, slug="modes", kind="real", language="de", consent="I agree", now=NOW)
    row = responses.find_by_code(database, begun.code)
    assert row is not None
    assert row == responses.find_response(database, begun.response_id)
    assert (row.slug, row.kind, row.status, row.language) == ("modes", "real", "in_progress", "de")
    assert (row.started_at, row.updated_at, row.completed_at, row.wave) == (NOW, NOW, None, None)
    assert responses.find_by_code(database, begun.code.swapcase()) is None
    assert responses.find_by_code(database, "") is None


def started(db: Database, **more: str) -> responses.Begun:
    return responses.begin(db, slug="modes", kind="real", language="en", consent="", now=NOW, **more)


def test_a_start_sent_again_finds_the_response_it_began(database: Database) -> None:
    published(database)
    begun = at_once([lambda: started(database, key="the key of a page")] * 20)
    assert len(set(begun)) == number_of(database, response) == 1
    assert started(database, key="the key of another page") not in begun
    assert number_of(database, response) == 2


def test_a_start_sent_again_finds_its_response_after_the_survey_closed(database: Database) -> None:
    published(database)
    begun = started(database, key="the key of a page")
    surveys.set_status(database, "modes", "closed", LATER)
    assert started(database, key="the key of a page") == begun


def test_two_who_come_with_the_same_panel_id_at_once_begin_one_response(database: Database) -> None:
    published(database)

    def come(key: str) -> bool:
        with suppress(PanelIdUsed):
            return bool(started(database, panel_id="p1", key=key))
        return False

    came = at_once([lambda key=f"the key of page {number}": come(key) for number in range(10)])
    assert sum(came) == number_of(database, response) == 1


def test_a_start_with_a_panel_id_sent_again_at_once_finds_the_response_it_began(database: Database) -> None:
    published(database)
    begun = at_once([lambda: started(database, panel_id="p1", key="the key of a page")] * 20)
    assert len(set(begun)) == number_of(database, response) == 1


def test_a_page_sent_again_at_once_counts_every_save(database: Database) -> None:
    published(database)
    one = begin(database)
    at_once([lambda: responses.save_page(database, one, page(1, find=(5, 2)), NOW)] * 20)
    with database.read() as connection:
        assert connection.execute(select(page_save.c.saves)).scalar_one() == 20


def test_answers_that_wait_for_the_whole_page_come_too_late(database: Database) -> None:
    published(database)
    one = begin(database)
    refused: list[bool] = []

    def send_late() -> None:
        try:
            responses.save_answers(database, one, page(1, find=(1, 1)), NOW, seen="")
        except PageSavedSince:
            refused.append(True)

    late = [threading.Thread(target=send_late) for _ in range(4)]
    with database.write() as connection:
        connection.execute(update(response).values(version=response.c.version + 1))
        for thread in late:
            thread.start()
        time.sleep(0.2)  # they wait for the response by now
        row = {"response_id": one, "page": "page-1", "first_saved_at": NOW, "saved_at": NOW, "saves": 1}
        connection.execute(insert(page_save).values(row))
    for thread in late:
        thread.join()
    assert refused == [True] * 4


def test_codes_have_128_bits_and_are_stored_only_as_hashes(database: Database) -> None:
    published(database)
    codes = {
        responses.begin(database, slug="modes", kind="real", language="en", consent="", now=NOW).code for _ in range(20)
    }
    assert len(codes) == 20
    assert {len(code) for code in codes} == {22}
    with database.read() as connection:
        assert codes.isdisjoint(connection.execute(select(response.c.code_hash)).scalars())


def test_a_consent_text_is_stored_once(database: Database) -> None:
    published(database)
    at_once([lambda: begin(database)] * 6)
    assert number_of(database, response) == 6
    assert number_of(database, consent_text) == 1


def test_a_response_stays_on_the_revision_it_began(database: Database) -> None:
    published(database)
    old = begin(database)
    surveys.publish(database, survey(outcome("new")), LATER)
    with pytest.raises(ValueError, match="new"):
        responses.save_page(database, old, page(1, new=(1, 1)), LATER)
    responses.save_page(database, old, page(1, find=(1, 1)), LATER)
    responses.save_page(database, begin(database), page(1, new=(1, 1)), LATER)


def test_what_was_saved_is_given_back(database: Database) -> None:
    published(database)
    answers = about(mode="acquire", tools=("crm", "mail"), years=7, remark="Größe “x” \n 🙂")
    response_id = respond(database, answers, page(1, find=(5, 1), win=(None, 3)))
    given_answers, ratings, pages = answers_of(database, response_id)
    assert given_answers == answers.answers
    assert ratings == {"find": Rating(5, 1), "win": Rating(None, 3)}
    assert pages == {"about-you", "page-1"}


def test_blank_answers_and_ratings_take_back_what_was_saved(database: Database) -> None:
    published(database)
    response_id = respond(database, about(mode="acquire", years=7), page(1, find=(5, 1), win=(2, 3)))
    responses.save_page(database, response_id, about(mode="acquire", years=None), LATER)
    responses.save_page(database, response_id, page(1, find=(None, None), win=(2, None)), LATER)
    answers, ratings, _ = answers_of(database, response_id)
    assert answers == {"mode": "acquire"}
    assert ratings == {"win": Rating(2, None)}


def test_an_empty_page_counts_as_seen(database: Database) -> None:
    published(database)
    response_id = respond(database, page(1, find=(None, None)))
    assert answers_of(database, response_id) == ({}, {}, {"page-1"})


def test_saving_again_changes_only_when_it_was_saved(database: Database) -> None:
    published(database)
    response_id = respond(database, about(years=7), page(1, find=(5, 1)))
    before = stored(database, response_id)
    responses.save_page(database, response_id, page(1, find=(5, 1)), LATER)
    assert stored(database, response_id) == before
    with database.read() as connection:
        times = connection.execute(select(page_save.c.page, page_save.c.first_saved_at, page_save.c.saved_at)).all()
    assert sorted(map(tuple, times)) == [("about-you", NOW, NOW), ("page-1", NOW, LATER)]


ratings = st.builds(Rating, *[st.none() | st.integers(1, 5)] * 2)
first_pages = st.fixed_dictionaries({"find": ratings, "win": ratings}).map(lambda r: Submission("page-1", {}, r))
second_pages = st.fixed_dictionaries({"keep": ratings, "grow": ratings}).map(lambda r: Submission("page-2", {}, r))
profiles = st.fixed_dictionaries(
    {
        "years": st.none() | st.integers(0, 99),
        "tools": st.none() | st.sampled_from([(), ("crm",), ("crm", "mail")]),
        "remark": st.none() | st.text(st.characters(exclude_categories=["Cs"])),
    }
).map(lambda answers: Submission("about-you", answers, {}))
pages = st.one_of(first_pages, second_pages, profiles)


@laws
@given(data=st.data())
def test_pages_saved_in_any_order_and_any_number_of_times_are_stored_alike(database: Database, data: Any) -> None:
    if surveys.find_survey(database, "modes") is None:
        published(database)
    chosen = data.draw(st.tuples(first_pages, second_pages, profiles))
    again = data.draw(st.lists(st.sampled_from(chosen), max_size=4))
    shuffled = data.draw(st.permutations([*chosen, *again]))
    plain, mixed = respond(database, *chosen), respond(database, *shuffled)
    assert answers_of(database, plain) == answers_of(database, mixed)


@laws
@given(sent=st.lists(pages, max_size=8))
def test_the_last_save_of_a_page_counts(database: Database, sent: list[Submission]) -> None:
    if surveys.find_survey(database, "modes") is None:
        published(database)
    last = {one.page: one for one in sent}.values()
    answers = {key: value for one in last for key, value in one.answers.items() if value is not None}
    rated = {key: value for one in last for key, value in one.ratings.items() if value != Rating()}
    expected = (answers, rated, {one.page for one in sent})
    assert answers_of(database, respond(database, *sent)) == expected


def test_a_page_sent_twenty_times_at_once_is_stored_once(database: Database) -> None:
    published(database)
    response_id, other = begin(database), begin(database)
    sent = page(1, find=(5, 1), win=(2, 3))
    at_once([lambda: responses.save_page(database, response_id, sent, NOW)] * 20)
    responses.save_page(database, other, sent, NOW)
    without_id = [
        {name: [row[1:] for row in rows] for name, rows in stored(database, one).items()}
        for one in (response_id, other)
    ]
    assert without_id[0] == without_id[1]
    assert len(without_id[0]["rating"]) == 2


def test_different_versions_of_a_page_sent_at_once_are_never_mixed(database: Database) -> None:
    published(database)
    response_id = begin(database)
    versions = [page(1, find=(number, number), win=(number, number)) for number in (1, 2, 3, 4, 5)] * 3
    at_once([lambda one=one: responses.save_page(database, response_id, one, NOW) for one in versions])
    _, rated, _ = answers_of(database, response_id)
    assert rated["find"] == rated["win"]


def test_respondents_save_at_once_without_losing_anything(database: Database) -> None:
    published(database)
    ids = [begin(database) for _ in range(12)]
    sent = {response_id: page(1, find=(position % 5 + 1, 3)) for position, response_id in enumerate(ids)}
    at_once([lambda i=i, s=s: responses.save_page(database, i, s, NOW) for i, s in sent.items()])
    for response_id, submission in sent.items():
        assert answers_of(database, response_id)[1] == submission.ratings


def test_a_page_is_stored_whole_or_not_at_all(database: Database) -> None:
    published(database)
    response_id = respond(database, page(1, find=(5, 1)))
    before = stored(database, response_id)
    with pytest.raises(Exception, match="ck_rating_importance"):
        responses.save_page(database, response_id, page(1, find=(4, 4), win=(6, 1)), LATER)
    assert stored(database, response_id) == before


@pytest.mark.parametrize(
    "wrong",
    [Submission("no-such-page", {}, {}), page(1, unheard=(1, 1)), about(unheard="x")],
    ids=["page", "outcome", "question"],
)
def test_nothing_is_stored_that_was_not_asked(database: Database, wrong: Submission) -> None:
    published(database)
    response_id = begin(database)
    with pytest.raises(ValueError, match=r"no-such-page|unheard"):
        responses.save_page(database, response_id, wrong, NOW)
    assert answers_of(database, response_id) == ({}, {}, set())


def test_a_finished_response_refuses_further_pages(database: Database) -> None:
    published(database)
    for status in ("complete", "screened_out"):
        response_id = respond(database, page(1, find=(5, 1)))
        responses.complete(database, response_id, asked=ALL, now=LATER, status=status)
        with pytest.raises(ResponseFinished):
            responses.save_page(database, response_id, page(1, find=(1, 1)), LATER)
        assert answers_of(database, response_id)[1] == {"find": Rating(5, 1)}


def test_completing_twice_keeps_the_first_time(database: Database) -> None:
    published(database)
    response_id = respond(database, page(1, find=(5, 1)))
    responses.complete(database, response_id, asked=ALL, now=NOW)
    responses.complete(database, response_id, asked=set(), now=LATER, status="screened_out")
    row = responses.find_response(database, response_id)
    assert row is not None
    assert (row.status, row.completed_at) == ("complete", NOW)
    assert answers_of(database, response_id)[1] == {"find": Rating(5, 1)}


def test_completing_and_saving_at_once_leaves_one_or_the_other(database: Database) -> None:
    published(database)
    response_id = respond(database, page(1, find=(1, 1)))

    def save() -> None:
        with suppress(ResponseFinished):
            responses.save_page(database, response_id, page(2, keep=(5, 5)), LATER)

    at_once([save, lambda: responses.complete(database, response_id, asked={"find"}, now=LATER)] * 4)
    _, rated, _ = answers_of(database, response_id)
    assert rated == {"find": Rating(1, 1)}


def test_ratings_survive_going_back_and_changing_the_mode_until_the_end(database: Database) -> None:
    published(database)
    response_id = respond(database, about(mode="acquire"), page(1, find=(5, 1), win=(4, 2)))
    responses.save_page(database, response_id, about(mode="retain"), LATER)
    responses.save_page(database, response_id, page(2, keep=(3, 3)), LATER)
    assert answers_of(database, response_id)[1].keys() == {"find", "win", "keep"}
    responses.save_page(database, response_id, about(mode="acquire"), LATER)
    assert answers_of(database, response_id)[1]["find"] == Rating(5, 1)
    responses.complete(database, response_id, asked={"find", "win"}, now=LATER)
    assert answers_of(database, response_id)[1] == {"find": Rating(5, 1), "win": Rating(4, 2)}


def seconds_on(db: Database, response_id: int) -> dict[str, int | None]:
    query = select(page_save.c.page, page_save.c.seconds).where(page_save.c.response_id == response_id)
    with db.read() as connection:
        return {row.page: row.seconds for row in connection.execute(query)}


def test_seconds_on_a_page_run_from_one_save_to_the_next(database: Database) -> None:
    published(database)
    response_id = begin(database)
    for sent, after in ((about(years=7), 20), (page(1, find=(5, 1)), 65), (page(2, keep=(3, 3)), 165.4)):
        responses.save_page(database, response_id, sent, NOW + timedelta(seconds=after))
    assert seconds_on(database, response_id) == {"about-you": 20, "page-1": 45, "page-2": 100}
    responses.save_page(database, response_id, page(1, find=(5, 2)), NOW + timedelta(seconds=195.4))
    assert seconds_on(database, response_id)["page-1"] == 45 + 30
    responses.save_page(database, response_id, page(2, keep=(3, 4)), NOW + timedelta(days=2))
    assert seconds_on(database, response_id)["page-2"] == responses.LONGEST_SECONDS


def test_a_clock_that_goes_back_takes_no_time_from_a_page(database: Database) -> None:
    published(database)
    response_id = begin(database)
    responses.save_page(database, response_id, about(years=7), NOW - timedelta(seconds=5))
    assert seconds_on(database, response_id) == {"about-you": 0}


def test_an_exclusion_keeps_its_reason_and_can_be_taken_back(database: Database) -> None:
    published(database)
    response_id = respond(database, page(1, find=(5, 1)))
    exclusions.exclude(database, "modes", [response_id], "straight-lining", "Ada", LATER)
    row = responses.find_response(database, response_id)
    assert row is not None
    assert (row.excluded_reason, row.excluded_at) == ("straight-lining", LATER)
    exclusions.include(database, "modes", [response_id], "fine", "Ada", NOW)
    row = responses.find_response(database, response_id)
    assert row is not None
    assert (row.excluded_reason, row.excluded_at) == (None, None)
    assert answers_of(database, response_id)[1] == {"find": Rating(5, 1)}


def test_a_response_that_is_not_there_is_unknown(database: Database) -> None:
    published(database)
    assert responses.find_response(database, 99) is None
    for call in (
        lambda: responses.save_page(database, 99, page(1), NOW),
        lambda: responses.complete(database, 99, asked=set(), now=NOW),
        lambda: exclusions.exclude(database, "modes", [99], "x", "Ada", NOW),
        lambda: exclusions.include(database, "modes", [99], "fine", "Ada", NOW),
    ):
        with pytest.raises(ResponseUnknown, match="99"):
            call()


def test_erasing_tests_erases_all_they_hold_and_nothing_else(database: Database) -> None:
    published(database)
    surveys.publish(database, survey(slug="other"), NOW)
    everything = (about(years=7), page(1, find=(5, 1)))
    kept = [respond(database, *everything), respond(database, *everything, slug="other", kind="test")]
    gone = [respond(database, *everything, kind="test") for _ in range(3)]
    assert responses.erase_test_responses(database, "modes") == 3
    assert responses.erase_test_responses(database, "modes") == 0
    assert [responses.find_response(database, one) is None for one in (*kept, *gone)] == [False] * 2 + [True] * 3
    assert [number_of(database, table) for table in (answer, rating, page_save)] == [2, 2, 4]

"""What responses are asked is stored once, and in balance however many begin at once or leave."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import timedelta
from functools import partial

import pytest
from sqlalchemy import update

from jtbd.simulation import simulate_into
from jtbd.store import exclusions, pilot, responses, waves
from jtbd.store.activity import EXPIRES_AFTER
from jtbd.store.assignments import assign
from jtbd.store.counts import GOOD_FOR
from jtbd.store.database import Database
from jtbd.store.refusals import ResponseUnknown
from jtbd.store.schema import response
from jtbd.survey.model import Design, DesignKind, Rating, Submission, Survey
from tests.held import answers_of, assignments_of
from tests.store.samples import NOW, about, at_once, begin, outcome, published, survey

LATE = NOW + EXPIRES_AFTER + timedelta(minutes=1)


def planned(kind: DesignKind = "balanced", wanted: int = 6) -> Survey:
    """A survey of six steps of four outcomes."""
    plan = survey(*(outcome(f"o{number}") for number in range(24)), questions=(), per_page=4)
    return replace(plan, pages=plan.pages[1:], design=Design(kind, wanted, "random"))


def times(db: Database, ids: list[int]) -> Counter[str]:
    """How many of these responses are asked each outcome."""
    return Counter(outcome for one in ids for outcome in assignments_of(db, one).get("m", ()))


def begun(db: Database, number: int, kind: responses.Kind = "real") -> list[int]:
    """Responses that are asked something and have saved nothing."""
    ids = [begin(db, kind=kind) for _ in range(number)]
    for one in ids:
        assign(db, one, "m", one, NOW)
    return ids


def late(db: Database, number: int) -> list[int]:
    """Responses begun when those of :func:`begun` have expired."""
    ids = []
    for seed in range(number):
        new = responses.begin(db, slug="modes", kind="real", language="en", consent="I agree", now=LATE)
        assign(db, new.response_id, "m", seed, LATE)
        ids.append(new.response_id)
    return ids


def is_even(counted: Counter[str]) -> bool:
    return max(counted.values()) - min(counted.get(f"o{number}", 0) for number in range(24)) <= 1


def test_what_was_chosen_stays(database: Database) -> None:
    published(database, planned())
    one = begin(database)
    chosen = assign(database, one, "m", 1, NOW)
    assert len(chosen) == 6
    assert assign(database, one, "m", 2, LATE) == chosen
    assert assignments_of(database, one) == {"m": chosen}
    assert assignments_of(database, begin(database)) == {}


def test_a_response_that_is_not_there_is_refused(database: Database) -> None:
    with pytest.raises(ResponseUnknown):
        assign(database, 999, "m", 1, NOW)


def test_many_at_once_stay_in_balance(database: Database) -> None:
    published(database, planned())
    ids = [begin(database) for _ in range(40)]
    at_once([partial(assign, database, one, "m", one, NOW) for one in ids])
    assert sum(times(database, ids).values()) == 240
    assert is_even(times(database, ids))


def test_one_response_asked_for_twice_at_once_is_assigned_once(database: Database) -> None:
    published(database, planned())
    one = begin(database)
    results = at_once([partial(assign, database, one, "m", seed, NOW) for seed in range(8)])
    assert set(results) == {assignments_of(database, one)["m"]}


def test_what_expired_unrated_is_given_back(database: Database) -> None:
    published(database, planned())
    left = begun(database, 3)
    still = begin(database)
    assert not set(assign(database, still, "m", 1, NOW)) & set(times(database, left))  # 18 of 24 are taken
    missing = {f"o{number}" for number in range(24)} - set(times(database, left))
    assert missing == set(assignments_of(database, still)["m"])
    responses.save_page(database, still, Submission("page-1", {}, {}), LATE)
    followers = [still, *late(database, 3)]
    assert len(times(database, followers)) == 24


def test_of_what_expired_half_done_the_pages_saved_still_count(database: Database) -> None:
    plan = published(database, planned())
    (left,) = begun(database, 1)
    asked = set(assignments_of(database, left)["m"])
    page = next(page for page in plan.pages if asked & {one.id for one in page.outcomes})
    rated = asked & {one.id for one in page.outcomes}
    responses.save_page(database, left, Submission(page.id, {}, {one: Rating(3, 3) for one in rated}), NOW)
    ids = late(database, 8)
    counted = times(database, ids)
    counted.update(rated)
    assert is_even(counted)


def test_tests_and_excluded_and_simulated_responses_count_for_nobody_real(database: Database) -> None:
    published(database, planned())
    begun(database, 3, "test")
    begun(database, 3, "simulated")
    out = begun(database, 1)
    exclusions.exclude(database, "modes", out, "seen twice", "somebody", NOW)
    assert is_even(times(database, begun(database, 4)))
    assert len(times(database, begun(database, 4))) == 24


def test_each_wave_is_in_balance_by_itself(database: Database) -> None:
    published(database, planned())
    begun(database, 3)
    waves.open_wave(database, "modes", "second", NOW)
    assert len(times(database, begun(database, 4))) == 24


@pytest.mark.parametrize("kind", ["balanced", "adaptive"])
def test_simulated_responses_are_stored_with_what_they_were_asked(database: Database, kind: DesignKind) -> None:
    published(database, planned(kind))
    simulate_into(database, "modes", 40, 1, NOW)
    with database.read() as connection:
        ids = list(connection.exec_driver_sql("SELECT id FROM response").scalars())
    for one in ids:
        _, ratings, _ = answers_of(database, one)
        assert set(ratings) <= set(assignments_of(database, one)["m"])
    assert sum(times(database, ids).values()) == 240


def test_adaptive_looks_at_the_ratings_so_far_every_few_seconds(database: Database) -> None:
    """Twenty outcomes are plainly not in the top, four are at the cut: those are asked of everyone."""
    plan = published(database, planned("adaptive", 9))
    open_ones = {"o2", "o9", "o16", "o23"}
    certain = {f"o{number}" for number in range(24) if number % 3 == 0} - open_ones | {"o1", "o4", "o7"}
    first = begin(database)
    assign(database, first, "m", 1, NOW)  # counts nothing yet, and remembers
    for number in range(40):
        one = begin(database)
        for page in plan.pages:
            ratings = {rated.id: Rating(*_rated(rated.id, number, open_ones, certain)) for rated in page.outcomes}
            responses.save_page(database, one, Submission(page.id, {}, ratings), NOW)
    later = NOW + GOOD_FOR
    ids = [begin(database) for _ in range(12)]
    for one in ids:
        assign(database, one, "m", one, later)
    counted = times(database, ids)
    assert all(counted[one] >= 9 for one in open_ones)
    assert sum(counted.values()) == 108


def _rated(outcome_id: str, number: int, open_ones: set[str], certain: set[str]) -> tuple[int, int]:
    if outcome_id in open_ones:
        return (5 if number % 2 else 2), (1 if number % 4 < 2 else 5)
    return (5, 1) if outcome_id in certain else (1, 5)


def test_what_came_in_the_background_keeps_an_assignment_alive(database: Database) -> None:
    published(database, planned())
    ids = begun(database, 4)
    before = times(database, ids)
    one = assignments_of(database, ids[0])["m"][0]
    page = next(page.id for page in planned().pages if one in {outcome.id for outcome in page.outcomes})
    for mine in ids:
        responses.save_answers(database, mine, Submission(page, {}, {}), LATE - timedelta(hours=1))
    assert is_even(before + times(database, late(database, 4)))


def test_who_has_left_a_mode_is_not_counted_in_its_map_until_they_come_back(database: Database) -> None:
    plan = survey(*(outcome(f"o{number}") for number in range(24)), per_page=4)
    published(database, replace(plan, design=Design("balanced", 6, "random")))

    def chooses(response_id: int, mode: str) -> None:
        responses.save_page(database, response_id, about(mode=mode), NOW)

    def come(number: int) -> list[int]:
        ids = [begin(database) for _ in range(number)]
        for one in ids:
            chooses(one, "acquire")
            assign(database, one, "m", one, NOW)
        return ids

    gone = come(3)
    for one in gone:
        chooses(one, "retain")
    assert is_even(times(database, come(4)))
    for one in gone:
        chooses(one, "acquire")
    here = [*gone, *range(gone[-1] + 1, gone[-1] + 5)]
    assert is_even(times(database, [*here, *come(1)]))


@pytest.mark.parametrize("status", ["screened_out", "quota_full"])
def test_what_those_were_to_be_asked_who_were_ended_early_is_given_to_others(database: Database, status: str) -> None:
    published(database, planned())
    for one in begun(database, 2):
        with database.write() as connection:
            connection.execute(update(response).where(response.c.id == one).values(status=status))
    followers = begun(database, 4)
    assert is_even(times(database, followers))
    assert len(times(database, followers)) == 24


def test_the_count_begins_anew_when_another_process_has_ended_the_pilot(
    database: Database, database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("jtbd.store.assignments.FEW", 3)
    published(database, planned())
    begun(database, 5)
    other = Database(database_url)
    pilot.end_pilot(other, "modes", delete_answers=False, expected=5, by="somebody", now=NOW)
    other.dispose()
    ids = [begin(database) for _ in range(4)]
    for one in ids:
        assign(database, one, "m", one, NOW + GOOD_FOR)
    assert len(times(database, ids)) == 24

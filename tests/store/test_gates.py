"""Places in quotas are given once, however many ask at the same time."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial

import pytest
from sqlalchemy import select

from jtbd.store import bulk, exclusions, responses, surveys, waves
from jtbd.store.activity import EXPIRES_AFTER
from jtbd.store.database import Database
from jtbd.store.erasure import erase
from jtbd.store.gates import come_back
from jtbd.store.quotas import QuotaCount, fieldwork
from jtbd.store.schema import survey as survey_table
from jtbd.survey.model import Condition, Option, Question, Quota, Submission, Survey
from tests.store.samples import NOW, about, at_once, begin, page, published, survey

LATE = NOW + EXPIRES_AFTER + timedelta(minutes=1)
ROLE = Question("role", "What are you?", "single", (Option("buyer", "Buyer"), Option("seller", "Seller")))
SIZE = Question("size", "How large?", "single", (Option("small", "Small"), Option("large", "Large")))
BUYERS = Quota("buyers", 2, (Condition("role", ("buyer",)),))
CELL = Quota("large-buyers", 1, (Condition("role", ("buyer",)), Condition("size", ("large", "huge"))))


def planned(*quotas: Quota) -> Survey:
    return replace(survey(questions=(ROLE, SIZE)), quotas=quotas)


def answered(db: Database, now: datetime = NOW, kind: responses.Kind = "real", **answers: str) -> tuple[int, str]:
    """A response that has saved these answers, and how it stands."""
    new = responses.begin(db, slug="modes", kind=kind, language="en", consent="I agree", now=now)
    return new.response_id, responses.save_page(db, new.response_id, about(**answers), now)


def filled(db: Database, now: datetime = NOW) -> dict[str, tuple[int, int]]:
    """Complete and reserved places by quota."""
    return {one.quota.id: (one.complete, one.reserved) for one in fieldwork(db, "modes", now).quotas}


def complete(db: Database, response_id: int, now: datetime = NOW) -> str:
    return responses.complete(db, response_id, asked=set(), now=now)


def test_fifty_at_once_for_ten_places_fill_ten(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("jtbd.store.database.BUSY_SECONDS", 120)  # to wait long on a busy machine is no failure
    published(database, planned(replace(BUYERS, limit=10)))

    def go_through(response_id: int) -> str:
        status = responses.save_page(database, response_id, about(role="buyer", size="small"), NOW)
        return complete(database, response_id) if status == "in_progress" else status

    ended = Counter(at_once([partial(go_through, begin(database)) for _ in range(50)]))
    assert ended == {"complete": 10, "quota_full": 40}
    (count,) = fieldwork(database, "modes", NOW).quotas
    assert (count.complete, count.reserved, count.free, count.turned_away) == (10, 0, 0, 40)


def test_one_response_saved_in_two_tabs_at_once_has_one_place(database: Database) -> None:
    published(database, planned(BUYERS))
    one = begin(database)
    save = partial(responses.save_page, database, one, about(role="buyer", size="small"), NOW)
    assert set(at_once([save] * 6)) == {"in_progress"}
    assert filled(database) == {"buyers": (0, 1)}


def test_all_who_come_back_at_once_find_only_the_places_that_are_left(database: Database) -> None:
    published(database, planned(replace(BUYERS, limit=6)))
    away = [answered(database, role="buyer")[0] for _ in range(6)]
    for _ in range(4):
        assert answered(database, LATE, role="buyer")[1] == "in_progress"
    backs = at_once([partial(come_back, database, one, LATE) for one in away])
    assert Counter(status for status, _ in backs) == {"in_progress": 2, "quota_full": 4}
    assert filled(database, LATE) == {"buyers": (0, 6)}


def test_a_cell_counts_who_meets_all_its_conditions(database: Database) -> None:
    published(database, planned(BUYERS, CELL))
    answered(database, role="buyer", size="large")
    assert filled(database) == {"buyers": (0, 1), "large-buyers": (0, 1)}
    one, status = answered(database, role="buyer", size="large")
    found = responses.find_response(database, one)
    assert found
    assert (status, found.status, found.ended_by) == ("quota_full", "quota_full", "large-buyers")
    assert answered(database, role="buyer", size="small")[1] == "in_progress"
    assert answered(database, role="seller", size="large")[1] == "in_progress"
    assert filled(database) == {"buyers": (0, 2), "large-buyers": (0, 1)}


def test_a_quota_without_conditions_is_of_everybody(database: Database) -> None:
    published(database, planned(Quota("all", 2)))
    for role in ("buyer", "seller"):
        assert answered(database, role=role)[1] == "in_progress"
    assert answered(database, role="seller")[1] == "quota_full"


def test_a_quota_of_everybody_is_judged_at_the_first_page_also_without_questions(database: Database) -> None:
    plan = replace(survey(questions=()), quotas=(Quota("all", 1),))
    published(database, replace(plan, pages=plan.pages[1:]))
    statuses = [responses.save_page(database, begin(database), page(1, find=(5, 1)), NOW) for _ in range(2)]
    assert statuses == ["in_progress", "quota_full"]


@pytest.mark.parametrize("kind", ["test", "simulated"])
def test_tests_and_simulated_responses_take_no_place_and_need_none(database: Database, kind: responses.Kind) -> None:
    published(database, planned(replace(BUYERS, limit=1)))
    for _ in range(2):
        one, status = answered(database, kind=kind, role="buyer")
        assert (status, complete(database, one)) == ("in_progress", "complete")
    assert filled(database) == {"buyers": (0, 0)}
    assert answered(database, role="buyer")[1] == "in_progress"
    assert answered(database, kind=kind, role="buyer")[1] == "in_progress"


def test_places_are_freed_by_erasing_and_by_excluding(database: Database) -> None:
    published(database, planned(BUYERS))
    new = responses.begin(database, slug="modes", kind="real", language="en", consent="I agree", now=NOW)
    responses.save_page(database, new.response_id, about(role="buyer"), NOW)
    done, _ = answered(database, role="buyer")
    complete(database, done)
    assert filled(database) == {"buyers": (1, 1)}
    erase(database, new.code)
    assert filled(database) == {"buyers": (1, 0)}
    exclusions.exclude(database, "modes", [done], "seen twice", "Ada", NOW)
    assert filled(database) == {"buyers": (0, 0)}


def test_a_complete_response_keeps_its_place_for_good(database: Database) -> None:
    published(database, planned(BUYERS))
    done, _ = answered(database, role="buyer")
    complete(database, done)
    assert filled(database, LATE) == {"buyers": (1, 0)}


def test_single_answers_and_rated_pages_are_activity(database: Database) -> None:
    published(database, planned(BUYERS))
    one, two, three = (answered(database, role="buyer" if n else "seller")[0] for n in range(3))
    almost = NOW + EXPIRES_AFTER - timedelta(hours=1)
    responses.save_answers(database, two, page(1, find=(5, None)), almost)
    responses.save_page(database, one, page(1, find=(5, 1)), almost)
    assert filled(database, LATE) == {"buyers": (0, 1)}
    assert come_back(database, two, LATE) == ("in_progress", frozenset())
    assert come_back(database, three, LATE) == ("in_progress", frozenset())
    assert filled(database, LATE) == {"buyers": (0, 2)}


def test_single_answers_of_who_was_away_take_no_place_back(database: Database) -> None:
    published(database, planned(replace(BUYERS, limit=1)))
    away, _ = answered(database, role="buyer")
    assert answered(database, LATE, role="buyer")[1] == "in_progress"
    responses.save_answers(database, away, page(1, find=(5, None)), LATE)
    assert filled(database, LATE) == {"buyers": (0, 1)}
    assert responses.save_page(database, away, page(1, find=(5, 2)), LATE) == "quota_full"


def test_each_wave_has_places_of_its_own(database: Database) -> None:
    published(database, planned(replace(BUYERS, limit=1)))
    assert answered(database, role="buyer")[1] == "in_progress"
    waves.open_wave(database, "modes", "second", NOW)
    assert filled(database) == {"buyers": (0, 0)}
    assert answered(database, role="buyer")[1] == "in_progress"
    assert answered(database, role="buyer")[1] == "quota_full"
    assert fieldwork(database, "modes", NOW).wave == 1


def test_a_limit_published_anew_holds_for_everybody(database: Database) -> None:
    published(database, planned(replace(BUYERS, limit=1)))
    first, _ = answered(database, role="buyer")
    assert answered(database, role="buyer")[1] == "quota_full"
    surveys.publish(database, planned(replace(BUYERS, limit=2)), NOW)
    assert filled(database) == {"buyers": (0, 1)}
    assert complete(database, first) == "complete"
    assert answered(database, role="buyer")[1] == "in_progress"
    assert answered(database, role="buyer")[1] == "quota_full"


def test_a_quota_published_later_counts_who_is_there_already(database: Database) -> None:
    published(database, planned())
    done = [answered(database, role="buyer")[0] for _ in range(2)]
    for one in done:
        complete(database, one)
    running, late = (answered(database, role="buyer")[0] for _ in range(2))
    surveys.publish(database, planned(replace(BUYERS, limit=3)), NOW)
    assert fieldwork(database, "modes", NOW).quotas == (QuotaCount(replace(BUYERS, limit=3), 2, 1, 0),)
    assert complete(database, running) == "complete"
    assert come_back(database, late, NOW) == ("in_progress", frozenset({"about-you"}))
    assert complete(database, late) == "quota_full"
    assert filled(database) == {"buyers": (3, 0)}


def test_answers_on_a_page_that_is_not_saved_decide_nothing(database: Database) -> None:
    plan = planned(BUYERS)
    about_you, *rest = plan.pages
    apart = replace(about_you, id="apart", questions=(SIZE,))
    published(database, replace(plan, pages=(replace(about_you, questions=(ROLE,)), apart, *rest)))
    one = begin(database)
    responses.save_answers(database, one, about(role="buyer"), NOW)
    responses.save_page(database, one, Submission("apart", {"size": "large"}, {}), NOW)
    assert filled(database) == {"buyers": (0, 0)}
    responses.save_page(database, one, about(role="buyer"), NOW)
    assert filled(database) == {"buyers": (0, 1)}


def test_publishing_gives_places_as_the_gates_do_to_pages_that_are_saved(database: Database) -> None:
    """What is typed and not sent takes no place from who sends it, nor does the button that begins."""
    published(database, planned())
    begin(database)
    typing = begin(database)
    responses.save_answers(database, typing, about(role="buyer"), NOW)
    surveys.publish(database, planned(replace(BUYERS, limit=1), Quota("all", 2)), NOW)
    assert filled(database) == {"buyers": (0, 0), "all": (0, 0)}
    assert answered(database, role="buyer")[1] == "in_progress"
    surveys.publish(database, planned(replace(BUYERS, limit=3), Quota("all", 2)), NOW)
    assert filled(database) == {"buyers": (0, 1), "all": (0, 1)}


def test_publishing_finds_answers_where_their_own_revision_asked_them(database: Database) -> None:
    plan = planned()
    about_you, *rest = plan.pages
    published(database, plan)
    answered(database, role="buyer")
    moved = replace(plan, pages=(replace(about_you, id="moved"), *rest), quotas=(BUYERS,))
    surveys.publish(database, moved, NOW)
    late = responses.begin(database, slug="modes", kind="real", language="en", consent="I agree", now=NOW).response_id
    responses.save_page(database, late, Submission("moved", {"role": "buyer"}, {}), NOW)
    surveys.publish(database, replace(moved, quotas=(replace(BUYERS, limit=5),)), NOW)
    assert filled(database) == {"buyers": (0, 2)}


def test_who_is_included_again_counts_by_what_they_answered_meanwhile(database: Database) -> None:
    sellers = Quota("sellers", 2, (Condition("role", ("seller",)),))
    published(database, planned(BUYERS, sellers))
    one, _ = answered(database, role="buyer")
    exclusions.exclude(database, "modes", [one], "seen twice", "Ada", NOW)
    responses.save_page(database, one, about(role="seller"), NOW)
    assert complete(database, one) == "complete"
    exclusions.include(database, "modes", [one], "only once", "Ada", NOW)
    assert filled(database) == {"buyers": (0, 0), "sellers": (1, 0)}


def includes(db: Database, response_id: int) -> None:
    exclusions.include(db, "modes", [response_id], "it counts", "Ada", NOW)


def imports(db: Database, _: int) -> None:
    bulk.add_many(db, "modes", "real", [bulk.FinishedResponse({"role": "buyer"}, {}, NOW, NOW)], NOW)


@pytest.mark.parametrize("adds", [includes, imports])
def test_who_counts_places_anew_waits_for_who_is_taking_one(
    database: Database, adds: Callable[[Database, int], None]
) -> None:
    """Else both would find the last place free."""
    published(database, planned(BUYERS))
    out, _ = answered(database, role="buyer")
    complete(database, out)
    exclusions.exclude(database, "modes", [out], "seen twice", "Ada", NOW)
    with ThreadPoolExecutor(1) as pool:
        with database.write() as connection:
            mine = select(survey_table.c.id).where(survey_table.c.slug == "modes").with_for_update(key_share=True)
            connection.execute(mine).close()
            adding = pool.submit(adds, database, out)
            with pytest.raises(TimeoutError):
                adding.result(timeout=0.5)
        adding.result(timeout=60)
    assert filled(database) == {"buyers": (1, 0)}

"""Page times and attention items come back for each respondent, in the order in which they were asked."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import numpy as np
import pytest

from jtbd.ratings.careless import Asked, Conduct
from jtbd.store import bulk, delivery, responses
from jtbd.store.assignments import assign
from jtbd.store.bulk import FinishedResponse
from jtbd.store.conduct import load_conduct
from jtbd.store.database import Database
from jtbd.survey.model import AttentionItem, Design, Page, Rating, Submission, Survey
from tests.held import attention_of
from tests.store.samples import LATER, NOW, about, begin, outcome, page, published, survey

ITEM = AttentionItem("look", "For this line, choose 4", 4, 1)


def with_item() -> Survey:
    plan = survey()
    first, second, third = plan.pages
    return replace(plan, pages=(first, replace(second, attention=ITEM), third))


def send(database: Database, response_id: int, *pages: tuple[Submission, float]) -> None:
    now = NOW
    for one, seconds in pages:
        now += timedelta(seconds=seconds)
        responses.save_page(database, response_id, one, now)


def first_page(attention: Rating, **ratings: tuple[int | None, ...]) -> Submission:
    return replace(page(1, **ratings), attention={"look": attention})


def loaded(database: Database) -> tuple[Conduct, Asked]:
    return load_conduct(database, "modes", delivery.load_ratings(database, "modes", with_excluded=True))


def test_pace_is_the_median_over_pages_of_seconds_a_rating_given(database: Database) -> None:
    published(database, with_item())
    one = begin(database)
    mode = about(mode="acquire")
    send(
        database,
        one,
        (mode, 500),  # no page of ratings
        (first_page(Rating(4, 4), find=(5, 1), win=(4, None)), 10),  # 5 ratings with the item's
        (page(2, keep=(3, 3), grow=(3, 3)), 16),
    )
    assert loaded(database)[0].seconds_per_item.tolist() == [(10 / 5 + 16 / 4) / 2]


def test_pages_without_ratings_and_responses_without_times_have_no_pace(database: Database) -> None:
    published(database)
    row = FinishedResponse({"mode": "acquire"}, {"find": Rating(1, 1)}, NOW, LATER)
    bulk.add_many(database, "modes", "real", [row, replace(row, seconds={"page-1": 3})], NOW)
    quiet = begin(database)
    send(database, quiet, (about(mode="acquire"), 9), (page(1, find=(5, 1)), 8), (page(2), 1))
    assert loaded(database)[0].seconds_per_item.tolist() == pytest.approx([np.nan, 1.5, 4.0], nan_ok=True)


@pytest.mark.parametrize(
    ("given", "failed"),
    [(Rating(4, 4), 0), (Rating(4, 3), 1), (Rating(4, None), 1), (Rating(), 1), (Rating(2, 2), 1)],
)
def test_an_attention_item_is_followed_on_every_scale_or_failed(database: Database, given: Rating, failed: int) -> None:
    published(database, with_item())
    one, not_there_yet = begin(database), begin(database)
    send(database, one, (about(mode="acquire"), 9), (first_page(given, find=(5, 1)), 9))
    send(database, not_there_yet, (about(mode="acquire"), 9), (page(2, keep=(5, 1)), 9))
    conduct = loaded(database)[0]
    assert conduct.attention_shown.tolist() == [1, 0]
    assert conduct.attention_failed.tolist() == [failed, 0]
    assert attention_of(database, one) == {"look": given}


def test_attention_items_are_in_no_ratings_and_only_on_the_page_that_asks_them(database: Database) -> None:
    published(database, with_item())
    one = begin(database)
    send(database, one, (first_page(Rating(4, 4), find=(5, 1)), 9))
    found = delivery.load_ratings(database, "modes")
    assert found.ratings.outcomes == ("find", "win", "keep", "grow")
    assert np.count_nonzero(found.ratings.scales["importance"]) == 1
    unheard = Submission("page-1", {}, {}, {"unheard": Rating(4, 4)})
    with pytest.raises(ValueError, match="unheard"):
        responses.save_page(database, one, unheard, NOW)


def test_outcomes_are_in_the_order_of_the_respondents_own_pages(database: Database) -> None:
    """Both modes ask `keep`, one first and one last; in the ratings it has one column."""
    plan = survey(outcome("find"), outcome("keep"))
    profile, acquire = plan.pages
    retain = Page("page-2", "Rate", outcomes=(outcome("keep"), outcome("win")), map="n", mode="retain")
    published(database, replace(plan, pages=(profile, acquire, retain)))
    for mode, sent in (("acquire", page(1, find=(1, 1))), ("retain", page(2, keep=(1, 1)))):
        send(database, begin(database), (about(mode=mode), 9), (sent, 9))
    names = np.array(delivery.load_ratings(database, "modes").ratings.outcomes)
    order = {tuple(rows.tolist()): names[columns].tolist() for rows, columns in loaded(database)[1]}
    assert order == {(0,): ["find", "keep"], (1,): ["keep", "win"]}


def test_outcomes_shown_in_an_order_of_their_own_are_in_that_order(database: Database) -> None:
    plan = survey(questions=())
    plan = replace(plan, pages=plan.pages[1:], design=Design("balanced", 2, "random"))
    published(database, plan)
    orders = {}
    for seed in range(6):
        one = begin(database)
        orders[one] = assign(database, one, "m", seed, NOW)
        responses.save_page(database, one, page(1, find=(1, 1)), NOW)
    ((rows, columns),) = loaded(database)[1]
    assert rows.tolist() == list(range(6))
    keys = np.array(["find", "win", "keep", "grow"])
    shown = [tuple(keys[row][: len(order)]) for row, order in zip(columns, orders.values(), strict=True)]
    assert shown == list(orders.values())
    assert len(set(shown)) > 2
    assert all(sorted(row) == [0, 1, 2, 3] for row in columns.tolist())

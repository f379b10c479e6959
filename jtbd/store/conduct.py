"""How respondents went about a survey: seconds on pages, and what they answered to attention items."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Connection, select

from jtbd.ratings.careless import Asked, Conduct
from jtbd.store.columns import column_names
from jtbd.store.database import Database
from jtbd.store.delivery import Delivered
from jtbd.store.schema import assignment, attention_answer, outcome, page_save, response
from jtbd.store.surveys import plan_in, revisions_in, survey_in
from jtbd.survey.columns import column_of
from jtbd.survey.flow import pages_for
from jtbd.survey.model import SCALES, Page, Rating, Survey

Saves = dict[int, dict[str, int | None]]
"""Seconds (``None`` = not known) by response id and page saved."""

Given = dict[tuple[int, str], Rating]
"""What was answered to attention items, by response id and item."""


@dataclass(frozen=True)
class _Group:
    """Respondents who see the same pages: their rows, the pages of ratings, and the columns of each page.

    ``outcomes`` are those with a column, page by page.
    """

    rows: NDArray[np.intp]
    plan: Survey
    pages: tuple[Page, ...]
    columns: tuple[NDArray[np.intp], ...]
    outcomes: tuple[str, ...]


def load_conduct(db: Database, slug: str, found: Delivered) -> tuple[Conduct, Asked]:
    """The conduct of the respondents delivered, and in which order outcomes were asked of them.

    Raises
    ------
    SurveyUnknown
    """
    with db.read() as connection:
        mine = survey_in(connection, slug)
        plans = {one.number: plan_in(db, connection, one.id) for one in revisions_in(connection, mine.id)}
        saves: Saves = {}
        of_survey = response.c.survey_id == mine.id
        query = select(page_save.c.response_id, page_save.c.page, page_save.c.seconds).join(response).where(of_survey)
        for response_id, page, seconds in connection.execute(query):
            saves.setdefault(response_id, {})[page] = seconds
        scales = (attention_answer.c[scale] for scale in SCALES)
        items = select(attention_answer.c.response_id, attention_answer.c.item, *scales).join(response).where(of_survey)
        given: Given = {(row[0], row[1]): Rating(*row[2:]) for row in connection.execute(items)}
        is_shuffled = any(one.design.order == "random" for one in plans.values())
        shown = _orders_shown(connection, mine.id) if is_shuffled else {}
    conduct = Conduct.unknown(found.ratings.n)
    asked = []
    for group in _groups(found, plans):
        asked.append((group.rows, _order_asked(found, group, shown)))
        conduct.seconds_per_item[group.rows] = _pace(found, group, saves, given)
        for page in group.pages:
            _attention(conduct, found, group, page, saves, given)
    return conduct, asked


def _orders_shown(connection: Connection, survey_id: int) -> dict[int, list[str]]:
    """By response, the outcomes it was asked in the order shown."""
    keys = {number: key for number, key in connection.execute(select(outcome.c.id, outcome.c.key))}  # noqa: C416 - as mypy wants it
    query = select(assignment.c.response_id, assignment.c.outcomes).join(response)
    found: dict[int, list[str]] = {}
    for response_id, numbers in connection.execute(query.where(response.c.survey_id == survey_id)):
        found.setdefault(response_id, []).extend(keys[int(number)] for number in numbers.split(","))
    return found


def _order_asked(found: Delivered, group: _Group, shown: dict[int, list[str]]) -> NDArray[np.intp]:
    """Columns in the order of the map (k,); in that shown to each respondent (rows, k) where it was left to chance.

    There what a respondent was not asked comes last: they left it blank.
    """
    in_map = np.concatenate([*group.columns, np.empty(0, np.intp)])
    if group.plan.design.order != "random":
        return in_map
    place = {key: j for j, key in enumerate(group.outcomes)}
    rank = np.full((len(group.rows), len(in_map)), len(in_map))
    for row, response_id in enumerate(found.response_ids[group.rows].tolist()):
        mine = [place[key] for key in shown.get(response_id, ()) if key in place]
        rank[row, mine] = np.arange(len(mine))
    return in_map[np.argsort(rank, axis=1, kind="stable")]


def _groups(found: Delivered, plans: dict[int, Survey]) -> Iterator[_Group]:
    place = {name: j for j, name in enumerate(found.ratings.outcomes)}
    names = column_names(list(plans.items()))
    attributes = found.ratings.attributes
    for number, plan in plans.items():
        question = plan.question_as("mode")
        mine = attributes["revision"] == str(number)
        modes = attributes[column_of(question)] if question else np.full(found.ratings.n, "", object)
        for mode in sorted(set(modes[mine])):
            seen = pages_for(plan, {question.id: mode} if question else {})
            pages = tuple(page for page in seen if page.kind == "ratings")
            columns = tuple(
                np.array([place[name] for one in page.outcomes if (name := names[number, one.id]) in place], np.intp)
                for page in pages
            )
            kept = tuple(one.id for page in pages for one in page.outcomes if names[number, one.id] in place)
            yield _Group(np.flatnonzero(mine & (modes == mode)), plan, pages, columns, kept)


def _pace(found: Delivered, group: _Group, saves: Saves, given: Given) -> NDArray[np.float64]:
    """Median over pages of seconds / ratings given, attention items included; NaN where no page has a time."""
    ids = found.response_ids[group.rows].tolist()
    paces = np.full((len(ids), len(group.pages)), np.nan)
    for j, (page, columns) in enumerate(zip(group.pages, group.columns, strict=True)):
        seconds: Any = np.array([saves.get(one, {}).get(page.id) for one in ids], float)  # None becomes NaN
        items = _ratings_given(found, group.rows, columns)
        if page.attention:
            items += np.array([_answered(given.get((one, page.attention.id))) for one in ids])
        paces[:, j] = np.divide(seconds, items, out=np.full(len(ids), np.nan), where=items > 0)
    middle = np.full(len(ids), np.nan)
    timed = ~np.isnan(paces).all(axis=1)
    middle[timed] = np.nanmedian(paces[timed], axis=1)
    return middle


def _ratings_given(found: Delivered, rows: NDArray[np.intp], columns: NDArray[np.intp]) -> NDArray[np.intp]:
    given = np.zeros(len(rows), np.intp)
    for codes in found.ratings.scales.values():
        given += np.count_nonzero(codes[np.ix_(rows, columns)], axis=1)
    return given


def _answered(rating: Rating | None) -> int:
    return sum(getattr(rating, scale, None) is not None for scale in SCALES)


def _attention(conduct: Conduct, found: Delivered, group: _Group, page: Page, saves: Saves, given: Given) -> None:
    """Count the page's attention item as shown to those who sent it, and whether they followed it.

    Where a design left its page out, it stood on another.
    """
    if page.attention is None:
        return
    instructed = Rating(**dict.fromkeys(group.plan.scales, page.attention.expect))
    for row in group.rows:
        response_id = int(found.response_ids[row])
        answered = given.get((response_id, page.attention.id))
        whole = answered and all(getattr(answered, scale) is not None for scale in group.plan.scales)
        if whole or page.id in saves.get(response_id, {}):  # half an answer may still become the one instructed
            conduct.attention_shown[row] += 1
            conduct.attention_failed[row] += answered != instructed

"""Which outcomes a respondent rates, and in which order: chosen so that what is asked stays in balance.

The outcomes of a step are cut into blocks of about four, so that pages stay few. A respondent gets whole blocks, those
seen least so far, and among them those seen least together with what they already have.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from jtbd.survey.model import ATTENTION, AttentionItem, Page, Survey

LARGEST_BLOCK = 4
FEWEST_BLOCKS = 4
"""A respondent gets at least about so many blocks: with fewer, few pairs of blocks would meet."""

Together = NDArray[np.int64]
"""Of how many respondents both of two outcomes were asked, (J, J) in the order of the map; the diagonal is of how many
each was asked."""

Assignments = Mapping[str, Sequence[str]]
"""By map, ids of the outcomes one respondent rates, in the order they are shown."""


def pages_of(survey: Survey, job_map: str) -> tuple[Page, ...]:
    """The pages of ratings of a map, in its order."""
    return tuple(page for page in survey.pages if page.map == job_map)


def outcomes_of(survey: Survey, job_map: str) -> tuple[str, ...]:
    """Ids of the outcomes of a map, in its order."""
    return tuple(outcome.id for page in pages_of(survey, job_map) for outcome in page.outcomes)


def blocks_of(survey: Survey, job_map: str) -> tuple[range, ...]:
    """Positions of the outcomes that are asked together: each step cut into nearly equal parts."""
    wanted = survey.design.outcomes_per_respondent or 0
    size = max(1, min(LARGEST_BLOCK, wanted // FEWEST_BLOCKS))
    blocks: list[range] = []
    first = 0
    for page in pages_of(survey, job_map):
        parts = -(-len(page.outcomes) // size)
        cuts = [first + len(page.outcomes) * part // parts for part in range(parts + 1)]
        blocks += [range(low, high) for low, high in pairwise(cuts)]
        first += len(page.outcomes)
    return tuple(blocks)


def least_seen(blocks: Sequence[range], together: Together, wanted: int, rng: np.random.Generator) -> list[int]:
    """Positions of about `wanted` outcomes, in whole blocks, for the next respondent.

    The block asked least comes first. Among equals it is the one that met the blocks chosen so far least often: each
    pick then adds least to the sum of squares of the pair counts. Chance decides the rest.

    Parameters
    ----------
    blocks : sequence of range
        Positions of the outcomes of each block, together all positions in order.
    together : array (J, J)
        What respondents before were asked; the first outcome of a block stands for it.
    wanted : int
        The number of outcomes comes as near to it as whole blocks allow.
    """
    starts = [block.start for block in blocks]
    pairs = together[np.ix_(starts, starts)]
    times = pairs.diagonal()
    met = np.zeros(len(blocks), pairs.dtype)
    free = np.ones(len(blocks), bool)
    chosen: list[int] = []
    while free.any():
        least = free & (times == times[free].min())
        equals = np.flatnonzero(least & (met == met[least].min()))
        block = int(equals[rng.integers(len(equals))])
        if abs(wanted - len(chosen) - len(blocks[block])) >= abs(wanted - len(chosen)):
            break
        chosen += blocks[block]
        free[block] = False
        met += pairs[block]
    return chosen


def ask(together: Together, chosen: Sequence[int]) -> None:
    """Count one more respondent, who was asked the outcomes at these positions."""
    together[np.ix_(chosen, chosen)] += 1


def shown_order(survey: Survey, job_map: str, chosen: Sequence[int], rng: np.random.Generator) -> tuple[str, ...]:
    """The outcomes at the positions `chosen` in the order they are shown, a step together.

    ``order: map`` is the order of the map; ``order: random`` shuffles the steps, and the outcomes of each.
    """
    ids = outcomes_of(survey, job_map)
    kept = {ids[position] for position in chosen}
    steps = [[one.id for one in page.outcomes if one.id in kept] for page in pages_of(survey, job_map)]
    if survey.design.order == "random":
        rng.shuffle(steps)
        for step in steps:
            rng.shuffle(step)
    return tuple(outcome for step in steps for outcome in step)


def tailored(survey: Survey, assignments: Assignments) -> Survey:
    """The survey as one respondent sees it: of each map assigned, the outcomes assigned, in their order.

    An attention item whose page is not shown moves to a page that has none.
    """
    pages: list[Page] = []
    placed: set[str] = set()
    for page in survey.pages:
        if page.map not in assignments:
            pages.append(page)
        elif page.map not in placed:
            placed.add(page.map)
            pages += _shown(pages_of(survey, page.map), assignments[page.map])
    return replace(survey, pages=tuple(pages))


def with_lines(survey: Survey, page_id: str, lines: Sequence[str]) -> Survey:
    """The survey whose page `page_id` asks these lines, in their order; those that it never asks are passed over.

    Without any that it asks, the page stays whole.
    """
    return replace(
        survey, pages=tuple(_with_lines(survey, one, lines) if one.id == page_id else one for one in survey.pages)
    )


def _with_lines(survey: Survey, page: Page, lines: Sequence[str]) -> Page:
    asked = {one.id: one for one in page.outcomes}
    outcomes = tuple(asked[line] for line in dict.fromkeys(lines) if line in asked)
    if not outcomes:
        return page
    # an attention item may have come from another page of the map, see `tailored`
    items = [one.attention for one in pages_of(survey, page.map) if one.attention]
    item = next((one for one in items if ATTENTION + one.id in lines), None)
    return replace(page, outcomes=outcomes, attention=_placed(item, len(outcomes)))


def _shown(pages: Sequence[Page], assigned: Sequence[str]) -> list[Page]:
    rank = {outcome: place for place, outcome in enumerate(assigned)}
    shown = []
    for page in pages:
        outcomes = tuple(sorted((one for one in page.outcomes if one.id in rank), key=lambda one: rank[one.id]))
        if outcomes:
            shown.append(replace(page, outcomes=outcomes, attention=_placed(page.attention, len(outcomes))))
    shown.sort(key=lambda page: rank[page.outcomes[0].id])
    kept = {page.id for page in shown}
    homeless = [page.attention for page in pages if page.attention and page.id not in kept]
    without = [place for place, page in enumerate(shown) if page.attention is None]
    moving = homeless[: len(without)]
    for number, item in enumerate(moving):
        at = without[(2 * number + 1) * len(without) // (2 * len(moving))]
        shown[at] = replace(shown[at], attention=_placed(item, len(shown[at].outcomes)))
    return shown


def _placed(item: AttentionItem | None, outcomes: int) -> AttentionItem | None:
    return item and replace(item, position=(outcomes + 1) // 2)

"""Roadmaps from a source: who the vendor's users or the buyer's people are, and the tally they need."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from jtbd.analysis.disclosure import of_buyer, of_vendor
from jtbd.analysis.query import Query
from jtbd.analysis.run import check_answers, second_scale, selected, weighted
from jtbd.analysis.source import Source
from jtbd.errors import InputError, issue
from jtbd.plural import counted
from jtbd.ratings.model import Labels, Ratings
from jtbd.roadmap.buyer import SAME, buyer_roadmap, own_solution
from jtbd.roadmap.evidence import Rules
from jtbd.roadmap.model import Roadmap
from jtbd.roadmap.vendor import vendor_roadmap
from jtbd.scoring.methods import OPPORTUNITY
from jtbd.tally.count import tally
from jtbd.tally.model import Tally


def for_vendor(source: Source, query: Query, solution: str, *, guarded: bool = False) -> Roadmap:
    """The roadmap of a solution's vendor; ``solution`` by value or by its text.

    Parameters
    ----------
    guarded : bool
        Whether it also keeps back from what could be told, with the rankings, what few people said.

    Raises
    ------
    InputError
        No such solution, too few users, or the source does not say who uses what.
    """
    check_answers(source)
    column = source.column_as("solution")
    value = _value(source, column, solution, "--solution")
    _enough(source, query, source.ratings.attributes[column] == value, solution, "--solution")
    counted = _tally(source, query, {"solution": source.ratings.attributes[column]})
    withheld = of_vendor(source, query, column, value) if guarded else {}
    return vendor_roadmap(counted, value, _rules(query, withheld))


def for_buyer(source: Source, query: Query, organisation: str, *, guarded: bool = False) -> Roadmap:
    """The roadmap of an organisation that buys; names are compared without regard to case.

    Parameters
    ----------
    guarded : bool
        As for :func:`for_vendor`.

    Raises
    ------
    InputError
        No such organisation, too few people, or the source lacks organisations or solutions.
    """
    check_answers(source)
    column, solutions = source.column_as("organisation"), source.column_as("solution")
    value = _value(source, column, organisation, "--organisation")
    theirs = _same(source.ratings.attributes[column], value)
    _enough(source, query, theirs, organisation, "--organisation")
    buyer = np.where(theirs, "yes", "no").astype(object)
    counted = _tally(source, query, {"solution": source.ratings.attributes[solutions], "buyer": buyer})
    withheld = of_buyer(source, query, (column, solutions), value) if guarded else {}
    if withheld:
        withheld[SAME] = withheld.get(own_solution(counted), frozenset())
    return buyer_roadmap(counted, value, _rules(query, withheld))


def _rules(query: Query, withheld: Mapping[str, frozenset[str]]) -> Rules:
    return Rules(query.level, query.min_group, query.seed, withheld)


def _tally(source: Source, query: Query, attributes: dict[str, Labels]) -> Tally:
    ratings = weighted(source, query)
    inside = np.where(selected(source, query), "in", "out").astype(object)
    names = ["solution", "group", *(name for name in attributes if name != "solution")]
    return tally(
        Ratings(ratings.outcomes, ratings.scales, {**attributes, "group": inside}, ratings.weights),
        OPPORTUNITY.channels(second_scale(source, query)),
        names,
    )


def _same(column: Labels, value: str) -> NDArray[np.bool_]:
    return np.array([cell.casefold() == value.casefold() for cell in column], bool)


def _value(source: Source, column: str, wanted: str, option: str) -> str:
    """The value that a person means who writes a value or its text, in any case."""
    texts = source.texts.get(column, {})
    present: list[str] = sorted(set(source.ratings.attributes[column]) - {""})
    for value in present:
        if wanted.casefold() in (value.casefold(), texts.get(value, value).casefold()):
            return value
    shown = ", ".join(present[:12]) + (" …" if len(present) > 12 else "")
    raise InputError(
        [
            issue(
                "unknown-value",
                f'nobody has "{wanted}" for "{column}"',
                f"values that occur: {shown or 'none'}",
                file=option,
            )
        ]
    )


def _enough(source: Source, query: Query, people: NDArray[np.bool_], name: str, option: str) -> None:
    count = int((people & selected(source, query)).sum())
    if count < query.min_group:
        raise InputError(
            [
                issue(
                    "small-group",
                    f'"{name}" has {counted(count, "respondent")}, the minimum is {query.min_group}',
                    "collect more answers, or lower --min-group",
                    file=option,
                )
            ]
        )

"""Who is in a segment: how often each value of the respondents' attributes occurs there, beside everybody."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from jtbd.analysis.query import Query
from jtbd.analysis.source import Source
from jtbd.ratings.model import Labels

FEWEST_IN_CELL = 5
MOST_VALUES = 12
"""Values of an attribute that is profiled: one with more names people, or measures something."""

IDS = ("respondent", "respondent_id", "response_id", "id")


@dataclass(frozen=True)
class ProfileRow:
    """How often a value of an attribute occurs: the share of everybody divided, and of each segment.

    Weighted shares among those with a value, 0..1; ``None`` where fewer than five people stand behind it.
    """

    attribute: str
    value: str
    text: str
    overall: float | None
    shares: tuple[float | None, ...]


def profiles(
    source: Source, query: Query, weights: NDArray[np.float64], members: Sequence[NDArray[np.bool_]]
) -> Iterator[ProfileRow]:
    """Profiles of respondents by every attribute with few values: roles (function, mode …) first.

    ``members`` says who is divided at all (n,), then who is in each segment. Left out are identifiers, weights and
    what ``where`` has made the same for all.
    """
    ratings = source.ratings
    roles = [column for column in source.roles.values() if column in ratings.attributes]
    left_out = {query.weight, id_column(source), *(column for column, _ in query.where)}
    for attribute in dict.fromkeys([*roles, *ratings.attributes]):
        holders = _holders(source, attribute, ratings.attributes[attribute])
        if attribute in left_out or not 2 <= len(holders) <= MOST_VALUES:
            continue
        known = np.any(list(holders.values()), axis=0)
        for value, holding in holders.items():
            shares = [_share(holding & one, known & one, weights) for one in members]
            text = source.texts.get(attribute, {}).get(value, value)
            yield ProfileRow(attribute, value, text, shares[0], tuple(shares[1:]))


def _holders(source: Source, attribute: str, column: Labels) -> dict[str, NDArray[np.bool_]]:
    """Who has each value (n,); several values of one respondent, joined by ``;``, count each."""
    many = attribute in source.texts
    of = [cell.split(";") if many else [cell] for cell in column]
    values = sorted({value for cell in of for value in cell} - {""})
    if len(values) > MOST_VALUES:
        return {}
    return {value: np.array([value in cell for cell in of], bool) for value in values}


def _share(holding: NDArray[np.bool_], known: NDArray[np.bool_], weights: NDArray[np.float64]) -> float | None:
    total = float(weights[known].sum())
    if holding.sum() < FEWEST_IN_CELL or not total:
        return None
    return float(weights[holding].sum()) / total


def id_column(source: Source) -> str | None:
    """The attribute that names each respondent, if there is one: respondent, respondent_id, response_id or id."""
    for name, column in source.ratings.attributes.items():
        if name.casefold() in IDS and len(set(column) - {""}) == source.ratings.n:
            return name
    return None

"""What may be told of groups so that nobody learns what few people said: neither by itself nor by subtraction.

From the figures of all and of all but four people follow those of the four. Cell suppression keeps back what would give
a small group away (Willenborg & de Waal 2001, Elements of Statistical Disclosure Control); docs/decisions/0009 says why
these rules.
"""

from __future__ import annotations

from collections.abc import Collection, Hashable, Iterable, Mapping, Sequence
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from jtbd.analysis.query import MIN_GROUP, Query
from jtbd.analysis.run import second_scale, weighted
from jtbd.analysis.source import Source
from jtbd.errors import InputError, issue
from jtbd.ratings.model import Labels, numbered

Key = TypeVar("Key", bound=Hashable)
Rated = NDArray[np.bool_]
Counts = NDArray[np.int64]


def is_small(number: int) -> bool:
    """Whether a number says something of one to four people; that there is nobody may be said."""
    return 0 < number < MIN_GROUP


def hidden_cells(
    numbers: Mapping[Key, int], wholes: Iterable[Collection[Key]], known_hidden: Collection[Key] = ()
) -> set[Key]:
    """The numbers of people that are not shown.

    Parameters
    ----------
    numbers : mapping to int
    wholes : iterable of collection
        Numbers of which each follows from the others: the parts of a whole that is known, or a whole and its parts.
    known_hidden : collection
        Numbers that are not shown for other reasons.

    Returns
    -------
    set
        The small ones and, where one or so few people would be left that the rest says what is hidden, the smallest
        others that have anybody, until no whole gives a hidden number away.
    """
    hidden = {key for key, number in numbers.items() if is_small(number)} | set(known_hidden)
    lines, before = list(wholes), -1
    while before != len(hidden):
        before = len(hidden)
        for line in lines:
            inside = [numbers[key] for key in line if key in hidden]
            others = [key for key in line if numbers[key] and key not in hidden]
            if inside and others and (len(inside) == 1 or is_small(sum(inside))):
                hidden.add(min(others, key=lambda key: numbers[key]))
    return hidden


def hidden_groups(numbers: Mapping[Key, int]) -> set[Key]:
    """The parts of a whole that are not shown: the small ones and those that would give one away."""
    return hidden_cells(numbers, [numbers])


def withheld_outcomes(source: Source, query: Query, conditions: Sequence[tuple[str, str]]) -> frozenset[str]:
    """Outcomes of which the figures of those who meet the conditions would give away what few people said.

    One condition chooses among the values of a question, who has none being one more: hidden are the values that fewer
    than five people have (of an outcome: who rated it), and the smallest others without which these would follow from
    the ranking of all. Of several conditions at once every combination of values that occurs must have five people:
    then all that can be had from such rankings by adding and subtracting is of five or more.

    Parameters
    ----------
    source : Source
        Everybody, of all waves.
    conditions : sequence of (attribute, value)

    Raises
    ------
    InputError
        The people who meet the conditions, or those who do not, would be given away whatever the outcome.
    """
    if not conditions:
        return frozenset()
    columns = [source.ratings.attributes[name] for name, _ in conditions]
    if len(columns) == 1 and not query.value:
        told = [conditions[0][1] not in hidden for hidden in hidden_values(columns[0], _who_rated(source, query))]
        return _outcomes_not_told(source, told)
    return where_cells_are_small(source, query, columns)


def where_cells_are_small(source: Source, query: Query, columns: Sequence[Labels]) -> frozenset[str]:
    """Outcomes that one to four people rated of some combination of the columns' values.

    Raises
    ------
    InputError
        So few people have such a combination.
    """
    group, rated = _combined(columns), _who_rated(source, query)
    people = _counted(group, rated)
    enough = people >= MIN_GROUP
    if query.value:  # read by value, one large customer must not stand for five people
        enough &= _effective(group, rated, weighted(source, query).weights) >= MIN_GROUP
    return _outcomes_not_told(source, ((people == 0) | enough).all(axis=0).tolist())


def of_vendor(source: Source, query: Query, column: str, solution: str) -> dict[str, frozenset[str]]:
    """By solution the outcomes that a vendor's roadmap keeps back of its users, as for :func:`withheld_outcomes`.

    Raises
    ------
    InputError
        Nothing may be told of the vendor's own users.
    """
    hidden = hidden_values(source.ratings.attributes[column], _who_rated(source, query))
    _see_told(source, told=solution not in hidden[0])
    return _by_value(source, hidden)


def of_buyer(source: Source, query: Query, columns: tuple[str, str], organisation: str) -> dict[str, frozenset[str]]:
    """By the organisation, and by solution used elsewhere, the outcomes that a buyer's roadmap keeps back.

    Whom the ranking of a solution's users counts and the roadmap does not are its users in the organisation.

    Parameters
    ----------
    columns : pair of attribute
        Who works where, and who uses what.

    Raises
    ------
    InputError
        Nothing may be told of the organisation's people.
    """
    where, used = (source.ratings.attributes[name] for name in columns)
    rated, theirs = _who_rated(source, query), organisation.casefold()
    folded = np.array([name.casefold() for name in where], object)
    own = hidden_values(folded, rated)
    _see_told(source, told=theirs not in own[0])
    inside = folded == theirs
    few_inside = _small_values(used[inside], rated[inside])
    elsewhere = _by_value(source, hidden_values(used[~inside], rated[~inside], few_inside))
    return {**elsewhere, organisation: _by_value(source, own).get(theirs, frozenset())}


def _by_value(source: Source, hidden: Sequence[Collection[str]]) -> dict[str, frozenset[str]]:
    """By value the outcomes of which it is hidden: all, where the people who have it are."""
    people, *by_outcome = hidden
    names = source.ratings.outcomes
    found = {
        value: frozenset(name for name, one in zip(names, by_outcome, strict=True) if value in one)
        for value in set().union(*by_outcome)
    }
    return found | dict.fromkeys(people, frozenset(names))


def hidden_values(
    column: Labels, rated: Rated, known_hidden: Sequence[Collection[str]] | None = None
) -> list[set[str]]:
    """For each column of `rated` (n, k) the values of `column` (n,) that are not shown."""
    levels, numbers = numbered(column)
    found = []
    for place, counts in enumerate(_counted(numbers, rated).T.tolist()):
        by_level = dict(zip(levels, counts, strict=True))
        found.append(hidden_cells(by_level, [levels], known_hidden[place] if known_hidden else ()))
    return found


def _small_values(column: Labels, rated: Rated) -> list[set[str]]:
    """For each column of `rated` (n, k) the values of `column` (n,) that one to four people have."""
    levels, numbers = numbered(column)
    counted = _counted(numbers, rated).T.tolist()
    return [{level for level, number in zip(levels, counts, strict=True) if is_small(number)} for counts in counted]


def _who_rated(source: Source, query: Query) -> Rated:
    """Who is there at all, and who rated each outcome on the scales of the query (n, 1 + J)."""
    ratings = source.ratings
    both = (ratings.scales["importance"] > 0) & (ratings.scales[second_scale(source, query)] > 0)
    return np.column_stack([np.ones(ratings.n, bool), both])


def _combined(columns: Sequence[Labels]) -> NDArray[np.intp]:
    """For each respondent the number of their combination of values (n,)."""
    numbers = np.column_stack([numbered(column)[1] for column in columns])
    combined: NDArray[np.intp] = np.unique(numbers, axis=0, return_inverse=True)[1].reshape(-1)
    return combined


def _counted(group: NDArray[np.intp], rated: Rated) -> Counts:
    """People by group and column of `rated`; no groups where there is nobody."""
    counted = [rated[group == one].sum(axis=0) for one in range(int(group.max(initial=-1)) + 1)]
    counts: Counts = np.array(counted, np.int64).reshape(-1, rated.shape[1])
    return counts


def _effective(group: NDArray[np.intp], rated: Rated, weights: NDArray[np.float64]) -> NDArray[np.float64]:
    """As how many equally weighted people those counted are (Kish 1965)."""
    sums, squares = (
        np.array([values[group == one] @ rated[group == one] for one in range(int(group.max(initial=0)) + 1)])
        for values in (weights, weights**2)
    )
    effective: NDArray[np.float64] = sums**2 / np.where(squares > 0, squares, 1)
    return effective


def _outcomes_not_told(source: Source, told: Sequence[bool]) -> frozenset[str]:
    """The outcomes that are not told, where the people, who stand first, are."""
    _see_told(source, told=told[0])
    return frozenset(name for name, one in zip(source.ratings.outcomes, told[1:], strict=True) if not one)


def _see_told(source: Source, *, told: bool) -> None:
    if not told:
        what = f"it would say what fewer than {MIN_GROUP} people answered, whom these conditions leave out or part"
        raise InputError([issue("small-rest", what, "choose another group, or drop a condition", file=source.name)])

"""What people wrote in their own words, to be read beside the results."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from jtbd.analysis.query import Query
from jtbd.analysis.run import selected
from jtbd.analysis.source import Source


@dataclass(frozen=True)
class Verbatims:
    """The answers to one open question.

    ``texts`` are in alphabetical order, so that nothing says who wrote what, each with how many wrote it; empty where
    ``people``, who wrote anything, are fewer than may be shown.
    """

    question: str
    people: int
    texts: tuple[tuple[str, int], ...]


def verbatims(source: Source, query: Query, *, fewest: int = 1) -> list[Verbatims]:
    """The answers of those whom a query is about, question by question.

    Parameters
    ----------
    fewest : int
        Where fewer people wrote an answer, what they wrote is withheld.

    Raises
    ------
    InputError
        Conditions that nobody meets.
    """
    chosen = selected(source, query)
    found = []
    for question, column in source.verbatims.items():
        times = Counter(text for text in column[chosen].tolist() if text)
        people = times.total()
        shown = sorted(times.items(), key=lambda one: (one[0].casefold(), one[0])) if people >= fewest else ()
        found.append(Verbatims(question, people, tuple(shown)))
    return found

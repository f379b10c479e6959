"""Careless responding: who shows which signs, what was decided about them, and what the ranking owes to them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal

import numpy as np

from jtbd.analysis.query import Query
from jtbd.analysis.run import ALL, Analysis, analyse, check_answers
from jtbd.analysis.source import Source, is_file, open_file, source_of, survey_database, wave_number
from jtbd.errors import InputError, issue
from jtbd.ratings.careless import Careless, Flags, look_for_signs
from jtbd.ratings.model import Ratings
from jtbd.settings import Settings

if TYPE_CHECKING:
    from jtbd.store.database import Database
    from jtbd.store.exclusions import Review

State = Literal["counted", "excluded", "kept"]
"""Excluded by somebody; seen by somebody and kept; neither."""

FLAGGED = "flagged"
"""Stands for everybody who is flagged and of whom nothing was decided yet."""


@dataclass(frozen=True)
class Quality:
    """What is known of how carefully the respondents of a source answered.

    Parameters
    ----------
    source : Source
        Everybody: those excluded too.
    careless : Careless
        Measures and signs, a row a respondent.
    references : tuple of str, length n
        What respondents are called here: of a survey ``r<number>``, which is neither a name nor a resume code; of a
        file its column ``respondent`` or ``id``, else the number of the row.
    states : tuple of State, length n
    reasons : tuple of str, length n
        Why a respondent was excluded or kept.
    """

    source: Source
    careless: Careless
    references: tuple[str, ...]
    states: tuple[State, ...]
    reasons: tuple[str, ...]

    @property
    def undecided(self) -> Flags:
        """Flagged, and nothing was decided (n,)."""
        return self.careless.flagged & self._are("counted")

    @property
    def excluded(self) -> Flags:
        """Excluded by somebody (n,)."""
        return self._are("excluded")

    @property
    def left_out(self) -> Flags:
        """Who does not count "without": the excluded, and the flagged unless somebody has kept them (n,)."""
        return self.excluded | self.undecided

    def _are(self, state: State) -> Flags:
        return np.array([one == state for one in self.states], bool)


@dataclass(frozen=True)
class Shift:
    """An outcome's score and rank with everybody, and without those who are flagged or excluded.

    ``rank_change`` is positive where it ranks higher (a smaller number) without them.
    """

    outcome: str
    statement: str
    score_with: float
    score_without: float
    rank_with: int
    rank_without: int
    rank_change: int


@dataclass(frozen=True)
class WithAndWithout:
    """Both analyses, and every outcome that both score, in the order of its rank with everybody."""

    everybody: Analysis
    without: Analysis
    shifts: tuple[Shift, ...]


def open_quality(
    name: str, settings: Settings, *, wave: int | str | None = None, complete_only: bool = False
) -> Quality:
    """Look at a source, named as for :func:`jtbd.analysis.open_source`, which says what it raises."""
    if is_file(name):
        return frame_quality(open_file(name, wave=wave, complete_only=complete_only))
    with survey_database(name, settings) as database:
        return survey_quality(database, name, wave=wave, complete_only=complete_only)


def open_for(name: str, settings: Settings, query: Query) -> Source:
    """The source that a query is asked of: without flagged respondents if it says so."""
    from jtbd.analysis.source import open_source

    chosen = {"wave": query.wave, "complete_only": query.complete_only}
    if query.exclude_flagged:
        return without_flagged(open_quality(name, settings, **chosen))  # type: ignore[arg-type]  # as in the query
    return open_source(name, settings, **chosen)  # type: ignore[arg-type]


def frame_quality(source: Source) -> Quality:
    """Look at ratings of which nothing else is known: no times, no attention items, no decisions."""
    ratings = source.ratings
    states: tuple[State, ...] = tuple("counted" for _ in range(ratings.n))
    return Quality(source, look_for_signs(ratings), _own_references(ratings), states, ("",) * ratings.n)


def survey_quality(
    database: Database, slug: str, *, wave: int | str | None = None, complete_only: bool = False
) -> Quality:
    """Look at the responses of a survey, those excluded too.

    Raises
    ------
    SurveyUnknown
    """
    from jtbd.store.conduct import load_conduct
    from jtbd.store.delivery import load_ratings
    from jtbd.store.exclusions import decisions

    number = wave_number(database, slug, wave)
    found = load_ratings(database, slug, wave=number, complete_only=complete_only, with_excluded=True)
    conduct, asked = load_conduct(database, slug, found)
    decided = decisions(database, slug)
    reviews = [decided.get(one) for one in found.response_ids.tolist()]
    source = source_of(database, slug, found)
    return Quality(
        source,
        look_for_signs(source.ratings, conduct=conduct, asked=asked),
        tuple(reference(one) for one in found.response_ids.tolist()),
        tuple(_state(one) for one in reviews),
        tuple(one.reason if one else "" for one in reviews),
    )


def reference(response_id: int) -> str:
    """What a response is called where single ones are named."""
    return f"r{response_id}"


def chosen_responses(quality: Quality, references: Sequence[str]) -> list[int]:
    """The response ids that references of a survey mean; ``flagged`` means all undecided.

    Raises
    ------
    InputError
        A reference that no response has.
    """
    known = {one: int(one.removeprefix("r")) for one in quality.references}
    unknown = [one for one in references if one != FLAGGED and one not in known]
    if unknown:
        remedy = f"references are those that `jtbd quality {quality.source.name}` prints"
        raise InputError(
            issue("no-such-response", f"no response is called {one}", remedy, file="REF") for one in unknown
        )
    chosen = {known[one] for one in references if one != FLAGGED}
    if FLAGGED in references:
        chosen |= {known[one] for one, open_ in zip(quality.references, quality.undecided, strict=True) if open_}
    return sorted(chosen)


def without_flagged(quality: Quality) -> Source:
    """The source without those who are flagged or excluded; flagged ones whom somebody kept stay."""
    return replace(quality.source.take(~quality.left_out), n_flagged=int(quality.undecided.sum()))


def with_and_without(quality: Quality, query: Query) -> WithAndWithout:
    """Score twice: with everybody, the excluded too, and without those who are flagged or excluded.

    Raises
    ------
    InputError
        What :func:`jtbd.analysis.analyse` refuses; nobody is left without them.
    """
    if query.by is not None:
        problem = issue("bad-option", "rankings are compared for one group", "use --where, not --by", file="--by")
        raise InputError([problem])
    check_answers(quality.source)
    if quality.left_out.all():
        remedy = "look at how the answers came about"
        raise InputError([issue("nobody-left", "everybody is flagged or excluded", remedy, file=quality.source.name)])
    everybody, without = analyse(quality.source, query), analyse(without_flagged(quality), query)
    before, after = _standing(everybody), _standing(without)
    shifts = []
    for outcome in (one for one in before if one in after):
        (rank_with, score_with), (rank_without, score_without) = before[outcome], after[outcome]
        statement = quality.source.label(outcome).statement
        change = rank_with - rank_without
        shifts.append(Shift(outcome, statement, score_with, score_without, rank_with, rank_without, change))
    return WithAndWithout(everybody, without, tuple(shifts))


def _standing(analysis: Analysis) -> dict[str, tuple[int, float]]:
    """Rank and score of every outcome that has them, in rank order."""
    columns = analysis.groups[ALL].columns
    score = "opportunity" if analysis.query.method == "opportunity" else "score"
    rows = zip(*(columns[one].tolist() for one in ("outcome", "rank", score)), strict=True)
    return {outcome: (int(rank), value) for outcome, rank, value in rows if rank == rank}


def _own_references(ratings: Ratings) -> tuple[str, ...]:
    """The first column that names everybody, and each otherwise; else row numbers."""
    for name in ("respondent", "id"):
        column = ratings.attributes.get(name)
        if column is not None and len(set(column) - {""}) == ratings.n:
            return tuple(column)
    return tuple(str(number) for number in range(1, ratings.n + 1))


def _state(review: Review | None) -> State:
    if review is None:
        return "counted"
    return "excluded" if review.action == "exclude" else "kept"

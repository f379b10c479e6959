"""What one may conclude, said in words that claim no more than the intervals do."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from jtbd.analysis import Analysis
from jtbd.analysis.notes import narrowness
from jtbd.scoring.agreement import Agreement
from jtbd.scoring.compare import Comparison
from jtbd.scoring.methods import METHODS
from jtbd.scoring.score import Scores

_WORDS = ["no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"]

SIMULATED = "SIMULATED DATA"

METHOD_NAMES = {method.name: method.title for method in METHODS.values()}
SPANS = {method.name: method.span for method in METHODS.values()}
"""The range of each score."""

CUTS = {method.name: method.cut for method in METHODS.values() if method.cut is not None}
"""Where a score's meaning changes: the line that charts draw."""

ZONE_NAMES = {
    "table_stakes": "table stakes",
    "underserved": "underserved",
    "overserved": "overserved",
    "appropriate": "appropriate",
}


@dataclass(frozen=True)
class Conclusion:
    """A headline, and what qualifies it."""

    headline: str
    detail: str

    def __str__(self) -> str:
        return f"{self.headline} {self.detail}".strip()


def percent(level: float) -> str:
    """A confidence level as people write it: 95%, 99.9%."""
    return f"{100 * level:g}%"


def number_word(count: int) -> str:
    """Numbers up to twelve in words."""
    return _WORDS[count] if count < len(_WORDS) else f"{count:,}"


def _outcomes(count: int) -> str:
    return f"{number_word(count).capitalize()} outcome{'' if count == 1 else 's'} {'is' if count == 1 else 'are'}"


def conclude(analysis: Analysis, group: str) -> Conclusion:
    """What the scores of one group allow to be said."""
    scores = analysis.groups[group]
    people = analysis.people[group]
    if not scores.estimates.scored.any():
        return Conclusion("Nobody has rated anything yet.", "There is nothing to conclude.")
    if people < 2:
        return Conclusion("One respondent says nothing about others.", "Collect more answers before you conclude.")
    detail = [_first_places(scores), _precision(scores)]
    return Conclusion(_headline(scores), " ".join(part for part in detail if part))


def _headline(scores: Scores) -> str:
    underserved = scores.columns["zone"] == "underserved"
    certainty = scores.columns["zone_certainty"]
    clear = int((underserved & (certainty == "clear")).sum())
    likely = int((underserved & (certainty == "likely")).sum())
    still_open = int((underserved & (certainty == "open")).sum())
    if clear:
        more = f"; {number_word(likely)} more likely {'is' if likely == 1 else 'are'}" if likely else ""
        return f"{_outcomes(clear)} clearly underserved{more}."
    if likely:
        return f"No outcome is clearly underserved; {number_word(likely)} likely {'is' if likely == 1 else 'are'}."
    if still_open:
        return (
            "No outcome can be called underserved yet: "
            f"{number_word(still_open)} look{'s' if still_open == 1 else ''} so, but with these answers it is open."
        )
    return "No outcome looks underserved in these answers."


def _first_places(scores: Scores) -> str:
    low, high = scores.columns["rank_low"], scores.columns["rank_high"]
    first = int(np.nansum(low == 1))
    if first == 1 and high[0] == 1:
        return "The first stands alone."
    total = int(scores.estimates.scored.sum())
    if first == total:
        return f"With these answers the ranking of all {total} outcomes is open: any of them may be first."
    if first == 1:
        return "One outcome may be first: its range of ranks alone reaches 1."
    return f"{number_word(first).capitalize()} outcomes may be first: their ranges of ranks all reach 1."


def _precision(scores: Scores) -> str:
    fewest = int(scores.estimates.rated[scores.estimates.scored].min())
    doubt = narrowness(fewest)
    return f"Some outcomes have only {fewest} rating{'' if fewest == 1 else 's'}; {doubt}." if doubt else ""


def agreement_sentence(found: Agreement) -> str:
    """How far the ranks of the methods agree."""
    both = int(found.in_every_top.sum())
    top = f"{_outcomes(both)} in the top {found.top} of every method (*)."
    if np.isnan(found.kendall_w):
        return top
    return f"Kendall's W of {len(found.ranks)} methods is {found.kendall_w:.2f} (1: the same ranks). {top}"


def conclude_comparison(rows: Sequence[Comparison], level: float) -> str:
    """What pairwise differences allow to be said, and what the study could have seen."""
    claims = sum(row.p_holm < 1 - level for row in rows)
    hints = sum(row.p_bh < 1 - level for row in rows) - claims
    seen = sorted(row.detectable for row in rows)
    low, high = (seen[int(place * (len(seen) - 1))] for place in (0.1, 0.9))
    found = f"{number_word(claims).capitalize()} of {len(rows):,} differences can be claimed (p_holm)"
    more = f"; {number_word(hints)} more deserve a look (p_bh)" if hints else ""
    return (
        f"{found}{more}. A single test would have found a true difference of {low:.1f} to {high:.1f} points in four "
        "studies of five: smaller ones may be there unseen."
    )


def describe(analysis: Analysis, group: str) -> str:
    """A line that says what is shown: scores, people, conditions, level, and whether the data are simulated."""
    return " · ".join([analysis.source.title, *_facts(analysis, group)])


def title(analysis: Analysis, group: str) -> str:
    """What people call the source, and the group."""
    return analysis.source.title + (f" · {value_text(analysis, analysis.query.by or '', group)}" if group else "")


def subtitle(analysis: Analysis, group: str) -> list[str]:
    """What stands under the title of a chart: the facts of :func:`describe`, a line or two."""
    facts = _facts(analysis, group)
    return [" · ".join(facts[-1:] + facts[:-1] if analysis.source.simulated else facts)]


def conditions(analysis: Analysis) -> list[str]:
    """The conditions that the respondents meet, with values as people read them."""
    return [f"{column}: {value_text(analysis, column, value)}" for column, value in analysis.query.where]


def value_text(analysis: Analysis, column: str, value: str) -> str:
    """How a value of an attribute is shown."""
    return analysis.source.texts.get(column, {}).get(value, value)


def _facts(analysis: Analysis, group: str) -> list[str]:
    people = analysis.people[group]
    facts = [group] if group else []
    facts += conditions(analysis)
    if analysis.query.wave is not None:
        facts.append(f"wave {analysis.query.wave}")
    facts += [
        f"{people:,} respondent{'' if people == 1 else 's'}" + _weighting(analysis, group),
        f"{METHOD_NAMES[analysis.query.ranking.name]}, {percent(analysis.query.level)} intervals",
    ]
    if analysis.source.simulated:
        facts.append(SIMULATED)
    return facts


def _weighting(analysis: Analysis, group: str) -> str:
    """How many of the respondents count under unequal weights, and whether results are read by value."""
    by = f", by value ({analysis.query.value})" if analysis.query.value else ""
    return by + weighting(analysis.people[group], analysis.effective[group])


def weighting(people: int, effective: float) -> str:
    """What unequal weights leave of so many people, to follow their number; empty where all count alike."""
    if people - effective < 1e-6 * people:
        return ""
    if not effective:
        return ", none with weight"
    return f", weighted: as good as {effective:,.0f} (design effect {people / effective:.2f})"

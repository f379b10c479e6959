"""Every rule about one statement, long or short (docs/map-linter.md)."""

from __future__ import annotations

from jtbd.jobmap.rules.ability import ability_form
from jtbd.jobmap.rules.finding import Finding
from jtbd.jobmap.rules.outcome import outcome_form
from jtbd.jobmap.rules.wording import check_wording
from jtbd.jobmap.rules.words import Words

OUTCOME_WORDS = 25
ABILITY_WORDS = 18


def check_outcome(text: str, words: Words) -> list[Finding]:
    """Findings about a long form: direction + metric + object (+ clarifier)."""
    return [*outcome_form(text), *check_wording(text, words, OUTCOME_WORDS)]


def check_ability(text: str, outcome: str, words: Words) -> list[Finding]:
    """Findings about a short form, which completes "to be able to …"."""
    form = list(ability_form(text, outcome, words))
    told = {finding.code for finding in form}
    return [*form, *(one for one in check_wording(text, words, ABILITY_WORDS) if one.code not in told)]

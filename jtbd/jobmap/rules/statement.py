"""Rules about one statement: its form and its words (docs/map-linter.md)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from jtbd.errors import Level
from jtbd.jobmap.rules.words import Words

OUTCOME_WORDS = 25
ABILITY_WORDS = 18
FEWEST_OBJECT_WORDS = 2

METRIC = re.compile(
    r"(?:the )?(?:\w+ )?(?:time|likelihood|probability|chance|risk|number|amount|quantity|effort|cost|costs|share|"
    r"proportion|percentage|variation|variability|frequency|distance|loss|delay|duration|rate|waste|interruptions?)\b"
    r"(?: (?:it takes|needed|required|spent|lost))?"
    r"(?: (?:to|that|of|in|with which|for|between|by which|on|at|due to))?",
    re.IGNORECASE,
)
_DIRECTION = re.compile(r"(?:Minimize|Minimise|Increase)\b")
_OTHER_DIRECTION = re.compile(
    r"(?:maximi[sz]e|reduce|decrease|lower|raise|improve|cut|limit|shorten|avoid|eliminate|boost|lessen)\b", re.I
)
_JOINED = re.compile(r"\b(?:and/or|and|or|as well as|plus)\b|&|;", re.IGNORECASE)
_NO_JOIN = re.compile(
    r"\b(?:between [^,;]+? and|both [^,;]+? and|whether [^,;]+? or|one or more|more or less|or not|or fewer|or more|"
    r"either [^,;]+? or)\b",
    re.IGNORECASE,
)
_ADVERB = re.compile(r"\b[a-z]{3,}ly\b", re.IGNORECASE)
_NOT_ADVERBS = {
    "ally", "anomaly", "apply", "assembly", "belly", "comply", "daily", "early", "elderly", "family", "fly", "friendly",
    "hourly", "imply", "july", "likely", "monthly", "multiply", "only", "quarterly", "rely", "reply", "supply", "ugly",
    "unlikely", "weekly", "yearly", "butterfly", "jelly", "bully", "rally", "tally", "homily", "costly", "orderly",
}  # fmt: skip
_TARGET = re.compile(
    r"\b(?:in|within|by|to|under|below|at least|at most|less than|more than|up to) "
    r"(?:\d+|one|two|three|four|five|six|seven|eight|nine|ten|twelve|twenty|thirty|half|a|an) ?"
    r"(?:%|percent|per cent|seconds?|minutes?|hours?|days?|weeks?|months?|years?|times|euros?|dollars?)\b|\d+ ?%",
    re.IGNORECASE,
)
_NEGATIVE = re.compile(r"\b(?:not|no|never|none|nobody|nothing|without|cannot|neither|nor|n't)\b", re.IGNORECASE)
_BAD_START = re.compile(
    r"(?:to|be able|being|the|a|an|minimi[sz]e|increase|reduce|that|how|what|when|which|who|i|we|you|our|my|your|it|"
    r"less|more|fewer|no|not|there|\w+ing)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Finding:
    """What a rule has to say about a text."""

    code: str
    message: str
    remedy: str
    level: Level = "warning"


def check_outcome(text: str, words: Words) -> list[Finding]:
    """Findings about a long form: direction + metric + object (+ clarifier)."""
    return [*_outcome_form(text), *_common(text, words, OUTCOME_WORDS)]


def check_ability(text: str, outcome: str, words: Words) -> list[Finding]:
    """Findings about a short form, which completes "to be able to …"."""
    return [*_ability_form(text, outcome, words), *_common(text, words, ABILITY_WORDS)]


def _outcome_form(text: str) -> Iterator[Finding]:
    match = _DIRECTION.match(text)
    if match is None:
        other = _OTHER_DIRECTION.match(text)
        message = f"“{other[0]}” is no direction" if other else "the statement has no direction"
        yield Finding(
            "no-direction", message, "begin with Minimize, or with Increase where that cannot say it", "error"
        )
        rest = text[other.end() :] if other else text
    else:
        rest = text[match.end() :]
    metric = METRIC.match(rest.strip())
    if metric is None:
        yield Finding("no-metric", "the statement says no metric",
                      "say what is measured: the time it takes, the likelihood, the number, the effort, the cost …",
                      "error")  # fmt: skip
    elif len(rest.strip()[metric.end() :].split()) < FEWEST_OBJECT_WORDS:
        yield Finding("no-object", "the statement does not say of what", "add the object that people control", "error")


def _ability_form(text: str, outcome: str, words: Words) -> Iterator[Finding]:
    form = 'complete "how important is it to you to be able to …": a verb first, in small letters, no full stop'
    if text.endswith((".", "!", "?")) or (text[:1].isupper() and not text[:2].isupper()) or _BAD_START.match(text):
        yield Finding("ability-form", "the short form does not complete the question", form, "error")
    elif words.found("unmeasured", text.split()[0]):
        yield Finding("unmeasured-verb", f"“{text.split()[0]}” says nothing that one could rate",
                      "name what people do: know, agree, find, avoid …")  # fmt: skip
    if len(text.split()) >= len(outcome.split()):
        yield Finding(
            "ability-long", "the short form is no shorter than the long one", "leave out direction and metric"
        )


_WORD_RULES: tuple[tuple[str, str, str, str, Level], ...] = (
    ("solution", "solution-word", "names a solution", "say what it is for, true also without it", "error"),
    ("channel", "solution-word", "names a channel", "say what it is for, true also without it", "error"),
    ("brand", "solution-word", "names a company or product", "say what it is for, true also without it", "error"),
    ("jargon", "jargon", "is jargon", "use a word that everybody who does the job uses", "warning"),
    ("vague", "vague-word", "is vague", "say what could be counted or timed", "warning"),
    ("absolute", "absolute-word", "is absolute", "leave it out", "warning"),
    ("loophole", "loophole", "leaves open what is meant", "name one thing", "warning"),
)


def _common(text: str, words: Words, most: int) -> Iterator[Finding]:
    for kind, code, what, remedy, level in _WORD_RULES:
        for word in words.found(kind, text):
            yield Finding(code, f"“{word}” {what}", remedy, level)
    if joined := _JOINED.search(_NO_JOIN.sub(" ", text)):
        yield Finding(
            "compound", f"“{joined[0]}” joins two things", "make two outcomes of it, or name the whole", "error"
        )
    for adverb in _ADVERB.findall(text):
        if (
            adverb.casefold() not in _NOT_ADVERBS
            and not words.found("absolute", adverb)
            and not words.found("vague", adverb)
        ):
            yield Finding("adverb", f"“{adverb}” does the metric's work", "leave it out; the metric says how much")
    if target := _TARGET.search(text):
        yield Finding("target-value", f"“{target[0]}” is a target", "leave it out: targets change, outcomes do not")
    if re.search(r"\bso that\b|\bin order to\b", text, re.IGNORECASE):
        yield Finding("purpose", "a purpose stands in the statement", "name the outcome, not what it is good for")
    if len(_NEGATIVE.findall(text)) > 1:
        yield Finding(
            "double-negative", "two negatives have to be undone in the reader's head", "say it with one, or none"
        )
    if len(text.split()) > most:
        yield Finding("too-many-words", f"{len(text.split())} words; people skim what is over {most}", "shorten it")

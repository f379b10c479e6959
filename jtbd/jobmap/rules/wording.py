"""Rules about the words of a text, be it the long or the short form."""

from __future__ import annotations

import re
from collections.abc import Iterator

from jtbd.errors import Level
from jtbd.jobmap.rules.finding import Finding
from jtbd.jobmap.rules.joined import joined
from jtbd.jobmap.rules.reading import FEWEST_TO_GRADE, HARD, piles, reading_grade
from jtbd.jobmap.rules.words import Words

_WORD_RULES: tuple[tuple[str, str, str, str, Level], ...] = (
    ("solution", "solution-word", "names a solution", "say what it is for, true also without it", "error"),
    ("channel", "solution-word", "names a channel", "say what it is for, true also without it", "error"),
    ("method", "solution-word", "names a way of working", "say what it is for, true also without it", "error"),
    ("brand", "solution-word", "names a company or product", "say what it is for, true also without it", "error"),
    ("jargon", "jargon", "is jargon", "use a word that everybody who does the job uses", "warning"),
    ("vague", "vague-word", "is vague", "say what could be counted or timed", "warning"),
    ("absolute", "absolute-word", "is absolute", "leave it out", "warning"),
    ("loophole", "loophole", "leaves open what is meant", "name one thing", "warning"),
)

_HOW_MUCH = re.compile(r"\b(?:how|too) (?:\w+ly )?\w+", re.IGNORECASE)
_ADVERB = re.compile(r"(?<![\w-])[a-z]{2,}ly\b")
_NUMBER = (
    r"(?:\d[\d.,]*|one|two|three|four|five|six|seven|eight|nine|ten|twelve|fifteen|twenty|thirty|sixty|half|a|an|"
    r"a hundred|one hundred)"
)
_UNIT = (
    r"(?:%|percent|per cent|percentage points?|seconds?|minutes?|hours?|days?|weeks?|months?|years?|quarters?|times|"
    r"euros?|dollars?|pounds?|points?)"
)
_MATTER = (
    r"(?:kilos?|kilograms?|kg|tons?|tonnes?|lit(?:er|re)s?|met(?:er|re)s?|km|kilomet(?:er|re)s?|miles?|pieces|people)"
)
_TARGET = re.compile(
    rf"\b(?:within|to under|to below|to less than|under|below|at least|at most|(?:no |not )?(?:less|more|fewer|longer|"
    rf"later) than|up to|down to) {_NUMBER}[ -]?{_UNIT}(?!\w)(?! (?:of|ago|old|earlier|apart|before|after)\b)|"
    rf"\b(?:in|by|to) (?!(?:an?|one)\b){_NUMBER}[ -]?{_UNIT}(?!\w)|"
    rf"\b(?:by|to) (?:at least |less than |under )?{_NUMBER}[ -]?{_MATTER}\b|24/7|\d ?(?:h|hrs|min|mins|x)\b|"
    rf"\bto (?:fewer|less|under|below|at most|no more) (?:than )?{_NUMBER}\b|"
    rf"\d ?%|\b{_NUMBER} ?(?:percent|per cent)\b|"
    rf"\bfrom {_NUMBER} (?:{_UNIT} )?to {_NUMBER}\b|\bby (?:half|a (?:third|quarter|fifth|tenth))\b|"
    r"\b(?:first|second|third|fourth|last|next) quarter(?: of 20\d\d)?\b(?! of (?:the|an?)\b)|"
    r"\bby (?:the end of (?:the|this|next) (?:quarter|year|month|week)|20\d\d|next (?:year|month|quarter|week))\b|"
    r"\bto (?:zero|nil)\b|\bzero (?!degrees?\b|gravity\b)\w+s\b|\b(?:twice|half|three times) as \w+",
    re.IGNORECASE,
)
_PURPOSE = re.compile(
    r", (?:allowing|enabling|letting|helping|making it possible)\b|"
    r"\b(?:so that|in order to|so as to|with the (?:aim|goal|purpose) of|for the sake of|in an effort to|thereby|"
    r"to (?:ensure|make sure|guarantee)|"
    r"so (?:the|a|an|we|they|that|he|she|it|you|I|our|their|its|his|her|everyone|everybody|nobody|no one)\b|"
    r"so \w+ (?:can|could|will|is|are|does|do|goes|go|get|gets|know|knows|stay|stays)\b)",
    re.IGNORECASE,
)
_AIM = re.compile(
    r"\b(\w+) to (?:avoid|prevent|improve|increase|reduce|minimi[sz]e|maximi[sz]e|boost|save (?:time|money|costs?))\b",
    re.IGNORECASE,
)
_INFINITIVE = re.compile(
    r"it|takes?|effort|time|cost|need(?:s|ed)?|how|has|have|had|able|required|used|agree[sd]?|ask(?:s|ed)?|decid\w+|"
    r"promis\w+|tr(?:y|ies|ied|ying)|refus\w+|offer(?:s|ed)?|wish(?:es)?|wants?|plan(?:s|ned)?|learn(?:s|ed)?|told|"
    r"allowed|willing|ready|enough|chances?|steps|ways?|permission|power|right|fail(?:s|ed)?|likely|going",
    re.IGNORECASE,
)
_NEGATIVE = re.compile(
    r"\b(?:not|no|never|none|nobody|nothing|without|cannot|neither|nor|\w+n't|unable|unaware|lack(?:s|ing)?|"
    r"fail(?:s|ed|ing)? to|failure to|(?<=not )un(?!der|til|less|i|cle)\w{3,})\b(?! only)",
    re.IGNORECASE,
)
_IDIOM = re.compile(
    r"\b(?:cannot|not(?! left\b)|unable to)\b( \w+){1,4} without\b|\bwhether or not\b|\bor not\b",
    re.IGNORECASE,
)
_FELT = re.compile(
    r"\b(?:feel(?:s|ing)?|felt|is|are|be|being|becom(?:e|es|ing)|gets?|getting|stays?|remains?|"
    r"(?:amount|level|degree|likelihood|number|feelings?|sense|share|moments?|time spent) (?:of|in))"
    r" (?:(?:too|less|more|so|that|being|feeling|the|any|a|of) )*…|… felt\b|\b(?:enjoys?|enjoying)\b",
    re.IGNORECASE,
)
_NAME = re.compile(
    r"""
    \b[a-z]+[A-Z]\w*                                      # iThing
  | \b(?!Mac[A-Z]|Mc[A-Z]|De[A-Z]|Le[A-Z])[A-Z][a-z]+[A-Z]\w*   # ThingHub
  | \S+[™®]
  | \b\w+\.(?:com|io|org|net)\b
  | \be-[a-z]{3,}                                         # e-thing
  | (?<=\busing\ )[A-Z][a-z]+ | (?<=\bvia\ )[A-Z][a-z]+
  | \b(?:log|upload|sync|publish|deploy|configure|chat)\w*\b[^,;]*?\ (?:in|on|to|with|from|into)\ [A-Z][a-z]+
    """,
    re.VERBOSE,
)
_CAPITALS = re.compile(r"(?<![\w-])[A-Z][A-Z0-9]*[A-Z][A-Z0-9]*s?(?![\w-])")
_NOT_A_PHRASE = re.compile(r"[.!?]\s|[.!?]$|[()\[\]{}]|\?")


def check_wording(text: str, words: Words, most: int) -> Iterator[Finding]:
    """Findings about the words of a text of at most ``most`` words."""
    listed = list(_listed(text, words))
    yield from (finding for _, finding in listed)
    yield from _names(text, words, " ".join(word for word, _ in listed))
    if word := joined(text, words):
        yield Finding("compound", f"“{word}” joins two things", "make two outcomes of it, or name the whole", "error")
    yield from _adverbs(text, words)
    if target := _TARGET.search(text):
        yield Finding("target-value", f"“{target[0]}” is a target", "leave it out: targets change, outcomes do not")
    if purpose := _purpose(text):
        yield Finding("purpose", f"with “{purpose}” a purpose begins", "name the outcome, not what it is good for")
    if len(_NEGATIVE.findall(_IDIOM.sub(" … ", words.without("allow", text)))) > 1:
        yield Finding(
            "double-negative", "two negatives have to be undone in the reader's head", "say it with one, or none"
        )
    if _FELT.search(words.without("feeling", text)):
        yield Finding("feeling", "the statement is about a feeling", "say what has to happen for people to feel so")
    if mark := _NOT_A_PHRASE.search(words.without("loophole", text).replace("….", "…")):
        message = f"“{mark[0].strip()}” has no place in a statement"
        yield Finding("punctuation", message, "write one phrase, without a stop, a question or brackets")
    yield from _length(text, words, most)


def _purpose(text: str) -> str:
    if found := _PURPOSE.search(text):
        return found[0]
    aim = _AIM.search(text)
    return aim[0] if aim and not _INFINITIVE.fullmatch(aim[1]) else ""


def _listed(text: str, words: Words) -> Iterator[tuple[str, Finding]]:
    for kind, code, what, remedy, level in _WORD_RULES:
        for word in words.found(kind, _HOW_MUCH.sub(" … ", text) if kind == "vague" else text):
            yield word, Finding(code, f"“{word}” {what}", remedy, level)


def _names(text: str, words: Words, known: str) -> Iterator[Finding]:
    """Names and abbreviations that no list holds, by how they are written."""
    rest = words.without("abbreviation", words.without("allow", text))
    for name in _NAME.findall(rest):
        if name not in known:
            remedy = "say what it is for, true also without it"
            yield Finding("solution-word", f"“{name}” looks like the name of a product", remedy, "error")
    for short in _CAPITALS.findall(rest):
        if short not in known:
            remedy = "write it out, in words that everybody knows"
            yield Finding("abbreviation", f"“{short}” is an abbreviation", remedy)


def _adverbs(text: str, words: Words) -> Iterator[Finding]:
    rest = words.without("neutral", _HOW_MUCH.sub(" … ", text))
    for adverb in _ADVERB.findall(rest):
        if not any(words.found(kind, adverb) for kind in ("absolute", "vague", "solution")):
            yield Finding("adverb", f"“{adverb}” does the metric's work", "leave it out; the metric says how much")


def _length(text: str, words: Words, most: int) -> Iterator[Finding]:
    count = len(text.split())
    if count > most:
        yield Finding("too-many-words", f"{count} words; people skim what is over {most}", "shorten it")
    elif count >= FEWEST_TO_GRADE and (grade := reading_grade(text)) > HARD:
        message = f"long words make it hard to read (grade {grade:.0f})"
        yield Finding("hard-to-read", message, "look for shorter words that people who do the job use")
    for pile in piles(text, lambda word: words.holds("little", word)):
        yield Finding("noun-pile", f"“{pile}” piles up words", "put them in order with of, for, that …")

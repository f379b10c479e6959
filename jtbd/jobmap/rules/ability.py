"""Rules about the form of a short phrasing, which completes "to be able to …"."""

from __future__ import annotations

import re
from collections.abc import Iterator

from jtbd.jobmap.rules.finding import Finding
from jtbd.jobmap.rules.words import Words

_NO_VERB = re.compile(
    r"""
    (?: to | be\ able | being | the | an? | minimi[sz]e | increase | reduce | that | how | what | when | which | who | i
      | we | you | our | my | your | it | less | more | fewer | better | no | not | there | please | must | should | can
      | could | will | would | sure | able | aware | ready | confident | certain | happy | every | each | all | some
      | any | this | these | their | his | her | from | in | on | for | with | of | by | at )\b
  | \w+ed\b
  | (?: sent | given | told | done | known | seen | shown | kept | held | brought | taken | paid | made | written
      | driven | chosen | lost | sold | bought )\b
  | \w+ing\b
  | \w+[^su\W]s\b                                                                   # finds
  | (?: \w{3,}(?:tion|sion|ity|ness|ance|ence|ment|acy) | access\ to | control\ over | insights? | overview )\b
  | (?: knowledge | information | data | list | time | money | freedom | power | ways? | transparency | clarity )
      \ (?: of | on | about | into | to | for | over | that )\b
  | (?: \w+er | full | real | easy | quick | good | great | fast | simple | clear | accurate | complete | perfect
      | instant | direct | open | real-time )
      \ (?: view | access | picture | overview | insight | control | visibility | information | list | way | and | of
          | \w+ing )\b
    """,
    re.IGNORECASE | re.VERBOSE,
)
_WISH = re.compile(
    r"(?:have|get|receive|see|use|offer) (?:an?|the|some|more|another) (?:\w+ ){0,2}(?:button|view|list|option|"
    r"possibility|ability|overview|feature|function|chart|graph|screen|field|menu|filter|alert|reminder|notification|"
    r"report|summary|page|place to|way to|tool|map with)\b|have access to\b|(?:want|wish|need|like) to\b|"
    r"(?:be|get) (?:notified|alerted|reminded)\b",
    re.IGNORECASE,
)
_MEASURED = re.compile(
    r"(?:lower|shorten|cut|limit|decrease|maximi[sz]e|raise|control|keep down|lessen|improve|know) (?:the )?"
    r"(?:(?:time|effort|hours|days) it takes|likelihood|probability|time|effort|number of|amount of|frequency|"
    r"variation)\b",
    re.IGNORECASE,
)
_FELT = re.compile(r"(?:feel|enjoy|love|hate|relax|worry|fear)\b|(?:be|have|stay|keep) …", re.IGNORECASE)


def ability_form(text: str, outcome: str, words: Words) -> Iterator[Finding]:
    """Findings about the form of a short phrasing, which is compared in length with its long one."""
    first = text.split()[0]
    if _FELT.match(words.without("feeling", text)):
        yield Finding("feeling", f"“{text}” is about a feeling", "say what has to happen for people to feel so")
    elif wish := _WISH.match(text):
        yield Finding("feature-wish", f"“{wish[0]}” asks for a thing", "say what people could do with it", "error")
    elif measured := _MEASURED.match(text):
        message = f"“{measured[0]}” belongs in the long form"
        yield Finding("ability-form", message, "say what people do, without a metric", "error")
    elif _is_no_clause(text, first, words):
        form = 'complete "how important is it to you to be able to …": a verb first, in small letters, no full stop'
        yield Finding("ability-form", f"“{text}” does not complete the question", form, "error")
    elif words.found("unmeasured", text)[:1] == [first]:
        remedy = "name what people do: know, agree, find, avoid …"
        yield Finding("unmeasured-verb", f"“{first}” says nothing that one could rate", remedy)
    if len(text.split()) >= len(outcome.split()):
        remedy = "leave out direction and metric"
        yield Finding("ability-long", "the short form is no shorter than the long one", remedy)


def _is_no_clause(text: str, first: str, words: Words) -> bool:
    """Whether a text cannot follow "be able to": it is no phrase, or begins with what is no verb."""
    named = text[:1].isupper() and not text[:2].isupper()
    no_verb = _NO_VERB.match(text) and not words.holds("verb", first)
    return text.endswith((".", "!", "?")) or named or bool(no_verb)

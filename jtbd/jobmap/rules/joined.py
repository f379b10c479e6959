"""Whether a statement asks for two things at once.

`and` and `or` join two outcomes only where either half could stand alone. What names one thing (bed and
breakfast), what takes two (between … and …, compare … and …) and what leaves a choice open (whether … or …)
is taken out first; what is left is joined.
"""

from __future__ import annotations

import re

from jtbd.jobmap.rules.words import Words

_TAKES_TWO = re.compile(
    r"""
    \bbetween\b[^,;]+?\band\b
  | \bboth\b[^,;]+?\band\b
  | \bwhether\b[^;]+?\bor\b (?:[^;]*?,?\ or\b)?
  | \b(?:compar|confus|distinguish|reconcil|alternat|combin|blend|mix|join|link|connect|separat|divid|balanc|match)\w*
    \ (?!and\b)\w+[^,;]{0,30}?\band\b
  | \b(?:decid|choos|choice)\w*\ [^,;]{0,25}?\bor\b
  | \b(?:no|cannot|without)\ (?!or\b)(?:\w+\ ){1,3}or\b
  | \b(\w+)\ and\ \1\b                                   # again and again
  | \b(?:two|three|four|five|one|\d+)\ (?:or|and)\ (?:an?\ )?(?:two|three|four|five|six|more|half|\d+)\b
  | \b(?:hundred|thousand)\ and\b
  | \b(?:go|goes|going|come|comes|coming|try|wait)\ and\b
  | \b[A-Z]\w+\ and\ (?:the\ )?[A-Z]\w+                    # Trinidad and Tobago
  | \b[A-Z]\ ?&\ ?[A-Z]\b                                # R&D
  | \band\ (?:each\ other|one\ another)\b
    """,
    re.VERBOSE,
)
_RECIPROCAL = re.compile(
    r"\band\b(?=[^,;]*\b(?:each other|one another|apart|disagrees?|differ|differs|differently|clash|collide|overlap|"
    r"contradict|match|meet|do not agree|out of (?:tune|step))\b)"
)
_JOINED = re.compile(
    r"""
    \band/or\b | \band\b | \bor\b | \bas\ well\ as\b | \bplus\b | \balong\ with\b
  | \bin\ addition\ to\b | \bbut\ also\b | \bnor\b | \s&\s | ;
  | ,\ then\b
  | \bwhile\ (?:also|at\ the\ same\ time|keeping|saving|avoiding)\b
  | \bwhile\ (?:increas|reduc|rais|lower|minimi|maximi|improv|maintain)\w*
  | \bwithout\ (?:increas|reduc|rais|lower|compromis|sacrific)\w*
  | \b\w+,\ \w+,\ \w+                                     # tools, parts, papers
  | \b(?!his/her|he/she|her/his|him/her|s/he|24/7)[A-Za-z]{3,}/[A-Za-z]{3,}\b
    """,
    re.VERBOSE | re.IGNORECASE,
)


def joined(text: str, words: Words) -> str:
    """The word that joins two things, or nothing."""
    rest = words.without("pair", words.without("allow", text))
    rest = _RECIPROCAL.sub("…", _TAKES_TWO.sub("…", rest))
    found = _JOINED.search(rest)
    return found[0].strip() if found else ""

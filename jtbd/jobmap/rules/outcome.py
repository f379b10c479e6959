"""Rules about the form of a long phrasing: direction + metric + object (+ clarifier), and whose goal it is."""

from __future__ import annotations

import re
from collections.abc import Iterator

from jtbd.jobmap.rules.finding import Finding

FEWEST_OBJECT_WORDS = 2
_SHOWN = 4

_METRICS = (
    r"time|times|likelihood|probability|chances?|odds|possibility|risk|number|amount|quantity|volume|effort|costs?|"
    r"expense|money|share|proportion|percentage|portion|fraction|ratio|variation|variability|deviation|spread|"
    r"difference|gap|frequency|distance|length|loss|losses|delay|duration|rate|waste|extent|degree|level|size|"
    r"weight|depth|height|speed|seconds|minutes|hours|days|weeks|months|years"
)
METRIC = re.compile(
    rf"(?:the (?:\w+ )?(?:{_METRICS})|(?:\w+ )?(?:time|effort|cost|variation|variability|likelihood|risk))\b"
    r"(?: (?:it takes|needed|required|spent|lost))?"
    r"(?: (?:to|that|of|in|with which|for|between|by which|on|at|due to))?",
    re.IGNORECASE,
)
_DIRECTION = re.compile(r"(?:Minimize|Minimise|Increase)\b", re.IGNORECASE)
_OTHER_DIRECTION = re.compile(
    r"(?:maximi[sz]e|reduce|decrease|lower|raise|improve|cut|limit|shorten|avoid|eliminate|boost|lessen)\b", re.I
)
_DETERMINERS = {"the", "a", "an", "any", "our", "their", "its", "my", "your", "his", "her", "this", "these"}

_FAULT = r"errors?|mistakes?|complaints?|failures?|delays?|defects?|accidents?|injur(?:y|ies)|loss(?:es)?|waste"
_GONE_WRONG = (
    r"(?:is|are|gets?) (?:lost|damaged|late|missed|wrong|broken|injured|forgotten|overlooked|delayed|rejected)|fails?|"
    r"dies?|goes wrong|arrives? late|breaks? down"
)
_AGAINST = re.compile(
    r"increase (?:the )?(?:\w+ )?(?:(?:time|effort|hours|days|minutes) (?:it takes|needed|required|spent on)|effort|"
    r"costs?|expense|risk|delay|loss|losses|waste|variation|variability)\b|"
    rf"increase the (?:number|share|likelihood|amount|frequency|chance|rate) of (?:\w+ )?(?:{_FAULT})\b"
    r"(?! (?:\w+ed|found|seen|caught|told|that|which|we|people)\b)|"
    rf"increase the (?:likelihood|chance) that an? \w+ (?:{_GONE_WRONG})$|"
    r"increase the (?:likelihood|chance|number|share) (?:that|of) [^,]*\bwrong\b|"
    r"minimi[sz]e the (?:number|share|likelihood|amount|chance) of (?:success\w*|satisfied|correct|happy|loyal)\b|"
    r"minimi[sz]e the (?:number|share) of \w+ (?:who|that) (?:are|is) (?:willing|satisfied|loyal|happy|pleased)\b|"
    r"minimi[sz]e the (?:likelihood|chance) that an? \w+ (?:recovers?|succeeds?|heals?|understands?|is satisfied)\b",
    re.IGNORECASE,
)

_BROAD = re.compile(
    r"\s*(?:(?:an?|the) \w+ to )?(?:(?:do|perform|runn?|manag|operat|handl|complet|develop|organi[sz]|administer|"
    r"execut|conduct|accomplish|teach|practi[sc]|serv|provid|maintain|grow|play|produc)(?:e|ing)?|"
    r"carry(?:ing)? out|car(?:e|ing) for|deal(?:ing)? with|work(?:ing)? with|do(?:ing)?|be(?:ing)?)"
    r" (?:(?:the|an?|our|my|your|their|one's) )?(?!it\b|so\b|them\b)\w+|"
    r"\s*(?:do|get|perform)(?:ing)? (?:the|an?|one's|our|their|my) (?:job|work|tasks?|project|things)(?: done)?",
    re.IGNORECASE,
)

_MONEY = r"(?:revenue|turnover|profits?|profitability|margins?|earnings|sales|income|growth|business)"
_BUYERS = r"(?:customers|clients|subscribers|users|members|buyers|accounts|contracts)"
_COMPANY = re.compile(
    rf"\bincrease the (?:\w+ )?(?:amount|number|share|level|rate|growth|volume|value|size|speed) (?:of|in) (?:\w+ )?"
    rf"(?:{_MONEY}|units sold|subscriptions|deals|orders|bookings|paying customers)\b|"
    rf"\bincrease the (?:number|share) of (?:\w+ )?{_BUYERS} (?:(?:who|that|which|the \w+|we) )?"
    r"(?:wins?|upgrade|subscribe|renew|sign|convert|acquires?|buy more|spend more)\b|"
    r"\bmarket share\b|\bshare of the market\b|\bshareholder value\b|\bshareholders\b|\breturn on investment\b|"
    r"\bincrease the (?:amount|number|share).*\b(?:company|firm|business) (?:earns|makes|sells|gets)\b|"
    r"\bincrease the (?:amount|share)(?: of money)?(?: that)? (?:an? |each |every |the )?\w+ (?:spends?|pays?|buys?)\b|"
    rf"\b(?:company|firm|business|organi[sz]ation)['’]s (?:\w+ )?(?:share|costs?|position|brand|image|reputation|"
    rf"{_MONEY})\b|\b(?:brand|customer) (?:awareness|loyalty|recognition)\b|\bcompetitive advantage\b",
    re.IGNORECASE,
)


def outcome_form(text: str) -> Iterator[Finding]:
    """Findings about the form of a long phrasing."""
    match = _DIRECTION.match(text)
    if match is None:
        match = _OTHER_DIRECTION.match(text)
        message = f"“{text.split()[0]}” is no direction"
        yield Finding(
            "no-direction", message, "begin with Minimize, or with Increase where that cannot say it", "error"
        )
    if match:
        yield from _measured(text[match.end() :].strip())
    if against := _AGAINST.match(text):
        message = f"“{against[0]}” is what nobody wants"
        yield Finding("wrong-direction", message, "turn the direction, or say what there should be more of", "error")
    if company := _COMPANY.search(text):
        remedy = "say what the person who does the job wants to get done, not what it earns the company"
        yield Finding("company-goal", f"“{company[0]}” is a goal of the company", remedy)


def _measured(rest: str) -> Iterator[Finding]:
    metric = METRIC.match(rest)
    if metric is None:
        remedy = "say what is measured: the time it takes, the likelihood, the number, the effort, the cost …"
        yield Finding("no-metric", f"“{_beginning(rest)}” says no metric", remedy, "error")
        return
    thing = rest[metric.end() :]
    if sum(word.casefold() not in _DETERMINERS for word in thing.split()) < FEWEST_OBJECT_WORDS:
        remedy = "add the object that people control"
        yield Finding("no-object", f"“{_beginning(rest)}” does not say of what", remedy, "error")
    elif _BROAD.fullmatch(thing):
        message = f"“{thing.strip()}” is the whole job, or much of it"
        yield Finding("too-broad", message, "name one thing that has to get done in it")


def _beginning(text: str) -> str:
    """The first words of a text, to show what is meant."""
    first = text.split()[:_SHOWN]
    return " ".join(first) + (" …" if len(text.split()) > _SHOWN else "")

"""What a page shows is in its address: query arguments to a :class:`Query`, and the chips that set them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np

from jtbd.analysis import Query, Source
from jtbd.analysis.disclosure import hidden_groups
from jtbd.analysis.query import MIN_GROUP
from jtbd.errors import InputError, issue
from jtbd.report.sentences import METHOD_NAMES
from jtbd.scoring.methods import METHODS
from jtbd.store.waves import Wave
from jtbd.survey.columns import column_of
from jtbd.survey.model import Option, Question, Survey

WHERE = "where."
"""What the names of conditions begin with: ``where.mode=retain``."""

_FIRST = ("mode", "function", "solution")
_NAMED = ("method", "scale", "value")


@dataclass(frozen=True)
class Choice:
    """A value of a chip; one that too few people have cannot be chosen."""

    value: str
    text: str
    chosen: bool
    enough: bool = True


@dataclass(frozen=True)
class Chip:
    """A filter: the argument it sets, what it is called, and its values; the first means no filter."""

    name: str
    label: str
    choices: tuple[Choice, ...]

    @property
    def active(self) -> bool:
        """Whether something else than the first is chosen."""
        return not self.choices[0].chosen


def default_query() -> Query:
    """What a page shows whose address asks for nothing."""
    return Query(min_ratings=MIN_GROUP)


def query_from(args: Mapping[str, str]) -> Query:
    """The query that an address asks for; arguments it does not know mean nothing.

    Raises
    ------
    InputError
        Values that make no sense. The smallest group is never the visitor's to choose.
    """
    where = tuple(sorted((name.removeprefix(WHERE), args[name]) for name in args if _condition(name, args[name])))
    chosen = {name: args[name] for name in _NAMED if args.get(name)}
    wave = args.get("wave") or None
    if wave is not None and not (wave.isascii() and wave.isdigit() and len(wave) < 6):
        raise InputError([issue("bad-option", f'"{wave}" is no wave', "use the number of a wave", file="wave")])
    return Query(where=where, wave=int(wave) if wave else None, min_ratings=MIN_GROUP, **chosen)  # type: ignore[arg-type]  # Query checks


def _condition(name: str, value: str) -> bool:
    return name.startswith(WHERE) and len(name) > len(WHERE) and bool(value)


def arguments(query: Query) -> dict[str, str]:
    """The address of a query: what :func:`query_from` reads."""
    found = {WHERE + column: value for column, value in query.where}
    if query.method != "opportunity":
        found["method"] = query.method
    if query.scale:
        found["scale"] = query.scale
    if query.value:
        found["value"] = query.value
    if query.wave is not None:
        found["wave"] = str(query.wave)
    return found


def chips(plan: Survey, source: Source, query: Query, waves: Iterable[Wave], *, guarded: bool = False) -> list[Chip]:
    """Every filter of a survey: mode, function and solution, other choice questions, language, score, scale, wave.

    With `guarded` values cannot be chosen either without which a small group would follow.
    """
    found = [
        _column_chip(column_of(question), question.options, source, query, label=question.id, guarded=guarded)
        for question in _filters(plan)
    ]
    if plan.translations:
        names = [Option(one.language, one.language_name) for one in plan.languages]
        found.append(_column_chip("language", names, source, query, guarded=guarded))
    scores = {
        method: name.removesuffix(" score")
        for method, name in METHOD_NAMES.items()
        if METHODS[method].second in (None, *plan.scales)
    }
    found.append(_chip("method", "Score", scores, query.method))
    if {"satisfaction", "difficulty"} <= set(plan.scales):
        found.append(_chip("scale", "Scale", {"": "satisfaction", "difficulty": "difficulty"}, query.scale or ""))
    if worth := source.roles.get("value"):
        found.append(_chip("value", "Read by", {"": "people", worth: worth.replace("-", " ")}, query.value or ""))
    numbers = {str(wave.number): f"{wave.number} {wave.label}".strip() for wave in waves}
    if numbers:
        found.append(_chip("wave", "Wave", {"": "all", **numbers}, str(query.wave or "")))
    return found


def _filters(plan: Survey) -> list[Question]:
    """Questions with one answer of several offered, the most asked for first."""
    single = [question for question in plan.questions if question.kind == "single" and question.options]

    def place(question: Question) -> int:
        return _FIRST.index(question.role) if question.role in _FIRST else len(_FIRST)

    return sorted(single, key=place)


def _column_chip(
    name: str, values: Iterable[Option], source: Source, query: Query, *, label: str = "", guarded: bool = False
) -> Chip:
    chosen = dict(query.where).get(name, "")
    people = Counter(source.ratings.attributes.get(name, np.empty(0, object)).tolist())
    hidden = hidden_groups(people) if guarded else set()
    options = [
        Choice(
            option.value,
            option.text,
            option.value == chosen,
            people[option.value] >= MIN_GROUP and option.value not in hidden,
        )
        for option in values
    ]
    label = (label or name).replace("-", " ").replace("_", " ")
    return Chip(WHERE + name, label[:1].upper() + label[1:], (Choice("", "all", not chosen), *options))


def _chip(name: str, label: str, texts: Mapping[str, str], chosen: str) -> Chip:
    return Chip(name, label, tuple(Choice(value, text, value == chosen) for value, text in texts.items()))

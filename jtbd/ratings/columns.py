"""Which columns of a ratings file are ratings, and whether they make whole pairs."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from jtbd.errors import InputError, Issue, issue
from jtbd.survey.answers import NOT_APPLICABLE
from jtbd.survey.model import SCALES, Scale

_RATING = re.compile(r"(imp|importance|sat|satisfaction|dif|difficulty)_(.+)")
_SCALE: dict[str, Scale] = {scale[:3]: scale for scale in SCALES}


@dataclass(frozen=True)
class WideColumns:
    """Column numbers of a wide ratings file.

    ``scales[scale][j]`` is the column of outcome j, or ``None`` where the file has none (difficulty may
    be asked of some outcomes only); ``attributes`` maps the other columns' names to their numbers.
    ``not_applicable[j]`` is the column that says of whom outcome j is none; empty where no outcome has one.
    """

    outcomes: tuple[str, ...]
    scales: dict[Scale, tuple[int | None, ...]]
    attributes: dict[str, int]
    not_applicable: tuple[int | None, ...] = ()


def wide_columns(header: Sequence[str], file: str) -> WideColumns:
    """Sort a header into outcomes by scale, and attributes.

    Raises
    ------
    InputError
        Duplicate headers, no outcome at all, importance without a second scale or the reverse.
    """
    issues = duplicate_columns(header, file)
    found: dict[Scale, dict[str, int]] = {scale: {} for scale in SCALES}
    attributes: dict[str, int] = {}
    for number, name in enumerate(header):
        match = _RATING.fullmatch(name)
        if match is None:
            if name:
                attributes.setdefault(name, number)
            continue
        places = found[_SCALE[match[1][:3]]]
        if match[2] in places and header[places[match[2]]] != name:
            issues.append(_twice(file, number, name, header[places[match[2]]]))
        places.setdefault(match[2], number)
    outcomes = tuple(found["importance"])
    issues += _halves(found, header, file)
    if not outcomes and not issues:
        issues.append(_no_outcomes(file))
    if issues:
        raise InputError(issues)
    scales = {scale: tuple(places.get(outcome) for outcome in outcomes) for scale, places in found.items() if places}
    marks = tuple(attributes.pop(NOT_APPLICABLE + outcome, None) for outcome in outcomes)
    return WideColumns(outcomes, scales, attributes, marks if any(one is not None for one in marks) else ())


def duplicate_columns(header: Sequence[str], file: str) -> list[Issue]:
    """Names that stand in a header more than once."""
    return [
        issue(
            "duplicate-column",
            f'{count} columns are called "{name}"',
            "rename or remove all but one",
            file=file,
            line=1,
            column=len(header) - list(reversed(header)).index(name),
        )
        for name, count in Counter(header).items()
        if name and count > 1
    ]


def _twice(file: str, number: int, name: str, other: str) -> Issue:
    return issue(
        "duplicate-column",
        f'columns "{other}" and "{name}" hold the same rating',
        "keep one of them",
        file=file,
        line=1,
        column=number + 1,
    )


def _halves(found: dict[Scale, dict[str, int]], header: Sequence[str], file: str) -> list[Issue]:
    """A rating whose other half has no column: nothing could be scored from it."""
    issues = []
    second: Scale = "satisfaction" if found["satisfaction"] or not found["difficulty"] else "difficulty"
    for outcome, number in found["importance"].items():
        if outcome not in found[second]:
            issues.append(_half(file, number, header[number], f"{second[:3]}_{outcome}"))
    for scale in ("satisfaction", "difficulty"):
        for outcome, number in found[scale].items():
            if outcome not in found["importance"]:
                issues.append(_half(file, number, header[number], f"imp_{outcome}"))
    return issues


def _half(file: str, number: int, name: str, wanted: str) -> Issue:
    return issue(
        "missing-half",
        f'column "{name}" has no partner "{wanted}"',
        f'add a column "{wanted}" (cells may be blank) or remove "{name}"',
        file=file,
        line=1,
        column=number + 1,
    )


def _no_outcomes(file: str) -> Issue:
    return issue(
        "no-outcomes",
        "no rating columns found",
        'name them imp_<outcome> and sat_<outcome> (or dif_<outcome>), one row a respondent; or "long": '
        "respondent,outcome,importance,satisfaction",
        file=file,
        line=1,
    )

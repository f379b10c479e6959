"""The long layout: one row a respondent and outcome."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from jtbd.errors import InputError, Issue, issue
from jtbd.ratings.codes import BAD, parse_code, shown
from jtbd.ratings.columns import duplicate_columns
from jtbd.ratings.model import Ratings
from jtbd.ratings.table import raise_if_any
from jtbd.survey.model import SCALES


def from_long(header: Sequence[str], rows: list[list[str]], lines: Sequence[int], file: str) -> Ratings:
    """Ratings from ``respondent,outcome,importance,satisfaction[,difficulty]`` and attribute columns.

    Raises
    ------
    InputError
        Bad ratings, a pair of respondent and outcome given twice, attributes that contradict each other.
    """
    scales = [scale for scale in SCALES if scale in header]
    if len(scales) < 2:
        raise InputError(
            [
                issue(
                    "missing-half",
                    "neither satisfaction nor difficulty has a column",
                    "add a column satisfaction or difficulty",
                    file=file,
                    line=1,
                )
            ]
        )
    raise_if_any(duplicate_columns(header, file), file)
    number = {name: place for place, name in enumerate(header)}
    blank = (
        issue(
            "blank-id",
            f"the row names no {name}",
            f"write the {name}'s id",
            file=file,
            line=line,
            column=number[name] + 1,
        )
        for row, line in zip(rows, lines, strict=True)
        for name in ("respondent", "outcome")
        if not row[number[name]].strip()
    )
    raise_if_any(blank, file)
    people: dict[str, int] = {}
    outcomes: dict[str, int] = {}
    for row in rows:
        people.setdefault(row[number["respondent"]].strip(), len(people))
        outcomes.setdefault(row[number["outcome"]].strip(), len(outcomes))
    matrices = {scale: np.zeros((len(people), len(outcomes)), np.uint8) for scale in scales}
    names = [name for name in header if name and name not in {"respondent", "outcome", *SCALES}]
    attributes = {name: np.full(len(people), "", object) for name in names}
    attributes["respondent"] = np.array(list(people), object)
    issues: list[Issue] = []
    seen: dict[tuple[int, int], int] = {}
    for row, line in zip(rows, lines, strict=True):
        person = people[row[number["respondent"]].strip()]
        outcome = outcomes[row[number["outcome"]].strip()]
        if (person, outcome) in seen:
            issues.append(
                issue(
                    "duplicate-rating",
                    f"this respondent has rated this outcome before, on line {seen[person, outcome]}",
                    "keep one of the two rows",
                    file=file,
                    line=line,
                )
            )
        seen[person, outcome] = line
        for scale in scales:
            code = parse_code(row[number[scale]])
            if code == BAD:
                issues.append(
                    issue(
                        "bad-rating",
                        f'{shown(row[number[scale]])} in column "{scale}" is not a rating',
                        "write 1, 2, 3, 4 or 5, or leave the cell blank",
                        file=file,
                        line=line,
                        column=number[scale] + 1,
                    )
                )
            matrices[scale][person, outcome] = code
        for name in names:
            value = row[number[name]].strip()
            if value and attributes[name][person] not in ("", value):
                issues.append(
                    issue(
                        "contradiction",
                        f'this respondent has another "{name}" on an earlier line: "{attributes[name][person]}"',
                        "give a respondent the same value on every row",
                        file=file,
                        line=line,
                        column=number[name] + 1,
                    )
                )
            attributes[name][person] = value or attributes[name][person]
    raise_if_any(issues, file)
    return Ratings(tuple(outcomes), matrices, attributes)

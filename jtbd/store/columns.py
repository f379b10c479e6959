"""Which ratings may be pooled: the columns of a survey's data over all its revisions."""

from __future__ import annotations

from collections.abc import Sequence

from jtbd.survey.model import Survey


def column_names(plans: Sequence[tuple[int, Survey]]) -> dict[tuple[int, str], str]:
    """The column into which the ratings of an outcome in a revision go.

    Ratings of an outcome are pooled over the revisions whose wording is that of the newest revision that has it. Other
    wordings are apart, as ``outcome@rN``, where N is the first revision with that wording.

    Parameters
    ----------
    plans : sequence of (int, Survey)
        Revisions by number, the oldest first.

    Returns
    -------
    dict of (int, str) to str
        By revision number and outcome id. In the order in which columns are shown: the newest plan's outcomes in its
        order, then those only older plans have, then other wordings.
    """
    current: dict[str, str] = {}
    for _, plan in reversed(plans):
        for key, asked in plan.outcomes.items():
            current.setdefault(key, asked.wording_hash)
    place = {key: position for position, key in enumerate(current)}
    names: dict[tuple[int, str], str] = {}
    first_with: dict[tuple[str, str], int] = {}
    for number, plan in plans:
        for key, asked in plan.outcomes.items():
            first = first_with.setdefault((key, asked.wording_hash), number)
            names[number, key] = key if asked.wording_hash == current[key] else f"{key}@r{first}"

    def shown(item: tuple[tuple[int, str], str]) -> tuple[bool, int, int]:
        (number, key), name = item
        return name != key, place[key], number

    return dict(sorted(names.items(), key=shown))

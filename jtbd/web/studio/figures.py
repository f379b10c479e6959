"""The figures of a study as a role may see them: neither small ones nor those from which such a one follows.

The pages of a survey show the same responses in several ways: started, completed and so on, also by language and wave,
and without the excluded. What is hidden is therefore found once for all of them. How many are excluded counts as known.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from jtbd.analysis.disclosure import hidden_cells, hidden_groups, is_small
from jtbd.report.progress import percent
from jtbd.store.progress import PageReach, Reach
from jtbd.store.quotas import Fieldwork, QuotaCount
from jtbd.store.surveys import ResponseCounts
from jtbd.survey.model import Quota
from jtbd.web.studio.masking import FEW, NOT_SHOWN, Cell

ALL = ""
"""The group of all who began."""

COUNTED = "counted"
"""The group of those whom nobody excluded."""

_STATES = ("completed", "in progress", "abandoned", "screened out", "over quota")
_WHOLES = (
    ("started", "completed", "going", "ended early"),
    ("going", "in progress", "abandoned"),
    ("ended early", "screened out", "over quota"),
    ("started", "completed", "in progress", "abandoned", "ended early"),
    ("started", "completed", "going", "screened out", "over quota"),
    ("started", *_STATES),
)
"""Figures of a group of which one follows from the others; ``going`` are those who may go on or abandoned it."""

_RATE = ("started", "completed", "going", "ended early")
"""With a rate and one of these the others can be worked out."""


@dataclass(frozen=True)
class Figures:
    """The figures of a study, by group and name, and which of them are not shown."""

    numbers: Mapping[Cell, int]
    hidden: frozenset[Cell]

    def text(self, group: str, name: str) -> str:
        """A figure as a page says it."""
        if (group, name) not in self.hidden:
            return f"{self.numbers[group, name]:,}"
        return FEW if is_small(self.numbers[group, "started"]) else NOT_SHOWN

    def rate(self, group: str) -> str:
        """The completion rate as a page says it."""
        if any((group, name) in self.hidden for name in _RATE):
            return NOT_SHOWN
        could = self.numbers[group, "completed"] + self.numbers[group, "going"]
        return percent(self.numbers[group, "completed"] / could if could else None)


def figures(total: Reach, counts: ResponseCounts, *divisions: Mapping[str, Reach], masked: bool) -> Figures:
    """The figures of all who began, of those who count, and of groups.

    Parameters
    ----------
    divisions : mapping to Reach
        Ways to divide all who began into groups; no two groups have the same name.
    """
    groups = {ALL: _by_name(total), COUNTED: _counted(counts)}
    groups |= {name: _by_name(reach) for division in divisions for name, reach in division.items()}
    numbers = {(group, name): number for group, found in groups.items() for name, number in found.items()}
    wholes = [
        [(group, name) for name in whole] for whole in _WHOLES for group in groups if set(whole) <= set(groups[group])
    ]
    wholes += [[(ALL, name), (COUNTED, name)] for name in groups[COUNTED]]
    wholes += [[(group, name) for group in (ALL, *one)] for one in divisions for name in groups[ALL]]
    return Figures(numbers, frozenset(hidden_cells(numbers, wholes)) if masked else frozenset())


def _by_name(reach: Reach) -> dict[str, int]:
    numbers = (reach.completed, reach.in_progress, reach.abandoned, reach.screened_out, reach.quota_full)
    return {
        "started": reach.started,
        "going": reach.in_progress + reach.abandoned,
        "ended early": reach.ended_early,
        **dict(zip(_STATES, numbers, strict=True)),
    }


def _counted(counts: ResponseCounts) -> dict[str, int]:
    reach = Reach(counts.complete, counts.in_progress, 0, counts.screened_out, counts.quota_full)
    # who abandoned it is not told apart here
    return {name: number for name, number in _by_name(reach).items() if name not in ("in progress", "abandoned")}


@dataclass(frozen=True)
class QuotaRow:
    """A quota as listed."""

    quota: Quota
    complete: str
    reserved: str
    free: str
    turned_away: str


def quota_rows(found: Fieldwork, counts: ResponseCounts, *, masked: bool) -> list[QuotaRow]:
    """How far each quota is filled.

    From two of the places filled, reserved and free follows the third: all are shown or none is.
    """
    quotas = found.quotas
    held = _held(quotas, counts) if masked else set()
    turned = {one.quota.id: one.turned_away for one in quotas}
    away = _hidden(turned, counts.quota_full) if masked else set()

    def row(one: QuotaCount) -> QuotaRow:
        places = (one.complete, one.reserved, one.free)
        complete, reserved, free = (NOT_SHOWN if one.quota.id in held else f"{number:,}" for number in places)
        turned_away = NOT_SHOWN if one.quota.id in away else f"{one.turned_away:,}"
        return QuotaRow(one.quota, complete, reserved, free, turned_away)

    return [row(one) for one in quotas]


def screened_rows(found: Fieldwork, counts: ResponseCounts, *, masked: bool) -> dict[str, str]:
    """How many each screener ended, by question."""
    hidden = _hidden(found.screened_out, counts.screened_out) if masked else set()
    return {name: NOT_SHOWN if name in hidden else f"{number:,}" for name, number in found.screened_out.items()}


def _held(quotas: Sequence[QuotaCount], counts: ResponseCounts) -> set[str]:
    """The quotas of which the places are not shown."""
    complete = {one.quota.id: one.complete for one in quotas}
    reserved = {one.quota.id: one.reserved for one in quotas}
    return _hidden(complete, counts.complete) | _hidden(reserved, counts.in_progress)


def _hidden(numbers: Mapping[str, int], everybody: int) -> set[str]:
    """Those of groups that are not shown, where it is known how many there are of `everybody`.

    Groups may overlap. Whoever is in none is one more part, and whoever is not in a group must be many, too.
    """
    rest = {ALL: max(everybody - sum(numbers.values()), 0)}
    return (hidden_groups({**numbers, **rest}) | set(_small_without(numbers, everybody))) - {ALL}


def _small_without(numbers: Mapping[str, int], everybody: int) -> Iterator[str]:
    return (name for name, number in numbers.items() if number and is_small(everybody - number))


def hidden_pages(pages: Sequence[PageReach], found: Figures) -> set[Cell]:
    """What is not shown of pages: by page and one of ``reached``, ``saved``, ``here`` and ``left``.

    How many reached and saved pages is shown where no two of these numbers differ by a small one: it would be of those
    who left between. Those who are on a page or left there are parts of all who are in progress or abandoned it.
    """
    told = {found.numbers[ALL, name] for name in ("started", "completed")}
    unseen: set[Cell] = set()
    for page in pages:
        for part, number in (("reached", page.reached), ("saved", page.saved)):
            if is_small(number) or any(is_small(abs(number - other)) for other in told):
                unseen |= {(page.page.id, one) for one in (part, "here", "left") if getattr(page, one)}
            else:
                told.add(number)
    numbers = {(page.page.id, part): getattr(page, part) for page in pages for part in ("here", "left")}
    wholes = [[(page.page.id, "here"), (page.page.id, "left")] for page in pages]
    for part, name in (("here", "in progress"), ("left", "abandoned")):
        total = (ALL, name)
        numbers[total] = found.numbers[total]
        wholes.append([key for key in numbers if key[1] == part] + ([total] if total in found.hidden else []))
    return unseen | hidden_cells(numbers, wholes, unseen & set(numbers))

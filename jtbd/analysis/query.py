"""What is asked of a source: one frozen value, so that it can be cached and put into a web address."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from jtbd.errors import InputError, issue
from jtbd.scoring.methods import ALL_METHODS, METHODS, OPPORTUNITY, Method
from jtbd.scoring.score import ScoreOptions
from jtbd.tally.features import Second

MIN_GROUP = 5
MOST = 2**31 - 1
HIGHEST_LEVEL = 0.999
"""Draws cannot say more: at .999 a quantile rests on the last four of 4,000."""


@dataclass(frozen=True)
class Query:
    """A question to a source.

    Parameters
    ----------
    by : str, optional
        Attribute whose values are scored apart.
    where : tuple of (attribute, value)
        Conditions that all hold for the respondents scored. They define a domain: n of the variance stays.
    weight : str, optional
        Attribute with base weights.
    rake : Path, optional
        CSV of population targets.
    trim : float, optional
        No weight above this many times the mean weight, more than 1; the targets still hold.
    value : str, optional
        Attribute that says what each respondent is worth, such as yearly revenue: results are then read by value,
        not by people. Multiplies the weights after raking and trimming.
    scale : "satisfaction" or "difficulty", optional
        Second scale; satisfaction where the source has both.
    wave : int or str, optional
        Wave of a survey: its number or, where no wave has that number, its label.
    exclude_flagged : bool
        Leave out who shows two independent signs of careless responding: they are in no figure, n included.
    min_group : int
        Groups of fewer respondents are named, not scored; conditions that fewer meet are refused.
    min_ratings : int
        Outcomes that fewer people of a group rated are named, not scored: the studio never shows what
        fewer than five said.
    withheld : frozenset of str
        Outcomes that are not shown: with other figures of the asker's they would say what few people said.
    method : str
        A key of :data:`~jtbd.scoring.methods.METHODS`, or "all" for the ranks of every method side by side.
    top, level, seed, distribution, stabilised
        See :class:`~jtbd.scoring.score.ScoreOptions`.
    """

    by: str | None = None
    where: tuple[tuple[str, str], ...] = ()
    weight: str | None = None
    rake: Path | None = None
    trim: float | None = None
    value: str | None = None
    scale: Second | None = None
    wave: int | str | None = None
    complete_only: bool = False
    exclude_flagged: bool = False
    min_group: int = MIN_GROUP
    min_ratings: int = 1
    withheld: frozenset[str] = frozenset()
    method: str = "opportunity"
    top: int = 10
    level: float = 0.95
    seed: int = 1
    distribution: bool = False
    stabilised: bool = False

    def __post_init__(self) -> None:
        whole = (
            ("--top", self.top, 1),
            ("--min-group", self.min_group, 1),
            ("--min-ratings", self.min_ratings, 1),
            ("--seed", self.seed, 0),
            ("--wave", self.wave if isinstance(self.wave, int) else 1, 1),
        )
        problems = [
            (option, f"{value} is not a whole number from {least} to {MOST:,}", "use one that is")
            for option, value, least in whole
            if not isinstance(value, int) or not least <= value <= MOST
        ]
        if self.trim is not None and not 1 < self.trim < math.inf:
            problems.append(("--trim", f"{self.trim} is not a number above 1", "use a number such as 5"))
        if self.method not in (*METHODS, ALL_METHODS):
            choices = ", ".join((*METHODS, ALL_METHODS))
            problems.append(("--method", f'there is no method "{self.method}"', f"use one of {choices}"))
        elif self.scale and self.ranking.second not in (None, self.scale):
            what = f"{self.method} is scored on {self.ranking.second}, not on {self.scale}"
            problems.append(("--scale", what, "leave out --scale, or choose another method"))
        if isinstance(self.wave, str) and not self.wave.strip():
            problems.append(("--wave", "it names no wave", "use the number or the label of a wave"))
        if self.scale not in (None, "satisfaction", "difficulty"):
            problems.append(("--scale", f'there is no scale "{self.scale}"', "use satisfaction or difficulty"))
        if not isinstance(self.level, float) or not 0.5 <= self.level <= HIGHEST_LEVEL:
            problems.append(
                (
                    "--level",
                    f"{self.level} is not a confidence level from 0.5 to {HIGHEST_LEVEL}",
                    "use a number such as 0.95",
                )
            )
        if problems:
            raise InputError(issue("bad-option", message, remedy, file=option) for option, message, remedy in problems)

    @property
    def scoring(self) -> ScoreOptions:
        """The part that scoring needs."""
        return ScoreOptions(
            self.ranking.name,
            self.top,
            self.level,
            self.seed,
            distribution=self.distribution,
            stabilised=self.stabilised,
        )

    @property
    def ranking(self) -> Method:
        """The method that ranks follow: the one named; the opportunity score beside all methods."""
        return METHODS.get(self.method, OPPORTUNITY)


def parse_where(conditions: Iterable[str]) -> tuple[tuple[str, str], ...]:
    """``COLUMN=VALUE`` conditions as pairs.

    Raises
    ------
    InputError
        A condition without ``=``.
    """
    conditions = tuple(conditions)
    wrong = [text for text in conditions if "=" not in text]
    if wrong:
        raise InputError(
            issue("bad-condition", f'"{text}" is not a condition', "write COLUMN=VALUE", file="--where")
            for text in wrong
        )
    pairs = (text.partition("=") for text in conditions)
    return tuple((column.strip(), value.strip()) for column, _, value in pairs)

"""What is asked of a source: one frozen value, so that it can be cached and put into a web address."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from jtbd.errors import InputError, issue
from jtbd.scoring.methods import METHODS, Method
from jtbd.scoring.score import ScoreOptions

MIN_GROUP = 5


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
    scale : "satisfaction" or "difficulty", optional
        Second scale; satisfaction where the source has both.
    wave : int, optional
        Wave of a survey.
    min_group : int
        Groups of fewer respondents are named, not scored.
    method, top, level, seed
        See :class:`~jtbd.scoring.score.ScoreOptions`.
    """

    by: str | None = None
    where: tuple[tuple[str, str], ...] = ()
    weight: str | None = None
    rake: Path | None = None
    scale: str | None = None
    wave: int | None = None
    complete_only: bool = False
    min_group: int = MIN_GROUP
    method: Method = "opportunity"
    top: int = 10
    level: float = 0.95
    seed: int = 1

    def __post_init__(self) -> None:
        problems = []
        if self.method not in METHODS:
            problems.append(("--method", f'there is no method "{self.method}"', f"use one of {', '.join(METHODS)}"))
        if self.scale not in (None, "satisfaction", "difficulty"):
            problems.append(("--scale", f'there is no scale "{self.scale}"', "use satisfaction or difficulty"))
        if not 0.5 <= self.level < 1:
            problems.append(("--level", f"{self.level} is not a confidence level", "use a number such as 0.95"))
        if self.top < 1:
            problems.append(("--top", f"{self.top} is not a number of outcomes", "use 1 or more"))
        if self.min_group < 1:
            problems.append(("--min-group", f"{self.min_group} is not a number of people", "use 1 or more"))
        if self.seed < 0:
            problems.append(("--seed", f"{self.seed} is not a seed", "use 0 or more"))
        if problems:
            raise InputError(issue("bad-option", message, remedy, file=option) for option, message, remedy in problems)

    @property
    def scoring(self) -> ScoreOptions:
        """The part that scoring needs."""
        return ScoreOptions(self.method, self.top, self.level, self.seed)


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

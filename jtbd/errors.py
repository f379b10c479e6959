"""How every bad input is reported: an :class:`Issue` with a place and a remedy."""

from __future__ import annotations

import os
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

Level = Literal["error", "warning"]


@dataclass(frozen=True, order=True)
class Issue:
    """One thing wrong with an input, said so that its author can put it right.

    Parameters
    ----------
    file : str
        What the author calls the input: a path, a survey's slug, ``"--where"``.
    line, column : int
        Where, counted from 1; 0 where the input has no such place.
    code : str
        Stable, kebab-case name of the kind of issue; documented in ``docs/issues.md``.
    message : str
        What is wrong, without a final stop.
    remedy : str
        What to do about it.
    level : {"error", "warning"}
        An error stops the work, a warning does not.
    """

    file: str
    line: int
    column: int
    code: str
    message: str
    remedy: str
    level: Level = "error"

    def __str__(self) -> str:
        """``file:line:column code message; remedy``, places that are not known left out."""
        place = self.file
        if self.line:
            place += f":{self.line}"
            if self.column:
                place += f":{self.column}"
        warning = "warning: " if self.level == "warning" else ""
        return f"{place} {self.code} {warning}{self.message}; {self.remedy}"


def issue(code: str, message: str, remedy: str, *, file: str, line: int = 0, column: int = 0) -> Issue:
    """An error-level :class:`Issue`, written in the order in which it is thought."""
    return Issue(file, line, column, code, message, remedy)


def warning(code: str, message: str, remedy: str, *, file: str, line: int = 0, column: int = 0) -> Issue:
    """A warning-level :class:`Issue`."""
    return Issue(file, line, column, code, message, remedy, "warning")


def called(path: Path) -> str:
    """What issues call a file: always the same name, relative to the current folder when it lies inside it."""
    absolute, here = Path(os.path.abspath(path)), Path.cwd()
    return str(absolute.relative_to(here) if absolute.is_relative_to(here) else absolute)


class InputError(Exception):
    """The input cannot be used; carries every issue found, not only the first."""

    def __init__(self, issues: Iterable[Issue]) -> None:
        self.issues = tuple(issues)
        super().__init__("\n".join(str(one) for one in self.issues))


class StoreError(Exception):
    """The database could not do what was asked (locked, unreachable, disk full): not the user's input."""

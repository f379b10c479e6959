"""All rules about a map's content, with the places in its file."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from jtbd.errors import Issue, warning
from jtbd.jobmap.model import JobMap, Outcome
from jtbd.jobmap.rules.finding import Finding
from jtbd.jobmap.rules.likeness import near_duplicates
from jtbd.jobmap.rules.statement import check_ability, check_outcome
from jtbd.jobmap.rules.structure import check_structure
from jtbd.jobmap.rules.words import Words
from jtbd.jobmap.source import Source, Steps, read_source


@dataclass(frozen=True)
class Written:
    """An outcome where it is defined."""

    outcome: Outcome
    source: Source
    path: Steps

    def place(self, form: str) -> tuple[str, int, int]:
        """File, line and column of the long form (``outcome``) or the short one (``ability``)."""
        return (self.source.file, *self.source.place((*self.path, form)))


def written_in(path: Path) -> list[Written]:
    """The outcomes that a valid map or shared file defines (those it only uses are defined elsewhere)."""
    source = read_source(path)
    found = []
    for steps, entry in _entries(source.data):
        if "outcome" in entry:
            outcome, ability = (" ".join(str(entry[key]).split()) for key in ("outcome", "ability"))
            found.append(Written(Outcome(str(entry["id"]), outcome, ability), source, steps))
    return found


def _entries(data: dict[str, Any]) -> Iterator[tuple[Steps, dict[str, Any]]]:
    for number, entry in enumerate(data.get("outcomes", [])):
        yield ("outcomes", number), entry
    for number, step in enumerate(data.get("steps", [])):
        for place, entry in enumerate(step.get("outcomes", [])):
            yield ("steps", number, "outcomes", place), entry


def statement_issues(written: Sequence[Written], words: Words) -> Iterator[Issue]:
    """What the rules about statements have to say."""
    for one in written:
        outcome = one.outcome
        for finding in check_outcome(outcome.outcome, words):
            yield _issue(finding, one.source, (*one.path, "outcome"))
        for finding in check_ability(outcome.ability, outcome.outcome, words):
            yield _issue(finding, one.source, (*one.path, "ability"))


def structure_issues(job_map: JobMap, path: Path) -> Iterator[Issue]:
    """What the rules about structure have to say of a map in the file ``path``."""
    source = read_source(path)
    for steps, finding in check_structure(job_map):
        yield _issue(finding, source, steps)


def likeness_issues(written: Sequence[Written], words: Words) -> Iterator[Issue]:
    """Pairs of outcomes, within and across files, that say nearly the same; told at the later one."""
    for pair in near_duplicates([one.outcome for one in written], words):
        first, second = written[pair.first], written[pair.second]
        one, other = getattr(second.outcome, pair.form), getattr(first.outcome, pair.form)
        file, line, column = second.place(pair.form)
        yield warning(
            "near-duplicate",
            f"“{one}” says nearly the same as “{other}” ({':'.join(map(str, first.place(pair.form)))})",
            "if people would answer them alike, keep one; else word them further apart",
            file=file,
            line=line,
            column=column,
        )


def _issue(finding: Finding, source: Source, path: Steps) -> Issue:
    line, column = source.place(path)
    return Issue(source.file, line, column, finding.code, finding.message, finding.remedy, finding.level)

"""Every outcome defined in reach of a map: what ``use:`` finds, and where two definitions clash."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from jtbd.errors import InputError, Issue, called, issue, warning
from jtbd.jobmap.fields import one_line
from jtbd.jobmap.model import Outcome
from jtbd.jobmap.source import Source, Steps, read_source
from jtbd.settings import Settings


@dataclass(frozen=True)
class Definition:
    """An outcome where it is defined.

    ``folder`` counts how far away the file is, 0 the nearest; ``shadowed`` says that a nearer file has its name.
    """

    outcome: Outcome
    source: Source
    path: Steps
    folder: int
    shadowed: bool

    @property
    def place(self) -> str:
        """``file:line:column``."""
        line, column = self.source.place((*self.path, "id"))
        return f"{self.source.file}:{line}:{column}"

    @property
    def wording(self) -> tuple[str, str]:
        """Both phrasings: what must be equal wherever the id is."""
        return self.outcome.outcome, self.outcome.ability


@dataclass(frozen=True)
class Clash:
    """Two definitions of one outcome id. ``second`` is the one that should give way."""

    first: Definition
    second: Definition

    @property
    def same_folder(self) -> bool:
        """Whether neither is nearer, so that ``use:`` could not tell which is meant."""
        return self.first.folder == self.second.folder

    @property
    def issue(self) -> Issue:
        """What is wrong, said at the second definition."""
        one = self.second.outcome.id
        line, column = self.second.source.place((*self.second.path, "id"))
        place: dict[str, Any] = {"file": self.second.source.file, "line": line, "column": column}
        if self.first.wording != self.second.wording:
            message = f"the outcome `{one}` is worded differently at {self.first.place}"
            remedy = "make the wordings equal, or give this outcome an id of its own"
            return issue("wording-differs", message, remedy, **place)
        if self.first.source.file == self.second.source.file:
            return outcome_twice(one, self.first.place, **place)
        message = f"the outcome `{one}` is defined in the same words at {self.first.place}"
        return warning("defined-twice", message, f"write `use: {one}` here, so that they stay the same", **place)


@dataclass(frozen=True)
class Library:
    """Definitions by outcome id, the one that ``use:`` takes first; and the files that could not be read."""

    definitions: dict[str, list[Definition]]
    unread: tuple[str, ...]

    def find(self, outcome: str) -> Outcome | None:
        """The outcome that ``use:`` of this id stands for."""
        found = self.definitions.get(outcome)
        return found[0].outcome if found else None

    def clashes(self, outcome: str) -> list[Clash]:
        """Definitions of `outcome` that give way to another: the farther file, then the shared one, stands."""
        visible = [one for one in self.definitions.get(outcome, ()) if not one.shadowed]
        ordered = sorted(visible, key=_authority)
        return [Clash(ordered[0], second) for second in ordered[1:]]


def read_library(settings: Settings, own: Path | None = None) -> Library:
    """Every definition in the workspace's and the shipped maps, and in the folder of the file `own`.

    Files that are not valid maps give what they can: they are reported when they themselves are read.
    """
    definitions: dict[str, list[Definition]] = {}
    unread = []
    for path, folder, shadowed in _files(settings, own):
        try:
            source = read_source(path)
        except InputError:
            unread.append(called(path))
            continue
        for outcome, steps in _defined(source.data):
            definitions.setdefault(outcome.id, []).append(Definition(outcome, source, steps, folder, shadowed))
    for found in definitions.values():
        found.sort(key=lambda one: (one.shadowed, one.folder))
    return Library(definitions, tuple(unread))


def map_folders(settings: Settings, own: Path | None = None) -> list[Path]:
    """The folders of maps, nearest first, each once (a workspace can be the checkout itself)."""
    folders = list(settings.folders("maps"))
    if own is not None and own.resolve().parent not in (folder.resolve() for folder in folders):
        folders.insert(0, own.parent)
    return list({folder.resolve(): folder for folder in reversed(folders)}.values())[::-1]


def outcome_twice(outcome: str, first: str, **place: Any) -> Issue:
    """The issue that a file holds an outcome a second time."""
    message = f"the outcome `{outcome}` is already in this file, at {first}"
    return issue("outcome-twice", message, "keep it in the step where people would look for it", **place)


def _authority(definition: Definition) -> tuple[int, bool, str, tuple[int, int]]:
    source = definition.source
    return -definition.folder, "shared" not in source.data, source.file, source.place(definition.path)


def _files(settings: Settings, own: Path | None) -> Iterator[tuple[Path, int, bool]]:
    names: set[str] = set()
    for number, folder in enumerate(map_folders(settings, own)):
        paths = sorted(folder.glob("*.yaml"))
        if own is not None and own.suffix != ".yaml" and own.parent.resolve() == folder.resolve():
            paths.append(own)
        for path in paths:
            yield path, number, path.stem in names
        names.update(path.stem for path in paths)


def _defined(data: dict[str, Any]) -> Iterator[tuple[Outcome, Steps]]:
    """Outcomes with their texts in a file's raw data, whatever else may be wrong with it."""
    if "shared" in data:
        yield from _outcomes(data.get("outcomes"), ("outcomes",))
    elif isinstance(data.get("steps"), list) and "map" in data:
        for number, step in enumerate(data["steps"]):
            if isinstance(step, dict):
                yield from _outcomes(step.get("outcomes"), ("steps", number, "outcomes"))


def _outcomes(entries: Any, path: Steps) -> Iterator[tuple[Outcome, Steps]]:
    for number, entry in enumerate(entries if isinstance(entries, list) else ()):
        if not isinstance(entry, dict):
            continue
        texts = [one_line(entry.get(key)) for key in ("id", "outcome", "ability")]
        if all(isinstance(text, str) and text for text in texts):
            stages = entry.get("lifecycle")
            lifecycle = tuple(str(stage) for stage in stages) if isinstance(stages, list) else ()
            yield Outcome(texts[0], texts[1], texts[2], lifecycle), (*path, number)

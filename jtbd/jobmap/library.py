"""Every outcome and context defined in reach of a map: what ``use:`` finds, and where two definitions clash."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Generic, TypeVar

from jtbd.errors import InputError, Issue, called, issue, warning
from jtbd.jobmap.fields import one_line
from jtbd.jobmap.model import Context, ContextOption, Outcome
from jtbd.jobmap.source import Source, Steps, read_source
from jtbd.settings import Settings

Thing = TypeVar("Thing", Outcome, Context)


@dataclass(frozen=True)
class Definition(Generic[Thing]):
    """An outcome or a context where it is defined.

    ``folder`` counts how far away the file is, 0 the nearest; ``shadowed`` says that a nearer file has its name.
    """

    thing: Thing
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
    def wording(self) -> tuple[object, ...]:
        """What people read: it must be equal wherever the id is."""
        if isinstance(self.thing, Outcome):
            return self.thing.outcome, self.thing.ability
        return self.thing.text, self.thing.options


@dataclass(frozen=True)
class Clash(Generic[Thing]):
    """Two definitions of one id. ``second`` is the one that should give way."""

    kind: str
    first: Definition[Thing]
    second: Definition[Thing]

    @property
    def same_folder(self) -> bool:
        """Whether neither is nearer, so that ``use:`` could not tell which is meant."""
        return self.first.folder == self.second.folder

    @property
    def same_file(self) -> bool:
        """Whether one file holds both."""
        return self.first.source.file == self.second.source.file

    @property
    def issue(self) -> Issue:
        """What is wrong, said at the second definition."""
        one = self.second.thing.id
        line, column = self.second.source.place((*self.second.path, "id"))
        place: dict[str, Any] = {"file": self.second.source.file, "line": line, "column": column}
        if self.first.wording != self.second.wording:
            message = f"the {self.kind} `{one}` is worded differently at {self.first.place}"
            remedy = f"make the wordings equal, or give this {self.kind} an id of its own"
            return issue("wording-differs", message, remedy, **place)
        if self.same_file:
            return outcome_twice(one, self.first.place, **place)
        message = f"the {self.kind} `{one}` is defined in the same words at {self.first.place}"
        return warning("defined-twice", message, f"write `use: {one}` here, so that they stay the same", **place)


@dataclass(frozen=True)
class Definitions(Generic[Thing]):
    """Definitions of one kind by id, the one that ``use:`` takes first. ``kind`` is what issues call it."""

    kind: str
    by_id: dict[str, list[Definition[Thing]]]

    def find(self, name: str) -> Thing | None:
        """What ``use:`` of this id stands for."""
        found = self.by_id.get(name)
        return found[0].thing if found else None

    def clashes(self, name: str) -> list[Clash[Thing]]:
        """Definitions of `name` that give way to another: the farther file, then the shared one, stands."""
        visible = [one for one in self.by_id.get(name, ()) if not one.shadowed]
        ordered = sorted(visible, key=_authority)
        return [Clash(self.kind, ordered[0], second) for second in ordered[1:]]


@dataclass(frozen=True)
class Library:
    """All definitions, and the files that could not be read."""

    outcomes: Definitions[Outcome]
    contexts: Definitions[Context]
    unread: tuple[str, ...]


def read_library(settings: Settings, own: Path | None = None) -> Library:
    """Every definition in the workspace's and the shipped maps, and in the folder of the file `own`.

    Files that are not valid maps give what they can: they are reported when they themselves are read.
    """
    outcomes: dict[str, list[Definition[Outcome]]] = {}
    contexts: dict[str, list[Definition[Context]]] = {}
    unread = []
    for path, folder, shadowed in _files(settings, own):
        try:
            source = read_source(path)
        except InputError:
            unread.append(called(path))
            continue
        for outcome, steps in _outcomes_in(source.data):
            outcomes.setdefault(outcome.id, []).append(Definition(outcome, source, steps, folder, shadowed))
        for context, steps in _contexts_in(source.data):
            contexts.setdefault(context.id, []).append(Definition(context, source, steps, folder, shadowed))
    return Library(_nearest_first("outcome", outcomes), _nearest_first("context", contexts), tuple(unread))


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


def _nearest_first(kind: str, by_id: dict[str, list[Definition[Thing]]]) -> Definitions[Thing]:
    for found in by_id.values():
        found.sort(key=lambda one: (one.shadowed, one.folder))
    return Definitions(kind, by_id)


def _authority(definition: Definition[Any]) -> tuple[int, bool, str, tuple[int, int]]:
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


def _outcomes_in(data: dict[str, Any]) -> Iterator[tuple[Outcome, Steps]]:
    """Outcomes with their texts in a file's raw data, whatever else may be wrong with it."""
    if "shared" in data:
        yield from _outcomes(data.get("outcomes"), ("outcomes",))
    elif isinstance(data.get("steps"), list) and "map" in data:
        for number, step in enumerate(data["steps"]):
            if isinstance(step, dict):
                yield from _outcomes(step.get("outcomes"), ("steps", number, "outcomes"))


def _outcomes(entries: Any, path: Steps) -> Iterator[tuple[Outcome, Steps]]:
    for entry, texts, place in _texts(entries, ("id", "outcome", "ability"), path):
        stages = entry.get("lifecycle")
        lifecycle = tuple(str(stage) for stage in stages) if isinstance(stages, list) else ()
        yield Outcome(texts[0], texts[1], texts[2], lifecycle), place


def _contexts_in(data: dict[str, Any]) -> Iterator[tuple[Context, Steps]]:
    """Contexts with their texts and options in a file's raw data, whatever else may be wrong with it."""
    if "shared" in data or "map" in data:
        for entry, texts, place in _texts(data.get("contexts"), ("id", "text"), ("contexts",)):
            options = _texts(entry.get("options"), ("value", "text"), ())
            yield Context(texts[0], texts[1], tuple(ContextOption(*pair) for _, pair, _ in options)), place


def _texts(entries: Any, keys: Sequence[str], path: Steps) -> Iterator[tuple[dict[str, Any], list[str], Steps]]:
    """Entries of a list that have a text at each of the keys, with these texts and their place."""
    for number, entry in enumerate(entries if isinstance(entries, list) else ()):
        if isinstance(entry, dict):
            texts = [one_line(entry.get(key)) for key in keys]
            if all(isinstance(text, str) and text for text in texts):
                yield entry, texts, (*path, number)

"""A valid map file becomes a :class:`JobMap`: ``use:`` is followed, and what ought to agree is checked."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from jtbd.errors import Issue, warning
from jtbd.jobmap.fields import nearest
from jtbd.jobmap.library import Clash, Definitions, Library, Thing, outcome_twice
from jtbd.jobmap.model import Context, ContextOption, JobMap, Outcome, Step
from jtbd.jobmap.schema import ContextEntry, MapFile, OutcomeEntry, SharedFile, StepEntry, UseEntry
from jtbd.jobmap.source import Source, Steps


def resolve_map(entry: MapFile, source: Source, library: Library) -> tuple[JobMap | None, list[Issue]]:
    """The map with every ``use:`` resolved, ``None`` where one cannot be; and everything else that is wrong."""
    issues = [
        *_outcome_issues(entry, source, library),
        *_context_issues(entry.contexts, source, library),
        *_own_issues(entry, source),
    ]
    steps = tuple(_step(step, library) for step in entry.steps)
    if any(one.code == "use-of-nothing" for one in issues):
        return None, issues
    return JobMap(
        map=entry.map,
        title=entry.title,
        domain=entry.domain,
        job=entry.job,
        mode=entry.mode,
        executor=entry.executor,
        source=entry.source,
        introduction=entry.introduction,
        contexts=tuple(_contexts(entry.contexts, library)),
        functions=tuple(entry.functions),
        steps=steps,
    ), issues


def shared_issues(entry: SharedFile, source: Source, library: Library) -> list[Issue]:
    """What is wrong with a valid file of shared outcomes and contexts."""
    return [
        *(one.issue for one in _clashes({one.id for one in entry.outcomes}, source, library.outcomes)),
        *_context_issues(entry.contexts, source, library),
    ]


def name_issues(name: str, path: Path, source: Source) -> list[Issue]:
    """A warning when the file has another name than what it holds: it is the file's name that is looked up."""
    if path.stem == name:
        return []
    key = next(iter(source.data.keys() & {"map", "survey"}))
    line, column = source.place((key,))
    message = f"the file is named `{path.name}`, but its id is `{name}`"
    remedy = f"rename the file {name}.yaml, or the id; names are looked up by file"
    return [warning("name-differs", message, remedy, file=source.file, line=line, column=column)]


def repeated(values: Sequence[str], paths: Sequence[Steps], code: str, what: str, source: Source) -> Iterator[Issue]:
    """An issue for each of `values`, at `paths`, that came before."""
    first: dict[str, Steps] = {}
    for value, path in zip(values, paths, strict=True):
        if value in first:
            line, column = source.place(first[value])
            message = f"the {what} `{value}` is here twice; the first is at {line}:{column}"
            yield source.issue(code, message, "give one of them another name, or remove it", path)
        first.setdefault(value, path)


def _step(step: StepEntry, library: Library) -> Step:
    return Step(step.id, step.title, step.stage, tuple(step.functions), tuple(_outcomes(step, library)))


def _outcomes(step: StepEntry, library: Library) -> Iterator[Outcome]:
    for entry in step.outcomes:
        if isinstance(entry, OutcomeEntry):
            yield Outcome(entry.id, entry.outcome, entry.ability, tuple(entry.lifecycle))
        elif found := library.outcomes.find(entry.use):
            yield found


def _contexts(entries: Sequence[ContextEntry | UseEntry], library: Library) -> Iterator[Context]:
    for entry in entries:
        if isinstance(entry, ContextEntry):
            options = tuple(ContextOption(one.value, one.text) for one in entry.options)
            yield Context(entry.id, entry.text, options)
        elif found := library.contexts.find(entry.use):
            yield found


def _outcome_issues(entry: MapFile, source: Source, library: Library) -> Iterator[Issue]:
    first: dict[str, tuple[Steps, bool]] = {}
    for path, outcome in _entries(entry):
        name, used = (outcome.use, True) if isinstance(outcome, UseEntry) else (outcome.id, False)
        if used and not library.outcomes.find(name):
            yield _use_of_nothing(name, (*path, "use"), library.outcomes, source, library)
        if name in first and (used or first[name][1]):
            line, column = source.place((*path, "use" if used else "id"))
            before = "{}:{}:{}".format(source.file, *source.place(first[name][0]))
            yield outcome_twice(name, before, file=source.file, line=line, column=column)
        first.setdefault(name, (path, used))
    yield from (one.issue for one in _clashes(set(first), source, library.outcomes))


def _use_of_nothing(name: str, path: Steps, definitions: Definitions[Thing], source: Source, library: Library) -> Issue:
    remedy = nearest(name, definitions.by_id, "define it here or in maps/shared.yaml")
    if library.unread:
        remedy += f" (not readable, so not searched: {', '.join(library.unread)})"
    return source.issue("use-of-nothing", f"no map defines the {definitions.kind} `{name}`", remedy, path)


def _entries(entry: MapFile) -> Iterator[tuple[Steps, OutcomeEntry | UseEntry]]:
    for number, step in enumerate(entry.steps):
        for position, outcome in enumerate(step.outcomes):
            yield ("steps", number, "outcomes", position), outcome


def _clashes(names: set[str], source: Source, definitions: Definitions[Thing]) -> list[Clash[Thing]]:
    """Clashes this file must answer for: its own, and those that leave open what one of its ids means."""
    return [
        clash
        for name in sorted(names)
        for clash in definitions.clashes(name)
        if clash.second.source.file == source.file or (clash.same_folder and clash.issue.level == "error")
    ]


def _context_issues(entries: Sequence[ContextEntry | UseEntry], source: Source, library: Library) -> Iterator[Issue]:
    names, paths = [], []
    for number, entry in enumerate(entries):
        path: Steps = ("contexts", number)
        if isinstance(entry, UseEntry):
            names.append(entry.use)
            paths.append((*path, "use"))
            if not library.contexts.find(entry.use):
                yield _use_of_nothing(entry.use, paths[-1], library.contexts, source, library)
            continue
        names.append(entry.id)
        paths.append((*path, "id"))
        values = [one.value for one in entry.options]
        places: list[Steps] = [(*path, "options", n, "value") for n in range(len(values))]
        yield from repeated(values, places, "duplicate-option", "option", source)
    yield from repeated(names, paths, "duplicate-context", "context", source)
    yield from (one.issue for one in _clashes(set(names), source, library.contexts) if not one.same_file)


def _own_issues(entry: MapFile, source: Source) -> Iterator[Issue]:
    steps = range(len(entry.steps))
    yield from repeated(
        [one.id for one in entry.steps], [("steps", n, "id") for n in steps], "duplicate-step", "step", source
    )
    for number, step in enumerate(entry.steps):
        for position, function in enumerate(step.functions):
            if function not in entry.functions:
                remedy = nearest(function, entry.functions, "add it to the map's `functions`, or remove it here")
                path = ("steps", number, "functions", position)
                message = f"the function “{function}” is not among the map's functions"
                yield source.issue("unknown-function", message, remedy, path)

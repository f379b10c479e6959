"""What differs between two maps: two versions of one, or two modes of the same work.

Steps, outcomes and contexts are the same if their ids are; everything each map holds is accounted for once.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from jtbd.jobmap.model import Context, JobMap, Outcome, Step

Value = str | tuple[str, ...]

_MAP_KEYS = ("map", "title", "domain", "job", "mode", "executor", "introduction", "source", "functions")
_STEP_KEYS = ("title", "stage", "functions")
_WORDING = ("outcome", "ability")
_OUTCOME_KEYS = (*_WORDING, "lifecycle")


@dataclass(frozen=True)
class Change:
    """A key with another value: a text, or a list of texts."""

    key: str
    before: Value
    after: Value


@dataclass(frozen=True)
class Placed:
    """An outcome, and the step that holds it."""

    outcome: Outcome
    step: Step


Part = TypeVar("Part", Step, Placed, Context)


@dataclass(frozen=True)
class Pair(Generic[Part]):
    """What both maps hold under one id.

    ``moved`` says that it stands elsewhere: an outcome in another step, or out of the order that the others in its
    step keep; a step or a context out of the order that the others keep.
    """

    before: Part
    after: Part
    moved: bool
    changes: tuple[Change, ...]

    @property
    def kept(self) -> bool:
        """Whether it is the same in both maps, and in the same place."""
        return not self.moved and not self.changes

    @property
    def reworded(self) -> bool:
        """Whether one of an outcome's two phrasings differs."""
        return any(change.key in _WORDING for change in self.changes)


@dataclass(frozen=True)
class Parts(Generic[Part]):
    """The steps, outcomes or contexts of two maps: each stands in exactly one of the three.

    ``removed`` and ``both`` are in the order of the first map, ``added`` in that of the second.
    """

    removed: tuple[Part, ...]
    added: tuple[Part, ...]
    both: tuple[Pair[Part], ...]

    @property
    def kept(self) -> bool:
        """Whether both maps hold the same."""
        return not self.removed and not self.added and all(pair.kept for pair in self.both)


@dataclass(frozen=True)
class MapDiff:
    """All differences between two maps; ``changes`` are those of their own keys."""

    before: JobMap
    after: JobMap
    changes: tuple[Change, ...]
    steps: Parts[Step]
    outcomes: Parts[Placed]
    contexts: Parts[Context]

    @property
    def empty(self) -> bool:
        """Whether there is no difference at all."""
        return not self.changes and self.steps.kept and self.outcomes.kept and self.contexts.kept

    @property
    def between_modes(self) -> bool:
        """Whether these are two maps of the same work rather than two versions of one map."""
        return self.before.map != self.after.map and self.before.mode != self.after.mode


def diff(before: JobMap, after: JobMap) -> MapDiff:
    """What it takes to get from `before` to `after`."""
    return MapDiff(
        before,
        after,
        tuple(_changes(before, after, _MAP_KEYS)),
        _steps(before, after),
        _outcomes(before, after),
        _contexts(before, after),
    )


def _steps(before: JobMap, after: JobMap) -> Parts[Step]:
    first, second = {one.id: one for one in before.steps}, {one.id: one for one in after.steps}
    steady = _steady(list(first), list(second))
    both = tuple(
        Pair(one, second[name], name not in steady, tuple(_changes(one, second[name], _STEP_KEYS)))
        for name, one in first.items()
        if name in second
    )
    return Parts(_without(first, second), _without(second, first), both)


def _outcomes(before: JobMap, after: JobMap) -> Parts[Placed]:
    first, second = _placed(before), _placed(after)
    steady: set[str] = set()
    for step in {one.step.id for one in first.values()}:
        here, there = ([name for name, one in placed.items() if one.step.id == step] for placed in (first, second))
        steady |= _steady(here, there)
    both = tuple(
        Pair(one, second[name], name not in steady, tuple(_changes(one.outcome, second[name].outcome, _OUTCOME_KEYS)))
        for name, one in first.items()
        if name in second
    )
    return Parts(_without(first, second), _without(second, first), both)


def _contexts(before: JobMap, after: JobMap) -> Parts[Context]:
    first, second = {one.id: one for one in before.contexts}, {one.id: one for one in after.contexts}
    steady = _steady(list(first), list(second))
    both = tuple(
        Pair(one, second[name], name not in steady, tuple(_context_changes(one, second[name])))
        for name, one in first.items()
        if name in second
    )
    return Parts(_without(first, second), _without(second, first), both)


def _placed(job_map: JobMap) -> dict[str, Placed]:
    return {outcome.id: Placed(outcome, step) for step in job_map.steps for outcome in step.outcomes}


def _without(these: Mapping[str, Part], those: Mapping[str, Part]) -> tuple[Part, ...]:
    return tuple(one for name, one in these.items() if name not in those)


def _changes(before: object, after: object, keys: Sequence[str]) -> Iterator[Change]:
    for key in keys:
        one, other = getattr(before, key), getattr(after, key)
        if one != other:
            yield Change(key, one, other)


def _context_changes(before: Context, after: Context) -> Iterator[Change]:
    yield from _changes(before, after, ("text",))
    if before.options != after.options:
        one, other = (tuple(f"{option.value}: {option.text}" for option in side.options) for side in (before, after))
        yield Change("options", one, other)


def _steady(before: Sequence[str], after: Sequence[str]) -> set[str]:
    """The most names that keep their order; of equally many, the first by name, so that both directions agree."""
    place = {name: number for number, name in enumerate(after)}
    ending: dict[str, tuple[str, ...]] = {}
    for name in before:
        if name in place:
            before_it = (chain for last, chain in ending.items() if place[last] < place[name])
            ending[name] = (*_best(before_it), name)
    return set(_best(ending.values()))


def _best(chains: Iterable[tuple[str, ...]]) -> tuple[str, ...]:
    return min(chains, key=lambda chain: (-len(chain), chain), default=())

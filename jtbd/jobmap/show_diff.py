"""Differences between maps as a person reads them in a terminal, and as a program reads them."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator
from itertools import groupby
from textwrap import wrap
from typing import Any

from jtbd.jobmap.diff import Change, MapDiff, Pair, Part, Parts, Placed
from jtbd.jobmap.model import Context, JobMap, Outcome, Step
from jtbd.plural import counted

WIDTH = 88


def as_text(difference: MapDiff, names: tuple[str, str], width: int = WIDTH) -> str:
    """The differences as plain text, the summary first; `names` are what the two maps are called."""
    lines = _modes(difference) if difference.between_modes else _versions(difference, names)
    return "\n".join(part for line in lines for part in _wrapped(line, max(width, 40)))


def as_json(difference: MapDiff) -> str:
    """The differences as JSON: every step, outcome and context of both maps once."""
    plain = {
        "before": _named(difference.before),
        "after": _named(difference.after),
        "between": "modes" if difference.between_modes else "versions",
        "counts": {
            "steps": _counts(difference.steps),
            "outcomes": _counts(difference.outcomes),
            "contexts": _counts(difference.contexts),
        },
        "changes": [_plain_change(change) for change in difference.changes],
        "steps": _plain(difference.steps, _plain_step, lambda one: {"id": one.id}),
        "outcomes": _plain(difference.outcomes, _plain_outcome, lambda one: {"id": one.outcome.id}, _steps_of),
        "contexts": _plain(difference.contexts, _plain_context, lambda one: {"id": one.id}),
    }
    return json.dumps(plain, ensure_ascii=False, indent=2)


def _wrapped(line: str, width: int) -> list[str]:
    indent = len(line) - len(line.lstrip(" -+~→"))
    start, rest = line[:indent], line[indent:]
    return wrap(rest, width, initial_indent=start, subsequent_indent=" " * indent) or [line]


def _versions(difference: MapDiff, names: tuple[str, str]) -> Iterator[str]:
    yield difference.after.title
    yield f"  A  {names[0]}"
    yield f"  B  {names[1]}"
    if difference.empty:
        yield "no differences"
        return
    yield "  steps     " + _summary(difference.steps)
    yield "  outcomes  " + _summary(difference.outcomes)
    yield "  contexts  " + _summary(difference.contexts)
    yield from _headed("Map", (line for change in difference.changes for line in _change(change, "  ")))
    yield from _headed("Steps", _changed_steps(difference))
    yield from _changed_outcomes(difference.outcomes)
    yield from _headed("Contexts", _changed_contexts(difference.contexts))


def _changed_steps(difference: MapDiff) -> Iterator[str]:
    first, second = ([step.id for step in side.steps] for side in (difference.before, difference.after))
    for step in difference.steps.added:
        yield f"  + {step.id}  {step.title} ({step.stage}), step {second.index(step.id) + 1}"
    for step in difference.steps.removed:
        yield f"  - {step.id}  {step.title} ({step.stage}), step {first.index(step.id) + 1}"
    for pair in difference.steps.both:
        if not pair.kept:
            places = f"step {first.index(pair.before.id) + 1} → {second.index(pair.after.id) + 1}"
            yield f"  ~ {pair.after.id}" + (f"  moved: {places}" if pair.moved else f"  {pair.after.title}")
            yield from (line for change in pair.changes for line in _change(change, "      "))


def _changed_outcomes(parts: Parts[Placed]) -> Iterator[str]:
    yield from _headed("Outcomes added", _placed_outcomes(parts.added, "+"))
    yield from _headed("Outcomes removed", _placed_outcomes(parts.removed, "-"))
    changed = [pair for pair in parts.both if pair.changes]
    yield from _headed("Outcomes reworded", _reworded([pair for pair in changed if pair.reworded]))
    yield from _headed("Outcomes moved", (f"  ~ {_way(pair)}" for pair in parts.both if pair.moved))
    yield from _headed("Lifecycle changed", _reworded([pair for pair in changed if not pair.reworded]))


def _placed_outcomes(placed: Iterable[Placed], sign: str) -> Iterator[str]:
    for one in placed:
        yield f"  {sign} {one.outcome.id}  in {one.step.id}"
        yield from _phrasings(one.outcome, "      ")


def _phrasings(outcome: Outcome, indent: str) -> Iterator[str]:
    yield f"{indent}{outcome.outcome}"
    yield f"{indent}→ {outcome.ability}"


def _reworded(pairs: Iterable[Pair[Placed]]) -> Iterator[str]:
    for pair in pairs:
        yield f"  ~ {pair.after.outcome.id}  in {pair.after.step.id}"
        yield from (line for change in pair.changes for line in _change(change, "      "))


def _way(pair: Pair[Placed]) -> str:
    """Where an outcome went."""
    one, other = pair.before, pair.after
    if one.step.id != other.step.id:
        return f"{other.outcome.id}  {one.step.id} → {other.step.id}"
    places = [step.outcomes.index(outcome) + 1 for step, outcome in ((p.step, p.outcome) for p in (one, other))]
    return f"{other.outcome.id}  within {other.step.id}, place {places[0]} → {places[1]}"


def _changed_contexts(parts: Parts[Context]) -> Iterator[str]:
    for sign, contexts in (("+", parts.added), ("-", parts.removed)):
        yield from (f"  {sign} {context.id}  {context.text}" for context in contexts)
    for pair in parts.both:
        if not pair.kept:
            yield f"  ~ {pair.after.id}" + ("  moved" if pair.moved else "")
            yield from (line for change in pair.changes for line in _change(change, "      "))


def _change(change: Change, indent: str) -> Iterator[str]:
    """A short value on one line, a list by what came and went, a long text below itself."""
    before, after = change.before, change.after
    if isinstance(before, tuple) and isinstance(after, tuple):
        signs = [f"+ {one}" for one in after if one not in before] + [f"- {one}" for one in before if one not in after]
        yield f"{indent}{change.key}: " + (", ".join(signs) or f"in another order: {', '.join(after)}")
    elif len(before) + len(after) < 40:
        yield f"{indent}{change.key}: {before or '(none)'} → {after or '(none)'}"
    else:
        yield f"{indent}{change.key}"
        yield f"{indent}  - {before or '(none)'}"
        yield f"{indent}  + {after or '(none)'}"


def _modes(difference: MapDiff) -> Iterator[str]:
    before, after, outcomes = difference.before, difference.after, difference.outcomes
    width = max(len(before.map), len(after.map))
    for job_map in (before, after):
        count = sum(1 for _ in job_map.outcomes)
        size = f"{counted(len(job_map.steps), 'step')}, {counted(count, 'outcome')}"
        yield f"{job_map.map:<{width}}  {job_map.title}: {size}"
    yield ""
    both = f"{len(outcomes.both)} outcome{'' if len(outcomes.both) == 1 else 's'} in both"
    yield f"{both}, {len(outcomes.removed)} only in {before.map}, {len(outcomes.added)} only in {after.map}"
    yield from _sides("Functions", difference, lambda job_map: set(job_map.functions))
    yield from _sides("Contexts", difference, lambda job_map: {one.id for one in job_map.contexts})
    told = ("map", "title", "mode", "functions", "introduction", "source")
    others = (line for change in difference.changes if change.key not in told for line in _change(change, "  "))
    yield from _headed("Also different", others)
    yield from _headed("In both, by the step of each", _shared(difference))
    yield from _headed(f"Only in {before.map}", _by_step(before, outcomes.removed))
    yield from _headed(f"Only in {after.map}", _by_step(after, outcomes.added))


def _sides(head: str, difference: MapDiff, names_of: Callable[[JobMap], set[str]]) -> Iterator[str]:
    first, second = names_of(difference.before), names_of(difference.after)
    sides = {
        "both": first & second,
        f"only {difference.before.map}": first - second,
        f"only {difference.after.map}": second - first,
    }
    yield from _headed(head, (f"  {side}: {', '.join(sorted(names))}" for side, names in sides.items() if names))


def _shared(difference: MapDiff) -> Iterator[str]:
    names = (difference.before.map, difference.after.map)
    width = max(map(len, names)) + 1
    steps = [step.id for step in difference.after.steps]
    in_order = sorted(difference.outcomes.both, key=lambda pair: _order(difference.before, steps, pair))
    for _, group in groupby(in_order, key=lambda pair: (pair.before.step.id, pair.after.step.id)):
        pairs = list(group)
        for name, step in zip(names, (pairs[0].before.step, pairs[0].after.step), strict=True):
            yield f"  {name + ':':<{width}} {step.title} ({step.stage})"
        for pair in pairs:
            yield f"      {pair.after.outcome.id}"
            yield f"        {pair.after.outcome.outcome}"
            yield from (line for change in pair.changes for line in _change(change, "        "))


def _order(before: JobMap, steps: list[str], pair: Pair[Placed]) -> tuple[int, int]:
    return [step.id for step in before.steps].index(pair.before.step.id), steps.index(pair.after.step.id)


def _by_step(job_map: JobMap, placed: Iterable[Placed]) -> Iterator[str]:
    numbers = {step.id: number for number, step in enumerate(job_map.steps, 1)}
    for step, group in groupby(placed, key=lambda one: one.step):
        yield f"  {numbers[step.id]}. {step.title} ({step.stage})"
        for one in group:
            yield f"      {one.outcome.id}"
            yield f"        {one.outcome.outcome}"


def _headed(head: str, lines: Iterable[str]) -> Iterator[str]:
    """The lines under their heading; nothing where there are none."""
    held = list(lines)
    if held:
        yield from ("", head, *held)


def _summary(parts: Parts[Part]) -> str:
    return ", ".join(f"{count} {name}" for name, count in _counts(parts).items() if count) or "none"


def _counts(parts: Parts[Part]) -> dict[str, int]:
    """How many of each; one both changed and moved counts as each."""
    changed = [pair for pair in parts.both if pair.changes]
    reworded = sum(pair.reworded for pair in changed)
    counts = {"added": len(parts.added), "removed": len(parts.removed), "reworded": reworded}
    others = {"changed": len(changed) - reworded, "moved": sum(pair.moved for pair in parts.both)}
    return counts | others | {"kept": sum(pair.kept for pair in parts.both)}


def _named(job_map: JobMap) -> dict[str, Any]:
    return {
        "map": job_map.map,
        "title": job_map.title,
        "mode": job_map.mode,
        "steps": len(job_map.steps),
        "outcomes": sum(1 for _ in job_map.outcomes),
        "content_hash": job_map.content_hash,
    }


def _plain(
    parts: Parts[Part],
    whole: Callable[[Part], dict[str, Any]],
    name: Callable[[Part], dict[str, Any]],
    more: Callable[[Pair[Part]], dict[str, Any]] = lambda pair: {},
) -> dict[str, Any]:
    return {
        "removed": [whole(one) for one in parts.removed],
        "added": [whole(one) for one in parts.added],
        "both": [
            name(pair.after)
            | more(pair)
            | {"moved": pair.moved, "changes": [_plain_change(change) for change in pair.changes]}
            for pair in parts.both
        ],
    }


def _plain_change(change: Change) -> dict[str, Any]:
    return {"key": change.key, "before": change.before, "after": change.after}


def _plain_step(step: Step) -> dict[str, Any]:
    return {"id": step.id, "title": step.title, "stage": step.stage, "functions": step.functions}


def _plain_outcome(placed: Placed) -> dict[str, Any]:
    outcome = placed.outcome
    texts = {"id": outcome.id, "step": placed.step.id, "outcome": outcome.outcome, "ability": outcome.ability}
    return texts | {"lifecycle": outcome.lifecycle}


def _plain_context(context: Context) -> dict[str, Any]:
    options = [{"value": option.value, "text": option.text} for option in context.options]
    return {"id": context.id, "text": context.text, "options": options}


def _steps_of(pair: Pair[Placed]) -> dict[str, Any]:
    return {"step_before": pair.before.step.id, "step_after": pair.after.step.id}

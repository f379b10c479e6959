"""A map as a person reads it in a terminal, and as a program reads it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import asdict
from textwrap import wrap

from jtbd.jobmap.model import JobMap, Step
from jtbd.plural import counted

WIDTH = 88


def as_text(job_map: JobMap, width: int = WIDTH) -> str:
    """The map as plain text: the steps with their stage and functions, each outcome in both phrasings."""
    width = max(width, 40)
    return "\n".join(
        [*_head(job_map, width), *(line for n, step in enumerate(job_map.steps, 1) for line in _step(n, step, width))]
    )


def as_json(job_map: JobMap) -> str:
    """The map as JSON with every ``use:`` resolved, and its content hash."""
    return json.dumps(asdict(job_map) | {"content_hash": job_map.content_hash}, ensure_ascii=False, indent=2)


def _head(job_map: JobMap, width: int) -> Iterator[str]:
    yield job_map.title
    yield "=" * min(len(job_map.title), width)
    count = sum(1 for _ in job_map.outcomes)
    facts = {
        "job": job_map.job,
        "mode": job_map.mode,
        "executor": job_map.executor,
        "domain": job_map.domain,
        "functions": ", ".join(job_map.functions),
        "size": f"{counted(len(job_map.steps), 'step')}, {counted(count, 'outcome')}",
        "source": job_map.source,
    }
    for name, value in facts.items():
        if value:
            yield from wrap(value, width, initial_indent=f"{name:<11}", subsequent_indent=" " * 11)
    if job_map.introduction:
        yield ""
        yield from wrap(job_map.introduction, width)


def _step(number: int, step: Step, width: int) -> Iterator[str]:
    yield ""
    yield from wrap(f"{number}. {step.title}", width, subsequent_indent="   ")
    yield from wrap(" · ".join([step.stage, *step.functions]), width, initial_indent="   ", subsequent_indent="   ")
    for outcome in step.outcomes:
        yield ""
        yield f"   {outcome.id}" + (f"  [{', '.join(outcome.lifecycle)}]" if outcome.lifecycle else "")
        yield from wrap(outcome.outcome, width, initial_indent="     ", subsequent_indent="     ")
        yield from wrap(outcome.ability, width, initial_indent="     → ", subsequent_indent="       ")

"""Rules about a map as a whole: its stages, how many outcomes it has, and what its steps measure."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import get_args

from jtbd.jobmap.model import JobMap, Stage, Step
from jtbd.jobmap.rules.finding import Finding
from jtbd.jobmap.source import Steps

FEW_IN_STEP, MANY_IN_STEP = 2, 12
FEW_IN_MAP, MANY_IN_MAP = 20, 150
_STAGES: tuple[Stage, ...] = get_args(Stage)
_FAMILIES = {
    "speed": re.compile(r"\b(?:time|effort|costs?|delay|duration)\b", re.IGNORECASE),
    "predictability": re.compile(r"\b(?:likelihood|probability|chance|risk|variation|variability)\b", re.IGNORECASE),
    "output": re.compile(r"\b(?:number|amount|share|proportion|loss|increase)\b", re.IGNORECASE),
}


def check_structure(job_map: JobMap) -> Iterator[tuple[Steps, Finding]]:
    """Findings about a map, each with the place in the file that it is about."""
    yield from _stages(job_map)
    total = len(list(job_map.outcomes))
    if not FEW_IN_MAP <= total <= MANY_IN_MAP:
        what = "few to cover a job" if total < FEW_IN_MAP else "more than people will rate"
        remedy = f"maps of a whole job have {FEW_IN_MAP} to {MANY_IN_MAP}"
        yield ("steps",), Finding("map-size", f"{total} outcomes are {what}", remedy)
    for number, step in enumerate(job_map.steps):
        yield from _step(step, ("steps", number))


def _stages(job_map: JobMap) -> Iterator[tuple[Steps, Finding]]:
    present = {step.stage for step in job_map.steps}
    missing = [stage for stage in _STAGES if stage not in present]
    if missing:
        message = f"no step is of the stage {', '.join(missing)}"
        yield ("steps",), Finding("stage-missing", message, "ask whether people do nothing of the kind in this job")
    furthest = 0
    after = _STAGES.index("monitor")  # what was handed over is watched on: what comes after the work has no order
    for number, step in enumerate(job_map.steps):
        place = min(_STAGES.index(step.stage), after)
        if place < furthest - 1:
            message = f"“{step.title}” ({step.stage}) comes after a step of the stage {_STAGES[furthest]}"
            yield ("steps", number, "stage"), Finding("stage-order", message, "move the step, or name its stage anew")
        furthest = max(furthest, place)


def _step(step: Step, path: Steps) -> Iterator[tuple[Steps, Finding]]:
    count = len(step.outcomes)
    if not FEW_IN_STEP <= count <= MANY_IN_STEP:
        what = (
            "one outcome says little about a step" if count < FEW_IN_STEP else f"{count} outcomes are many for a step"
        )
        yield (*path, "outcomes"), Finding("step-size", what, "join the step with another, or part it")
    texts = [outcome.outcome for outcome in step.outcomes]
    covered = {name for name, pattern in _FAMILIES.items() if any(pattern.search(text) for text in texts)}
    if count >= 3 and len(covered) < 2:
        missing = " and ".join(name for name in _FAMILIES if name not in covered)
        message = f"“{step.title}” measures nothing of {missing}"
        yield (
            (*path, "outcomes"),
            Finding("step-coverage", message, "ask how fast, how surely and how well it gets done"),
        )

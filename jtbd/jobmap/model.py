"""The nouns of a job map. Frozen: a map is read once and never changed."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from typing import Literal

Mode = Literal["acquire", "grow", "retain", "leverage"]
Stage = Literal["define", "locate", "prepare", "confirm", "execute", "monitor", "modify", "conclude"]


@dataclass(frozen=True)
class Outcome:
    """How people who do the job judge success, in two phrasings.

    ``outcome`` is the long form (direction + metric + object of control), ``ability`` the short one,
    which completes "to be able to …". ``id`` is the same wherever the outcome is used.
    """

    id: str
    outcome: str
    ability: str
    lifecycle: tuple[str, ...] = ()


@dataclass(frozen=True)
class Step:
    """A part of the job, its universal stage, who takes part, and its outcomes."""

    id: str
    title: str
    stage: Stage
    functions: tuple[str, ...]
    outcomes: tuple[Outcome, ...]


@dataclass(frozen=True)
class ContextOption:
    """One answer to a context question."""

    value: str
    text: str


@dataclass(frozen=True)
class Context:
    """Circumstances around the job, asked to explain differences; part of a map's catalogue."""

    id: str
    text: str
    options: tuple[ContextOption, ...]


@dataclass(frozen=True)
class JobMap:
    """A job as a list of steps with their outcomes, every ``use:`` resolved."""

    map: str
    title: str
    domain: str
    job: str
    mode: Mode
    executor: str
    source: str
    introduction: str
    contexts: tuple[Context, ...]
    functions: tuple[str, ...]
    steps: tuple[Step, ...]

    @property
    def outcomes(self) -> Iterator[Outcome]:
        """Every outcome, in the order of the steps."""
        return (outcome for step in self.steps for outcome in step.outcomes)

    @property
    def content_hash(self) -> str:
        """SHA-256 of the resolved content: the same however the YAML is laid out."""
        canonical = json.dumps(asdict(self), sort_keys=True, ensure_ascii=False)
        return hashlib.sha256(canonical.encode()).hexdigest()

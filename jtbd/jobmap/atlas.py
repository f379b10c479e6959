"""All maps of a workspace side by side: which there are, and where they use the same outcome."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import get_args

from jtbd.errors import Issue
from jtbd.jobmap.library import map_folders
from jtbd.jobmap.load import check_file
from jtbd.jobmap.model import JobMap, Mode, Outcome, Stage, Step
from jtbd.settings import Settings

STAGES: tuple[Stage, ...] = get_args(Stage)
_MODES: tuple[Mode, ...] = get_args(Mode)


@dataclass(frozen=True)
class Use:
    """One place where an outcome is used."""

    job_map: JobMap
    step: Step


@dataclass(frozen=True)
class Atlas:
    """Maps in the order of the modes, and what is wrong with the files that hold none."""

    maps: tuple[JobMap, ...]
    broken: tuple[Issue, ...]

    @cached_property
    def uses(self) -> Mapping[str, tuple[Use, ...]]:
        """Where each outcome is used, by id, in the order of the maps."""
        found: dict[str, list[Use]] = {}
        for job_map in self.maps:
            for step in job_map.steps:
                for outcome in step.outcomes:
                    found.setdefault(outcome.id, []).append(Use(job_map, step))
        return {outcome: tuple(uses) for outcome, uses in found.items()}

    def find(self, name: str) -> JobMap | None:
        """The map of this id."""
        return next((job_map for job_map in self.maps if job_map.map == name), None)

    def elsewhere(self, outcome: str, here: JobMap) -> tuple[Use, ...]:
        """Where else an outcome is used than in the map ``here``."""
        return tuple(use for use in self.uses.get(outcome, ()) if use.job_map.map != here.map)

    @property
    def shared(self) -> tuple[Outcome, ...]:
        """Outcomes that two or more maps use, those of most maps first, then in the order of the maps."""
        outcomes = {outcome.id: outcome for job_map in self.maps for outcome in job_map.outcomes}
        several = [one for one in outcomes if len({use.job_map.map for use in self.uses[one]}) > 1]
        return tuple(outcomes[one] for one in sorted(several, key=lambda one: -len(self.uses[one])))

    def only(self, names: tuple[str, ...]) -> Atlas:
        """The same atlas with some of the maps."""
        return Atlas(tuple(job_map for job_map in self.maps if job_map.map in names), self.broken)


def read_atlas(settings: Settings) -> Atlas:
    """Every map of the workspace and every shipped one that none of the workspace's replaces."""
    maps: dict[str, JobMap] = {}
    broken: list[Issue] = []
    seen: set[str] = set()
    for folder in map_folders(settings):
        for path in sorted(folder.glob("*.yaml")):
            if path.name in seen:
                continue
            seen.add(path.name)
            job_map, issues = check_file(settings, path)
            if job_map is not None:
                maps.setdefault(job_map.map, job_map)
            broken += [one for one in issues if one.level == "error"]
    ordered = sorted(maps.values(), key=lambda one: (_MODES.index(one.mode), one.map))
    return Atlas(tuple(ordered), tuple(broken))

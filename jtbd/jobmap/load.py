"""A name or a path becomes a :class:`JobMap`, or every issue found on the way."""

from __future__ import annotations

from pathlib import Path

from jtbd.errors import InputError, Issue, called, issue
from jtbd.jobmap.fields import nearest, validate
from jtbd.jobmap.library import map_folders, read_library
from jtbd.jobmap.model import JobMap
from jtbd.jobmap.resolve import name_issues, resolve_map, shared_issues
from jtbd.jobmap.schema import MapFile, SharedFile
from jtbd.jobmap.source import Source, read_source
from jtbd.settings import Settings


def load_map(settings: Settings, name: str) -> JobMap:
    """The map with this name (the workspace's before the shipped one), or in the file at this path.

    Raises
    ------
    InputError
        With every error found; warnings are for :func:`check_map`.
    """
    job_map, issues = check_map(settings, name)
    if job_map is None:
        raise InputError(one for one in issues if one.level == "error")
    return job_map


def check_map(settings: Settings, name: str) -> tuple[JobMap | None, list[Issue]]:
    """The map, ``None`` if it has errors, and every issue, sorted by place."""
    try:
        path = settings.find("maps", name)
    except OSError:  # a name no file system takes
        path = None
    if path is None:
        return None, [no_such_map(settings, name)]
    job_map, issues = check_file(settings, path)
    if job_map is None and not any(one.level == "error" for one in issues):
        message = "the file holds shared outcomes, not a map"
        issues.append(issue("not-a-map", message, "name a map that uses them", file=called(path)))
    return job_map, issues


def check_file(settings: Settings, path: Path) -> tuple[JobMap | None, list[Issue]]:
    """Like :func:`check_map` for any file of a ``maps`` folder; a file of shared outcomes gives no map."""
    try:
        source = read_source(path)
    except InputError as error:
        return None, list(error.issues)
    job_map, issues = (
        _check_shared(settings, path, source) if "shared" in source.data else _check(settings, path, source)
    )
    issues = sorted(set(issues))
    return (None if any(one.level == "error" for one in issues) else job_map), issues


def no_such_map(settings: Settings, name: str, **place: int | str) -> Issue:
    """The issue that no map has this name, with the names most like it."""
    known = [path.stem for folder in map_folders(settings) for path in folder.glob("*.yaml")]
    is_path = name.endswith((".yaml", ".yml")) or "/" in name
    message = f"there is no file {name}" if is_path else f"there is no map named `{name}`"
    names = "maps are " + ", ".join(sorted(set(known)))
    remedy = "check the path" if is_path else nearest(name, known, names)
    return issue("no-such-map", message, remedy, **({"file": name} | place))  # type: ignore[arg-type]


def _check(settings: Settings, path: Path, source: Source) -> tuple[JobMap | None, list[Issue]]:
    if "map" not in source.data and "survey" in source.data:
        remedy = "check it with `jtbd survey check`"
        return None, [source.issue("not-a-map", "the file holds a survey, not a map", remedy, ("survey",), key=True)]
    entry, issues = validate(MapFile, source)
    if entry is None:
        return None, issues
    job_map, found = resolve_map(entry, source, read_library(settings, path))
    return job_map, issues + found + name_issues(entry.map, path, source)


def _check_shared(settings: Settings, path: Path, source: Source) -> tuple[None, list[Issue]]:
    entry, issues = validate(SharedFile, source)
    return None, issues + (shared_issues(entry, source, read_library(settings, path)) if entry else [])

"""A map to be compared with another: two versions word the same outcomes differently, and that is no error here."""

from __future__ import annotations

from jtbd.errors import InputError
from jtbd.jobmap.fields import validate
from jtbd.jobmap.library import read_library
from jtbd.jobmap.load import check_map
from jtbd.jobmap.model import JobMap
from jtbd.jobmap.resolve import resolve_map
from jtbd.jobmap.schema import MapFile
from jtbd.jobmap.source import read_source
from jtbd.settings import Settings


def load_version(settings: Settings, name: str) -> JobMap:
    """The map with this name or in the file at this path, even where another file words its outcomes differently.

    Raises
    ------
    InputError
        With every other error found.
    """
    job_map, issues = check_map(settings, name)
    if job_map is not None:
        return job_map
    errors = [one for one in issues if one.level == "error" and one.code != "wording-differs"]
    path = settings.find("maps", name)
    if errors or path is None:
        raise InputError(errors)
    source = read_source(path)
    entry, _ = validate(MapFile, source)
    resolved = resolve_map(entry, source, read_library(settings, path))[0] if entry else None
    if resolved is None:
        raise InputError(issues)
    return resolved

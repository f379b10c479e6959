"""Everything wrong with maps, as a list: bad input is the result here, not a failure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

from jtbd.errors import Issue, issue
from jtbd.jobmap.library import map_folders
from jtbd.jobmap.load import check_file
from jtbd.settings import Settings


def lint(settings: Settings, paths: Iterable[str | Path] = ()) -> list[Issue]:
    """Every issue of the files at `paths`, sorted by place.

    Parameters
    ----------
    paths : iterable of str or Path
        Files, folders (every ``.yaml`` in them) or names of maps; none means all maps of the workspace and all
        shipped ones.
    """
    wanted = list(paths) or map_folders(settings)
    issues: set[Issue] = set()
    for path in wanted:
        for found in _files(settings, path):
            issues.update([found] if isinstance(found, Issue) else check_file(settings, found)[1])
    return sorted(issues)


def _files(settings: Settings, path: str | Path) -> Iterator[Path | Issue]:
    try:
        if Path(path).is_dir():
            yield from sorted(Path(path).glob("*.y*ml"))
            return
        found = settings.find("maps", str(path))
    except (OSError, ValueError):  # a name no file system takes
        found = None
    yield found or issue("cannot-read", "there is no such file", "check the path", file=str(path))

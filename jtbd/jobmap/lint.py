"""Everything wrong with maps, as a list: bad input is the result here, not a failure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

from jtbd.errors import Issue, issue
from jtbd.jobmap.library import map_folders
from jtbd.jobmap.load import check_file
from jtbd.jobmap.model import JobMap
from jtbd.jobmap.rules.check import likeness_issues, statement_issues, structure_issues, written_in
from jtbd.jobmap.rules.words import read_words
from jtbd.jobmap.translate import translation_issues
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
    valid: dict[Path, JobMap | None] = {}
    for path in wanted:
        for found in _files(settings, path):
            if isinstance(found, Issue):
                issues.add(found)
                continue
            job_map, of_file = check_file(settings, found)
            issues.update(of_file)
            if not any(one.level == "error" for one in of_file):
                valid[found] = job_map
    words, of_words = read_words(settings)
    issues.update(of_words)
    written = [one for path in valid for one in written_in(path)]
    issues.update(statement_issues(written, words))
    issues.update(likeness_issues(written, words))
    for path, job_map in valid.items():
        issues.update(translation_issues(settings, path))
        if job_map is not None:
            issues.update(structure_issues(job_map, path))
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

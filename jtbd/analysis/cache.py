"""Answers remembered until the data change, for servers."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Hashable
from threading import Lock
from typing import Any

from jtbd.analysis.change import ChangeAnalysis, changes_in
from jtbd.analysis.quality import Quality, WithAndWithout, survey_quality, with_and_without
from jtbd.analysis.query import Query
from jtbd.analysis.run import Analysis, analyse
from jtbd.analysis.source import Source, survey_source
from jtbd.store.database import Database
from jtbd.store.delivery import data_version

MOST_SOURCES = 16
"""Sources kept at once: a survey as a whole, and each wave of it that was asked for."""


class Analyst:
    """Answers queries about surveys, remembering answers until the data change. Safe under threads."""

    def __init__(self, database: Database, remember: int = 64) -> None:
        self._database = database
        self._remember = remember
        self._lock = Lock()
        self._sources: dict[tuple[str, int | str | None, bool], Source] = {}
        self._quality: dict[str, Quality] = {}
        self._shifts: dict[str, tuple[Quality, Query, WithAndWithout]] = {}
        self._answers: OrderedDict[tuple[str, str, Hashable], Any] = OrderedDict()

    def source(self, slug: str, query: Query) -> Source:
        """The survey's responses as they are now."""
        key = (slug, query.wave, query.complete_only)
        version = data_version(self._database, slug)
        with self._lock:
            known = self._sources.get(key)
        if known is None or known.version != version:
            known = survey_source(self._database, slug, wave=query.wave, complete_only=query.complete_only)
            with self._lock:
                self._forget_older(slug, version)
                self._sources[key] = known
                while len(self._sources) > MOST_SOURCES:
                    del self._sources[next(iter(self._sources))]
        return known

    def analyse(self, slug: str, query: Query) -> Analysis:
        """As :func:`analyse`, on the survey's responses as they are now."""
        source = self.source(slug, query)
        answer: Analysis = self._remembered((slug, source.version, query), lambda: analyse(source, query))
        return answer

    def changes(self, slug: str, query: Query, first: str | None, last: str | None) -> ChangeAnalysis:
        """As :func:`~jtbd.analysis.change.changes_in`, on the survey's responses as they are now."""
        source = self.source(slug, query)
        key = (slug, source.version, (query, first, last))
        answer: ChangeAnalysis = self._remembered(key, lambda: changes_in(source, query, first=first, last=last))
        return answer

    def _remembered(self, key: tuple[str, str, Hashable], ask: Callable[[], Any]) -> Any:
        with self._lock:
            if key in self._answers:
                self._answers.move_to_end(key)
                return self._answers[key]
        answer = ask()
        with self._lock:
            self._answers[key] = answer
            while len(self._answers) > self._remember:
                self._answers.popitem(last=False)
        return answer

    def quality(self, slug: str) -> Quality:
        """How carefully the survey's respondents answered, as it is now."""
        version = data_version(self._database, slug)
        with self._lock:
            known = self._quality.get(slug)
        if known is None or known.source.version != version:
            known = survey_quality(self._database, slug)
            with self._lock:
                self._quality[slug] = known
        return known

    def with_and_without(self, slug: str, query: Query) -> WithAndWithout:
        """As :func:`with_and_without`, on the survey's responses as they are now."""
        found = self.quality(slug)
        with self._lock:
            known = self._shifts.get(slug)
        if known is None or known[0] is not found or known[1] != query:
            known = found, query, with_and_without(found, query)
            with self._lock:
                self._shifts[slug] = known
        return known[2]

    def _forget_older(self, slug: str, version: str) -> None:
        """Let go of what was known of other states of a survey's responses."""
        for key in [key for key, one in self._sources.items() if key[0] == slug and one.version != version]:
            del self._sources[key]
        for answer in [key for key in self._answers if key[0] == slug and key[1] != version]:
            del self._answers[answer]

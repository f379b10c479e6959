"""Sources of ratings with what is known about their outcomes and columns."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from jtbd.errors import InputError, Issue, issue
from jtbd.ratings.model import Labels, Ratings
from jtbd.ratings.read import RatingsFile, from_frame, read_ratings
from jtbd.settings import Settings
from jtbd.survey.columns import PANEL, column_of
from jtbd.survey.model import Role, Survey

if TYPE_CHECKING:
    import pandas as pd

    from jtbd.store.database import Database
    from jtbd.store.delivery import Delivered


@dataclass(frozen=True)
class OutcomeLabel:
    """How an outcome is shown: what was asked, and on which pages of which modes."""

    statement: str = ""
    places: tuple[tuple[str, str], ...] = ()

    def step(self, mode: str | None = None) -> str:
        """Titles of the steps that ask it, in one mode or in all."""
        return " / ".join(dict.fromkeys(title for where, title in self.places if mode in (None, where)))

    @property
    def modes(self) -> tuple[str, ...]:
        """Modes in which it is asked."""
        return tuple(dict.fromkeys(mode for mode, _ in self.places if mode))


@dataclass(frozen=True)
class Source:
    """Ratings under a name, with labels.

    Parameters
    ----------
    name : str
        A survey's slug or a path.
    title : str
        What people call it.
    roles : mapping of role to column
        Which attribute is the solution, the organisation, the mode …
    texts : mapping of column to (value to text)
        How the values of choice questions are shown.
    simulated : bool
        Whether the responses are simulated; shown wherever results are.
    lines : sequence of int
        Line of each respondent, for files.
    n_excluded : int
        Responses that somebody left out with a reason.
    n_flagged : int
        Responses left out because they show signs of careless responding.
    wording_split : tuple of str
        Outcomes reported apart because an earlier revision worded them differently.
    version : str
        Changes whenever the ratings do.
    free_text : frozenset of str
        Attributes that people wrote in their own words.
    verbatims : mapping of question to object array (n,)
        Answers in people's own words to questions that stand for nothing else (without ``as``): for reading, so they
        are no attributes, and in no score and no file unless somebody asks for free text.
    """

    name: str
    title: str
    ratings: Ratings
    labels: Mapping[str, OutcomeLabel] = field(default_factory=dict)
    roles: Mapping[Role, str] = field(default_factory=dict)
    texts: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    simulated: bool = False
    lines: Sequence[int] = ()
    n_excluded: int = 0
    n_flagged: int = 0
    wording_split: tuple[str, ...] = ()
    version: str = ""
    free_text: frozenset[str] = frozenset()
    verbatims: Mapping[str, Labels] = field(default_factory=dict)

    def label(self, outcome: str) -> OutcomeLabel:
        """The label of an outcome; an empty one where nothing is known."""
        return self.labels.get(outcome, OutcomeLabel())

    def written(self, *, free_text: bool = False, panel_ids: bool = False) -> Ratings:
        """The ratings as they go into a file.

        Parameters
        ----------
        free_text : bool
            Whether everything people wrote in their own words goes with them, or none of it.
        panel_ids : bool
            Whether the ids by which panels know respondents do.
        """
        left_out = set() if free_text else {*self.free_text}
        if not panel_ids:
            left_out.add(PANEL)
        attributes = {**(self.verbatims if free_text else {}), **self.ratings.attributes}
        return replace(self.ratings, attributes={k: v for k, v in attributes.items() if k not in left_out})

    def take(self, rows: NDArray[np.bool_]) -> Source:
        """The source with the respondents chosen alone."""
        return replace(
            self,
            ratings=self.ratings.take(rows),
            lines=[line for line, kept in zip(self.lines, rows, strict=True) if kept] if self.lines else (),
            verbatims={name: column[rows] for name, column in self.verbatims.items()},
        )

    def column_as(self, role: Role) -> str:
        """The attribute with a role.

        Raises
        ------
        InputError
            The source has no such attribute.
        """
        column = self.roles.get(role)
        if column is None:
            raise InputError(
                [
                    issue(
                        "no-role",
                        f"no column says which {role} a respondent belongs to",
                        f'give a survey a profile question "as: {role}", or a file a column "{role}"',
                        file=self.name,
                    )
                ]
            )
        return column


FILE_ROLES: tuple[Role, ...] = ("mode", "solution", "organisation", "function", "segment")


def open_source(name: str, settings: Settings, *, wave: int | str | None = None, complete_only: bool = False) -> Source:
    """A file if it exists or ends in .csv or .parquet, a folder of Parquet files, otherwise a survey.

    Raises
    ------
    InputError
        A file that cannot be read as ratings, or a survey that does not exist.
    StoreError
        The database cannot be used.
    """
    if is_file(name):
        return open_file(name, wave=wave, complete_only=complete_only)
    with survey_database(name, settings) as database:
        return survey_source(database, name, wave=wave, complete_only=complete_only)


def is_file(name: str) -> bool:
    """Whether a source is a file or folder, not a survey."""
    path = Path(name)
    return path.exists() or path.suffix in {".csv", ".parquet"}


def open_file(name: str, *, wave: int | str | None = None, complete_only: bool = False) -> Source:
    """A ratings file or a folder of them.

    Raises
    ------
    InputError
        What a file cannot be asked, or a file that cannot be read as ratings.
    """
    if wave is not None or complete_only:
        raise InputError([surveys_only(name)])
    return _file_source(read_ratings(Path(name)), Path(name).name)


@contextmanager
def survey_database(name: str, settings: Settings) -> Iterator[Database]:
    """The workspace's database, for a survey; let go of afterwards.

    Raises
    ------
    InputError
        There is none, so that `name` is neither a file nor a survey.
    """
    if not settings.has_database:
        what = f'there is no file and no survey called "{name}"'
        remedy = "check the path; surveys are published with: jtbd survey publish"
        raise InputError([issue("no-such-source", what, remedy, file=str(settings.workspace))])
    from jtbd.store.database import Database

    database = Database(settings.database_url)
    try:
        yield database
    finally:
        database.dispose()


def surveys_only(name: str) -> Issue:
    """The issue of asking a file for what only surveys have."""
    what = "waves and responses in progress are known of surveys only"
    return issue("bad-option", what, "leave out --wave and --complete-only", file=name)


def source_from_frame(frame: pd.DataFrame) -> Source:
    """A data frame in the wide layout as a source."""
    file = from_frame(frame)
    return _file_source(file, file.name)


def _file_source(file: RatingsFile, title: str) -> Source:
    roles = {role: role for role in FILE_ROLES if role in file.ratings.attributes}
    source = Source(file.name, title, file.ratings, roles=dict(roles), lines=file.lines)
    if not file.about:
        return source
    from jtbd.analysis.archive import archived

    return archived(source, file.about)


def survey_source(
    database: Database, slug: str, *, wave: int | str | None = None, complete_only: bool = False
) -> Source:
    """The responses of a survey as a source (which of them count: DESIGN, Definitions)."""
    from jtbd.store.delivery import load_ratings

    number = wave_number(database, slug, wave)
    return source_of(database, slug, load_ratings(database, slug, wave=number, complete_only=complete_only))


def wave_number(database: Database, slug: str, wave: int | str | None) -> int | None:
    """The number of a survey's wave that is named by number or label.

    Raises
    ------
    InputError
        The survey has no such wave.
    """
    from jtbd.store.refusals import WaveUnknown
    from jtbd.store.waves import find_wave

    if wave is None:
        return None
    try:
        return find_wave(database, slug, wave).number
    except WaveUnknown as error:
        remedy = f"its waves are {', '.join(error.known)}" if error.known else "no wave has been opened so far"
        raise InputError([issue("unknown-wave", f"there is no wave {error.wanted}", remedy, file=slug)]) from None


def source_of(database: Database, slug: str, found: Delivered) -> Source:
    """What was delivered of a survey as a source."""
    from jtbd.store.surveys import plan_history

    plan = found.plan
    plans = {number: one for number, _, one in plan_history(database, slug)}
    labels = _labels(plan, plans, found.ratings.outcomes)
    mode = plan.question_as("mode")
    ratings = _asked_only(found.ratings, labels, column_of(mode)) if mode else found.ratings
    written = [one for revision in plans.values() for one in revision.questions if one.kind == "text"]
    # what has a role in the newest revision stays an attribute, whatever it was asked as before
    roles = {question.role: column_of(question) for question in reversed(list(plan.questions)) if question.role}
    open_ended = {column_of(one) for one in written if not one.role} - set(roles.values())
    return Source(
        slug,
        plan.title,
        replace(ratings, attributes={k: v for k, v in ratings.attributes.items() if k not in open_ended}),
        labels=labels,
        roles=roles,
        texts={
            column_of(question): {option.value: option.text for option in question.options}
            for question in plan.questions
            if question.options
        }
        | ({"language": {one.language: one.language_name for one in plan.languages}} if plan.translations else {}),
        simulated=found.simulated,
        n_excluded=found.n_excluded,
        wording_split=found.wording_split,
        version=found.data_version,
        free_text=frozenset(map(column_of, written)),
        verbatims={name: column for name, column in ratings.attributes.items() if name in open_ended},
    )


def _labels(plan: Survey, plans: Mapping[int, Survey], outcomes: Sequence[str]) -> dict[str, OutcomeLabel]:
    """Labels by outcome: of the newest plan that asks it, or of revision N for ``outcome@rN``."""
    newest_first = [plan, *(one for _, one in sorted(plans.items(), reverse=True))]
    labels = {}
    for outcome in outcomes:
        plain, _, revision = outcome.partition("@r")
        asking = [plans[int(revision)]] if revision else newest_first
        found = next((one for one in asking if plain in one.outcomes), None)
        if found is None:
            continue
        statement = found.outcomes[plain].statement + (f" (as worded in revision {revision})" if revision else "")
        pages = [page for page in found.pages if any(rated.id == plain for rated in page.outcomes)]
        labels[outcome] = OutcomeLabel(statement, tuple((page.mode, page.title) for page in pages))
    return labels


def _asked_only(ratings: Ratings, labels: Mapping[str, OutcomeLabel], mode: str) -> Ratings:
    """The ratings without those of a mode the respondent has left: they stay stored until the response ends."""
    modes = ratings.attributes[mode]
    asked = np.ones((ratings.n, len(ratings.outcomes)), bool)
    for value in set(modes) - {""}:
        columns = [
            value in labels[one].modes or not labels[one].modes if one in labels else True for one in ratings.outcomes
        ]
        asked[modes == value] = columns
    scales = {scale: matrix * asked.astype(np.uint8) for scale, matrix in ratings.scales.items()}
    marks = None if ratings.not_applicable is None else ratings.not_applicable & asked
    return replace(ratings, scales=scales, not_applicable=marks)

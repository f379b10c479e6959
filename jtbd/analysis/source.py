"""Sources of ratings with what is known about their outcomes and columns."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from jtbd.errors import InputError, issue
from jtbd.ratings.model import Ratings
from jtbd.ratings.read import from_frame, read_ratings
from jtbd.settings import Settings
from jtbd.survey.model import Page, Role, Survey

if TYPE_CHECKING:
    import pandas as pd

    from jtbd.store.database import Database


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
        Responses left out with a reason.
    wording_split : tuple of str
        Outcomes reported apart because an earlier revision worded them differently.
    version : str
        Changes whenever the ratings do.
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
    wording_split: tuple[str, ...] = ()
    version: str = ""

    def label(self, outcome: str) -> OutcomeLabel:
        """The label of an outcome; an empty one where nothing is known."""
        return self.labels.get(outcome, OutcomeLabel())

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


def open_source(name: str, settings: Settings, *, wave: int | None = None, complete_only: bool = False) -> Source:
    """A file if it exists or ends in .csv or .parquet, a folder of Parquet files, otherwise a survey.

    Raises
    ------
    InputError
        A file that cannot be read as ratings, or a survey that does not exist.
    StoreError
        The database cannot be used.
    """
    path = Path(name)
    if path.exists() or path.suffix in {".csv", ".parquet"}:
        return _file_source(path)
    if not settings.has_database:
        what = f'there is no file and no survey called "{name}"'
        remedy = "check the path; surveys are published with: jtbd survey publish"
        raise InputError([issue("no-such-source", what, remedy, file=str(settings.workspace))])
    from jtbd.store.database import Database

    database = Database(settings.database_url)
    try:
        return survey_source(database, name, wave=wave, complete_only=complete_only)
    finally:
        database.dispose()


def _file_source(path: Path) -> Source:
    file = read_ratings(path)
    roles = {role: role for role in FILE_ROLES if role in file.ratings.attributes}
    return Source(file.name, path.name, file.ratings, roles=dict(roles), lines=file.lines)


def source_from_frame(frame: pd.DataFrame) -> Source:
    """A data frame in the wide layout as a source."""
    file = from_frame(frame)
    roles = {role: role for role in FILE_ROLES if role in file.ratings.attributes}
    return Source(file.name, file.name, file.ratings, roles=dict(roles), lines=file.lines)


def survey_source(database: Database, slug: str, *, wave: int | None = None, complete_only: bool = False) -> Source:
    """The responses of a survey as a source (which of them count: DESIGN, Definitions)."""
    from jtbd.store.delivery import load_ratings

    found = load_ratings(database, slug, wave=wave, complete_only=complete_only)
    plan = found.plan
    return Source(
        slug,
        plan.title,
        found.ratings,
        labels=_labels(plan, found.ratings.outcomes),
        roles={question.role: question.id for question in reversed(list(plan.questions)) if question.role},
        texts={
            question.id: {option.value: option.text for option in question.options}
            for question in plan.questions
            if question.options
        },
        simulated=found.simulated,
        n_excluded=found.n_excluded,
        wording_split=found.wording_split,
        version=found.data_version,
    )


def _labels(plan: Survey, outcomes: Sequence[str]) -> dict[str, OutcomeLabel]:
    """Labels by outcome; ``outcome@rN``, worded differently in revision N, says so."""
    pages: dict[str, list[Page]] = {}
    for page in plan.pages:
        for rated in page.outcomes:
            pages.setdefault(rated.id, []).append(page)
    statements = plan.outcomes
    labels = {}
    for outcome in outcomes:
        plain, _, revision = outcome.partition("@r")
        if plain not in pages:
            continue
        statement = statements[plain].statement
        if revision:
            statement += f" (as worded in revision {revision})"
        labels[outcome] = OutcomeLabel(statement, tuple((page.mode, page.title) for page in pages[plain]))
    return labels

"""The compiled survey: everything a respondent can be shown, as plain frozen values.

A published revision is this value as JSON; a response stays on the revision it began.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Literal

Scale = Literal["importance", "satisfaction", "difficulty"]
Phrasing = Literal["outcome", "ability"]
DesignKind = Literal["full", "balanced", "adaptive"]
Order = Literal["map", "random"]
Access = Literal["open", "invited"]
QuestionKind = Literal["single", "multiple", "number", "text"]
Role = Literal["mode", "solution", "organisation", "function", "segment", "context", "screener", "weight", "value"]

SCALES: tuple[Scale, ...] = ("importance", "satisfaction", "difficulty")


ATTENTION = "attention."
"""What the id of an attention item begins with where it stands among outcomes: no outcome's id has a dot."""


@dataclass(frozen=True)
class Option:
    """One answer offered; ``value`` is stored, ``text`` is shown. Who chooses one that screens out goes no further."""

    value: str
    text: str
    screens_out: bool = False


@dataclass(frozen=True)
class Question:
    """A profile question. ``role`` says what the analysis takes the answer for (YAML key ``as``)."""

    id: str
    text: str
    kind: QuestionKind
    options: tuple[Option, ...] = ()
    role: Role | None = None
    required: bool = False
    hint: str = ""


@dataclass(frozen=True)
class RatedOutcome:
    """An outcome as it is rated: ``statement`` is the text the respondent reads.

    ``ability`` is the short phrasing, used to name the scales for a screen reader. ``original`` is the statement that
    ``statement`` translates; empty where it is itself the original.
    """

    id: str
    statement: str
    ability: str
    original: str = ""

    @property
    def wording_hash(self) -> str:
        """SHA-256 of the original text: ratings are pooled over revisions and languages only where it is equal."""
        return hashlib.sha256((self.original or self.statement).encode()).hexdigest()


@dataclass(frozen=True)
class AttentionItem:
    """A line among the outcomes that instructs an answer: ``expect`` (1..5) on every scale.

    It is shown before the outcome at ``position`` (0 is the first), and rated, but never scored.
    """

    id: str
    text: str
    expect: int
    position: int = 0


@dataclass(frozen=True)
class Page:
    """One page: either profile questions, or the outcomes of one step of one map.

    ``map`` and ``mode`` are empty on profile pages.
    """

    id: str
    title: str
    questions: tuple[Question, ...] = ()
    outcomes: tuple[RatedOutcome, ...] = ()
    map: str = ""
    mode: str = ""
    attention: AttentionItem | None = None

    @property
    def lines(self) -> tuple[RatedOutcome, ...]:
        """What is shown to be rated, in order: the outcomes, and the attention item as one among them."""
        if self.attention is None:
            return self.outcomes
        item, at = self.attention, self.attention.position
        shown = RatedOutcome(ATTENTION + item.id, item.text, item.text)
        return (*self.outcomes[:at], shown, *self.outcomes[at:])

    @property
    def kind(self) -> Literal["profile", "ratings"]:
        """What the page asks."""
        return "ratings" if self.outcomes else "profile"


@dataclass(frozen=True)
class SurveyMap:
    """A job map as the survey uses it."""

    map: str
    mode: str
    title: str
    job: str
    introduction: str
    content_hash: str


@dataclass(frozen=True)
class Design:
    """Who is asked what. ``outcomes_per_respondent`` is ``None`` with kind full: all outcomes of the map."""

    kind: DesignKind = "full"
    outcomes_per_respondent: int | None = None
    order: Order = "map"

    @property
    def is_assigned(self) -> bool:
        """Whether respondents differ in what they are asked, or in which order."""
        return self.kind != "full" or self.order != "map"


@dataclass(frozen=True)
class Condition:
    """One of the `values` was answered to `question`."""

    question: str
    values: tuple[str, ...]


@dataclass(frozen=True)
class Quota:
    """At most `limit` responses (in a wave) that meet every condition of `where`; without any, of all responses."""

    id: str
    limit: int
    where: tuple[Condition, ...] = ()


@dataclass(frozen=True)
class EndLinks:
    """Where respondents go on to, by how their response ended; empty where they do not.

    ``{id}`` in a link stands for the id under which a panel sent the respondent.
    """

    complete: str = ""
    screened_out: str = ""
    quota_full: str = ""


@dataclass(frozen=True)
class Survey:
    """The compiled plan of a survey.

    ``language`` is the one its texts are written in, ``language_name`` what its speakers call it (set where there is
    more than one). ``translations`` are the same survey in each further language: ids, pages and order are equal.
    ``access`` says who may begin a response, ``anonymous`` that nothing stored may lead from answers to a person.
    ``not_applicable`` says whether people may say of an outcome that it does not apply to them.
    """

    slug: str
    title: str
    introduction: str
    consent: str
    scales: tuple[Scale, ...]
    phrasing: Phrasing
    maps: tuple[SurveyMap, ...]
    pages: tuple[Page, ...]
    thanks: str = ""
    language: str = "en"
    language_name: str = ""
    translations: tuple[Survey, ...] = ()
    design: Design = Design()
    quotas: tuple[Quota, ...] = ()
    end: EndLinks = EndLinks()
    access: Access = "open"
    anonymous: bool = False
    not_applicable: bool = False

    @property
    def languages(self) -> tuple[Survey, ...]:
        """The survey in every language it offers, its own first."""
        return (self, *self.translations)

    def in_language(self, language: str) -> Survey:
        """The survey in `language`; as it was written, where it does not offer that."""
        return next((one for one in self.translations if one.language == language), self)

    @property
    def questions(self) -> Iterator[Question]:
        """Every profile question, in page order."""
        return (question for page in self.pages for question in page.questions)

    @property
    def outcomes(self) -> dict[str, RatedOutcome]:
        """Every outcome by id, in page order; one that several maps share is here once."""
        return {outcome.id: outcome for page in self.pages for outcome in page.outcomes}

    def question_as(self, role: Role) -> Question | None:
        """The first question with this role."""
        return next((question for question in self.questions if question.role == role), None)


Answer = str | int | tuple[str, ...] | None
"""A profile answer: an option's value or text, a whole number, several values, or left blank."""


@dataclass(frozen=True)
class Rating:
    """What one respondent said of one outcome, each 1..5 or ``None`` where left blank."""

    importance: int | None = None
    satisfaction: int | None = None
    difficulty: int | None = None


@dataclass(frozen=True)
class Submission:
    """One respondent's checked page of answers: nothing in it was not asked or not offered.

    ``not_applicable`` says, by outcome, whether it does not apply to them; one that does not has a blank rating.
    """

    page: str
    answers: dict[str, Answer]
    ratings: dict[str, Rating]
    attention: dict[str, Rating] = field(default_factory=dict)
    not_applicable: dict[str, bool] = field(default_factory=dict)

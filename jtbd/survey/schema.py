"""The format of survey files: which keys there are and what each may hold."""

from __future__ import annotations

import re
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, Field

from jtbd.jobmap.fields import Entry, Id, LongText, NonEmpty, OptionalText, Text, Value, refusal
from jtbd.survey.model import Phrasing, QuestionKind, Role, Scale


def _language(value: str) -> str:
    if not re.fullmatch(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8}){0,3}", value):
        raise refusal("bad-language", "this is not a language code", "write one such as en, de or pt-BR")
    return value


Language = Annotated[str, AfterValidator(_language)]


class OptionEntry(Entry):
    """One answer offered."""

    value: Value
    text: Text


class QuestionEntry(Entry):
    """A profile question. One ``as: context`` may take its text and options from the maps' catalogue."""

    id: Id
    text: Text | None = None
    kind: QuestionKind | None = None
    options: list[OptionEntry] = Field(default_factory=list)
    role: Role | None = Field(default=None, alias="as")
    required: bool | None = None
    hint: OptionalText = ""


class DesignEntry(Entry):
    """Which outcomes a respondent rates."""

    kind: Literal["full", "balanced", "adaptive"] = "full"
    outcomes_per_respondent: Any = None
    order: Any = None


class SurveyFile(Entry):
    """A survey: ``surveys/<survey>.yaml``. ``quality`` to ``languages`` are refused by the check."""

    survey: Id
    title: Text
    introduction: LongText
    consent: LongText
    maps: NonEmpty[Id]
    ratings: NonEmpty[Scale] = Field(default_factory=lambda: ["importance", "satisfaction"])  # type: ignore[arg-type]
    phrasing: Phrasing = "outcome"
    profile: list[QuestionEntry] = Field(default_factory=list)
    design: DesignEntry = Field(default_factory=DesignEntry)
    thanks: OptionalText = ""
    language: Language = "en"
    quality: Any = None
    quotas: Any = None
    end: Any = None
    languages: Any = None

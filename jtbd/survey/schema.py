"""The format of survey files: which keys there are and what each may hold."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import AfterValidator, ConfigDict, Field, StrictInt

from jtbd.jobmap.fields import Entry, Id, LongText, NonEmpty, OptionalText, Text, Unique, Value, refusal
from jtbd.jobmap.schema import editor_schema
from jtbd.survey.model import DesignKind, Order, Phrasing, QuestionKind, Role, Scale
from jtbd.translation.catalogue import is_language


def _language(value: str) -> str:
    if not is_language(value):
        raise refusal("bad-language", "this is not a language code", "write one such as en, de or pt-BR")
    return value


Language = Annotated[str, AfterValidator(_language)]

_LATER = "Part of the format, but not carried out in this version: the check refuses it."


class OptionEntry(Entry):
    """One answer offered."""

    value: Value = Field(description="What is stored, and stands in exports: short and stable.")
    text: Text = Field(description="What the respondent reads.")


class QuestionEntry(Entry):
    """A profile question. One ``as: context`` may take its text and options from the maps' catalogue."""

    id: Id = Field(description="Small letters, digits and hyphens: the name of the column in exports.")
    text: Text | None = Field(default=None, description="The question, as the respondent reads it.")
    kind: QuestionKind | None = Field(
        default=None, description="single (one of the options), multiple (any of them), number, or text."
    )
    options: list[OptionEntry] = Field(
        default_factory=list, description="The answers offered, two or more; none for number and text."
    )
    role: Role | None = Field(
        default=None,
        alias="as",
        description="What the answer is used for: mode sends the respondent to the map of that mode; solution and"
        " organisation are compared in roadmaps; function, segment and context explain differences; weight is a base"
        " weight; value says what the respondent's organization is worth, so that results can be read by value.",
    )
    required: bool | None = Field(
        default=None, description="Whether the question cannot be left out; only `as: mode` is required by itself."
    )
    hint: OptionalText = Field(default="", description="A line under the question.")


class DesignEntry(Entry):
    """Which outcomes a respondent rates."""

    kind: DesignKind = Field(
        default="full",
        description="full: every outcome of the respondent's map. balanced: a part of them, so that each is asked of"
        " equally many. adaptive: a part of them, more often those that may or may not be in the top ten.",
    )
    outcomes_per_respondent: StrictInt | None = Field(
        default=None, description="About how many outcomes a respondent rates; with balanced and adaptive."
    )
    order: Order = Field(
        default="map",
        description="map: as in the map. random: steps, and outcomes within them, in another order for everyone.",
    )


class AttentionEntry(Entry):
    """An attention item: a line among the outcomes that instructs an answer."""

    id: Id = Field(description="Small letters, digits and hyphens: what it is called in results.")
    text: Text = Field(description='The instruction, such as "For this line, choose 4 on both scales".')
    expect: Literal[1, 2, 3, 4, 5] = Field(description="The answer that the text instructs, on every scale.")


class QualityEntry(Entry):
    """What is asked to tell careless answers."""

    attention: NonEmpty[AttentionEntry] = Field(
        description="Attention items, spread over the pages of ratings, one a page at most; never scored."
    )


class SurveyFile(Entry):
    """A survey: ``surveys/<survey>.yaml``. ``quotas`` and ``end`` are refused by the check."""

    model_config = ConfigDict(title="Survey")

    survey: Id = Field(description="The id of the survey, part of its address; the file has the same name.")
    title: Text = Field(description="What the respondent reads first.")
    introduction: LongText = Field(
        description="What it is about, for whom, how long it takes. Blank lines part paragraphs."
    )
    consent: LongText = Field(
        description="What is stored, for what, for how long. People tick that they agree to this text."
    )
    maps: NonEmpty[Id] = Field(description="Names of the job maps; with several, a question `as: mode` chooses.")
    ratings: NonEmpty[Scale] = Field(
        default_factory=lambda: ["importance", "satisfaction"],  # type: ignore[arg-type]
        description="The scales, 1 to 5: importance, and satisfaction or difficulty or both.",
    )
    phrasing: Phrasing = Field(
        default="outcome", description="Which of the two phrasings of an outcome respondents read."
    )
    profile: list[QuestionEntry] = Field(
        default_factory=list, description="Questions about the respondent, in the order asked."
    )
    design: DesignEntry = Field(
        default_factory=DesignEntry, description="How outcomes are spread over respondents; by default, each rates all."
    )
    not_applicable: bool = Field(
        default=False,
        description='Whether people can say "Does not apply to me" of an outcome.',
    )
    thanks: OptionalText = Field(default="", description="What people read at the end.")
    language: Language = Field(default="en", description="The language the survey is written in, such as en or pt-BR.")
    quality: QualityEntry | None = Field(default=None, description="How careless answers are told.")
    quotas: Any = Field(default=None, description=_LATER)
    end: Any = Field(default=None, description=_LATER)
    languages: Unique[Language] = Field(
        default_factory=list,
        description="Further languages respondents can choose, such as [de, es]; the texts stand in PO files below"
        " surveys/translations and maps/translations.",
    )


def survey_schema() -> dict[str, Any]:
    """JSON Schema of surveys, for editors."""
    return editor_schema(SurveyFile)

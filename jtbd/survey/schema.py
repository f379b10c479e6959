"""The format of survey files: which keys there are and what each may hold."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BeforeValidator, ConfigDict, Field, StrictBool, StrictInt

from jtbd.jobmap.fields import Entry, Id, LongText, NonEmpty, OptionalText, Text, Unique, Value, refusal
from jtbd.jobmap.schema import editor_schema
from jtbd.survey.end_links import checked_link
from jtbd.survey.model import Access, DesignKind, Order, Phrasing, QuestionKind, Role, Scale
from jtbd.translation.catalogue import is_language


def _language(value: str) -> str:
    if not is_language(value):
        raise refusal("bad-language", "this is not a language code", "write one such as en, de or pt-BR")
    return value


Language = Annotated[str, AfterValidator(_language)]


class OptionEntry(Entry):
    """One answer offered."""

    value: Value = Field(description="What is stored, and stands in exports: short and stable.")
    text: Text = Field(description="What the respondent reads.")
    screens_out: StrictBool = Field(
        default=False, description="In a question `as: screener`: who chooses this goes no further."
    )


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
        " weight; value says what the respondent's organization is worth, so that results can be read by value;"
        " screener ends the survey for those who choose an option that `screens_out`.",
    )
    required: bool | None = Field(
        default=None,
        description="Whether the question cannot be left out; by itself only `as: mode` and `as: screener` cannot.",
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


def _limit(value: int) -> int:
    if value < 1:
        raise refusal("quota-limit", f"a quota of {value} takes nobody", "write 1 or more, or remove the quota")
    return value


def _values(value: Any) -> Any:
    return value if isinstance(value, list) else [value]


Values = Annotated[
    NonEmpty[Value],
    BeforeValidator(_values),
    Field(json_schema_extra={"type": ["string", "array"]}),
]
Link = Annotated[str, AfterValidator(checked_link)]


class QuotaEntry(Entry):
    """At most so many responses that meet all conditions."""

    id: Id = Field(description="Small letters, digits and hyphens: what it is called in counts.")
    where: dict[str, Values] = Field(
        default_factory=dict,
        description="Values of single questions, such as {function: sales, size: [small, medium]}: who gave one of them"
        " to each question counts. Left out, everybody does.",
    )
    limit: Annotated[StrictInt, AfterValidator(_limit)] = Field(
        description="The most complete responses, in each wave if there are waves."
    )


class EndEntry(Entry):
    """Where respondents go on to at the end: links, in which {id} stands for the id their panel gave them."""

    complete: Link = Field(default="", description="For those who answered everything.")
    screened_out: Link = Field(default="", description="For those whom a screener ended.")
    quota_full: Link = Field(default="", description="For those who came when their quota was full.")


class SurveyFile(Entry):
    """A survey: ``surveys/<survey>.yaml``."""

    model_config = ConfigDict(title="Survey")

    survey: Id = Field(description="The id of the survey, part of its address; the file has the same name.")
    title: Text = Field(description="What the respondent reads first.")
    introduction: LongText = Field(
        description="What it is about and for whom. How long it takes the start page says. Blank lines part paragraphs."
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
    access: Access = Field(
        default="open", description="Who may begin: open (whoever has the address) or invited (a link for each person)."
    )
    anonymous: StrictBool = Field(
        default=False,
        description="Whether nothing stored may lead from answers to a person: no panel id, days instead of times.",
    )
    not_applicable: StrictBool = Field(
        default=False,
        description='Whether people can say "Does not apply to me" of an outcome.',
    )
    thanks: OptionalText = Field(default="", description="What people read at the end.")
    language: Language = Field(default="en", description="The language the survey is written in, such as en or pt-BR.")
    quality: QualityEntry | None = Field(default=None, description="How careless answers are told.")
    quotas: list[QuotaEntry] = Field(
        default_factory=list, description="How many responses are wanted at most, in all or with certain answers."
    )
    end: EndEntry = Field(default_factory=EndEntry, description="Where respondents go on to at the end.")
    languages: Unique[Language] = Field(
        default_factory=list,
        description="Further languages respondents can choose, such as [de, es]; the texts stand in PO files below"
        " surveys/translations and maps/translations.",
    )


def survey_schema() -> dict[str, Any]:
    """JSON Schema of surveys, for editors."""
    return editor_schema(SurveyFile)

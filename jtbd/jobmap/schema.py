"""The format of map files and of files of shared outcomes: which keys there are and what each may hold."""

from __future__ import annotations

import json
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Discriminator, Field, Tag

from jtbd.jobmap.fields import Entry, Id, NonEmpty, OptionalText, Text, Unique, Value, tag
from jtbd.jobmap.model import Mode, Stage

Lifecycle = Literal["prospect", "onboarding", "activation", "in-life", "dormancy", "retention", "departed"]


class OptionEntry(Entry):
    """One answer to a context question."""

    value: Value = Field(description="What is stored, and stands in exports: short and stable, such as over-a-year.")
    text: Text = Field(description="What the respondent reads.")


class ContextEntry(Entry):
    """A question about circumstances; a survey names those it asks."""

    id: Id = Field(description="Small letters, digits and hyphens. A survey asks it with `as: context` and this id.")
    text: Text = Field(description="The question, as the respondent reads it.")
    options: Annotated[list[OptionEntry], Field(min_length=2)] = Field(description="The answers offered: two or more.")


class OutcomeEntry(Entry):
    """An outcome, defined."""

    id: Id = Field(
        description="Small letters, digits and hyphens, such as time-to-notice-leaving. One id wherever the outcome is"
        " used, kept when it is reworded."
    )
    outcome: Text = Field(
        description="The long phrasing: direction + metric + object (+ clarifier), such as: Minimize the time it takes"
        " to notice that a customer has begun to leave. No product, channel or tool in it, and one idea only."
    )
    ability: Text = Field(
        description="The short phrasing, which completes “to be able to …”: notice without delay that a customer has"
        " begun to leave."
    )
    lifecycle: Unique[Lifecycle] = Field(
        default_factory=list, description="Stages of the relationship in which it matters; all, where there is none."
    )


class UseEntry(Entry):
    """An outcome or a context that another file defines."""

    use: Id = Field(description="Id of what is meant: defined in another map or in a file of shared outcomes.")


def _which(defined: type[Entry], key: str) -> Discriminator:
    """Whether an entry defines something, which it does if it has the `key`, or uses it."""

    def name(entry: Any) -> str | None:
        if isinstance(entry, dict):
            return tag("UseEntry" if "use" in entry and key not in entry else defined.__name__)
        return None

    return Discriminator(name)


_Use = Annotated[UseEntry, Tag(tag("UseEntry"))]
AnyOutcome = Annotated[Annotated[OutcomeEntry, Tag(tag("OutcomeEntry"))] | _Use, _which(OutcomeEntry, "outcome")]
AnyContext = Annotated[Annotated[ContextEntry, Tag(tag("ContextEntry"))] | _Use, _which(ContextEntry, "text")]


class StepEntry(Entry):
    """A part of the job."""

    id: Id = Field(description="Small letters, digits and hyphens; kept when the title is reworded.")
    title: Text = Field(description="What is done, beginning with a verb: the heading of a page of the survey.")
    stage: Stage = Field(
        description="The stage of any job that this step belongs to. Before the work: define, locate, prepare, confirm."
        " The work: execute. After it: monitor, modify, conclude."
    )
    functions: Unique[Text] = Field(
        default_factory=list, description="Who takes part; each is among the `functions` of the map."
    )
    outcomes: NonEmpty[AnyOutcome] = Field(
        description="How the people who do this step judge success: each defined here, or `use:` of one defined"
        " elsewhere."
    )


class MapFile(Entry):
    """A job map: ``maps/<map>.yaml``."""

    model_config = ConfigDict(title="Job map")

    map: Id = Field(description="The id of the map; the file has the same name.")
    title: Text = Field(description="What people call this work.")
    domain: Text = Field(description="The field of work that several maps belong to, such as revenue development.")
    job: Text = Field(
        description="What people try to get done, whatever they use for it; the same for every mode of the domain."
    )
    mode: Mode = Field(
        description="At which stage of a relationship the work starts: acquire (none yet), grow (they are with us),"
        " retain (they are leaving), leverage (they help to win others)."
    )
    executor: Text = Field(description="Who does the job, in the singular, such as marketer.")
    introduction: OptionalText = Field(
        default="", description="What this work is, in plain words, to a respondent. Blank lines part paragraphs."
    )
    source: OptionalText = Field(default="", description="Where the map comes from; shown wherever the map is shown.")
    contexts: list[AnyContext] = Field(
        default_factory=list,
        description="A catalogue of circumstances that may explain differences: each defined here, or `use:` of one"
        " defined elsewhere. A survey names those it asks.",
    )
    functions: Unique[Text] = Field(default_factory=list, description="All who take part in the job.")
    steps: NonEmpty[StepEntry] = Field(description="The parts of the job, in the order in which it is done.")


class SharedFile(Entry):
    """Outcomes and contexts that several maps use: ``maps/shared.yaml``."""

    model_config = ConfigDict(title="Shared outcomes")

    shared: Id = Field(description="The id of this collection, such as the name of the domain.")
    contexts: list[ContextEntry] = Field(
        default_factory=list, description="Questions about circumstances that maps take with `use:` and the id."
    )
    outcomes: NonEmpty[OutcomeEntry] = Field(description="Outcomes that maps take with `use:` and the id.")


def editor_schema(model: type[BaseModel]) -> dict[str, Any]:
    """JSON Schema (2020-12) of a file, for editors that complete and check YAML and show what a key means."""
    schema = {"$schema": "https://json-schema.org/draft/2020-12/schema"} | model.model_json_schema()
    plain: dict[str, Any] = json.loads(json.dumps(schema).replace("``", "`"))  # editors read Markdown
    return plain


def map_schema() -> dict[str, Any]:
    """JSON Schema of job maps."""
    return editor_schema(MapFile)


def shared_schema() -> dict[str, Any]:
    """JSON Schema of files of shared outcomes."""
    return editor_schema(SharedFile)

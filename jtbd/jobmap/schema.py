"""The format of map files and of files of shared outcomes: which keys there are and what each may hold."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import Discriminator, Field, Tag

from jtbd.jobmap.fields import Entry, Id, NonEmpty, OptionalText, Text, Unique, Value, tag
from jtbd.jobmap.model import Mode, Stage

Lifecycle = Literal["prospect", "onboarding", "activation", "in-life", "dormancy", "retention", "departed"]


class OptionEntry(Entry):
    """One answer to a context question."""

    value: Value
    text: Text


class ContextEntry(Entry):
    """A question about circumstances; a survey names those it asks."""

    id: Id
    text: Text
    options: Annotated[list[OptionEntry], Field(min_length=2)]


class OutcomeEntry(Entry):
    """An outcome, defined."""

    id: Id
    outcome: Text
    ability: Text
    lifecycle: Unique[Lifecycle] = Field(default_factory=list)


class UseEntry(Entry):
    """An outcome that another file, or another step, defines."""

    use: Id


def _which(entry: Any) -> str | None:
    if isinstance(entry, dict):
        return tag("UseEntry" if "use" in entry and "outcome" not in entry else "OutcomeEntry")
    return None


AnyOutcome = Annotated[
    Annotated[OutcomeEntry, Tag(tag("OutcomeEntry"))] | Annotated[UseEntry, Tag(tag("UseEntry"))],
    Discriminator(_which),
]


class StepEntry(Entry):
    """A part of the job."""

    id: Id
    title: Text
    stage: Stage
    functions: Unique[Text] = Field(default_factory=list)
    outcomes: NonEmpty[AnyOutcome]


class MapFile(Entry):
    """A job map: ``maps/<map>.yaml``."""

    map: Id
    title: Text
    domain: Text
    job: Text
    mode: Mode
    executor: Text
    introduction: OptionalText = ""
    source: OptionalText = ""
    contexts: list[ContextEntry] = Field(default_factory=list)
    functions: Unique[Text] = Field(default_factory=list)
    steps: NonEmpty[StepEntry]


class SharedFile(Entry):
    """Outcomes that several maps use: ``maps/shared.yaml``."""

    shared: Id
    outcomes: NonEmpty[OutcomeEntry]


def map_schema() -> dict[str, Any]:
    """JSON Schema of map files, for editors that complete and check YAML."""
    return {"$schema": "https://json-schema.org/draft/2020-12/schema"} | MapFile.model_json_schema()

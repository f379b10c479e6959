"""What editors are told about files: every key with its help, and the same verdict as the check."""

from __future__ import annotations

import copy
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from jtbd.jobmap.fields import validate
from jtbd.jobmap.schema import MapFile, SharedFile, map_schema, shared_schema
from jtbd.jobmap.source import parse_source, read_source
from jtbd.resources import shipped
from jtbd.survey.schema import SurveyFile, survey_schema
from tests.survey.samples import ACQUIRE, RETAIN, TINY

SHARED = """\
shared: ours
contexts:
  - {id: size, text: How large?, options: [{value: s, text: Small}, {value: l, text: Large}]}
outcomes:
  - {id: sample-shared, outcome: Minimize the time it takes to agree, ability: agree}
"""
SCHEMAS = {"map": map_schema(), "shared": shared_schema(), "survey": survey_schema()}
MODELS = {"map": MapFile, "shared": SharedFile, "survey": SurveyFile}


def kind_of(data: dict[str, Any]) -> str:
    return next(kind for kind in SCHEMAS if kind in data)


def errors(data: dict[str, Any]) -> list[str]:
    validator = jsonschema.Draft202012Validator(SCHEMAS[kind_of(data)])
    return [error.message for error in validator.iter_errors(data)]


def objects(schema: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    yield schema["title"], schema
    yield from schema["$defs"].items()


@pytest.mark.parametrize("path", sorted([*shipped("maps").glob("*.yaml"), *shipped("surveys").glob("*.yaml")]), ids=str)
def test_shipped_files_are_valid(path: Path) -> None:
    assert errors(read_source(path).data) == []


@pytest.mark.parametrize("text", [ACQUIRE, RETAIN, TINY])
def test_samples_are_valid(text: str) -> None:
    assert errors(parse_source(text.encode(), "sample").data) == []


@pytest.mark.parametrize("kind", SCHEMAS)
def test_the_schema_is_of_2020_12_and_has_help_for_every_key(kind: str) -> None:
    schema = SCHEMAS[kind]
    assert schema["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    jsonschema.Draft202012Validator.check_schema(schema)
    for name, part in objects(schema):
        assert part["description"], name
        assert part["additionalProperties"] is False
        for key, value in part["properties"].items():
            assert len(value.get("description", "")) > 15, f"{name}.{key} has no help"
            assert "``" not in value["description"]


def test_the_schema_names_every_key_of_a_map() -> None:
    keys = {"map", "title", "domain", "job", "mode", "executor", "introduction", "source", "contexts", "functions"}
    assert set(SCHEMAS["map"]["properties"]) == keys | {"steps"}
    assert SCHEMAS["map"]["title"] == "Job map"
    assert "as" in SCHEMAS["survey"]["$defs"]["QuestionEntry"]["properties"], "the key as it is written"


def put(data: dict[str, Any], path: str, value: Any) -> dict[str, Any]:
    """The data with another value at a path such as ``steps.0.stage``; without the key where it is ``...``."""
    changed = copy.deepcopy(data)
    here: Any = changed
    *steps, last = [int(step) if step.isdigit() else step for step in path.split(".")]
    for step in steps:
        here = here[step]
    if value is ...:
        del here[last]
    else:
        here[last] = value
    return changed


@pytest.mark.parametrize(
    ("sample", "path", "value", "valid"),
    [
        (ACQUIRE, "colour", "red", False),
        (ACQUIRE, "job", ..., False),
        (ACQUIRE, "source", ..., True),
        (ACQUIRE, "mode", "conquer", False),
        (ACQUIRE, "map", "Not An Id", False),
        (ACQUIRE, "title", 7, False),
        (ACQUIRE, "functions", ["marketing", "marketing"], False),
        (ACQUIRE, "steps", [], False),
        (ACQUIRE, "steps.0.stage", "begin", False),
        (ACQUIRE, "steps.0.outcomes.0.ability", ..., False),
        (ACQUIRE, "steps.0.outcomes.0", {"use": "another"}, True),
        (ACQUIRE, "steps.0.outcomes.0", {"use": "another", "ability": "mix"}, False),
        (ACQUIRE, "steps.0.outcomes.0.lifecycle", ["in-life"], True),
        (ACQUIRE, "steps.0.outcomes.0.lifecycle", ["sometimes"], False),
        (ACQUIRE, "contexts.0.options", [{"value": "one", "text": "One"}], False),
        (ACQUIRE, "contexts.0", {"use": "another"}, True),
        (ACQUIRE, "contexts.0", {"use": "another", "text": "mix"}, False),
        (SHARED, "contexts.0.options", ..., False),
        (SHARED, "contexts.0", {"use": "another"}, False),
        (SHARED, "contexts", ..., True),
        (TINY, "profile.0.as", "funktion", False),
        (TINY, "profile.0.kind", ..., True),
        (TINY, "ratings", ["importance", "difficulty"], True),
        (TINY, "ratings", ["beauty"], False),
        (TINY, "phrasing", "ability", True),
        (TINY, "design", {"kind": "full"}, True),
        (TINY, "consent", ..., False),
    ],
)
def test_the_editor_and_the_check_agree(sample: str, path: str, value: object, valid: bool) -> None:
    data = put(parse_source(sample.encode(), "sample").data, path, value)
    found, issues = validate(MODELS[kind_of(data)], parse_source(json.dumps(data).encode(), "sample"))
    assert (not errors(data)) == valid
    assert (found is not None and not issues) == valid

"""The kinds of value files hold, and pydantic's findings about them in plain words, each with its place."""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterable
from difflib import get_close_matches
from typing import Annotated, Any, TypeVar

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints, ValidationError
from pydantic_core import ErrorDetails, PydanticCustomError

from jtbd.errors import Issue
from jtbd.jobmap.source import Source, Steps

MAX_ID = 80
MAX_TEXT = 500
MAX_LONG_TEXT = 5_000

_TAG_MARK = "?"
"""First character of a union's tag, so that it is not mistaken for a key on the way to a value."""


def one_line(value: Any) -> Any:
    """A text with its white space, line ends included, made single spaces."""
    return " ".join(value.split()) if isinstance(value, str) else value


def paragraphs(value: Any) -> Any:
    """A text whose paragraphs (parted by blank lines) are each on one line."""
    if not isinstance(value, str):
        return value
    parts = ("\n".join(line.strip() for line in value.splitlines())).split("\n\n")
    return "\n\n".join(" ".join(part.split()) for part in parts if part.strip())


def refusal(code: str, message: str, remedy: str) -> PydanticCustomError:
    """What a validator of a field raises, to be reported as an issue in these words."""
    return PydanticCustomError(code, "{message}", {"message": message, "remedy": remedy})


def _unique(values: list[Any]) -> list[Any]:
    seen = [value for index, value in enumerate(values) if value in values[:index]]
    if seen:
        raise refusal("listed-twice", f"“{seen[0]}” is listed twice", "keep it once")
    return values


Id = Annotated[str, StringConstraints(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", max_length=MAX_ID)]
Text = Annotated[str, StringConstraints(min_length=1, max_length=MAX_TEXT), BeforeValidator(one_line)]
Value = Annotated[str, StringConstraints(min_length=1, max_length=MAX_ID), BeforeValidator(one_line)]
LongText = Annotated[str, StringConstraints(min_length=1, max_length=MAX_LONG_TEXT), BeforeValidator(paragraphs)]
OptionalText = Annotated[str, StringConstraints(max_length=MAX_LONG_TEXT), BeforeValidator(paragraphs)]
_Item = TypeVar("_Item")
Unique = Annotated[list[_Item], AfterValidator(_unique), Field(json_schema_extra={"uniqueItems": True})]
NonEmpty = Annotated[list[_Item], Field(min_length=1)]


class Entry(BaseModel):
    """What every part of a file has in common: unknown keys are errors, and numbers are not texts."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


_Model = TypeVar("_Model", bound=BaseModel)


def validate(model: type[_Model], source: Source) -> tuple[_Model | None, list[Issue]]:
    """The file as a `model`, and everything wrong with it.

    Unknown keys alone do not keep the rest from being read, so that what else is wrong is found as well.
    """
    try:
        return model.model_validate(source.data), []
    except ValidationError as error:
        found = error.errors(include_url=False)
    issues = [_translate(one, source, model) for one in found]
    if any(one["type"] != "extra_forbidden" for one in found):
        return None, issues
    return model.model_validate(_without(source.data, [_path(one["loc"]) for one in found])), issues


def nearest(name: str, known: Iterable[str], otherwise: str) -> str:
    """A remedy: the known names most like `name`, or `otherwise` if none is."""
    close = get_close_matches(name, list(known), 3, 0.6)
    return "did you mean " + " or ".join(f"`{one}`" for one in close) + "?" if close else otherwise


def tag(name: str) -> str:
    """A union's tag for `name`, which is left out of places."""
    return _TAG_MARK + name


def _path(loc: tuple[int | str, ...]) -> Steps:
    return tuple(step for step in loc if not (isinstance(step, str) and step.startswith(_TAG_MARK)))


def _without(data: dict[str, Any], paths: list[Steps]) -> dict[str, Any]:
    rest = copy.deepcopy(data)
    for path in paths:
        parent: Any = rest
        for step in path[:-1]:
            parent = parent[step]
        parent.pop(path[-1], None)  # an alias may have led here before
    return rest


def _translate(error: ErrorDetails, source: Source, model: type[BaseModel]) -> Issue:
    path = _path(error["loc"])
    kind = error["type"]
    if kind == "extra_forbidden":
        known = sorted(keys_at(model, error["loc"][:-1]))
        remedy = nearest(str(path[-1]), known, f"keys here are {', '.join(known)}")
        return source.issue("unknown-key", f"there is no key `{path[-1]}` here", remedy, path, key=True)
    if kind == "missing":
        return source.issue("missing-key", f"`{path[-1]}` is missing", f"add a line `{path[-1]}: …`", path[:-1])
    code, message, remedy = _WORDS.get(kind, _other)(_name(path), error)
    return source.issue(code, message, remedy, path)


def _name(path: Steps) -> str:
    keys = [step for step in path if isinstance(step, str)]
    entry = "an entry of " if path and isinstance(path[-1], int) else ""
    return f"{entry}`{keys[-1]}`" if keys else "the file"


_Words = tuple[str, str, str]


def _not_text(name: str, error: ErrorDetails) -> _Words:
    value = error["input"]
    if value is None:
        return "empty-text", f"{name} is empty", "write a text, or remove the key if it is optional"
    if isinstance(value, bool | int | float):
        written = str(value).lower() if isinstance(value, bool) else value
        return "wrong-type", f"{name} must be text, not {_noun(value)}", f'put it in quotes: "{written}"'
    return "wrong-type", f"{name} must be text, not {_noun(value)}", "write one text"


def _not_this(what: str, remedy: str) -> Callable[[str, ErrorDetails], _Words]:
    return lambda name, error: ("wrong-type", f"{name} must be {what}, not {_noun(error['input'])}", remedy)


def _noun(value: Any) -> str:
    match value:
        case None:
            return "empty"
        case bool():
            return f"the truth value {str(value).lower()}"
        case int() | float():
            return f"the number {value}"
        case str():
            return "a text"
        case list():
            return "a list"
    return "a group of keys"


def _too_short(name: str, error: ErrorDetails) -> _Words:
    return "empty-text", f"{name} is empty", "write a text"


def _too_long(name: str, error: ErrorDetails) -> _Words:
    limit = error["ctx"]["max_length"]
    return "too-long", f"{name} has {len(error['input'])} characters; {limit} is the most", "shorten it"


def _bad_id(name: str, error: ErrorDetails) -> _Words:
    remedy = "use small letters a-z, digits, and single hyphens between them"
    return "bad-id", f"{name} cannot be “{error['input'][:MAX_ID]}”", remedy


def _not_a_choice(name: str, error: ErrorDetails) -> _Words:
    choices = [one.strip(" '") for one in error["ctx"]["expected"].replace(" or ", ", ").split(",")]
    value = error["input"] if isinstance(error["input"], str) else _noun(error["input"])
    return "not-a-choice", f"{name} cannot be “{value[:MAX_ID]}”", nearest(value, choices, "use " + ", ".join(choices))


def _empty_list(name: str, error: ErrorDetails) -> _Words:
    least = error["ctx"]["min_length"]
    if least > 1:
        return "too-few-options", f"{name} holds fewer than {least} entries", "add those that are missing"
    codes = {"`steps`": "no-steps", "`outcomes`": "no-outcomes"}
    return codes.get(name, "empty-list"), f"{name} is empty", "add at least one entry"


def _other(name: str, error: ErrorDetails) -> _Words:
    told = error.get("ctx", {})
    if "remedy" in told:  # one of our own refusals
        return error["type"], told["message"], told["remedy"]
    return "wrong-value", f"{name}: {error['msg'].lower()}", "see the description of the format"


_WORDS: dict[str, Callable[[str, ErrorDetails], _Words]] = {
    "string_type": _not_text,
    "list_type": _not_this("a list", "write its entries below it, each after `- `"),
    "model_type": _not_this("a group of keys", "write `key: value` lines"),
    "dict_type": _not_this("a group of keys", "write `key: value` lines"),
    "union_tag_not_found": _not_this("a group of keys", "write `key: value` lines"),
    "int_type": _not_this("a whole number", "write it in digits, such as 30, without quotes"),
    "bool_type": _not_this("true or false", "write true or false, without quotes"),
    "string_too_short": _too_short,
    "string_too_long": _too_long,
    "string_pattern_mismatch": _bad_id,
    "literal_error": _not_a_choice,
    "too_short": _empty_list,
}


def keys_at(model: type[BaseModel], loc: tuple[int | str, ...]) -> set[str]:
    """The keys known where an unknown one was found: those of the model at the end of `loc`."""
    schema = model.model_json_schema(by_alias=True)
    here: Any = schema
    for step in loc:
        here = _resolve(here, schema)
        if isinstance(step, int):
            here = here.get("items", {})
        elif step.startswith(_TAG_MARK):
            here = next(one for one in here["oneOf"] if tag(_resolve(one, schema)["title"]) == step)
        else:
            here = here.get("properties", {}).get(step, {})
    return set(_resolve(here, schema).get("properties", {}))


def _resolve(here: Any, schema: dict[str, Any]) -> Any:
    for option in here.get("anyOf", ()):  # `X | None`
        if option.get("type") != "null":
            here = option
    reference = here.get("$ref")
    return schema["$defs"][reference.rsplit("/", 1)[1]] if reference else here

"""YAML text becomes a tree of nodes, each with its value and its place.

The tree is built from libyaml's events, not by a library's composer: an anchored node is shared, never copied, so
an alias bomb costs nothing before it is refused, and depth is counted before anything recurses. What libyaml does
not take is read again by ruamel.yaml, thirty times slower, for its better account of what is wrong.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import yaml
from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError
from yaml.events import (
    AliasEvent,
    DocumentStartEvent,
    MappingEndEvent,
    MappingStartEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
)

from jtbd.errors import InputError, Issue, issue
from jtbd.jobmap.syntax import explain

MAX_DEPTH = 20
MAX_ALIASES = 100
MAX_VALUES = 20_000
"""A map of 150 outcomes has some 2,000."""
MAX_ISSUES = 100
"""After so many the rest of a file is not read: it is no map."""
MAX_EXPLAINED = 50_000
"""Characters that are read a second time to say what is wrong with them: half a second's work."""

_STRING_TAGS = ("!", "tag:yaml.org,2002:str")
_CONSTANTS: dict[str, Any] = {"": None, "~": None} | {
    spelt: value
    for word, value in (("null", None), ("true", True), ("false", False))
    for spelt in (word, word.capitalize(), word.upper())
}
_INT = re.compile(r"[-+]?[0-9]{1,100}|0o[0-7]{1,100}|0x[0-9a-fA-F]{1,100}")
_FLOAT = re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?")
_SPECIAL_FLOAT = re.compile(r"([-+]?)\.(inf|Inf|INF)|\.(nan|NaN|NAN)")
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")


@dataclass(slots=True)
class Node:
    """A value of the document. ``children`` are nodes by key or index, ``keys`` the places of a mapping's keys.

    ``size`` and ``aliases`` count this node with everything in it, aliases followed.
    """

    value: Any
    line: int
    column: int
    children: dict[str | int, Node] = field(default_factory=dict)
    keys: dict[str | int, tuple[int, int]] = field(default_factory=dict)
    size: int = 1
    aliases: int = 0


@dataclass(slots=True)
class _Open:
    """A mapping or list that has begun and not ended, and the key that waits for its value."""

    node: Node
    anchor: str | None
    key: tuple[str, int, int] | None = None


def compose(text: str, file: str) -> Node | None:
    """The root of the only document in `text`; ``None`` when there is no document.

    Raises
    ------
    InputError
        With every duplicate key, key that is not text, tag and control character found, and with the first
        error of syntax, after which nothing more can be read.
    """
    composer = _Composer(file)
    try:
        composer.read(text)
    except yaml.YAMLError as error:
        composer.issues.append(_syntax_issue(error, text, file))
    if composer.issues:
        raise InputError(composer.issues)
    return composer.root


class _Stop(Exception):  # noqa: N818 - not an error: what was to be said has been said
    """Nothing more need be read."""


class _Composer:
    """Builds the tree, holding the stack of open nodes: events come one at a time."""

    def __init__(self, file: str) -> None:
        self.file = file
        self.issues: list[Issue] = []
        self.root: Node | None = None
        self.stack: list[_Open] = []
        self.anchors: dict[str, Node] = {}
        self.documents = 0

    def complain(self, code: str, message: str, remedy: str, place: tuple[int, int]) -> None:
        self.issues.append(issue(code, message, remedy, file=self.file, line=place[0], column=place[1]))
        if len(self.issues) >= MAX_ISSUES:
            raise _Stop

    def read(self, text: str) -> None:
        try:
            for event in _events(text):
                self.take(event)
        except _Stop:
            return

    def take(self, event: Any) -> None:
        place = (event.start_mark.line + 1, event.start_mark.column + 1)
        match event:
            case DocumentStartEvent():
                self.begin_document(place)
            case ScalarEvent():
                self.check_tag(event, place)
                self.add(Node(self.scalar(event, place), *place), event.anchor)
            case AliasEvent():
                self.add_alias(event.anchor, place)
            case MappingStartEvent() | SequenceStartEvent():
                self.check_tag(event, place)
                self.begin(Node({} if isinstance(event, MappingStartEvent) else [], *place), event.anchor)
            case MappingEndEvent() | SequenceEndEvent():
                closed = self.stack.pop()
                self.add(closed.node, closed.anchor)

    def begin_document(self, place: tuple[int, int]) -> None:
        self.documents += 1
        if self.documents > 1:
            remedy = "keep one document in a file: remove the line --- and what follows it, or split the file"
            self.complain("several-documents", "a second document begins here", remedy, place)
            raise _Stop

    def begin(self, node: Node, anchor: str | None) -> None:
        if len(self.stack) >= MAX_DEPTH:
            message = f"values are nested deeper than {MAX_DEPTH} levels"
            self.complain("too-deep", message, "write the file as in the format description", (node.line, node.column))
            raise _Stop
        self.refuse_as_key((node.line, node.column))
        self.stack.append(_Open(node, anchor))

    def refuse_as_key(self, place: tuple[int, int]) -> None:
        parent = self.stack[-1] if self.stack else None
        if parent and isinstance(parent.node.value, dict) and parent.key is None:
            self.complain("key-not-text", "a key must be a single text", "write `key: value`", place)
            raise _Stop

    def add_alias(self, anchor: str | None, place: tuple[int, int]) -> None:
        node = self.anchors.get(anchor or "")
        if node is None:
            remedy = f"define &{anchor} before it is used, or put a text that begins with * in quotes"
            self.complain("unknown-alias", f"*{anchor} stands for nothing defined above", remedy, place)
            raise _Stop
        self.refuse_as_key(place)
        self.add(node, None, alias=1)

    def add(self, node: Node, anchor: str | None, alias: int = 0) -> None:
        """Put a finished node into the one that is open."""
        if anchor:
            self.anchors[anchor] = node
        if not self.stack:
            self.root = node
            return
        parent = self.stack[-1]
        if isinstance(parent.node.value, list):
            index = len(parent.node.value)
            parent.node.value.append(node.value)
            parent.node.children[index] = node
        elif parent.key is None:
            parent.key = (self.key(node), node.line, node.column)
            return
        else:
            self.add_entry(parent, node)
        self.count(parent.node, node, alias)

    def add_entry(self, parent: _Open, node: Node) -> None:
        key, line, column = parent.key or ("", 0, 0)
        parent.key = None
        if key in parent.node.keys:
            first, first_column = parent.node.keys[key]
            message = f"the key `{key}` is here twice; the first is at {first}:{first_column}"
            self.complain("duplicate-key", message, "keep one of the two", (line, column))
            return
        if node.value is None:  # an empty value stands wherever the next line begins: its key is what people see
            node = Node(None, line, column)
        parent.node.value[key] = node.value
        parent.node.children[key] = node
        parent.node.keys[key] = (line, column)

    def count(self, parent: Node, node: Node, alias: int) -> None:
        parent.size += node.size
        parent.aliases += node.aliases + alias
        place = (node.line, node.column)
        if parent.size > MAX_VALUES and not parent.aliases:
            self.complain("too-large", f"the file holds more than {MAX_VALUES:,} values", "split it", place)
            raise _Stop
        if parent.aliases > MAX_ALIASES or parent.size > MAX_VALUES:
            what = f"{MAX_ALIASES} aliases" if parent.aliases > MAX_ALIASES else f"{MAX_VALUES:,} values"
            message = f"written out in full, this would hold more than {what}"
            self.complain("too-many-aliases", message, "write the values out, or split the file", place)
            raise _Stop

    def key(self, node: Node) -> str:
        if not isinstance(node.value, str):
            remedy = f'put it in quotes: "{node.value}"' if node.value is not None else "write `key: value`"
            self.complain("key-not-text", f"the key {node.value!r} is not text", remedy, (node.line, node.column))
        return str(node.value)

    def check_tag(self, event: Any, place: tuple[int, int]) -> None:
        if event.tag and not (isinstance(event, ScalarEvent) and event.tag in _STRING_TAGS):
            remedy = "remove it, or put a text that begins with ! in quotes"
            self.complain("tag-refused", f"the tag {event.tag} is not used here", remedy, place)

    def scalar(self, event: ScalarEvent, place: tuple[int, int]) -> Any:
        if _CONTROL.search(event.value):
            self.complain("control-character", "this text holds a control character", "remove the escape", place)
        if event.style == ">":  # folding leaves one line end of a blank line: here it parts paragraphs, as with |
            return event.value.replace("\n", "\n\n")
        return resolve(event.value) if event.implicit[0] and not event.style else event.value


def resolve(text: str) -> Any:
    """The value of a plain scalar by the core schema of YAML 1.2: ``no`` and ``12:30`` are texts."""
    if text in _CONSTANTS:
        return _CONSTANTS[text]
    if _INT.fullmatch(text):
        return int(text, 0) if text[:2] in ("0o", "0x") else int(text)
    if _FLOAT.fullmatch(text):
        return float(text)
    if special := _SPECIAL_FLOAT.fullmatch(text):
        return float(f"{special[1] or ''}{(special[2] or special[3])}")
    return text


def _events(text: str) -> Iterator[Any]:
    yield from yaml.parse(text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))


def _syntax_issue(refused: yaml.YAMLError, text: str, file: str) -> Issue:
    """What is wrong with a text that libyaml refused."""
    try:
        for _ in YAML(typ="safe", pure=True).parse(text[:MAX_EXPLAINED]):
            pass
    except MarkedYAMLError as error:
        if len(text) <= MAX_EXPLAINED or (error.problem_mark and error.problem_mark.index < MAX_EXPLAINED):
            return explain(error, text, file)
    except (ValueError, IndexError, AssertionError, NotImplementedError):
        pass  # ruamel's own parser trips over a few malformed directives and escapes
    mark = getattr(refused, "problem_mark", None)
    place = {"line": mark.line + 1, "column": mark.column + 1} if mark else {}
    remedy = "check this line and the one above; a text with : # - [ { in it needs quotes"
    return issue("yaml-syntax", "this is not YAML", remedy, file=file, **place)

"""Reading a YAML file safely, remembering where everything stands in it.

Both maps and surveys come in this way. What is refused (size, encoding, depth, aliases …) is refused before
it can cost anything, with a place and a remedy.
"""

from __future__ import annotations

import os
import re
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from stat import S_ISREG
from typing import Any

from jtbd.errors import InputError, Issue, called, issue
from jtbd.jobmap.compose import Node, compose

MAX_BYTES = 1 << 20

_UNPRINTABLE = re.compile(r"[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_UTF8 = "save it as UTF-8 (in the editor: Save as, encoding UTF-8)"

Steps = tuple[str | int, ...]
"""The way to a value: keys and indices from the top."""


@dataclass(frozen=True)
class Source:
    """A file's plain data, and the line and column of each value and key.

    Parameters
    ----------
    file : str
        What the author calls it.
    data : dict
        Plain ``dict``, ``list``, ``str``, ``int``, ``float``, ``bool`` and ``None``. Not to be changed: it is
        shared within the process.
    """

    file: str
    data: dict[str, Any]
    root: Node = field(repr=False, compare=False)

    def place(self, path: Steps) -> tuple[int, int]:
        """Line and column, from 1, of the value at `path`; of the nearest thing around it where it is absent."""
        node = self.root
        for step in path:
            if step not in node.children:
                break
            node = node.children[step]
        return node.line, node.column

    def key_place(self, path: Steps) -> tuple[int, int]:
        """Line and column, from 1, of the key at `path`; for an entry of a list, of its value."""
        node = self.root
        for step in path[:-1]:
            if step not in node.children:
                return self.place(path)
            node = node.children[step]
        return node.keys.get(path[-1]) or self.place(path)

    def issue(self, code: str, message: str, remedy: str, path: Steps, *, key: bool = False) -> Issue:
        """An error about the value at `path`, or about its key."""
        line, column = self.key_place(path) if key else self.place(path)
        return issue(code, message, remedy, file=self.file, line=line, column=column)


def read_source(path: Path) -> Source:
    """The file at `path`, read once for as long as it does not change.

    Raises
    ------
    InputError
        If it cannot be read or is not a single YAML mapping.
    """
    file = called(path)
    try:
        status = path.stat()
        if not S_ISREG(status.st_mode):
            raise ValueError("it is not a file")
        if status.st_size > MAX_BYTES:
            raise InputError([_too_large(file)])
        return _read(Path(os.path.abspath(path)), file, (status.st_mtime_ns, status.st_size, status.st_ino))
    except (OSError, ValueError) as error:
        reason = (getattr(error, "strerror", None) or str(error)).lower()
        remedy = "check the path and the permissions"
        raise InputError([issue("cannot-read", f"the file cannot be read: {reason}", remedy, file=file)]) from None


def parse_source(content: bytes, file: str) -> Source:
    """`content` as a :class:`Source`; `file` is what issues call it.

    Raises
    ------
    InputError
        If it is too large, not UTF-8, not YAML or not a mapping.
    """
    if len(content) > MAX_BYTES:
        raise InputError([_too_large(file)])
    text = _decode(content, file)
    if found := _UNPRINTABLE.search(text):
        line, column = _place_in(text[: found.start()])
        message = f"a character that is not text (U+{ord(found[0]):04X})"
        raise InputError([issue("control-character", message, "delete it", file=file, line=line, column=column)])
    root = compose(text, file)
    if root is None or root.value is None:
        raise InputError([issue("empty-file", "there is nothing in the file", "write a map or a survey", file=file)])
    if not isinstance(root.value, dict):
        what = "a list" if isinstance(root.value, list) else "a single value"
        remedy = "begin with `map: <id>` (or `shared:`, `survey:`) at the left margin, without `- `"
        raise InputError(
            [issue("not-a-mapping", f"the file holds {what}", remedy, file=file, line=root.line, column=root.column)]
        )
    return Source(file, root.value, root)


@lru_cache(maxsize=256)
def _parsed(path: Path, file: str, version: tuple[int, int, int]) -> Source | InputError:
    """The parsed file, or what is wrong with it, remembered for as long as the version is the same."""
    with path.open("rb") as opened:
        content = opened.read(MAX_BYTES + 1)
    try:
        return parse_source(content, file)
    except InputError as error:
        return error


def _read(path: Path, file: str, version: tuple[int, int, int]) -> Source:
    result = _parsed(path, file, version)
    if isinstance(result, InputError):
        raise InputError(result.issues)
    return result


def _too_large(file: str) -> Issue:
    remedy = "split it; the four shipped maps together are a quarter of that"
    return issue("too-large", "the file is larger than 1 MiB", remedy, file=file)


def _decode(content: bytes, file: str) -> str:
    if content[:2] in (b"\xff\xfe", b"\xfe\xff") or b"\0" in content[:2]:
        raise InputError([issue("not-utf-8", "the file is saved as UTF-16", _UTF8, file=file)])
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        before = content[: error.start].decode("utf-8-sig")
        line, column = _place_in(before)
        guess = content[error.start : error.start + 1].decode("cp1252", "replace")
        message = f"the file is not UTF-8: it looks like Latin-1 (Windows-1252), where this would be “{guess}”"
        raise InputError([issue("not-utf-8", message, _UTF8, file=file, line=line, column=column)]) from None


def _place_in(before: str) -> tuple[int, int]:
    """The line and column that follow the text `before`."""
    return before.count("\n") + 1, len(before) - (before.rfind("\n") + 1) + 1

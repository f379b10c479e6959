"""Errors of YAML syntax in plain words: what the parser met, and what its author most likely meant."""

from __future__ import annotations

import re

from ruamel.yaml.error import MarkedYAMLError

from jtbd.errors import Issue, issue

_QUOTES = 'put the text in quotes: "…"'
_ALIGN = "give the keys of one group the same number of spaces, as on the lines above"

_WORDS: tuple[tuple[str, str, str], ...] = (
    (
        "mapping values are not allowed",
        "a colon followed by a space where none can be",
        "put a text that holds `: ` in quotes, or check the indentation of this line and the one above",
    ),
    ("sequence entries are not allowed", "a list entry `- ` where none can be", "begin it on a line of its own"),
    ("could not find expected ':'", "a line without `key: value`", "add the colon, or put a long text in quotes"),
    (
        "expected ',' or ']'",
        "a list in brackets that is not closed",
        "close it with ], with commas between the entries",
    ),
    ("expected ',' or '}'", "a group in braces that is not closed", "close it with }, with commas between the entries"),
    ("unexpected end of stream", "a quotation mark that is never closed", "close it on the line where it opens"),
    ("unknown escape", "an escape that YAML does not know", "write \\\\ for a backslash, or use single quotes"),
    ("cannot start any token", "a text that begins with a character YAML keeps for itself", _QUOTES),
    ("expected alphabetic or numeric", "a text that begins with * or &", _QUOTES),
    ("expected chomping or indentation", "text on the same line as | or >", "begin the text on the next line"),
    ("found '<scalar>'", "text after a closing quotation mark", "double it ('it''s') or quote with \"…\""),
    ("expected <block end>", "a line whose indentation or place does not fit the lines above", _ALIGN),
    ("expected '<document start>'", "a line whose indentation or place does not fit the lines above", _ALIGN),
    ("incompatible YAML document", "a version of YAML that cannot be read", "remove the line that begins with %YAML"),
)


def explain(error: MarkedYAMLError, text: str, file: str) -> Issue:
    """The parser's `error` as an issue."""
    problem = str(error.problem or error.context or "")
    mark = error.problem_mark or error.context_mark
    line, column = (mark.line + 1, mark.column + 1) if mark else (0, 0)
    if tab := _tab_indentation(text, line):
        remedy = "indent with spaces only (two for each level); editors can convert tabs"
        return issue(
            "tab-indentation", "this line is indented with a tab", remedy, file=file, line=tab[0], column=tab[1]
        )
    for words, message, remedy in _WORDS:
        if words in problem:
            if "never closed" in message and error.context_mark:
                line, column = error.context_mark.line + 1, error.context_mark.column + 1
            return issue("yaml-syntax", message, remedy, file=file, line=line, column=column)
    remedy = "check this line and the one above; a text with : # - [ { in it needs quotes"
    return issue("yaml-syntax", problem or "this is not YAML", remedy, file=file, line=line, column=column)


def _tab_indentation(text: str, line: int) -> tuple[int, int] | None:
    """The place of the tab, where the line of the error or the next is indented with one."""
    lines = text.splitlines()
    for number in (line, line + 1):
        if 0 < number <= len(lines) and (found := re.match(r" *\t", lines[number - 1])):
            return number, found.end()
    return None

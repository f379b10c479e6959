"""What a cell of a ratings file may hold: 1 to 5, or nothing."""

from __future__ import annotations

import math
import re

NOT_RATED = 0
BAD = 255

CODES: dict[str, int] = {"": NOT_RATED} | {f"{point}{tail}": point for point in range(1, 6) for tail in ("", ".0")}
"""The spellings met in nearly every cell, looked up without parsing."""


_WHOLE = re.compile(r"[1-5]\.0*")


def parse_code(cell: str) -> int:
    """1..5, ``NOT_RATED`` for a blank cell, ``BAD`` for anything else. ``" 4.00 "`` is 4."""
    text = cell.strip()
    if text in CODES:
        return CODES[text]
    return int(text[0]) if _WHOLE.fullmatch(text) else BAD


def shown(cell: str) -> str:
    """A cell as a message quotes it: cut where it is long, unprintable characters replaced."""
    text = "".join(character if character.isprintable() else "\N{REPLACEMENT CHARACTER}" for character in cell[:41])
    return f'"{text[:40]}…"' if len(text) > 40 else f'"{text}"'


def cell_text(cell: object) -> str:
    """A value as CSV would hold it: a column of whole numbers with a gap in it is still one of whole numbers."""
    if cell is None or (isinstance(cell, float) and math.isnan(cell)):
        return ""
    return str(int(cell)) if isinstance(cell, float) and cell.is_integer() else str(cell)

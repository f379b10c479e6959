"""How wide a text runs, and where to break it: pictures are laid out without opening a font.

The widths are those of Helvetica (Adobe Font Metrics), which Arial and Liberation Sans share.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from functools import lru_cache

FAMILY = "Arial, 'Liberation Sans', Helvetica, sans-serif"
ELLIPSIS = "…"

_REGULAR = {
    191: "'",
    222: "ijl‘’",
    260: "|",
    278: " !,./:;I[\\]ft·",
    333: "()-`r“”",
    334: "{}",
    350: "•",
    355: '"',
    389: "*",
    469: "^",
    500: "Jcksvxyz",
    556: "#$0123456789?L_abdeghnopqu–",
    584: "+<=>~×",
    611: "FTZß",
    667: "&ABEKPSVXY",
    722: "CDHNRUw",
    778: "GOQ",
    833: "Mm",
    889: "%",
    944: "W",
    1000: "—…→",
    1015: "@",
}
_BOLD = {
    238: "'",
    278: " ,./I\\ijl‘’·",
    280: "|",
    333: "!()-:;[]`ft",
    350: "•",
    389: "*r{}",
    474: '"',
    500: "z“”",
    556: "#$0123456789J_aceksvxy–",
    584: "+<=>^~×",
    611: "?FLTZbdghnopquß",
    667: "EPSVXY",
    722: "&ABCDHKNRU",
    778: "GOQw",
    833: "M",
    889: "%m",
    944: "W",
    975: "@",
    1000: "—…→",
}
_WIDTHS = {
    bold: {char: width for width, chars in table.items() for char in chars}
    for bold, table in ((False, _REGULAR), (True, _BOLD))
}
_USUAL, _WIDE = 600, 1000


@dataclass(frozen=True)
class Lettering:
    """A size in pixels and a weight."""

    size: float
    bold: bool = False

    @property
    def leading(self) -> float:
        """From one line to the next."""
        return round(self.size * (1.2 if self.bold else 1.3), 1)

    def width(self, text: str) -> float:
        """How many pixels `text` takes; close for Latin letters, a guess for other scripts."""
        return sum(_width(char, self.bold) for char in text) * self.size / 1000

    def wrap(self, text: str, room: float, most: int = 0) -> tuple[str, ...]:
        """`text` in lines no wider than `room`: broken between words, inside a word only where it is wider.

        Of more than `most` lines (0: as many as it takes), the last one kept ends with an ellipsis.
        """
        lines: list[str] = []
        for word in text.split():
            if lines and self.width(f"{lines[-1]} {word}") <= room:
                lines[-1] += f" {word}"
            else:
                lines += self._pieces(word, room)
        if most and len(lines) > most:
            lines[most - 1 :] = [self._shortened(lines[most - 1], room)]
        return tuple(lines)

    def breaks_words(self, text: str, room: float) -> bool:
        """Whether a word of `text` is wider than `room`."""
        return any(self.width(word) > room for word in text.split())

    def _pieces(self, word: str, room: float) -> list[str]:
        pieces = [""]
        for char in word:
            if pieces[-1] and self.width(pieces[-1] + char) > room:
                pieces.append("")
            pieces[-1] += char
        return pieces

    def _shortened(self, line: str, room: float) -> str:
        while " " in line and self.width(line + ELLIPSIS) > room:
            line = line.rsplit(" ", 1)[0]
        while line and self.width(line + ELLIPSIS) > room:
            line = line[:-1]
        return line.rstrip(" ,;:.") + ELLIPSIS


@lru_cache(maxsize=4096)
def _width(char: str, bold: bool) -> int:  # noqa: FBT001
    known = _WIDTHS[bold]
    if char in known:
        return known[char]
    if unicodedata.combining(char):
        return 0
    base = unicodedata.normalize("NFD", char)[0]
    return known.get(base, _WIDE if unicodedata.east_asian_width(char) in "WF" else _USUAL)

"""Where everything of a map stands on a 16:9 sheet, before anything is drawn.

The largest lettering is tried first, in one to four rows of cards; what does not fit even in the smallest makes
the sheet taller, so that no step is ever left out.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace
from itertools import groupby

from jtbd.jobmap.lettering import Lettering
from jtbd.jobmap.model import JobMap, Outcome, Stage, Step

WIDTH, HEIGHT = 1600, 900
MARGIN = 56
TOP, BOTTOM = 182, 94
"""What the heading and the legend take."""

GAP, ROW_GAP = 18, 20
BAND, BAND_GAP = 30, 7
PAD = 17
NUMBER = 34
"""Height of the line that holds a card's number and how many outcomes there are."""

NUMBER_GAP, TITLE_GAP, EXAMPLES_GAP, EXAMPLE_GAP = 11, 8, 15, 6
BULLET = 15
FOOT = 36
"""Height of the line that holds a mark."""

_MOST_TITLE_LINES = 7
_WIDEST, _NARROWEST, _USUAL = 600, 225, 310


@dataclass(frozen=True)
class Style:
    """What all cards have in common: the lettering of titles and of the rest, and room for a mark."""

    title: Lettering
    text: Lettering
    foot: float = 0


_STYLES = tuple(
    Style(Lettering(title, bold=True), Lettering(text))
    for title, text in ((32, 21), (28, 19), (26, 18), (24, 17), (22, 16), (20, 15), (18, 14.5), (17, 14), (16, 13.5))
)


@dataclass(frozen=True)
class Card:
    """A step on the sheet: the corner of its card and the lines on it."""

    number: int
    step: Step
    x: float
    title: tuple[str, ...]
    functions: tuple[str, ...]
    examples: tuple[tuple[str, ...], ...]
    shared: int

    @property
    def cut(self) -> bool:
        """Whether the title is not there in full."""
        return " ".join(self.title) != " ".join(self.step.title.split()) and self.title[-1].endswith("…")


@dataclass(frozen=True)
class Band:
    """Neighbouring cards of one stage."""

    stage: Stage
    x: float
    width: float


@dataclass(frozen=True)
class Row:
    """Cards beside each other; titles, functions and examples begin at the same height on all."""

    cards: tuple[Card, ...]
    bands: tuple[Band, ...]
    title_lines: int
    function_lines: int


@dataclass(frozen=True)
class Sheet:
    """The whole flow: rows of cards of one width and height, from ``top`` down."""

    rows: tuple[Row, ...]
    style: Style
    card_width: float
    card_height: float
    top: float
    height: float

    @property
    def least_examples(self) -> int:
        """How many examples the card with the fewest has, not counting those it lacks itself."""
        return min(
            3 if len(card.examples) == len(card.step.outcomes) else len(card.examples)
            for row in self.rows
            for card in row.cards
        )

    def y(self, row: int) -> float:
        """The top of a row's band."""
        return self.top + row * (BAND + BAND_GAP + self.card_height + ROW_GAP)


def lay_out(job_map: JobMap, shared: Collection[str] = (), *, marked: bool = False) -> Sheet:
    """The sheet that reads best: large letters with two examples a card, else with one, else with none."""
    styles = [replace(style, foot=FOOT if marked else 0) for style in _STYLES]
    fitting = [sheet for style in styles for sheet in _sheets(job_map, shared, style)]
    for least, smallest in ((2, 20), (1, 18), (0, 0)):
        enough = [one for one in fitting if one.least_examples >= least and one.style.title.size >= smallest]
        if enough:
            largest = enough[0].style
            return min((one for one in enough if one.style == largest), key=_strain)
    return _tall(job_map, shared, styles[-1])


def _strain(sheet: Sheet) -> float:
    """How far a sheet is from cards of the usual width without blank places."""
    columns = len(sheet.rows[0].cards)
    blank = columns - len(sheet.rows[-1].cards)
    return abs(sheet.card_width - _USUAL) / 100 + 0.6 * blank / columns


def _sheets(job_map: JobMap, shared: Collection[str], style: Style) -> Iterator[Sheet]:
    """The sheets of 16:9 on which every card holds its title, functions and number of outcomes."""
    for count in (1, 2, 3, 4):
        columns = -(-len(job_map.steps) // count)
        width = _card_width(columns)
        inside = width - 2 * PAD
        room = (HEIGHT - TOP - BOTTOM - (count - 1) * ROW_GAP) / count - BAND - BAND_GAP
        if -(-len(job_map.steps) // columns) != count or width < _NARROWEST:
            continue
        if any(style.title.breaks_words(step.title, inside) for step in job_map.steps):
            continue
        rows = _rows(job_map, shared, style, columns, room)
        if all(_needed(row, style) <= room for row in rows):
            yield _sheet(rows, style, width, HEIGHT)


def _tall(job_map: JobMap, shared: Collection[str], style: Style) -> Sheet:
    """The least tall of the sheets that are as tall as they must be."""
    return min((_grown(job_map, shared, style, columns) for columns in (5, 4, 6)), key=lambda sheet: sheet.height)


def _grown(job_map: JobMap, shared: Collection[str], style: Style, columns: int) -> Sheet:
    rows = _rows(job_map, shared, style, columns, 0)
    sheet = _sheet(rows, style, _card_width(columns), HEIGHT)
    needed = sheet.y(len(rows)) - ROW_GAP + BOTTOM
    return _sheet(rows, style, sheet.card_width, max(HEIGHT, round(needed)))


def _sheet(rows: tuple[Row, ...], style: Style, width: float, height: float) -> Sheet:
    tallest = max(_needed(row, style) + _examples_height(row, style) for row in rows)
    taken = len(rows) * (BAND + BAND_GAP + tallest + ROW_GAP) - ROW_GAP
    spare = max(height - TOP - BOTTOM - taken, 0)
    stretch = min(spare / len(rows), 24)
    top = TOP + (spare - stretch * len(rows)) * 0.3
    return Sheet(rows, style, width, tallest + stretch, top, height)


def _card_width(columns: int) -> float:
    return min((WIDTH - 2 * MARGIN - (columns - 1) * GAP) / columns, _WIDEST)


def _rows(job_map: JobMap, shared: Collection[str], style: Style, columns: int, room: float) -> tuple[Row, ...]:
    numbered = list(enumerate(job_map.steps, 1))
    parts = [numbered[start : start + columns] for start in range(0, len(numbered), columns)]
    most = 3 if len(parts) > 1 else 6
    return tuple(_row(part, shared, style, _card_width(columns), room, most) for part in parts)


def _row(
    steps: list[tuple[int, Step]], shared: Collection[str], style: Style, width: float, room: float, most: int
) -> Row:
    inside = width - 2 * PAD
    cards = [
        Card(
            number,
            step,
            MARGIN + place * (width + GAP),
            style.title.wrap(step.title, inside, _MOST_TITLE_LINES),
            style.text.wrap(", ".join(step.functions), inside, 4),
            (),
            sum(outcome.id in shared for outcome in step.outcomes),
        )
        for place, (number, step) in enumerate(steps)
    ]
    plain = Row(
        tuple(cards),
        tuple(_bands(cards, width)),
        max(len(card.title) for card in cards),
        max(len(card.functions) for card in cards),
    )
    left = room - _needed(plain, style)
    filled = tuple(_with_examples(card, shared, style.text, inside, left, most) for card in cards)
    return Row(filled, plain.bands, plain.title_lines, plain.function_lines)


def _bands(cards: list[Card], width: float) -> Iterator[Band]:
    for stage, run in groupby(cards, key=lambda card: card.step.stage):
        group = list(run)
        yield Band(stage, group[0].x, group[-1].x + width - group[0].x)


def _with_examples(card: Card, shared: Collection[str], text: Lettering, inside: float, left: float, most: int) -> Card:
    """The card with the abilities for which there is room, those of this map alone first."""
    chosen: dict[Outcome, tuple[str, ...]] = {}
    left -= EXAMPLES_GAP
    for outcome in sorted(card.step.outcomes, key=lambda one: one.id in shared):
        lines = text.wrap(outcome.ability, inside - BULLET)
        height = len(lines) * text.leading + EXAMPLE_GAP
        if height <= left and len(chosen) < most:
            chosen[outcome] = lines
            left -= height
    examples = tuple(chosen[one] for one in card.step.outcomes if one in chosen)
    return Card(card.number, card.step, card.x, card.title, card.functions, examples, card.shared)


def _needed(row: Row, style: Style) -> float:
    title, functions = row.title_lines * style.title.leading, row.function_lines * style.text.leading
    return PAD + NUMBER + NUMBER_GAP + title + TITLE_GAP + functions + PAD - 3 + style.foot


def _examples_height(row: Row, style: Style) -> float:
    heights = [
        sum(len(lines) * style.text.leading + EXAMPLE_GAP for lines in card.examples) + EXAMPLES_GAP
        for card in row.cards
        if card.examples
    ]
    return max(heights, default=0)

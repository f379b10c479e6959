"""A map as a picture for a slide: the steps as a flow of cards, each under its stage."""

from __future__ import annotations

from collections.abc import Collection, Generator, Iterator, Mapping
from dataclasses import dataclass
from html import escape
from typing import get_args

from jtbd.jobmap.lettering import FAMILY, Lettering
from jtbd.jobmap.model import JobMap, Stage
from jtbd.jobmap.sheet import (
    BAND,
    BAND_GAP,
    BULLET,
    EXAMPLE_GAP,
    EXAMPLES_GAP,
    MARGIN,
    NUMBER,
    NUMBER_GAP,
    PAD,
    TITLE_GAP,
    WIDTH,
    Card,
    Row,
    Sheet,
    lay_out,
)
from jtbd.plural import counted

PNG_SCALE = 2
"""Pixels of the PNG to one of the sheet: 3200 x 1800, sharp on a projector."""

_INK, _SOFT, _LINE, _PAPER, _GROUND = "#1d2430", "#5b6676", "#d9dee6", "#ffffff", "#f6f7f9"
_ACCENT, _TINT, _AFTER = "#1f5fa8", "#dfeaf7", "#e3e7ed"
_STAGES: tuple[Stage, ...] = get_args(Stage)
_POINT = 12
_DOT, _DOT_STEP = 4.5, 14


@dataclass(frozen=True)
class Mark:
    """What a step is marked with: a colour at the edge of its card, and a short label that says the same."""

    colour: str
    label: str


def as_svg(job_map: JobMap, shared: Collection[str] = (), marks: Mapping[str, Mark] | None = None) -> str:
    """The map as an SVG picture, 1600 x 900, taller only where so many steps do not fit.

    Parameters
    ----------
    shared : collection of str
        Ids of outcomes that other maps use too; shown as rings among the dots.
    marks : mapping of str to Mark, optional
        By step id: how steps are set off.
    """
    shared = {outcome.id for outcome in job_map.outcomes} & set(shared)
    sheet = lay_out(job_map, shared, marked=bool(marks))
    name = escape(job_map.map)
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {sheet.height:g}" width="{WIDTH}"'
        f' height="{sheet.height:g}" role="img" aria-labelledby="{name}-title {name}-desc"'
        f' font-family="{FAMILY}" fill="{_INK}">',
        f'<title id="{name}-title">Job map: {escape(job_map.title)}</title>',
        f'<desc id="{name}-desc">{escape(_in_words(job_map, shared, marks or {}))}</desc>',
        f'<rect width="{WIDTH}" height="{sheet.height:g}" fill="{_GROUND}"/>',
        *_heading(job_map, shared),
    ]
    for number, row in enumerate(sheet.rows):
        y = sheet.y(number)
        parts += _bands(row, y)
        for card in row.cards:
            parts += _card(card, row, sheet, y + BAND + BAND_GAP, (marks or {}).get(card.step.id))
    parts += [*_legend(job_map, shared, sheet), "</svg>"]
    return "\n".join(parts) + "\n"


def as_png(svg: str) -> bytes:
    """An SVG picture as PNG."""
    import vl_convert  # takes a while to load, and only pictures need it

    png: bytes = vl_convert.svg_to_png(svg, scale=PNG_SCALE)
    return png


def _in_words(job_map: JobMap, shared: Collection[str], marks: Mapping[str, Mark]) -> str:
    """What the picture shows, for those who do not see it."""
    said = [f"Job: {job_map.job}. Mode: {job_map.mode}. {counted(len(job_map.steps), 'step')}."]
    for number, step in enumerate(job_map.steps, 1):
        facts = [step.stage, *step.functions, _counted(len(step.outcomes), "outcome")]
        if both := sum(outcome.id in shared for outcome in step.outcomes):
            facts.append(f"{both} shared with other maps")
        if step.id in marks:
            facts.append(marks[step.id].label)
        said.append(f"{number}. {step.title} ({', '.join(facts)}).")
    return " ".join(said)


def _heading(job_map: JobMap, shared: Collection[str]) -> Iterator[str]:
    outcomes = [outcome.id for outcome in job_map.outcomes]
    figures = [(len(job_map.steps), "step"), (len(outcomes), "outcome")]
    right: float = WIDTH - MARGIN
    if both := sum(one in shared for one in outcomes):
        right = yield from _figure(right, both, "shared")
    for count, noun in reversed(figures):
        right = yield from _figure(right, count, noun if count == 1 else f"{noun}s")
    room = right - MARGIN
    small, title, job = Lettering(17, bold=True), Lettering(42, bold=True), Lettering(21)
    yield _text(MARGIN, 54, small.wrap(f"Job map · {job_map.domain} · mode: {job_map.mode}", room, 1), small, _ACCENT)
    if title.width(job_map.title) > room:
        title = Lettering(28, bold=True)
    lines = title.wrap(job_map.title, room, 2)
    yield _text(MARGIN, 102 if len(lines) == 1 else 86, lines, title, _INK)
    about = f"Job: {job_map.job} · Executor: {job_map.executor}"
    yield _text(MARGIN, 148 if len(lines) == 1 else 152, job.wrap(about, room, 1), job, _SOFT)


def _figure(right: float, count: int, noun: str) -> Generator[str, None, float]:
    """A number with its noun below; returns where the next to its left ends."""
    large, small = Lettering(40, bold=True), Lettering(17)
    yield _text(right, 102, (str(count),), large, _INK, anchor="end")
    yield _text(right, 128, (noun,), small, _SOFT, anchor="end")
    return right - max(large.width(str(count)), small.width(noun)) - 40


def _colours(stage: Stage) -> tuple[str, str]:
    """Ground and letters of a stage: what comes before the work, the work, what comes after."""
    if stage == "execute":
        return _ACCENT, _PAPER
    return (_TINT, _ACCENT) if _STAGES.index(stage) < _STAGES.index("execute") else (_AFTER, _INK)


def _bands(row: Row, y: float) -> Iterator[str]:
    name = Lettering(17, bold=True)
    for band in row.bands:
        ground, colour = _colours(band.stage)
        first, last = band is row.bands[0], band is row.bands[-1]
        width = band.width - (_POINT if last else 0)
        yield _arrow(band.x, y, width, BAND, ground, notched=not first)
        yield _text(band.x + PAD + (0 if first else 5), y + 21, (band.stage,), name, colour)


def _arrow(x: float, y: float, width: float, height: float, colour: str, *, notched: bool) -> str:
    """A band that ends in a point to the right, and is notched on the left to take the point before it."""
    end, middle = x + width, y + height / 2
    points = [(x, y), (end, y), (end + _POINT, middle), (end, y + height), (x, y + height)]
    if notched:
        points.append((x + _POINT, middle))
    return f'<polygon points="{" ".join(f"{px:g},{py:g}" for px, py in points)}" fill="{colour}"/>'


def _card(card: Card, row: Row, sheet: Sheet, y: float, mark: Mark | None) -> Iterator[str]:
    style, left = sheet.style, card.x + PAD
    yield "<g>" + (f"<title>{escape(card.step.title)}</title>" if card.cut else "")
    yield _box(card.x, y, sheet.card_width, sheet.card_height, 10, f'fill="{_PAPER}" stroke="{_LINE}"')
    yield from _number(card, left, y + PAD, sheet.card_width - 2 * PAD)
    below = y + PAD + NUMBER + NUMBER_GAP
    yield _text(left, below + style.title.size * 0.9, card.title, style.title, _INK)
    below += row.title_lines * style.title.leading + TITLE_GAP
    yield _text(left, below + style.text.size * 0.9, card.functions, style.text, _SOFT)
    below += row.function_lines * style.text.leading
    yield from _examples(card, style.text, left, below, sheet.card_width - 2 * PAD)
    if mark:
        yield from _marked(mark, card, y, sheet)
    yield "</g>"


def _number(card: Card, left: float, y: float, width: float) -> Iterator[str]:
    """The step's number; beside it its outcomes, as dots and rings where there is room, and in words."""
    number, small, radius = Lettering(18, bold=True), Lettering(14.5), NUMBER / 2
    yield f'<circle cx="{left + radius:g}" cy="{y + radius:g}" r="{radius:g}" fill="{_ACCENT}"/>'
    yield _text(left + radius, y + radius + 6.5, (str(card.number),), number, _PAPER, anchor="middle")
    left, width, total = left + NUMBER + 11, width - NUMBER - 11, len(card.step.outcomes)
    words = _counted(total, "outcome") + (f", {card.shared} shared" if card.shared else "")
    dotted = total * _DOT_STEP <= width
    if dotted:
        yield from (_dot(left + _DOT + n * _DOT_STEP, y + 8, ring=n >= total - card.shared) for n in range(total))
    yield _text(left, y + (NUMBER - 3 if dotted else radius + 5), small.wrap(words, width, 1), small, _SOFT)


def _dot(x: float, y: float, *, ring: bool) -> str:
    look = f'fill="{_PAPER}" stroke="{_ACCENT}" stroke-width="2"' if ring else f'fill="{_ACCENT}"'
    return f'<circle cx="{x:g}" cy="{y:g}" r="{_DOT - 1 if ring else _DOT:g}" {look}/>'


def _examples(card: Card, text: Lettering, left: float, y: float, width: float) -> Iterator[str]:
    if not card.examples:
        return
    y += EXAMPLES_GAP
    yield f'<path d="M{left:g} {y - 5:g}h{width:g}" stroke="{_LINE}"/>'
    for lines in card.examples:
        yield f'<path d="M{left:g} {y + text.size * 0.7:g}h7" stroke="{_ACCENT}" stroke-width="2"/>'
        yield _text(left + BULLET, y + text.size, lines, text, _INK)
        y += len(lines) * text.leading + EXAMPLE_GAP


def _marked(mark: Mark, card: Card, y: float, sheet: Sheet) -> Iterator[str]:
    """A bar down the card's edge, and the label at its foot with the same colour."""
    label, left, bottom = Lettering(16, bold=True), card.x + PAD, y + sheet.card_height
    colour = f'fill="{escape(mark.colour)}"'
    yield _box(card.x, y + 10, 6, sheet.card_height - 20, 0, colour)
    yield _box(left, bottom - 31, 14, 14, 3, colour)
    yield _text(left + 23, bottom - 18, label.wrap(mark.label, sheet.card_width - 2 * PAD - 23, 1), label, _INK)


def _legend(job_map: JobMap, shared: Collection[str], sheet: Sheet) -> Iterator[str]:
    """The universal stages in their order, those without a step left white; dots and rings; the source."""
    small, y, x = Lettering(15), sheet.height - 74, float(MARGIN)
    here = {step.stage for step in job_map.steps}
    yield _text(x, y + 17, ("Stages of any job",), small, _SOFT)
    x += small.width("Stages of any job") + 16
    for stage in _STAGES:
        width = small.width(stage) + 28
        ground, colour = _colours(stage) if stage in here else (_PAPER, _SOFT)
        yield _arrow(x, y, width, 24, ground, notched=stage != _STAGES[0])
        yield _text(x + 18, y + 17, (stage,), small, colour)
        x += width + 4
    if here != set(_STAGES):
        yield _text(x + 20, y + 17, ("white: no step here",), small, _SOFT)
    yield from _signs(shared, sheet, y + 17)
    source = " · ".join(part for part in (job_map.source, f"map {job_map.map}, {job_map.content_hash[:8]}") if part)
    yield _text(MARGIN, sheet.height - 24, small.wrap(source, WIDTH - 2 * MARGIN, 1), small, _SOFT)


def _signs(shared: Collection[str], sheet: Sheet, y: float) -> Iterator[str]:
    """What dots, rings and dashes stand for, from the right."""
    small, x = Lettering(15), float(WIDTH - MARGIN)
    signs = [("dot", "outcome")] + ([("ring", "shared with another map")] if shared else [])
    if any(card.examples for row in sheet.rows for card in row.cards):
        signs.append(("dash", "what people want to be able to do"))
    for sign, said in reversed(signs):
        yield _text(x, y, (said,), small, _SOFT, anchor="end")
        x -= small.width(said) + 14
        if sign == "dash":
            yield f'<path d="M{x - 4:g} {y - 5:g}h7" stroke="{_ACCENT}" stroke-width="2"/>'
        else:
            yield _dot(x, y - 5, ring=sign == "ring")
        x -= 26


def _counted(count: int, noun: str) -> str:
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"


def _box(x: float, y: float, width: float, height: float, radius: float, look: str) -> str:
    return f'<rect x="{x:g}" y="{y:g}" width="{width:g}" height="{height:g}" rx="{radius:g}" {look}/>'


def _text(x: float, y: float, lines: tuple[str, ...], letters: Lettering, colour: str, *, anchor: str = "start") -> str:
    look = f'font-size="{letters.size:g}"' + (' font-weight="700"' if letters.bold else "")
    look += f' fill="{colour}"' + (f' text-anchor="{anchor}"' if anchor != "start" else "")
    spans = "".join(
        f'<tspan x="{x:g}" y="{y + number * letters.leading:g}">{escape(line)}</tspan>'
        for number, line in enumerate(lines)
    )
    return f"<text {look}>{spans}</text>" if lines else ""

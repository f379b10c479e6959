"""Rows of the ranking as pages show them: text, and places of bars in percent."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

from jtbd.analysis import Analysis
from jtbd.analysis.query import MIN_GROUP
from jtbd.report.sentences import CUTS, METHOD_NAMES, SPANS, ZONE_NAMES, percent
from jtbd.report.tables import Cell, scores_table
from jtbd.scoring.distribution import shares


@dataclass(frozen=True)
class Bar:
    """An interval on a line from 0 to 100; ``cut`` is where the score's meaning changes."""

    low: float
    high: float
    point: float
    cut: float | None
    label: str


@dataclass(frozen=True)
class Ratings:
    """How a scale was answered: for each rating 1..5 where its part begins on a line of 100, and how long it is."""

    parts: tuple[tuple[float, float], ...]
    label: str


@dataclass(frozen=True)
class Row:
    """An outcome in the ranking; ``first`` is its rank, ``ranks`` the range, ``rated`` its distributions by scale.

    ``not_applicable`` says to how many it does not apply; empty where nobody was asked, or nobody said so.
    """

    first: int
    ranks: str
    statement: str
    place: str
    bar: Bar
    score: str
    importance: str
    second: str
    n: str
    rated: dict[str, Ratings]
    zone: str
    zone_name: str
    certainty: str
    not_applicable: str


def ranking_rows(analysis: Analysis) -> list[Row]:
    """A row for each outcome that somebody rated, in rank order."""
    modes = len({mode for label in analysis.source.labels.values() for mode in label.modes})
    scores = analysis.groups[""]
    distributions = shares(scores.estimates)
    rows = []
    for number, record in zip(scores.order, scores_table(analysis).records(), strict=True):
        if record["rank"] is not None:
            label = analysis.source.label(str(record["outcome"]))
            place = _place(label.modes, str(record["step"]).split(" / "), modes)
            rated = {scale: _ratings(scale, table[number].tolist()) for scale, table in distributions.items()}
            rows.append(_row(record, place, rated, analysis))
    return rows


def _ratings(scale: str, parts: list[float]) -> Ratings:
    ends = [round(100 * sum(parts[:rating]), 1) for rating in range(6)]
    said = ", ".join(f"{rating}: {part:.0%}" for rating, part in enumerate(parts, 1))
    return Ratings(tuple((start, round(end - start, 1)) for start, end in pairwise(ends)), f"{scale} rated {said}")


def bar(method: str, point: float, low: float, high: float, level: float) -> Bar:
    """The bar of a score."""
    start, stop = SPANS[method]

    def along(value: float) -> float:
        return round(100 * (min(max(value, start), stop) - start) / (stop - start), 2)

    cut = along(CUTS[method]) if method in CUTS else None
    label = f"{METHOD_NAMES[method]} {point:.1f}, {percent(level)} interval {low:.1f} to {high:.1f}"
    return Bar(along(low), along(high), along(point), cut, label)


def span_name(analysis: Analysis) -> str:
    """What the bars show: ``Opportunity score, 0 to 20``."""
    low, high = SPANS[analysis.query.ranking.name]
    return f"{METHOD_NAMES[analysis.query.ranking.name].capitalize()}, {low:g} to {high:g}".replace("-", "−")


def _row(record: dict[str, Cell], place: str, rated: dict[str, Ratings], analysis: Analysis) -> Row:
    score = "opportunity" if analysis.query.ranking.name == "opportunity" else "score"
    point, low, high = (_number(record[name]) for name in (score, f"{score}_low", f"{score}_high"))
    single = record["rank_low"] == record["rank_high"]
    return Row(
        first=int(_number(record["rank"])),
        ranks=str(record["rank"]) if single else f"{record['rank_low']}–{record['rank_high']}",
        statement=str(record["statement"] or record["outcome"]),
        place=place,
        bar=bar(analysis.query.ranking.name, point, low, high, analysis.query.level),
        score=f"{point:.1f}".replace("-", "−"),
        importance=f"{_number(record['importance']):.1f}",
        second=f"{_number(record[analysis.second]):.1f}",
        n=f"{record['n']:,}",
        rated=rated,
        zone=str(record["zone"]),
        zone_name=ZONE_NAMES[str(record["zone"])],
        certainty=str(record["zone_certainty"]),
        not_applicable=_not_applicable(record),
    )


def _not_applicable(record: dict[str, Cell]) -> str:
    """To how many an outcome does not apply, of those and the ones who rated it; nothing where nobody was asked."""
    if "not_applicable" not in record:
        return ""
    people = record["not_applicable"]
    if people is None:
        return f"does not apply to fewer than {MIN_GROUP} people"
    share = _number(people) / (_number(people) + _number(record["n"]))
    return f"does not apply to {share:.0%}" if people else ""


def _place(modes: tuple[str, ...], steps: list[str], every: int) -> str:
    """Where along the jobs it is asked; outcomes that many steps share are not listed in full."""
    where = "all modes" if len(modes) == every > 1 else ", ".join(modes)
    step = steps[0] if len(steps) == 1 else f"{steps[0]} and {len(steps) - 1} more"
    return " · ".join(part for part in (where[:1].upper() + where[1:], step) if part)


def _number(cell: Cell) -> float:
    return float(cell or 0)

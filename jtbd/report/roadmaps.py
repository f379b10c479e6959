"""Roadmaps as a table under fixed column names, and as text for a terminal."""

from __future__ import annotations

import textwrap
from collections import Counter

from jtbd.analysis import Source
from jtbd.plural import counted
from jtbd.report.sentences import SIMULATED, ZONE_NAMES, number_word
from jtbd.report.tables import Cell, Table
from jtbd.roadmap.buyer import SAME
from jtbd.roadmap.model import BUYER_MOVES, VENDOR_MOVES, BuyerMove, Difference, Item, Roadmap, Standing, VendorMove
from jtbd.roadmap.reasons import reason

MOVE_MEANINGS: dict[VendorMove | BuyerMove, str] = {
    "catch up": "users of another solution are more satisfied",
    "lead": "the market is underserved, and no one does it better",
    "defend": "your users are more satisfied than those of the best other solution",
    "hold": "nothing of this is shown",
    "trim": "the market is more satisfied with it than it matters",
    "fix inside": "people elsewhere with the same solution are more satisfied",
    "adopt": "users of another solution are more satisfied",
    "ask vendors": "the whole market is underserved",
    "keep": "nothing of this is shown",
    "spend less": "your people are more satisfied with it than it matters to them",
}

_FIGURES = 24
"""Columns that an opportunity score and its interval take in a terminal."""

_MARKET = ("importance", "satisfaction", "opportunity", "opportunity_low", "opportunity_high", "zone", "zone_certainty")
_OWN = ("n", "importance", "satisfaction", "opportunity", "opportunity_low", "opportunity_high", "zone")
_COMPARED = {
    "compared_n": "other_n",
    "compared_satisfaction": "other_satisfaction",
    "difference": "difference",
    "difference_se": "difference_se",
    "p_holm": "p_holm",
}


def moves(roadmap: Roadmap) -> tuple[VendorMove | BuyerMove, ...]:
    """The moves of its kind of roadmap, what calls for action first."""
    return VENDOR_MOVES if roadmap.kind == "vendor" else BUYER_MOVES


def solution_name(source: Source, value: str) -> str:
    """What people call a solution, or the group compared with."""
    if value == SAME:
        return value
    return source.texts.get(source.roles.get("solution", ""), {}).get(value, value)


def why_text(source: Source, item: Item) -> str:
    """Why an item has its move; names of solutions in quotes, as they may be whole phrases."""
    return reason(item, lambda value: f"“{solution_name(source, value)}”")


def subject_name(source: Source, roadmap: Roadmap) -> str:
    """What people call the vendor's solution or the organisation."""
    return solution_name(source, roadmap.subject) if roadmap.kind == "vendor" else roadmap.subject


def roadmap_table(source: Source, roadmap: Roadmap) -> Table:
    """A row for each item, in the order in which to act.

    Columns: ``position``, ``outcome``, ``statement``, ``step``, ``move``, ``why``; how the market stands
    (``importance`` … ``zone_certainty``); how the vendor's users or the buyer's people stand (``own_…``); and the
    comparison that decided, else the one with the best other group (``compared_…``, ``difference`` own minus other,
    ``p_holm`` adjusted over the whole roadmap). Empty where too few rated the outcome.
    """
    columns = (
        *("position", "outcome", "statement", "step", "move", "why"),
        *_MARKET,
        *(f"own_{name}" for name in _OWN),
        *("compared_with", *_COMPARED),
    )
    return Table(columns, tuple(_row(source, item, place) for place, item in enumerate(roadmap.items, 1)))


def _row(source: Source, item: Item, place: int) -> tuple[Cell, ...]:
    label = source.label(item.outcome)
    why = why_text(source, item)
    return (
        *(place, item.outcome, label.statement, label.step(), item.move, why),
        *_standing(item.market, _MARKET),
        *_standing(item.own, _OWN),
        *_difference(source, item.compared),
    )


def _standing(standing: Standing | None, names: tuple[str, ...]) -> tuple[Cell, ...]:
    return tuple(getattr(standing, name) if standing else None for name in names)


def _difference(source: Source, found: Difference | None) -> tuple[Cell, ...]:
    if found is None:
        return (None,) * (1 + len(_COMPARED))
    return (solution_name(source, found.other), *(getattr(found, name) for name in _COMPARED.values()))


def roadmap_sentences(source: Source, roadmap: Roadmap) -> list[str]:
    """What the roadmap says in short: its moves, how many comparisons it rests on, and who was left out."""
    of_move = Counter(item.move for item in roadmap.items)
    named = [f"{move} {of_move[move]}" for move in moves(roadmap) if of_move[move]]
    found = f"{number_word(len(roadmap.items)).capitalize()} outcome{'' if len(roadmap.items) == 1 else 's'}"
    sentences = [f"{found}: {', '.join(named)}." if named else "No outcome was rated by enough people."]
    if roadmap.comparisons:
        sentences.append(
            "Differences count as shown only if they hold after "
            f"{counted(roadmap.comparisons, 'comparison is', 'comparisons are')} adjusted for (Holm)."
        )
    else:
        sentences.append("There was no other group large enough to compare with.")
    if roadmap.left_out:
        names = ", ".join(solution_name(source, name) for name in roadmap.left_out)
        sentences.append(f"Too few people to be compared: {names}.")
    return sentences


def roadmap_text(source: Source, roadmap: Roadmap, width: int = 100) -> str:
    """The roadmap for a terminal: a heading for each move, an outcome and its reason on two lines."""
    width = max(width, 60)
    heading = f"Roadmap for {'the vendor of ' if roadmap.kind == 'vendor' else ''}{subject_name(source, roadmap)}"
    facts = [heading, source.title, *([SIMULATED] if source.simulated else [])]
    lines = [" · ".join(facts), *textwrap.wrap(" ".join(roadmap_sentences(source, roadmap)), min(width, 100))]
    for move in moves(roadmap):
        items = [item for item in roadmap.items if item.move == move]
        if items:
            lines += ["", *textwrap.wrap(f"{move.upper()} ({len(items)}): {MOVE_MEANINGS[move]}", width), ""]
            lines += [line for item in items for line in _item_lines(source, item, width)]
    return "\n".join(lines) + "\n"


def _item_lines(source: Source, item: Item, width: int) -> list[str]:
    market = item.market
    figures = f"{market.opportunity:>5.1f} ({market.opportunity_low:.1f} to {market.opportunity_high:.1f})"
    zone = f"{ZONE_NAMES[market.zone]}, {market.zone_certainty}"
    name = source.label(item.outcome).statement or item.outcome
    why = why_text(source, item)
    indent = " " * _FIGURES
    return [
        f"{figures:<{_FIGURES}}{textwrap.shorten(name, width - _FIGURES, placeholder=' …')}",
        *textwrap.wrap(f"{zone}. {why}", width, initial_indent=indent, subsequent_indent=indent),
    ]

"""Found segments as tables, as text for a terminal and as JSON: always marked as descriptive."""

from __future__ import annotations

import json
import textwrap
from collections.abc import Callable
from typing import Any

from jtbd.analysis.profiles import id_column
from jtbd.analysis.segments import DESCRIPTIVE, Segmentation
from jtbd.plural import counted
from jtbd.ratings.segments import CHANCE_UP_TO, JACCARD_FROM, PEOPLE_FROM, RAND_FROM
from jtbd.report.sentences import SIMULATED, number_word, percent
from jtbd.report.tables import Cell, Table, scores_table
from jtbd.report.text import plain_table

FIRST_PLACES = 5
MODELS = {"lca": "latent classes", "kmeans": "factors and k-means"}
NONE_HOLD = "No stable segments were found"


def solutions_table(found: Segmentation) -> Table:
    """A row for each number of groups tried, with the figures that decide; columns as in docs/columns.md."""
    columns = (
        "groups",
        "bic",
        "bic_of_one",
        "adjusted_rand",
        "lowest_jaccard",
        "smallest",
        "certainty",
        "p_one_population",
        "accepted",
        "why_not",
    )
    accepted = found.found.accepted
    rows = [
        (
            one.groups,
            one.bic,
            one.bic_of_one,
            one.rand,
            min(one.jaccard),
            min(one.people),
            one.certainty,
            one.chance,
            one is accepted,
            "; ".join(one.reasons) or ("" if one is accepted else "another number of groups has a lower BIC"),
        )
        for one in found.found.solutions
    ]
    return Table(columns, tuple(rows))


def sizes_table(found: Segmentation) -> Table:
    """A row for each segment: people, weighted share, and how sure its members are in it."""
    rows: list[tuple[Cell, ...]] = []
    accepted = found.found.accepted
    if accepted:
        for name, people, share, jaccard in zip(
            found.names, accepted.people, found.shares, accepted.jaccard, strict=True
        ):
            mean = float(found.probability[found.segment == name].mean())
            rows.append((name, people, share, None if accepted.certainty is None else mean, jaccard))
    return Table(("segment", "people", "share", "certainty", "jaccard"), tuple(rows))


def outcomes_table(found: Segmentation) -> Table:
    """Importance minus satisfaction of the chosen outcomes in each segment, those that differ most first."""
    columns = ("outcome", "statement", *(f"gap_{name}" for name in found.names), "spread")
    if not found.analysis:
        return Table(columns, ())
    gaps: dict[str, dict[str, float]] = {
        name: dict(zip(scores.columns["outcome"].tolist(), scores.columns["gap"].tolist(), strict=True))
        for name, scores in found.analysis.groups.items()
    }
    rows: list[tuple[Cell, ...]] = []
    for outcome in found.found.outcomes:
        figures = [gaps[name][outcome] for name in found.names]
        cells = [None if one != one else one for one in figures]
        spread = None if None in cells else max(figures) - min(figures)
        rows.append((outcome, found.source.label(outcome).statement, *cells, spread))
    return Table(columns, tuple(sorted(rows, key=lambda row: -float(row[-1] or 0))))


def profiles_table(found: Segmentation) -> Table:
    """How often values of the respondents' attributes occur, in all and in each segment; blank under five people."""
    columns = ("attribute", "value", "text", "share_all", *(f"share_{name}" for name in found.names))
    return Table(
        columns, tuple((row.attribute, row.value, row.text, row.overall, *row.shares) for row in found.profiles)
    )


def rankings_table(found: Segmentation) -> Table:
    """The columns of a ranking, for each segment, and a column that says what they are not."""
    if not found.analysis:
        return Table(("group", "outcome", "note"), ())
    table = scores_table(found.analysis)
    return Table((*table.columns, "note"), tuple((*row, DESCRIPTIVE) for row in table.rows))


def assignment_table(found: Segmentation) -> Table:
    """Each respondent's segment and its probability, by the column that names them or else by row from 1."""
    name = id_column(found.source)
    who: list[Cell] = (
        found.source.ratings.attributes[name].tolist() if name else list(range(1, found.source.ratings.n + 1))
    )
    sure = [None if one != one else one for one in found.probability.tolist()]
    rows = zip(who, found.segment.tolist(), sure, strict=True)
    return Table((name or "row", "segment", "probability"), tuple(rows))


TABLES: dict[str, Callable[[Segmentation], Table]] = {
    "solutions": solutions_table,
    "sizes": sizes_table,
    "outcomes": outcomes_table,
    "profiles": profiles_table,
    "rankings": rankings_table,
}


def segments_json(found: Segmentation) -> str:
    """Everything as one JSON object; ``accepted`` is null where no segments hold."""
    whole: dict[str, Any] = {
        "provenance": found.provenance,
        "notes": [str(note) for note in found.notes],
        "note": DESCRIPTIVE,
        "accepted": found.found.accepted.groups if found.found.accepted else None,
        **{name: list(make(found).records()) for name, make in TABLES.items()},
    }
    return json.dumps(whole, ensure_ascii=False, indent=1, allow_nan=False) + "\n"


def segments_text(found: Segmentation, width: int) -> str:
    """What was found, or that nothing holds, with the figures that decided."""
    parts = [_head(found), textwrap.fill(conclusion(found), min(width, 100)), _solutions_text(found)]
    if found.found.accepted:
        parts += [
            "Segments\n" + plain_table(sizes_table(found)),
            f"Importance minus {_other(found)}, -10 to 10, of the outcomes they were found by\n"
            + _outcomes_text(found),
        ]
        if found.profiles:
            parts.append("Who is in them (shares; – under five people)\n" + _profiles_text(found))
        parts.append(_rankings_text(found, width))
    return "\n\n".join(part.rstrip("\n") for part in parts) + "\n"


def conclusion(found: Segmentation) -> str:
    """What may be concluded, in a sentence or two."""
    accepted = found.found.accepted
    if not accepted:
        return (
            f"{NONE_HOLD}: no division into {_tried(found)} groups is found again in other samples of these people, "
            "in large enough groups, and better than in one population without segments. Nobody is assigned."
        )
    return (
        f"{number_word(accepted.groups).capitalize()} segments hold: they are found again in other samples of the same "
        f"people. What follows is {DESCRIPTIVE}."
    )


def _other(found: Segmentation) -> str:
    return "satisfaction" if found.second == "satisfaction" else "ease"


def _tried(found: Segmentation) -> str:
    numbers = [str(one) for one in found.asked.groups]
    return numbers[0] if len(numbers) == 1 else f"{', '.join(numbers[:-1])} or {numbers[-1]}"


def _head(found: Segmentation) -> str:
    facts = [
        found.source.title,
        f"{counted(len(found.found.rows), 'respondent')} divided",
        f"{MODELS[found.asked.by_model]} on {len(found.found.outcomes)} outcomes",
        f"{found.asked.resamples} samples for each number of groups",
    ]
    return " · ".join([*facts, SIMULATED] if found.source.simulated else facts)


def _solutions_text(found: Segmentation) -> str:
    table = solutions_table(found)
    names = ("groups", "bic", "adjusted Rand", "Jaccard", "smallest", "by chance", "")
    rows = []
    for row in table.records():
        verdict = "accepted" if row["accepted"] else str(row["why_not"])
        difference = float(row["bic"] or 0) - float(row["bic_of_one"] or 0)
        figures = (row["adjusted_rand"], row["lowest_jaccard"], row["smallest"], row["p_one_population"])
        rows.append((row["groups"], f"{difference:+.0f}", *figures, verdict))
    rules = (
        f"bic: against one group, lower is better; needed: below 0, adjusted Rand {RAND_FROM}, lowest Jaccard "
        f"{JACCARD_FROM}, {PEOPLE_FROM} people in the smallest, by chance up to {CHANCE_UP_TO}"
    )
    return plain_table(Table(names, tuple(rows))) + rules


def _outcomes_text(found: Segmentation) -> str:
    table = outcomes_table(found)
    rows = [(row[1] or row[0], *row[2:]) for row in table.rows]
    short = [(textwrap.shorten(str(row[0]), 70, placeholder=" …"), *row[1:]) for row in rows]
    return plain_table(Table(("outcome", *found.names, "spread"), tuple(short)))


def _profiles_text(found: Segmentation) -> str:
    rows = [(row.attribute, row.text, row.overall, *row.shares) for row in found.profiles]
    return plain_table(Table(("attribute", "value", "all", *found.names), tuple(rows)))


def _rankings_text(found: Segmentation, width: int) -> str:
    score = "opportunity" if found.query.method == "opportunity" else "score"
    lines = [f"First {FIRST_PLACES} outcomes of each segment, {percent(found.query.level)} ranges ({DESCRIPTIVE})"]
    records = list(scores_table(found.analysis).records()) if found.analysis else []
    for name in found.names:
        lines.append(f"segment {name}")
        for row in [row for row in records if row["group"] == name and row["rank"] is not None][:FIRST_PLACES]:
            ranks = f"{row['rank_low']}–{row['rank_high']}"
            text = textwrap.shorten(str(row["statement"] or row["outcome"]), max(width - 22, 24), placeholder=" …")
            lines.append(f"  {ranks:>9}  {row[score]:>6.1f}  {text}")
    return "\n".join(lines)

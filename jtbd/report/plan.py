"""Plans as a table, as text, and in sentences that say what they rest on."""

from __future__ import annotations

import textwrap
from dataclasses import astuple, fields

from jtbd.analysis.planning import Plan, Separations
from jtbd.report.change import p_text
from jtbd.report.sentences import describe, number_word, percent
from jtbd.report.tables import Cell, Table
from jtbd.scoring.planning import Assumptions, Prospect

SIMULATED_WORLD = "Figures are averages over outcomes of a made-up world, within about 10% of simulated studies."


def plan_table(plan: Plan) -> Table:
    """A row for each study of the grid; columns as in docs/columns.md."""
    names = tuple(field.name for field in fields(Prospect))
    return Table((*names, "chosen"), tuple((*astuple(row), row == plan.chosen) for row in plan.rows))


def plan_sentence(plan: Plan) -> str:
    """What the study asked for would see."""
    row, assumed = plan.chosen, plan.assumed
    each = f"all {plan.outcomes}" if row.per_respondent == plan.outcomes else f"{row.per_respondent} of {plan.outcomes}"
    size = row.respondents // assumed.groups
    top = min(assumed.top, plan.outcomes - 1)
    return (
        f"With {row.respondents:,} respondents who rate {each} outcomes each, in about {row.minutes:.0f} minutes, an"
        f" outcome gets {row.ratings:,.0f} ratings. Its score is then known to about ±{row.half_width:.1f} points, its"
        f" rank to within {row.rank_width:.0f} places; {row.top_found * top:.1f} of the true top {top} are found."
        f" Between two groups of {size:,} a difference of {row.detectable:.1f} points is found four times in five,"
        f" {row.detectable_adjusted:.1f} when all outcomes are compared."
    )


def assumptions_sentence(assumed: Assumptions) -> str:
    """What the figures take for granted."""
    groups = f"{number_word(assumed.groups)} equal groups"
    return (
        "Assumed: importance and satisfaction shares as Beta(6, 4) and Beta(5, 5), correlation of one person's ratings"
        f" {assumed.correlation:g}, design effect of weights {assumed.design_effect:g}, {groups},"
        f" {percent(assumed.level)} level. {SIMULATED_WORLD}"
    )


_HEAD = (
    f"  {'respondents':>11} {'outcomes':>9} {'minutes':>8} {'ratings':>8} {'score':>7} {'difference':>11} {'of all':>7}"
    f" {'rank':>7} {'top':>6}\n  {'':>11} {'each':>9} {'':>8} {'':>8} {'±':>7} {'of groups':>11} {'':>7} {'places':>7}"
    f" {'found':>6}"
)


def plan_text(plan: Plan) -> str:
    """The sentence, a row for each study with the one asked for marked, and the assumptions."""
    lines = [*textwrap.wrap(plan_sentence(plan), 100), "", _HEAD]
    before = None
    for row in plan.rows:
        if before not in (None, row.per_respondent):
            lines.append("")
        before = row.per_respondent
        lines.append(
            f"{'→' if row == plan.chosen else ' '} {row.respondents:>11,} {row.per_respondent:>9} {row.minutes:>8.0f}"
            f" {row.ratings:>8,.0f} {row.half_width:>7.1f} {row.detectable:>11.1f} {row.detectable_adjusted:>7.1f}"
            f" {row.rank_width:>7.0f} {row.top_found:>6.0%}"
        )
    return "\n".join([*lines, "", *textwrap.wrap(assumptions_sentence(plan.assumed), 100)]) + "\n"


_COLUMNS = (
    "rank", "outcome", "statement", "score", "against", "difference", "difference_se", "p", "separated", "n",
    "n_needed", "n_needed_best", "respondents", "respondents_needed",
)  # fmt: skip


def separation_table(found: Separations) -> Table:
    """A row for each outcome near the cut; columns as in docs/columns.md."""
    people = found.analysis.people[""]
    rows: list[tuple[Cell, ...]] = []
    for row in found.rows:
        needed = None if row.factor is None else round(people * row.factor)
        statement = found.analysis.source.label(row.outcome).statement
        rows.append(
            (
                row.rank, row.outcome, statement, row.score, row.against, row.difference, row.difference_se, row.p,
                row.separated, row.n, row.n_needed, row.n_needed_best, people, needed,
            )
        )  # fmt: skip
    return Table(_COLUMNS, tuple(rows))


def separation_sentence(found: Separations) -> str:
    """What is tied around the cut, and what would separate it if the estimates were true."""
    tied = [row for row in found.rows if not row.separated]
    total = len(found.rows)
    if not tied:
        return (
            f"All {total} outcomes around the cut after the first {found.cut} are separated from the nearest on its"
            " other side, each pair looked at alone."
        )
    within = sorted(row.factor for row in tied if row.factor is not None)
    told = f"{number_word(len(tied)).capitalize()} of {total} outcomes around the cut after the first {found.cut}"
    told += f" {'is' if len(tied) == 1 else 'are'} not separated from the nearest on its other side."
    if within:
        people = found.analysis.people[""]
        half = within[(len(within) - 1) // 2]
        told += (
            f" If the differences are as they look now, {people * half:,.0f} respondents instead of {people:,} would"
            " separate half of them, and the closest take far more."
        )
    return told + (
        " That is a guess on top of estimates: a tie may be real, and then no number of answers separates it."
    )


def separation_text(found: Separations, width: int = 100) -> str:
    """The sentence, and a row for each outcome near the cut."""
    head = (
        f"{'rank':>4}  {'score':>5}  {'apart by':>8}  {'p':>5}  {'ratings':>7}  {'needed':>9}  {'at best':>7}  outcome"
    )
    lines = [describe(found.analysis, ""), *textwrap.wrap(separation_sentence(found), 100), "", head]
    room = max(width - head.rindex("outcome"), 24)
    cut_shown = False
    for row in found.rows:
        if row.rank > found.cut and not cut_shown:
            lines.append(f"      the cut after the first {found.cut}")
            cut_shown = True
        name = found.analysis.source.label(row.outcome).statement or row.outcome
        needed = "separated" if row.separated else _count(row.n_needed)
        best = "" if row.separated else _count(row.n_needed_best)
        lines.append(
            f"{row.rank:>4}  {row.score:>5.1f}  {row.difference:>8.2f}  {p_text(row.p):>5}  {row.n:>7,}  {needed:>9}"
            f"  {best:>7}  {textwrap.shorten(name, room, placeholder=' …')}"
        )
    return "\n".join(lines) + "\n"


def _count(number: int | None) -> str:
    """A number of ratings; nobody fields a study of more than a million."""
    return "–" if number is None else f"{number:,}" if number <= 1_000_000 else "> 1M"

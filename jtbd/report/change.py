"""Change between waves as a table, as text, and in a sentence that claims no more than the tests do."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from typing import TYPE_CHECKING, Literal

import numpy as np

from jtbd.analysis.change import ChangeAnalysis, WaveAsked
from jtbd.report.sentences import METHOD_NAMES, SIMULATED, Conclusion, number_word, percent, weighting
from jtbd.report.tables import Cell, Table, cells
from jtbd.scoring.compare import detectable

if TYPE_CHECKING:
    import pandas as pd

Verdict = Literal["real", "suggested", "open"]

_WHOLE = {"n_a", "n_b", "rank_a", "rank_b", "rank_change", "rank_change_low", "rank_change_high"}


def change_table(analysis: ChangeAnalysis) -> Table:
    """A row for each outcome, the surest change first; columns as in docs/columns.md."""
    found = analysis.changes.columns
    outcomes = found["outcome"].tolist()
    columns: dict[str, Sequence[Cell]] = {
        "outcome": outcomes,
        "statement": [analysis.source.label(outcome).statement for outcome in outcomes],
        "wave_a": [analysis.before.name] * len(outcomes),
        "wave_b": [analysis.after.name] * len(outcomes),
    }
    for name, values in found.items():
        if name != "outcome":
            columns[name] = cells(values, whole=name in _WHOLE)
    return Table(tuple(columns), tuple(zip(*columns.values(), strict=True)))


def change_frame(analysis: ChangeAnalysis) -> pd.DataFrame:
    """:func:`change_table` as a data frame."""
    import pandas as pd

    table = change_table(analysis)
    frame = pd.DataFrame(list(table.rows), columns=list(table.columns))
    frame.attrs["provenance"] = analysis.provenance
    frame.attrs["notes"] = [str(note) for note in analysis.notes]
    return frame


def verdicts(analysis: ChangeAnalysis) -> list[Verdict]:
    """For each row whether its change is real (Holm), suggested (Benjamini-Hochberg) or open."""
    risk = 1 - analysis.query.level
    found = analysis.changes.columns
    return [
        "real" if strict < risk else "suggested" if screened < risk else "open"
        for strict, screened in zip(found["p_holm"], found["p_bh"], strict=True)
    ]


def conclude_change(analysis: ChangeAnalysis) -> Conclusion:
    """What the changes allow to be said."""
    kinds = verdicts(analysis)
    real, suggested = kinds.count("real"), kinds.count("suggested")
    if real:
        headline = f"{number_word(real).capitalize()} change{' is' if real == 1 else 's are'} real"
        more = f"; {number_word(suggested)} more {'is' if suggested == 1 else 'are'} suggested" if suggested else ""
        headline += f"{more}."
    elif suggested:
        headline = f"No change is certain; {number_word(suggested)} {'is' if suggested == 1 else 'are'} suggested."
    else:
        headline = "No change is shown."
    return Conclusion(headline, f"{_ranks(analysis)} {_seen(analysis)}")


def _ranks(analysis: ChangeAnalysis) -> str:
    moved = int(analysis.changes.columns["rank_change_real"].sum())
    if not moved:
        return "No change of rank is more than chance."
    return f"{number_word(moved).capitalize()} change{' of rank is' if moved == 1 else 's of rank are'} real."


def _seen(analysis: ChangeAnalysis) -> str:
    """The smallest change that could have been seen, for a typical outcome."""
    level = analysis.query.level
    count = len(analysis.changes)
    one = float(np.median(analysis.changes.columns["detectable"]))
    every = one * float(detectable(np.ones(1), 1 - (1 - level) / count)[0] / detectable(np.ones(1), level)[0])
    several = f", one of {every:.1f} when all {count} are looked at" if count > 1 else ""
    return f"A change of {one:.1f} points would have been found four times in five{several}."


def change_facts(analysis: ChangeAnalysis) -> list[str]:
    """Who is compared with whom, how, and whether the data are simulated."""
    before, after = analysis.before, analysis.after
    facts = [
        *(
            f"{column}: {analysis.source.texts.get(column, {}).get(value, value)}"
            for column, value in analysis.query.where
        ),
        f"{_asked(analysis, before)}, to {_asked(analysis, after)}",
        f"{analysis.in_both:,} of them in both" if analysis.panel else "taken as different people",
        *([f"by value ({analysis.query.value})"] if analysis.query.value else []),
        f"{METHOD_NAMES[analysis.query.method]}, {percent(analysis.query.level)} intervals",
    ]
    return [*facts, SIMULATED] if analysis.simulated else facts


def _asked(analysis: ChangeAnalysis, wave: WaveAsked) -> str:
    """A wave and its people; with the file, where each wave is one of its own."""
    apart = analysis.before.source.name != analysis.after.source.name
    name = f"{wave_name(wave.name)} ({wave.source.name})" if apart else wave_name(wave.name)
    return f"{name}, {wave.people:,} people{weighting(wave.people, wave.effective)}"


def wave_name(name: str) -> str:
    """A wave as it is called: ``wave 2``, or its own name."""
    return f"wave {name}" if name.isdigit() else name


def change_text(analysis: ChangeAnalysis, width: int = 100) -> str:
    """The conclusion and a row for each outcome, statements cut to ``width`` characters."""
    interval = f"{percent(analysis.query.level)} interval"
    head = f"{'change':>6}  {interval:>14}  {'before':>6} {'after':>6}  {'p (Holm)':>8}  {'':<9}  {'rank':<16}  outcome"
    facts = " · ".join([analysis.source.title, *change_facts(analysis)])
    lines = [facts, *textwrap.wrap(str(conclude_change(analysis)), min(max(width, 80), 100)), "", head]
    room = max(width - head.rindex("outcome"), 24)
    for row, verdict in zip(change_table(analysis).records(), verdicts(analysis), strict=True):
        name = textwrap.shorten(str(row["statement"] or row["outcome"]), room, placeholder=" …")
        span = f"{row['change_low']:+.1f} to {row['change_high']:+.1f}"
        said = "" if verdict == "open" else verdict
        lines.append(
            f"{row['change']:>+6.1f}  {span:>14}  {row['score_a']:>6.1f} {row['score_b']:>6.1f}"
            f"  {p_text(row['p_holm']):>8}  {said:<9}  {_moved(row):<16}  {name}"
        )
    return "\n".join(lines) + "\n"


def p_text(value: Cell) -> str:
    """A p-value as papers print it: ``.023``, ``<.001``."""
    number = float(value or 0)
    return "<.001" if number < 0.001 else "1" if number > 0.9995 else f"{number:.3f}".replace("0.", ".")


def _moved(row: dict[str, Cell]) -> str:
    return f"{row['rank_a']} to {row['rank_b']}" + (" (real)" if row["rank_change_real"] else "")

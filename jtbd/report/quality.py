"""Careless responding as tables and as text for a terminal."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import astuple, fields
from typing import TYPE_CHECKING, Any

import numpy as np

from jtbd._version import __version__
from jtbd.analysis.quality import Quality, Shift, WithAndWithout, reference
from jtbd.errors import Issue, warning
from jtbd.plural import counted
from jtbd.ratings.careless import FLAG_AT
from jtbd.report.sentences import SIMULATED
from jtbd.report.tables import Cell, Table
from jtbd.store.exclusions import Review

if TYPE_CHECKING:
    import pandas as pd

SIGN_NAMES = {
    "run_importance": "one answer to importance again and again",
    "run_satisfaction": "one answer to satisfaction again and again",
    "run_difficulty": "one answer to difficulty again and again",
    "variability": "hardly any difference between answers, on every scale",
    "pace": "under two seconds a rating",
    "attention": "attention items not followed",
    "duplicate": "all answers the same as another respondent's",
}
"""What each sign is called in sentences."""

_SHORT = {"variability": "low variability", "pace": "fast", "attention": "attention", "duplicate": "duplicate"}
_LISTED = ("respondent", "state", "signs", "seen", "seconds_per_item")


def quality_table(quality: Quality, rows: Sequence[int] | None = None) -> Table:
    """A row a respondent, or those of `rows`; columns as in docs/columns.md."""
    careless = quality.careless
    columns: dict[str, Sequence[Cell]] = {
        "respondent": quality.references,
        "state": quality.states,
        "flagged": careless.flagged.tolist(),
        "signs": careless.count.tolist(),
        "seen": [";".join(signs_of(quality, row)) for row in range(quality.source.ratings.n)],
    }
    for scale in careless.run:
        columns[f"rated_{scale}"] = careless.rated[scale].tolist()
        columns[f"run_{scale}"] = careless.run[scale].tolist()
        columns[f"sd_{scale}"] = _known(careless.sd[scale])
    columns["seconds_per_item"] = _known(careless.conduct.seconds_per_item)
    columns["attention_shown"] = careless.conduct.attention_shown.tolist()
    columns["attention_failed"] = careless.conduct.attention_failed.tolist()
    columns["duplicates"] = careless.duplicates.tolist()
    columns["reason"] = quality.reasons
    whole = tuple(zip(*columns.values(), strict=True))
    return Table(tuple(columns), whole if rows is None else tuple(whole[row] for row in rows))


def quality_frame(quality: Quality) -> pd.DataFrame:
    """:func:`quality_table` as a data frame."""
    import pandas as pd

    table = quality_table(quality)
    frame = pd.DataFrame(list(table.rows), columns=list(table.columns))
    frame.attrs["notes"] = [str(note) for note in not_looked_at(quality)]
    return frame


def shifts_table(shifts: Sequence[Shift]) -> Table:
    """Scores and ranks with everybody and without those flagged or excluded."""
    return Table(tuple(one.name for one in fields(Shift)), tuple(astuple(shift) for shift in shifts))


def history_table(reviews: Sequence[Review]) -> Table:
    """The audit trail."""
    rows = tuple(
        (one.at.isoformat(timespec="seconds"), reference(one.response_id), one.action, one.reviewer, one.reason)
        for one in reviews
    )
    return Table(("at", "respondent", "action", "by", "reason"), rows)


def signs_of(quality: Quality, row: int) -> list[str]:
    """Names of the signs that a respondent shows."""
    return [name for name, shows in quality.careless.signs.items() if shows[row]]


def not_looked_at(quality: Quality) -> list[Issue]:
    """What the data hold nothing about."""
    missing = quality.careless.not_looked_at
    if not missing:
        return []
    names = ", ".join(sign_name(one) for one in missing)
    remedy = "what is found rests on the other signs"
    return [warning("signs-not-seen", f"the data say nothing about: {names}", remedy, file=quality.source.name)]


def quality_provenance(quality: Quality) -> dict[str, Any]:
    """What the result rests on."""
    return {
        "source": quality.source.name,
        "data_hash": quality.source.ratings.content_hash,
        "respondents": quality.source.ratings.n,
        "simulated": quality.source.simulated,
        "flag_at": FLAG_AT,
        "version": __version__,
    }


def summary(quality: Quality) -> str:
    """How many are flagged and excluded, in a sentence."""
    n = quality.source.ratings.n
    flagged = int(quality.careless.flagged.sum())
    share = f" ({100 * flagged / n:.1f}%)" if n else ""
    decided = f"; {int(quality.excluded.sum())} excluded, {quality.states.count('kept')} kept after a look"
    show = "shows" if flagged == 1 else "show"
    found = f"{flagged:,} of {counted(n, 'respondent')} {show} two independent signs of careless responding or more"
    return f"{found}{share}{decided}."


def quality_text(quality: Quality) -> str:
    """Counts by sign, and everybody who is flagged or of whom something was decided."""
    mark = f"{SIMULATED} · " if quality.source.simulated else ""
    lines = [quality.source.title, f"{mark}{summary(quality)}", ""]
    missing = quality.careless.not_looked_at
    for name, shows in quality.careless.signs.items():
        count = "–" if name in missing else f"{int(shows.sum()):,}"
        lines.append(f"{count:>7}  {SIGN_NAMES[name]}")
    listed = listed_rows(quality)
    if listed:
        table = quality_table(quality, listed)
        kept = [table.columns.index(name) for name in _LISTED]
        rows = [[row[place] for place in kept] for row in table.rows]
        for row in rows:
            row[3] = ", ".join(sign_name(one) for one in str(row[3]).split(";") if one)
        lines += ["", _aligned([list(_LISTED), *([_cell(cell) for cell in row] for row in rows)])]
    return "\n".join(lines) + "\n"


def listed_rows(quality: Quality) -> list[int]:
    """Rows of those who are flagged or of whom something was decided: undecided first, most signs first."""
    decided = np.array([state != "counted" for state in quality.states], bool)
    rows = np.flatnonzero(quality.careless.flagged | decided).tolist()
    return sorted(rows, key=lambda row: (bool(decided[row]), -int(quality.careless.count[row]), row))


def shifts_text(both: WithAndWithout) -> str:
    """The ranking with and without, side by side."""
    everybody, without = both.everybody.people[""], both.without.people[""]
    mark = f"{SIMULATED} · " if both.everybody.source.simulated else ""
    head = f"{mark}Scores with everybody (n = {everybody:,}) and without the flagged and excluded (n = {without:,}):"
    rows = [
        [
            str(one.rank_with),
            f"{one.score_with:.1f}",
            str(one.rank_without),
            f"{one.score_without:.1f}",
            f"{one.rank_change:+d}" if one.rank_change else "",
            one.statement or one.outcome,
        ]
        for one in both.shifts
    ]
    return f"{head}\n\n{_aligned([['rank', 'score', 'rank without', 'score without', 'change', 'outcome'], *rows])}\n"


def _aligned(rows: list[list[str]]) -> str:
    widths = [max(len(row[j]) for row in rows) for j in range(len(rows[0]))]
    return "\n".join("  ".join(cell.ljust(w) for cell, w in zip(row, widths, strict=True)).rstrip() for row in rows)


def _cell(cell: Cell) -> str:
    if cell is None:
        return "–"
    return f"{cell:.1f}" if isinstance(cell, float) else str(cell)


def sign_name(sign: str) -> str:
    """A sign in a word or two."""
    return _SHORT.get(sign, f"long run ({sign.removeprefix('run_')})")


def _known(values: np.ndarray[Any, Any]) -> list[Cell]:
    return [None if value != value else float(value) for value in values.tolist()]

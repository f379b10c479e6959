"""The progress of a study as text, tables and JSON."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict
from typing import Any

from jtbd.report.tables import Cell, Table
from jtbd.store.progress import PageReach, Progress, Reach
from jtbd.store.surveys import SurveyRow
from jtbd.store.waves import Wave
from jtbd.survey.model import Survey

NO_WAVE = "no wave"


def progress_text(row: SurveyRow, plan: Survey, waves: Sequence[Wave], progress: Progress) -> str:
    """Everything, for a terminal."""
    mark = " · SIMULATED DATA" if progress.simulated else ""
    parts = [f"{row.slug}: {row.title} · {row.status}{mark}\n" + "\n".join(sentences(progress))]
    if progress.total.started:
        parts.append(_aligned(("page", "reached", "saved", "on it now", "left there"), _page_cells(progress, plan)))
        if len(progress.by_language) > 1:
            parts.append(_reach_table("language", progress.by_language))
        if waves:
            parts.append(_reach_table("wave", waves_reach(waves, progress)))
    return "\n\n".join(part.rstrip("\n") for part in parts) + "\n"


def sentences(progress: Progress) -> Iterator[str]:
    """What one wants to know first."""
    total = progress.total
    if progress.invited:
        yield f"{progress.invited:,} invited"
    if not total.started:
        yield "nobody has begun so far"
        return
    excluded = f"; {progress.excluded:,} of all were excluded later" if progress.excluded else ""
    ended = (("screened out", total.screened_out), ("over quota", total.quota_full))
    screened = "".join(f", {number:,} {name}" for name, number in ended if number)
    rate = percent(total.completion_rate)
    if total.ended_early:
        rate += f" of the {total.started - total.ended_early:,} who could"
    yield (
        f"{total.started:,} started: {total.completed:,} completed ({rate}), "
        f"{total.in_progress:,} in progress, {total.abandoned:,} abandoned{screened}{excluded}"
    )
    if progress.quartiles:
        first, median, third = map(duration, progress.quartiles)
        yield (
            f"time to complete: median {median}, half of the people between {first} and {third} "
            f"(known of {progress.timed:,})"
        )
    if progress.last_saved_at:
        yield f"last page saved at {progress.last_saved_at:%Y-%m-%d %H:%M} UTC"


def waves_text(waves: Sequence[Wave], progress: Progress) -> str:
    """The waves of a survey with their responses, for a terminal."""
    mark = "SIMULATED DATA\n" if progress.simulated else ""
    rows = []
    for wave in waves:
        reach = progress.by_wave.get(wave.number, Reach())
        until = f"{wave.closed_at:%Y-%m-%d}" if wave.closed_at else "open"
        rows.append((str(wave.number), wave.label, f"{wave.opened_at:%Y-%m-%d}", until, *_counts(reach)))
    without = progress.by_wave.get(None)
    if without:
        rows.append(("–", NO_WAVE, "", "", *_counts(without)))
    return mark + _aligned(("wave", "label", "opened", "closed", "started", "completed"), rows)


def pages_table(progress: Progress, plan: Survey) -> Table:
    """A row for each page, in order."""
    columns = ("page", "title", "map", "reached", "saved", "here", "left")
    return Table(columns, tuple(_page_row(one) for one in progress.pages))


def progress_json(row: SurveyRow, plan: Survey, waves: Sequence[Wave], progress: Progress) -> str:
    """Everything, for programs."""
    reach = {"by_language": progress.by_language, "by_wave": {str(k or ""): v for k, v in progress.by_wave.items()}}
    whole: dict[str, Any] = {
        "survey": row.slug,
        "status": row.status,
        "simulated": progress.simulated,
        "invited": progress.invited,
        **_figures(progress.total),
        "excluded": progress.excluded,
        "seconds_to_complete": dict(zip(("q1", "median", "q3"), progress.quartiles or (None,) * 3, strict=True)),
        "timed": progress.timed,
        "last_saved_at": progress.last_saved_at.isoformat() if progress.last_saved_at else None,
        "pages": list(pages_table(progress, plan).records()),
        **{name: {key: _figures(one) for key, one in groups.items()} for name, groups in reach.items()},
        "waves": [{"number": one.number, "label": one.label, "open": one.closed_at is None} for one in waves],
    }
    return json.dumps(whole, ensure_ascii=False, indent=1) + "\n"


def waves_reach(waves: Sequence[Wave], progress: Progress) -> dict[str, Reach]:
    """How far responses got by wave, each as people call it; those of no wave last, if there are any."""
    found = {wave.name: progress.by_wave.get(wave.number, Reach()) for wave in waves}
    without = progress.by_wave.get(None)
    return found | ({NO_WAVE: without} if without else {})


def map_titles(plan: Survey) -> dict[str, str]:
    """The title of each job map, where pages need it to be told apart: with several maps."""
    return {one.map: one.title for one in plan.maps} if len(plan.maps) > 1 else {}


def percent(share: float | None) -> str:
    """``62%``; a dash where there is nothing to divide by."""
    return "–" if share is None else f"{100 * share:.0f}%"


def duration(seconds: float) -> str:
    """``45 s``, ``8 min 20 s``, ``1 h 5 min``."""
    whole = round(seconds)
    if whole < 60:
        return f"{whole} s"
    minutes, rest = divmod(whole, 60)
    if minutes < 60:
        return f"{minutes} min {rest} s" if rest else f"{minutes} min"
    hours, minutes = divmod(round(whole / 60), 60)
    return f"{hours} h {minutes} min" if minutes else f"{hours} h"


def _figures(reach: Reach) -> dict[str, Any]:
    return {"started": reach.started, **asdict(reach), "completion_rate": reach.completion_rate}


def _page_row(one: PageReach) -> tuple[Cell, ...]:
    return one.page.id, one.page.title, one.page.map, one.reached, one.saved, one.here, one.left


def _page_cells(progress: Progress, plan: Survey) -> Iterator[tuple[str, ...]]:
    titles = map_titles(plan)
    for one in progress.pages:
        title = f"{titles[one.page.map]}: {one.page.title}" if one.page.map in titles else one.page.title
        left = f"{one.left:,} ({percent(one.left / one.reached)})" if one.left else "0"
        yield title, f"{one.reached:,}", f"{one.saved:,}", f"{one.here:,}", left


def _reach_table(name: str, groups: Mapping[str, Reach]) -> str:
    head = (name, "started", "completed", "rate", "in progress", "abandoned")
    rows = [
        (key, *_counts(one), percent(one.completion_rate), f"{one.in_progress:,}", f"{one.abandoned:,}")
        for key, one in groups.items()
    ]
    return _aligned(head, rows)


def _counts(reach: Reach) -> tuple[str, str]:
    return f"{reach.started:,}", f"{reach.completed:,}"


def _aligned(head: Sequence[str], rows: Iterator[tuple[str, ...]] | Sequence[tuple[str, ...]]) -> str:
    """Columns of text: words to the left, figures to the right."""
    cells = [tuple(head), *rows]
    widths = [max(len(row[j]) for row in cells) for j in range(len(head))]
    words = [any(row[j][:1].isalpha() for row in cells[1:]) for j in range(len(head))]
    return "".join(
        "  ".join(c.ljust(w) if word else c.rjust(w) for c, w, word in zip(row, widths, words, strict=True)).rstrip()
        + "\n"
        for row in cells
    )

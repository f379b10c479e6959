"""The page of a survey that was asked more than once: what changed, and what of it is real."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from flask import render_template, request, url_for

from jtbd.analysis import Query, Source
from jtbd.analysis.change import NO_WAVE, ChangeAnalysis
from jtbd.analysis.disclosure import hidden_groups, is_small
from jtbd.analysis.query import MIN_GROUP
from jtbd.analysis.waves import WAVE, waves_of
from jtbd.report.change import change_facts, change_table, conclude_change, p_text, verdicts, wave_name
from jtbd.report.sentences import METHOD_NAMES, SPANS
from jtbd.scoring.methods import METHODS
from jtbd.store.waves import Wave
from jtbd.web.services import services
from jtbd.web.studio.asking import Chip, Choice, arguments, query_from
from jtbd.web.studio.blueprint import blueprint
from jtbd.web.studio.frame import answered, frame, guarded
from jtbd.web.studio.rows import Bar, bar
from jtbd.web.studio.session import is_masked

FROM, TO = "from", "to"


@dataclass(frozen=True)
class ChangeRow:
    """An outcome as the page shows it."""

    statement: str
    before: Bar
    after: Bar
    score_a: str
    score_b: str
    moved: str
    interval: str
    p: str
    verdict: str
    ranks: str
    rank_real: bool


@blueprint.get("/<slug>/change")
def change(slug: str) -> str:
    """Scores of two waves side by side, the surest change first."""
    query = query_from(request.args)
    page = frame(slug, query)
    found = asked_change(slug)
    chosen = {FROM: found.before.name, TO: found.after.name}
    asked: dict[str, Any] = arguments(query) | chosen
    source = services().analyst.source(slug, Query())
    wave_chips = [_wave_chip(name, chosen[name], page["waves"], source) for name in (FROM, TO)]
    page["chips"] = [*wave_chips, *(_with_gradient(chip) for chip in page["chips"] if chip.name != "wave")]
    low, high = SPANS[query.method]
    return render_template(
        "studio/change.html",
        **page,
        tab="change",
        asked=asked,
        said=conclude_change(found),
        facts=change_facts(found),
        rows=_rows(found),
        before=wave_name(found.before.name),
        after=wave_name(found.after.name),
        span=f"{METHOD_NAMES[query.method].capitalize()}, {low:g} to {high:g}".replace("-", "−"),
        notes=found.notes,
        picture=url_for("studio.change_file", slug=slug, form="png", **asked),
    )


def asked_change(slug: str) -> ChangeAnalysis:
    """The change that the address asks for: of the waves ``from`` and ``to``, else of the last two of enough people.

    Raises
    ------
    SurveyUnknown, TooFewAnswers, InputError
    """
    query = query_from(request.args)
    answered(slug, query)
    first, last = (request.args.get(name) or None for name in (FROM, TO))
    if first is None and last is None:
        shown = _waves_shown(services().analyst.source(slug, query))
        first, last = (shown[-2], shown[-1]) if len(shown) > 1 else (None, None)
    found = services().analyst.changes(slug, query, first, last)
    if is_masked():
        waves = [(*query.where, (WAVE, one.name)) for one in (found.before, found.after)]
        found = services().analyst.changes(slug, guarded(slug, query, *waves), first, last)
    return _masked(found, slug, query)


def _waves_shown(source: Source) -> list[str]:
    people = Counter(source.ratings.attributes[WAVE].tolist())
    hidden = hidden_groups(people) if is_masked() else set()
    return [name for name in waves_of(source) if people[name] >= MIN_GROUP and name not in hidden]


def _wave_chip(name: str, chosen: str, waves: Iterable[Wave], source: Source) -> Chip:
    """Waves that can be chosen; those that too few people answered cannot."""
    people = source.ratings.attributes[WAVE]
    choices = [
        Choice(number, f"{number} {wave.label}".strip(), number == chosen, int(np.sum(people == number)) >= MIN_GROUP)
        for wave in waves
        for number in [str(wave.number)]
    ]
    return Chip(name, {FROM: "From wave", TO: "To wave"}[name], tuple(choices))


def _masked(found: ChangeAnalysis, slug: str, query: Query) -> ChangeAnalysis:
    """What was found, without saying of how few people answers belong to no wave."""
    outside = services().analyst.source(slug, query).ratings.attributes[WAVE] == ""
    if not is_small(int(outside.sum())):
        return found
    unnumbered = "some answers belong to no wave"
    notes = (replace(one, message=unnumbered) if one.code == NO_WAVE else one for one in found.notes)
    return replace(found, notes=tuple(notes))


def _with_gradient(chip: Chip) -> Chip:
    """The chip without methods of which there is no change."""
    if chip.name != "method":
        return chip
    return replace(chip, choices=tuple(choice for choice in chip.choices if METHODS[choice.value].smooth))


def _rows(found: ChangeAnalysis) -> list[ChangeRow]:
    return [
        _row(record, verdict, found)
        for record, verdict in zip(change_table(found).records(), verdicts(found), strict=True)
    ]


def _row(record: dict[str, Any], verdict: str, found: ChangeAnalysis) -> ChangeRow:
    def side(wave: str) -> Bar:
        ends = (record[f"score_{wave}"], record[f"score_{wave}_low"], record[f"score_{wave}_high"])
        return bar(found.query.method, *ends, found.query.level)

    return ChangeRow(
        statement=record["statement"] or record["outcome"],
        before=side("a"),
        after=side("b"),
        score_a=_signed(f"{record['score_a']:.1f}"),
        score_b=_signed(f"{record['score_b']:.1f}"),
        moved=_signed(f"{record['change']:+.1f}"),
        interval=_signed(f"{record['change_low']:+.1f} to {record['change_high']:+.1f}"),
        p=p_text(record["p_holm"]),
        verdict=verdict,
        ranks=f"{record['rank_a']} to {record['rank_b']}",
        rank_real=bool(record["rank_change_real"]),
    )


def _signed(figure: str) -> str:
    return figure.replace("-", "−")

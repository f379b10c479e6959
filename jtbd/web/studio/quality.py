"""The page on careless responding: who is flagged, what was decided, and what the ranking owes to them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from flask import Response, abort, g, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as Redirect
from wtforms import StringField
from wtforms.validators import Length

from jtbd.analysis.disclosure import is_small, where_cells_are_small
from jtbd.analysis.quality import FLAGGED, Quality, chosen_responses
from jtbd.analysis.query import MIN_GROUP
from jtbd.errors import InputError
from jtbd.report.quality import SIGN_NAMES, history_table, listed_rows, quality_table, sign_name, signs_of, summary
from jtbd.report.tables import to_csv
from jtbd.store import exclusions
from jtbd.web.forms import ProtectedForm
from jtbd.web.services import services
from jtbd.web.studio.accounts import STALE
from jtbd.web.studio.asking import default_query
from jtbd.web.studio.blueprint import blueprint
from jtbd.web.studio.downloads import file_response, stem
from jtbd.web.studio.frame import TooFewAnswers, frame
from jtbd.web.studio.masking import NOT_SHOWN, shown
from jtbd.web.studio.session import DECIDERS, is_masked

MOST_LISTED = 200
"""Respondents on the page; the CSV file has all."""

MOST_TRAIL = 50
"""Entries of the audit trail on the page; the CSV file has all."""

SEEN = "flagged"
"""The field that holds whom the page meant by all that are flagged: by the time it is sent there may be others."""

_TOP = 10
_ACTIONS = {"exclude": exclusions.exclude, "include": exclusions.include}


class DecisionForm(ProtectedForm):
    """Why responses are excluded or included."""

    reason = StringField("Reason", [Length(max=500, message="Say it in 500 characters or fewer.")])


@dataclass(frozen=True)
class Person:
    """A respondent as listed."""

    reference: str
    state: str
    reason: str
    signs: int
    seen: tuple[str, ...]
    measures: str


@blueprint.get("/<slug>/quality")
def quality(slug: str) -> str:
    """Who is flagged, and the ranking with and without them."""
    return _page(slug, DecisionForm(), [], [])


@blueprint.post("/<slug>/quality")
def decide(slug: str) -> Redirect | tuple[str, int]:
    """Exclude or include the responses chosen."""
    if g.account.role not in DECIDERS:
        abort(403)
    form = DecisionForm(request.form)
    chosen, record = request.form.getlist("who"), _ACTIONS.get(request.form.get("action", ""))
    if record is None:
        abort(400)
    complaints = _complaints(form, chosen)
    if complaints:
        return _page(slug, form, chosen, complaints), 422
    database, now = services().database, services().clock()
    try:
        found = services().analyst.quality(slug)
        responses = chosen_responses(found, _meant(found, chosen))
    except InputError:  # erased meanwhile
        return _page(slug, form, [], ["One of these responses is no longer there. Choose again."]), 422
    if not responses:  # others decided meanwhile
        return _page(slug, form, [], ["Of all of these something was decided meanwhile. Look again."]), 422
    record(database, slug, responses, form.reason.data or "", g.account.name, now)
    return redirect(url_for("studio.quality", slug=slug), 303)


def _meant(found: Quality, chosen: list[str]) -> list[str]:
    """References of those chosen; all that are flagged are those the page listed, unless decided on since."""
    if FLAGGED not in chosen:
        return chosen
    seen = set(request.form.get(SEEN, "").split())
    return [one for one in chosen if one != FLAGGED] + [one for one in _undecided(found) if one in seen]


def _undecided(found: Quality) -> list[str]:
    return [one for one, is_open in zip(found.references, found.undecided, strict=True) if is_open]


@blueprint.get("/<slug>/quality-history.csv")
def quality_history(slug: str) -> Response:
    """The whole audit trail, as a table; like all that names single respondents not for planners."""
    _see_single_people()
    found = _assessed(slug)
    table = history_table(exclusions.history(services().database, slug))
    return file_response(to_csv(table), stem(slug, "quality-history", simulated=found.source.simulated), "csv")


@blueprint.get("/<slug>/quality.csv")
def quality_file(slug: str) -> Response:
    """Everybody with their signs, as a table; not for planners."""
    _see_single_people()
    found = _assessed(slug)
    return file_response(to_csv(quality_table(found)), stem(slug, "quality", simulated=found.source.simulated), "csv")


def _see_single_people() -> None:
    if is_masked():
        abort(403)


def _complaints(form: DecisionForm, chosen: list[str]) -> list[str]:
    if not form.validate():
        return [STALE] if "csrf_token" in form.errors else [str(one) for all_ in form.errors.values() for one in all_]
    complaints = []
    if not chosen:
        complaints.append("Choose at least one respondent.")
    if not (form.reason.data or "").strip():
        complaints.append("Give a reason: it is kept with the decision.")
    return complaints


def _assessed(slug: str) -> Quality:
    found = services().analyst.quality(slug)
    if found.source.ratings.n < MIN_GROUP:
        raise TooFewAnswers(slug, found.source.ratings.n)
    return found


def _page(slug: str, form: DecisionForm, chosen: list[str], complaints: list[str]) -> str:
    page = frame(slug, default_query())
    found = _assessed(slug)
    masked = page["masked"]
    listed = [] if masked else listed_rows(found)
    missing = found.careless.not_looked_at
    trail = [] if masked else exclusions.history(services().database, slug, MOST_TRAIL + 1)
    return render_template(
        "studio/quality.html",
        **page,
        tab="quality",
        said=_summary_for_planners(found) if masked else summary(found),
        signs=[
            (SIGN_NAMES[name], None if name in missing else _people(int(shows.sum()), found, masked=masked))
            for name, shows in found.careless.signs.items()
        ],
        missing=missing,
        people=[_person(found, row) for row in listed[:MOST_LISTED]],
        unlisted=max(len(listed) - MOST_LISTED, 0),
        undecided=[] if masked else _undecided(found),
        everybody=FLAGGED,
        form=form,
        chosen=chosen,
        complaints=complaints,
        both=_both(slug, found, masked=masked),
        history=trail[:MOST_TRAIL],
        older=len(trail) > MOST_TRAIL,
        top=_TOP,
    )


def _people(number: int, found: Quality, *, masked: bool) -> str:
    """How many people; where few have it or few have not, not how many."""
    if masked and is_small(found.source.ratings.n - number):
        return NOT_SHOWN
    return shown(number, masked=masked)


def _summary_for_planners(found: Quality) -> str:
    """As :func:`summary`, without figures of few people: not of those either who differ between two of the figures."""
    n, flagged, excluded = found.source.ratings.n, int(found.careless.flagged.sum()), int(found.excluded.sum())
    of = "all" if is_small(excluded) else f"{n:,}"  # how many count is said everywhere
    few = is_small(abs(flagged - excluded)) and min(flagged, excluded) >= MIN_GROUP
    people = "some" if few else _people(flagged, found, masked=True)
    signs = "two independent signs of careless responding or more"
    return f"{people[:1].upper()}{people[1:]} of {of} respondents show {signs}."


def _both(slug: str, found: Quality, *, masked: bool) -> Any:
    """The rankings with and without; ``None`` where they differ by too few people, or too few are left.

    From two rankings that differ by one person, that person's answers could be worked out; for planners this is seen
    to also outcome by outcome, and beside the ranking that counts the flagged but not the excluded.
    """
    left_out = int(found.left_out.sum())
    if min(left_out, found.source.ratings.n - left_out) < MIN_GROUP:
        return None
    query = default_query()
    if masked:
        standing = np.where(found.excluded, "excluded", np.where(found.left_out, "flagged", "counts")).astype(object)
        try:
            query = replace(query, withheld=where_cells_are_small(found.source, query, [standing]))
        except InputError:  # few are excluded, or few are flagged
            return None
    return services().analyst.with_and_without(slug, query)


def _person(found: Quality, row: int) -> Person:
    careless = found.careless
    measures = [
        f"longest run {careless.run[scale][row]} of {careless.rated[scale][row]} ({scale})" for scale in careless.run
    ]
    seconds = careless.conduct.seconds_per_item[row]
    if seconds == seconds:
        measures.append(f"{seconds:.1f} s a rating")
    if careless.conduct.attention_shown[row]:
        failed, shown = careless.conduct.attention_failed[row], careless.conduct.attention_shown[row]
        measures.append(f"{failed} of {shown} attention items not followed")
    return Person(
        found.references[row],
        found.states[row],
        found.reasons[row],
        int(careless.count[row]),
        tuple(sign_name(name) for name in signs_of(found, row)),
        "; ".join(measures),
    )

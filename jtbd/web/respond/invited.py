"""Where the link of an invitation leads. Looking at it uses nothing up: previews and robots look at links too."""

from __future__ import annotations

import secrets

from flask import url_for
from werkzeug.exceptions import NotFound

from jtbd.store.invitations import begin_invited, find_invitation
from jtbd.store.refusals import InvitationOver, InvitationUnknown, InvitationUsed, SurveyClosed
from jtbd.store.responses import CODE_BYTES, find_by_code, find_response
from jtbd.survey.model import Survey
from jtbd.web.language import gettext
from jtbd.web.limits import count_unknown_code, see_that_codes_may_be_tried
from jtbd.web.respond.forms import ConsentForm
from jtbd.web.respond.start import (
    Answered,
    go_on,
    kind_of_visitors,
    message,
    not_open,
    sent_key,
    start_page,
    visitors_plan,
    without_consent,
)
from jtbd.web.respond.visit import blueprint, find_visit, published
from jtbd.web.services import services


@blueprint.get("/i/<token>")
def invitation(token: str) -> Answered:
    """The start of the survey; once begun, where the response stands."""
    see_that_codes_may_be_tried()
    found = find_invitation(services().database, token)
    if found is None:
        return _unknown()
    response = find_by_code(services().database, found.code) if found.code else None
    if found.code and response:
        return go_on(found.code, response)
    row = published(found.slug)
    plan = visitors_plan(row, None)
    if found.is_used:
        return _used(plan)
    if row.status != "open":
        return not_open(plan, row)
    if found.is_over:
        return _over()
    return start_page(row, plan, None, ConsentForm(), address=_address(token))


@blueprint.post("/i/<token>")
def accept(token: str) -> Answered:
    """Begin the response of this invitation, or find the one that was begun with it."""
    see_that_codes_may_be_tried()
    database = services().database
    found = find_invitation(database, token)
    if found is None:
        return _unknown()
    row = published(found.slug)
    plan = visitors_plan(row, None)
    objection = without_consent(row, plan, None, _address(token))
    if objection is not None:
        return objection
    try:
        begun = begin_invited(
            database,
            token,
            key=sent_key() or secrets.token_urlsafe(CODE_BYTES),
            kind=kind_of_visitors(),
            language=plan.language,
            consent=plan.consent,
            now=services().clock(),
        )
    except InvitationUnknown:
        return _unknown()
    except InvitationUsed:
        return _used(plan)
    except InvitationOver:
        return _over()
    except SurveyClosed:
        return not_open(plan, published(found.slug))
    response = find_response(database, begun.response_id)
    if response is None:  # erased between two lines
        raise NotFound
    return go_on(begun.code, response)


def _address(token: str) -> str:
    return url_for("respond.invitation", token=token)


def _unknown() -> Answered:
    count_unknown_code()
    advice = gettext(
        "Check that it is complete: it may have been broken over two lines. If you got a newer invitation, only that "
        "one works. If your answers were deleted, the invitation was too."
    )
    return message(gettext("This link is no invitation"), advice, 404)


def _over() -> Answered:
    advice = gettext("It was for an earlier round of this survey, which is over. Thank you for wanting to take part.")
    return message(gettext("This invitation has ended"), advice, 410)


def _used(plan: Survey) -> Answered:
    visit = find_visit(plan.slug)
    if visit is not None:
        return visit.to_where_it_stands()
    advice = gettext(
        "Each invitation is good for one set of answers. The survey is anonymous: nothing tells which answers are "
        "yours. To go on, use the browser in which you began, or open the link that you kept."
    )
    return message(gettext("This invitation has been used"), advice, 410)

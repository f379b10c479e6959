"""A survey plan as JSON text, the form in which a published revision is frozen."""

from __future__ import annotations

import hashlib
from functools import cache

from pydantic import TypeAdapter

from jtbd.survey.model import Survey


@cache
def _adapter() -> TypeAdapter[Survey]:
    return TypeAdapter(Survey)


def plan_to_json(survey: Survey) -> str:
    """The whole plan, defaults written out so that a later default cannot change a frozen plan."""
    return _adapter().dump_json(survey).decode()


def plan_from_json(text: str) -> Survey:
    """The plan that :func:`plan_to_json` wrote.

    Raises
    ------
    pydantic.ValidationError
        If the text is no plan.
    """
    return _adapter().validate_json(text)


def plan_hash(survey: Survey) -> str:
    """SHA-256 by which two plans are the same.

    Defaults are left out, so that a field added to the model does not make an unchanged plan a new one.
    """
    return hashlib.sha256(_adapter().dump_json(survey, exclude_defaults=True)).hexdigest()

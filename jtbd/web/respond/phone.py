"""A survey as it looks on a phone: the preview in a frame of that size, for those who make it."""

from __future__ import annotations

from flask import render_template

from jtbd.survey.links import PARAMETER
from jtbd.survey.model import Survey
from jtbd.web.security import allow_frames


def phone(plan: Survey, languages: tuple[Survey, ...], token: str) -> str:
    """The page around the frame; what is in the frame is a test, as in every preview."""
    allow_frames()
    asked = {PARAMETER: plan.language} if len(languages) > 1 else {}
    return render_template("respond/phone.html", plan=plan, languages=languages, token=token, asked=asked)

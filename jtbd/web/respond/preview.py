"""Preview links: the survey as respondents see it, with answers that are not counted."""

from __future__ import annotations

from jtbd.settings import Settings
from jtbd.survey.preview import preview_token


def preview_path(settings: Settings, slug: str) -> str:
    """The path that begins a test response to a published survey, open or closed; good for 24 hours."""
    return f"/preview/{preview_token(settings.secret_key(), slug)}"

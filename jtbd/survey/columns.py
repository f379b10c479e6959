"""What the answers to profile questions are called where they stand as columns beside what is known of a response."""

from __future__ import annotations

from jtbd.survey.model import Question

ABOUT_RESPONSES = ("wave", "status", "language", "revision")
"""Attributes every response has, whatever its survey asks."""

PANEL = "panel_id"
"""The attribute that names persons, where a panel sent or you invited them and their survey is not anonymous. No
question's id has an underscore."""


def column_of(question: Question | str) -> str:
    """The column of the answers to a question, or to the question of this id.

    It is the question's id; ``answer_<id>`` where that is the name of an attribute of every response. New surveys
    cannot ask such a question (``reserved-id``), published ones may.
    """
    name = question if isinstance(question, str) else question.id
    return f"answer_{name}" if name in ABOUT_RESPONSES else name

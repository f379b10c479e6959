"""An answer as it is stored: JSON text; several values are an array."""

from __future__ import annotations

import json
from typing import Any

from jtbd.survey.model import Answer


def answer_to_json(value: Answer) -> str:
    """How an answer is stored."""
    return json.dumps(value, ensure_ascii=False)


def answer_from_json(text: str) -> Answer:
    """The answer :func:`answer_to_json` wrote."""
    value: Any = json.loads(text)
    return tuple(value) if isinstance(value, list) else value

"""What a rule has to say."""

from __future__ import annotations

from dataclasses import dataclass

from jtbd.errors import Level


@dataclass(frozen=True)
class Finding:
    """What a rule has to say about a text or a map."""

    code: str
    message: str
    remedy: str
    level: Level = "warning"

"""Where shipped data lives: beside the package in a checkout, inside it in a wheel."""

from __future__ import annotations

from pathlib import Path

_PACKAGE = Path(__file__).parent


def shipped(kind: str) -> Path:
    """The folder of shipped ``maps``, ``surveys`` or ``templates``.

    Raises
    ------
    FileNotFoundError
        If the installation lacks it: a broken build, never a user's mistake.
    """
    for root in (_PACKAGE / "_data", _PACKAGE.parent):
        if (root / kind).is_dir():
            return root / kind
    raise FileNotFoundError(f"this installation of jtbd lacks its {kind} folder")

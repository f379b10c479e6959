"""Why an item has its move, in a sentence."""

from __future__ import annotations

from collections.abc import Callable

from jtbd.roadmap.buyer import SAME
from jtbd.roadmap.model import Item

Name = Callable[[str], str]


def reason(item: Item, name: Name = str) -> str:
    """One sentence; ``name`` turns a solution's value into what people call it."""
    against = _against(item)
    other = name(item.compared.other) if item.compared else ""
    if item.compared and item.compared.other == SAME:
        other = "the same solution elsewhere"
    sentences = {
        "trim": "The market is clearly more satisfied with this than it matters.",
        "catch up": f"Users of {other} are more satisfied{against}.",
        "lead": "The market is clearly underserved, and no other solution is shown to do it better.",
        "defend": f"Your users are more satisfied than those of the best other, {other}{against}.",
        "spend less": "Your people are clearly more satisfied with this than it matters to them.",
        "fix inside": f"People elsewhere with the same solution are more satisfied{against}.",
        "adopt": f"Users of {other} are more satisfied{against}.",
        "ask vendors": "The whole market is clearly underserved, and no other solution is shown to do it better.",
    }
    return sentences.get(item.move) or _nothing_shown(item)


def _against(item: Item) -> str:
    if item.compared is None or item.own is None:
        return ""
    return f" (satisfaction {item.compared.other_satisfaction:.1f} against {item.own.satisfaction:.1f})"


def _nothing_shown(item: Item) -> str:
    if item.own is None:
        return "Too few of your own rated this to say more."
    if item.market.zone in ("underserved", "overserved"):
        return f"The market looks {item.market.zone}, but with these answers that is not clear."
    return "No difference is shown, and the market is neither underserved nor overserved."

"""A roadmap: outcomes with a move each, and the evidence that decided it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

VendorMove = Literal["catch up", "lead", "defend", "hold", "trim"]
BuyerMove = Literal["fix inside", "adopt", "ask vendors", "keep", "spend less"]

VENDOR_MOVES: tuple[VendorMove, ...] = ("catch up", "lead", "defend", "hold", "trim")
BUYER_MOVES: tuple[BuyerMove, ...] = ("fix inside", "adopt", "ask vendors", "keep", "spend less")
"""Moves in the order in which a roadmap lists them: what calls for action first."""


@dataclass(frozen=True)
class Standing:
    """How one group of people sees one outcome, shares on 0..10."""

    group: str
    n: int
    importance: float
    satisfaction: float
    opportunity: float
    opportunity_low: float
    opportunity_high: float
    zone: str
    zone_certainty: str


@dataclass(frozen=True)
class Difference:
    """Own satisfaction minus that of another group, with Holm-adjusted p over the whole roadmap."""

    other: str
    other_n: int
    other_satisfaction: float
    difference: float
    difference_se: float
    p_holm: float


@dataclass(frozen=True)
class Item:
    """An outcome, the move, and what it rests on.

    ``own`` is the vendor's users or the buyer's people (``None`` if too few of them rated it), ``market``
    everybody, ``compared`` the comparison that decided, else the one with the best other group.
    """

    outcome: str
    move: VendorMove | BuyerMove
    market: Standing
    own: Standing | None
    compared: Difference | None


@dataclass(frozen=True)
class Roadmap:
    """Items in the order in which to act.

    Parameters
    ----------
    kind : {"vendor", "buyer"}
    subject : str
        The solution or the organisation, as the data name it.
    items : tuple of Item
        By move, then by opportunity (the market's for a vendor, the buyer's own for a buyer).
    comparisons : int
        How many comparisons the Holm adjustment covers.
    left_out : tuple of str
        Groups too small to be compared.
    own_solution : str
        For a buyer, the solution most of its people use; else the subject.
    """

    kind: Literal["vendor", "buyer"]
    subject: str
    items: tuple[Item, ...]
    comparisons: int
    left_out: tuple[str, ...]
    own_solution: str

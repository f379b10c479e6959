"""The buyer's roadmap: what one organisation should fix, adopt, ask for, keep or cut."""

from __future__ import annotations

from jtbd.roadmap.evidence import Compared, Rules, big_enough, differences, significantly_better, standings
from jtbd.roadmap.evidence import best as best_of
from jtbd.roadmap.model import BUYER_MOVES, BuyerMove, Difference, Item, Roadmap, Standing
from jtbd.scoring.estimates import Estimates, estimate
from jtbd.tally.model import Tally

SAME = "the same solution elsewhere"


def buyer_roadmap(tally: Tally, organisation: str, rules: Rules) -> Roadmap:
    """A move for each outcome, first that applies: spend less, fix inside, adopt, ask vendors, keep.

    spend less : clearly overserved in the organisation
    fix inside : people elsewhere with the same solution are significantly more satisfied
    adopt : users of some other solution are significantly more satisfied
    ask vendors : the market is clearly underserved: nobody has it yet
    keep : nothing of this is shown

    The same solution is the one that most of the organisation's people use; only they are compared with
    its users elsewhere. "Clearly" and "significantly" as in the vendor's roadmap, over all comparisons.

    Parameters
    ----------
    tally : Tally
        With attributes ``solution``, ``group`` and ``buyer``; group "in" is scored, buyer "yes" is the
        organisation.
    organisation : str
    rules : Rules
    """

    def group(buyer: str | None = None, solution: str | None = None) -> Estimates:
        return estimate(
            tally,
            tally.pool(
                lambda a: a["group"] == "in" and buyer in (None, a["buyer"]) and solution in (None, a["solution"])
            ),
        )

    solution = own_solution(tally)
    own, market = group("yes"), group()
    sizes = dict.fromkeys(tally.levels("solution"), 0)
    for (level, inside, buyer), cell in tally.cells.items():
        if inside == "in" and buyer == "no" and level:
            sizes[level] += cell.n
    names, left_out = big_enough(sizes, rules)
    pairs = [(name, own, group("no", name)) for name in names if name != solution]
    if solution in names:
        pairs.append((SAME, group("yes", solution), group("no", solution)))
    compared, count = differences(organisation, pairs, rules)
    own_standings = standings(organisation, own, rules)
    items = [
        _item(outcome, standing, own_standings.get(outcome), compared, rules)
        for outcome, standing in standings("market", market, rules).items()
    ]
    items.sort(key=_order)
    return Roadmap("buyer", organisation, tuple(items), count, left_out, solution)


def own_solution(tally: Tally) -> str:
    """The solution that most of the organisation's people use; the first by name where two tie."""
    users = dict.fromkeys(tally.levels("solution"), 0)
    for (level, inside, buyer), cell in tally.cells.items():
        if inside == "in" and buyer == "yes" and level:
            users[level] += cell.n
    return max(sorted(users), key=lambda level: users[level], default="")


def _order(item: Item) -> tuple[int, float, str]:
    opportunity = (item.own or item.market).opportunity
    return (BUYER_MOVES.index(item.move), -opportunity, item.outcome)


def _item(outcome: str, market: Standing, own: Standing | None, compared: Compared, rules: Rules) -> Item:
    here = compared.get(outcome, [])
    same = significantly_better((one for one in here if one.other == SAME), rules)
    other = significantly_better((one for one in here if one.other != SAME), rules)
    move: BuyerMove = "keep"
    decisive: Difference | None = best_of(here)
    if own and own.zone == "overserved" and own.zone_certainty == "clear":
        move = "spend less"
    elif same:
        move, decisive = "fix inside", same
    elif other:
        move, decisive = "adopt", other
    elif market.zone == "underserved" and market.zone_certainty == "clear":
        move = "ask vendors"
    return Item(outcome, move, market, own, decisive)

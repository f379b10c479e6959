"""The vendor's roadmap: where users of one solution stand against users of the others."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial

from jtbd.roadmap.evidence import (
    Rules,
    best,
    big_enough,
    differences,
    important,
    significantly_better,
    standings,
)
from jtbd.roadmap.model import VENDOR_MOVES, Difference, Item, Roadmap, Standing, VendorMove
from jtbd.scoring.estimates import estimate
from jtbd.tally.model import Tally


def vendor_roadmap(tally: Tally, solution: str, rules: Rules) -> Roadmap:
    """A move for each outcome, first that applies: trim, catch up, lead, defend, hold.

    trim : the market is clearly overserved
    catch up : users of some other solution are significantly more satisfied
    lead : the market is clearly underserved, and no one is significantly better
    defend : own users are significantly more satisfied than those of the best other solution, and the
        outcome is surely important to more than half
    hold : nothing of this is shown

    "Clearly": zone probability of at least .95; "significantly": Holm-adjusted p < 1 - level over all
    comparisons with all other solutions, so that picking the best is paid for.

    Parameters
    ----------
    tally : Tally
        With attributes ``solution`` and ``group``; cells with group "in" are scored.
    solution : str
        The vendor's own.
    rules : Rules
    """
    market = estimate(tally, tally.pool(lambda a: a["group"] == "in"))
    people = {level: tally.pool(partial(_uses, level)) for level in tally.levels("solution")}
    names, left_out = big_enough({name: cell.n for name, cell in people.items() if cell.n}, rules)
    by_solution = {name: estimate(tally, people[name]) for name in {*names, solution}}
    own = by_solution[solution]
    pairs = [(name, own, by_solution[name]) for name in names if name != solution]
    compared, count = differences(solution, pairs, rules)
    own_standing, weighty = standings(solution, own, rules), important(market, rules)
    items = []
    for outcome, standing in standings("market", market, rules).items():
        mine = own_standing.get(outcome)
        move, decisive = _move(standing, compared.get(outcome, []), rules, weighty=outcome in weighty)
        items.append(Item(outcome, move, standing, mine, decisive))
    items.sort(key=lambda item: (VENDOR_MOVES.index(item.move), -item.market.opportunity, item.outcome))
    return Roadmap("vendor", solution, tuple(items), count, left_out, solution)


def _uses(solution: str, attributes: Mapping[str, str]) -> bool:
    return attributes["group"] == "in" and attributes["solution"] == solution


def _move(
    market: Standing,
    compared: list[Difference],
    rules: Rules,
    *,
    weighty: bool,
) -> tuple[VendorMove, Difference | None]:
    rival, ahead = best(compared), significantly_better(compared, rules)
    if market.zone == "overserved" and market.zone_certainty == "clear":
        return "trim", rival
    if ahead:
        return "catch up", ahead
    if market.zone == "underserved" and market.zone_certainty == "clear":
        return "lead", rival
    if weighty and rival and rival.difference > 0 and rival.p_holm < 1 - rules.level:
        return "defend", rival
    return "hold", rival

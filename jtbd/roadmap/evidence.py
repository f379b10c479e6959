"""What roadmaps rest on: how groups stand, and tested differences in satisfaction."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace

import numpy as np

from jtbd.roadmap.model import Difference, Standing
from jtbd.scoring.compare import holm, share_test
from jtbd.scoring.estimates import Estimates
from jtbd.scoring.intervals import feature_bounds
from jtbd.scoring.score import ScoreOptions, score


@dataclass(frozen=True)
class Rules:
    """When a difference counts: ``level`` of certainty, and fewest ratings of an outcome in a group.

    ``withheld`` names by group outcomes that are not shown of it, as if too few of its people had rated them.
    """

    level: float = 0.95
    min_group: int = 5
    seed: int = 1
    withheld: Mapping[str, Collection[str]] = field(default_factory=dict)

    def tells(self, outcome: str, *groups: str) -> bool:
        """Whether an outcome may be shown of all these groups."""
        return not any(outcome in self.withheld.get(group, ()) for group in groups)


def standings(group: str, estimates: Estimates, rules: Rules) -> dict[str, Standing]:
    """How a group sees each outcome that enough of its people rated."""
    scores = score(estimates, ScoreOptions(level=rules.level, seed=rules.seed))
    columns = scores.columns
    second = columns[estimates.second] if estimates.second == "satisfaction" else 10 - columns[estimates.second]
    return {
        columns["outcome"][row]: Standing(
            group,
            int(columns["n"][row]),
            float(columns["importance"][row]),
            float(second[row]),
            float(columns["opportunity"][row]),
            float(columns["opportunity_low"][row]),
            float(columns["opportunity_high"][row]),
            str(columns["zone"][row]),
            str(columns["zone_certainty"][row]),
        )
        for row in range(len(scores))
        if columns["n"][row] >= rules.min_group
        and np.isfinite(columns["importance"][row])
        and rules.tells(columns["outcome"][row], group)
    }


def important(estimates: Estimates, rules: Rules) -> set[str]:
    """Outcomes of which one can be sure that more than half rate them 4 or 5."""
    bounds = feature_bounds(estimates, "importance_top", rules.level)
    return {outcome for outcome, low in zip(estimates.outcomes, bounds.low, strict=True) if low > 5}


Compared = dict[str, list[Difference]]


def differences(subject: str, pairs: Iterable[tuple[str, Estimates, Estimates]], rules: Rules) -> tuple[Compared, int]:
    """Own satisfaction minus that of others, outcome by outcome, adjusted together.

    Parameters
    ----------
    subject : str
        Name of the own group.
    pairs : iterable of (name of the other group, own estimates, the other group's estimates)
    rules : Rules

    Returns
    -------
    dict of outcome to differences, and the number of comparisons adjusted for
    """
    found: list[tuple[str, Difference]] = []
    for name, own, other in pairs:
        difference, se, p = share_test(own, other, "second_top")
        enough = (own.rated >= rules.min_group) & (other.rated >= rules.min_group) & np.isfinite(p)
        found += [
            (
                own.outcomes[j],
                Difference(
                    name,
                    int(other.rated[j]),
                    float(other.satisfaction[j]),
                    float(difference[j]),
                    float(se[j]),
                    float(p[j]),
                ),
            )
            for j in np.flatnonzero(enough)
            if rules.tells(own.outcomes[j], subject, name)
        ]
    adjusted = holm(np.array([one.p_holm for _, one in found]))
    by_outcome: Compared = {}
    for (outcome, one), p_holm in zip(found, adjusted, strict=True):
        by_outcome.setdefault(outcome, []).append(replace(one, p_holm=float(p_holm)))
    return by_outcome, len(found)


def best(compared: Iterable[Difference]) -> Difference | None:
    """The other group that is most satisfied."""
    return max(compared, key=lambda one: (one.other_satisfaction, one.other), default=None)


def significantly_better(compared: Iterable[Difference], rules: Rules) -> Difference | None:
    """The most satisfied of the other groups that are significantly more satisfied."""
    return best(one for one in compared if one.difference < 0 and one.p_holm < 1 - rules.level)


def big_enough(groups: Mapping[str, int], rules: Rules) -> tuple[list[str], tuple[str, ...]]:
    """Names of groups with enough people, sorted, and of those without."""
    names = sorted(groups)
    return (
        [name for name in names if groups[name] >= rules.min_group],
        tuple(name for name in names if groups[name] < rules.min_group),
    )

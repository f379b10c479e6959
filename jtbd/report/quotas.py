"""How far quotas are filled, as a table."""

from __future__ import annotations

from jtbd.report.tables import Table
from jtbd.store.quotas import Fieldwork
from jtbd.survey.gates import condition_text

QUOTA_COLUMNS = ("quota", "where", "limit", "complete", "reserved", "free", "turned_away")


def quota_table(found: Fieldwork) -> Table:
    """A row for each quota, in the order of the survey file; columns as in docs/columns.md."""
    return Table(
        QUOTA_COLUMNS,
        tuple(
            (
                one.quota.id,
                condition_text(one.quota),
                one.quota.limit,
                one.complete,
                one.reserved,
                one.free,
                one.turned_away,
            )
            for one in found.quotas
        ),
    )

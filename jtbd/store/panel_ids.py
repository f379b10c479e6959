"""The ids under which panels send respondents. This is the one place that stores them."""

from __future__ import annotations

from sqlalchemy import Connection, select, update

from jtbd.store.database import Database
from jtbd.store.schema import response
from jtbd.survey.end_links import is_panel_id


def keep_panel_id(connection: Connection, response_id: int, panel_id: str) -> bool:
    """Store the id that came with a respondent, if it can be one; whether it was stored."""
    if not is_panel_id(panel_id):
        return False
    connection.execute(update(response).where(response.c.id == response_id).values(panel_id=panel_id))
    return True


def panel_id_of(db: Database, response_id: int) -> str | None:
    """The id under which a panel sent this respondent, if one did."""
    with db.read() as connection:
        return connection.execute(select(response.c.panel_id).where(response.c.id == response_id)).scalar_one_or_none()

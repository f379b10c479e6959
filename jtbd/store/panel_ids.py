"""The ids under which panels send respondents. This is the one place that stores them."""

from __future__ import annotations

from sqlalchemy import Connection, bindparam, select, update

from jtbd.store.database import Database
from jtbd.store.prepared import Prepared
from jtbd.store.refusals import PanelIdUsed
from jtbd.store.schema import response, survey
from jtbd.store.waves import open_wave_id
from jtbd.survey.end_links import is_panel_id


def keep_panel_id(connection: Connection, response_id: int, panel_id: str) -> bool:
    """Store the id that came with a respondent, if it can be one; whether it was stored."""
    if not is_panel_id(panel_id):
        return False
    connection.execute(update(response).where(response.c.id == response_id).values(panel_id=panel_id))
    return True


def see_that_unused(connection: Connection, survey_id: int, panel_id: str) -> None:
    """See that nobody began a response with this id in the wave that is open: a panel pays for each person once.

    Who comes with an id at the same time waits until the transaction ends.

    Raises
    ------
    PanelIdUsed
    """
    connection.execute(select(survey.c.id).where(survey.c.id == survey_id).with_for_update(key_share=True)).close()
    same = (response.c.survey_id == survey_id) & (response.c.kind == "real") & (response.c.panel_id == panel_id)
    of_wave = response.c.wave_id.is_not_distinct_from(open_wave_id(connection, survey_id))
    if connection.execute(select(response.c.id).where(same, of_wave).limit(1)).first():
        raise PanelIdUsed


def panel_id_of(db: Database, response_id: int) -> str | None:
    """The id under which a panel sent this respondent, if one did."""
    found = db.look_up(_PANEL_ID, mine=response_id)
    return found[0][0] if found else None


_PANEL_ID = Prepared(lambda _: select(response.c.panel_id).where(response.c.id == bindparam("mine")))

"""What a database holds of respondents, held against what they were told."""

from __future__ import annotations

import json
from collections import defaultdict
from dataclasses import dataclass, field

from jtbd.store.database import Database
from jtbd.store.responses import code_hash
from tests.serving.respondents import Crowd, Values


@dataclass
class Stored:
    """A response in the database: its answers as fields of forms, and how often each page was saved."""

    status: str = ""
    said: Values = field(default_factory=dict)
    saves: dict[str, int] = field(default_factory=dict)


_RESPONSES = "SELECT code_hash, status FROM response"
_SAVES = "SELECT code_hash, page, saves FROM page_save JOIN response ON response.id = response_id"
_ANSWERS = "SELECT code_hash, question, value FROM answer JOIN response ON response.id = response_id"
_RATINGS = """
    SELECT code_hash, outcome.key, importance, satisfaction
    FROM rating JOIN response ON response.id = response_id JOIN outcome ON outcome.id = outcome_id
"""


def stored_in(database: Database) -> dict[str, Stored]:
    """Every response by the hash of its code, read with plain SQL; nothing is there twice."""
    found: dict[str, Stored] = defaultdict(Stored)
    with database.read() as connection:
        for mark, status in connection.exec_driver_sql(_RESPONSES):
            assert mark not in found
            found[mark].status = status
        for mark, page, saves in connection.exec_driver_sql(_SAVES):
            assert page not in found[mark].saves
            found[mark].saves[page] = saves
        for mark, question, value in connection.exec_driver_sql(_ANSWERS):
            assert question not in found[mark].said
            found[mark].said[question] = json.loads(value)
        for mark, key, importance, satisfaction in connection.exec_driver_sql(_RATINGS):
            assert f"imp_{key}" not in found[mark].said
            found[mark].said |= {f"imp_{key}": str(importance), f"sat_{key}": str(satisfaction)}
    return dict(found)


def see_that_all_is_there(database: Database, crowd: Crowd) -> None:
    """See that the database holds every page that was acknowledged, as it was last, and nothing that nobody sent.

    Every respondent has finished, so that nothing is under way; a start that got no answer was sent again, and so there
    are as many responses as were begun.
    """
    assert database.check() == []
    stored = stored_in(database)
    for told in crowd.told:
        found = stored.pop(code_hash(told.code))
        assert found.said == told.said
        assert found.saves.keys() == told.pages.keys()
        for page, saves in found.saves.items():
            assert told.acknowledged[page] <= saves <= told.sent[page], page
        assert found.status == ("complete" if told.is_complete else "in_progress")
    assert stored == {}

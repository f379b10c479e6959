"""Attention items on respondent pages: shown as other lines are, kept apart from them."""

from __future__ import annotations

import pytest
from flask.testing import FlaskClient

from jtbd.settings import Settings
from jtbd.store.database import Database
from jtbd.store.delivery import load_ratings
from jtbd.store.responses import find_by_code
from jtbd.store.surveys import publish
from jtbd.survey.compile import load_survey
from jtbd.survey.model import Rating
from tests.held import attention_of
from tests.survey.samples import TINY, write
from tests.web.conftest import SetClock
from tests.web.visitor import ABOUT, FIRST, LAST, Visitor

ITEM = "quality:\n  attention:\n    - {id: look, text: 'For this line, choose 4 on both scales', expect: 4}\n"
FOLLOWED = {"imp_attention.look": "4", "sat_attention.look": "4"}


@pytest.fixture
def visitor(client: FlaskClient, settings: Settings, database: Database, clock: SetClock) -> Visitor:
    """Somebody who answers ``tiny`` with an attention item on the second page of each map."""
    write(settings.workspace, "surveys/tiny.yaml", TINY + ITEM)
    publish(database, load_survey(settings, "tiny"), clock())
    return Visitor(client)


def stored(database: Database, visitor: Visitor) -> dict[str, Rating]:
    row = find_by_code(database, visitor.code)
    assert row is not None
    return attention_of(database, row.id)


def test_an_item_is_a_line_like_the_others(visitor: Visitor) -> None:
    visitor.answer(ABOUT, {"mode": "retain"}, FIRST)
    headings = [one.get_text(strip=True) for one in visitor.soup.select("section h2")]
    assert headings[1] == "For this line, choose 4 on both scales"
    assert len(headings) == 3
    fieldsets = visitor.soup.select("section")[1].select("fieldset")
    assert [len(one.select("input[type=radio]")) for one in fieldsets] == [5, 5]
    assert all("choose 4" in one.legend.get_text() for one in fieldsets if one.legend)


def test_its_answer_is_kept_shown_again_and_apart_from_ratings(visitor: Visitor, database: Database) -> None:
    visitor.answer(ABOUT, {"mode": "retain"}, FIRST)
    visitor.press(FOLLOWED, go="back")
    visitor.press(FIRST)
    assert FOLLOWED.items() <= visitor.shown.items()
    assert stored(database, visitor) == {"look": Rating(4, 4)}
    visitor.press({**LAST, **FOLLOWED})
    assert visitor.heading == "You have come to the end"
    ratings = load_ratings(database, "tiny").ratings
    assert not any("look" in outcome for outcome in ratings.outcomes)
    assert (ratings.scales["importance"] > 0).sum() == 4


def test_its_answer_is_saved_as_it_is_given(visitor: Visitor, database: Database) -> None:
    visitor.answer(ABOUT, {"mode": "retain"}, FIRST)
    for name, value in FOLLOWED.items():
        assert visitor.post({name: value}, f"{visitor.path}/answers").status_code == 204
    assert stored(database, visitor) == {"look": Rating(4, 4)}


def test_a_wrong_answer_gets_no_hint(visitor: Visitor, database: Database) -> None:
    partly = {**LAST, "imp_attention.look": "2"}
    visitor.answer(ABOUT, {"mode": "retain"}, FIRST, partly, partly)  # past the reminder of what is left blank
    assert visitor.heading == "You have come to the end"
    assert stored(database, visitor) == {"look": Rating(2, None)}

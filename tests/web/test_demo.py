"""In a demo nobody's answers are real, and every page says so (docs/decisions/0003)."""

from jtbd.settings import DEMO_MARK
from jtbd.store.surveys import counts
from jtbd.web.app import create_app
from tests.web.visitor import Visitor


def test_answers_in_a_demo_are_simulated_ones(settings, clock):
    (settings.workspace / DEMO_MARK).write_text("{}")
    app = create_app(settings, clock=clock)
    visitor = Visitor(app.test_client())
    visitor.get("/s/tiny")
    assert "Demo:" in visitor.page.text
    visitor.start()
    database = app.extensions["jtbd"].database
    got = counts(database, "tiny")
    database.dispose()
    assert (got.simulated, got.in_progress) == (1, 0)


def test_answers_elsewhere_are_real(visitor, database):
    visitor.get("/s/tiny")
    assert "Demo:" not in visitor.page.text
    visitor.start()
    assert counts(database, "tiny").in_progress == 1

"""Respondents delete their own answers, with no script and nobody's help; the file then holds nothing of them."""

from __future__ import annotations

from pathlib import Path

from flask import Flask

from jtbd.settings import Settings
from jtbd.store.database import Database
from jtbd.store.responses import find_by_code
from jtbd.store.surveys import counts
from tests.web.conftest import SetClock
from tests.web.test_invited import invited, publish_with
from tests.web.visitor import ABOUT, FIRST, LAST, Visitor

SAID = "Zwiebelfisch & Söhne"


def files(settings: Settings) -> bytes:
    """Everything that SQLite keeps on disk."""
    return b"".join(path.read_bytes() for path in sorted(Path(settings.workspace).glob("jtbd.db*")))


def test_a_respondent_deletes_everything_after_the_end(
    visitor: Visitor, database: Database, settings: Settings
) -> None:
    visitor.answer({**ABOUT, "organisation": SAID}, {"mode": "retain"}, FIRST, LAST)
    code = visitor.code
    assert SAID.encode() in files(settings)
    link = visitor.soup.select_one("a[href$='/erase']")
    assert link
    visitor.get(str(link["href"]))
    assert "Delete your answers?" in visitor.heading
    assert find_by_code(database, code), "not before it is asked"
    visitor.page = visitor.post({})
    assert visitor.heading == "Your answers are deleted"
    assert find_by_code(database, code) is None
    assert SAID.encode() not in files(settings)
    assert visitor.get("/s/tiny/thanks").status_code == 200
    assert visitor.path == "/s/tiny", "the browser has forgotten it too"
    assert visitor.get(f"/r/{code}").status_code == 404


def test_a_respondent_deletes_what_is_half_done_from_another_device(
    visitor: Visitor, app: Flask, database: Database
) -> None:
    visitor.answer(ABOUT)
    other = Visitor(app.test_client())
    other.get(f"/r/{visitor.code}")
    link = other.soup.select_one("a[href$='/erase']")
    assert link
    other.get(str(link["href"]))
    assert other.post({}).status_code == 200
    assert counts(database, "tiny").in_progress == 0
    assert visitor.press({"mode": "retain"}).status_code == 400, "the open page says that it leads nowhere"


def test_deleting_twice_says_the_same(visitor: Visitor) -> None:
    visitor.finish()
    visitor.get("/s/tiny/erase")
    first, second = visitor.post({}), visitor.post({})
    assert [one.status_code for one in (first, second)] == [200, 200]
    assert "Your answers are deleted" in second.text


def test_a_forged_request_deletes_nothing(visitor: Visitor, database: Database) -> None:
    visitor.finish()
    code = visitor.code
    for token in ({}, {"csrf_token": "forged"}):
        answer = visitor.client.post("/s/tiny/erase", data={"code": code, **token})
        assert answer.status_code == 400
        assert "nothing is deleted" in answer.text
    visitor.client.post("/s/tiny/erase", data={})
    visitor.client.get(f"/s/tiny/erase?code={code}")
    assert find_by_code(database, code)


def test_the_page_deletes_the_answers_it_was_shown_for(visitor: Visitor, database: Database) -> None:
    """Not those that another tab of the same browser has begun meanwhile."""
    visitor.finish()
    first = visitor.code
    visitor.get("/s/tiny/erase")
    form, path = visitor.hidden(), visitor.path
    visitor.start()
    second = visitor.code
    assert visitor.client.post(path, data=form).status_code == 200
    assert find_by_code(database, first) is None
    assert find_by_code(database, second)
    assert visitor.get("/s/tiny/about-1").status_code == 200
    assert visitor.path == "/s/tiny/about-1"


def test_without_a_response_there_is_nothing_to_delete(visitor: Visitor) -> None:
    visitor.get("/s/tiny/erase")
    assert visitor.path == "/s/tiny"
    assert visitor.get("/s/none/erase").status_code == 404


def test_the_invitation_goes_with_the_answers(
    visitor: Visitor, database: Database, settings: Settings, clock: SetClock
) -> None:
    publish_with(database, settings, clock, access="invited")
    (link,) = invited(database, clock, "panel-4711")
    visitor.get(link)
    visitor.press({"consent": "yes"})
    visitor.get("/s/tiny/erase")
    visitor.post({})
    assert visitor.get(link).status_code == 404
    assert b"panel-4711" not in files(settings)

"""Erasing leaves no row and no trace in the file, and nothing of anybody else is touched."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import func, select

from jtbd.store import erasure, exclusions, responses
from jtbd.store.database import Database
from jtbd.store.delivery import load_ratings
from jtbd.store.erasure import Choice, Erased, count_chosen, erase_chosen
from jtbd.store.refusals import SurveyUnknown
from jtbd.store.schema import metadata, response
from jtbd.store.waves import close_wave, open_wave
from jtbd.survey.model import Rating, Submission
from tests.store.samples import NOW, about, begin, page, published, respond, survey
from tests.store.test_invitations import hand_out, use

DAY = timedelta(days=1)


def rows(db: Database) -> dict[str, int]:
    with db.read() as connection:
        numbers = {
            one.name: connection.execute(select(func.count()).select_from(one)).scalar_one()
            for one in metadata.sorted_tables
        }
    return {name: number for name, number in numbers.items() if number}


def touch_every_table(db: Database, response_id: int, remark: str) -> None:
    """Give a response a row in every table that holds something of respondents."""
    responses.save_page(db, response_id, about(remark=remark, years=3), NOW)
    responses.save_page(db, response_id, page(1, find=(5, 1)), NOW)
    exclusions.exclude(db, "modes", [response_id], f"about {remark}", "Ada", NOW)
    with db.write() as connection:
        values = {"attention_answer": {"item": "look", "importance": 4}, "assignment": {"map": "m", "seed": 1}}
        connection.execute(
            metadata.tables["attention_answer"].insert().values(response_id=response_id, **values["attention_answer"])
        )
        connection.execute(
            metadata.tables["assignment"].insert().values(response_id=response_id, outcomes="1", **values["assignment"])
        )


def test_every_table_that_refers_to_a_response_loses_its_rows_with_it() -> None:
    """Whatever tables come: a new one that does not would keep a trace."""
    referring = [
        (table.name, key.ondelete)
        for table in metadata.sorted_tables
        for key in table.foreign_keys
        if key.column.table is response
    ]
    assert len(referring) > 5
    assert {on_delete for _, on_delete in referring} == {"CASCADE"}


def test_a_response_goes_with_its_answers_reviews_and_invitation(database: Database) -> None:
    published(database)
    before = rows(database)
    tokens, _ = hand_out(database, ["a"])
    begun = use(database, tokens["a"])
    touch_every_table(database, begun.response_id, "something")
    assert len(rows(database)) >= len(before) + 7
    assert erasure.erase(database, begun.code)
    assert not erasure.erase(database, begun.code)
    assert rows(database) == before | {"consent_text": 1}


def test_a_person_goes_from_every_wave(database: Database) -> None:
    published(database)
    for label in ("first", "second"):
        open_wave(database, "modes", label, NOW)
        tokens, _ = hand_out(database, ["a", "b", "c"])
        for one in ("a", "b"):
            responses.save_page(database, use(database, tokens[one]).response_id, page(1, find=(5, 1)), NOW)
        close_wave(database, "modes", NOW)
    open_wave(database, "modes", "third", NOW)
    hand_out(database, ["a"])
    choice = Choice(panel_id="a")
    assert count_chosen(database, choice) == [Erased("modes", 2, 3)]
    assert erase_chosen(database, choice) == [Erased("modes", 2, 3)]
    assert count_chosen(database, choice) == []
    assert load_ratings(database, "modes").ratings.attributes["panel_id"].tolist() == ["b", "b"]
    assert rows(database)["invitation"] == 4


def test_a_person_goes_from_one_survey_alone_if_that_is_named(database: Database) -> None:
    published(database)
    published(database, survey(slug="other"))
    hand_out(database, ["a"])
    assert erase_chosen(database, Choice("other", panel_id="a")) == []
    assert rows(database)["invitation"] == 1
    with pytest.raises(SurveyUnknown):
        erase_chosen(database, Choice("none", panel_id="a"))


def test_of_an_anonymous_survey_only_the_invitation_can_go(database: Database) -> None:
    published(database, replace(survey(), anonymous=True))
    tokens, _ = hand_out(database, ["a"])
    use(database, tokens["a"])
    assert erase_chosen(database, Choice(panel_id="a")) == [Erased("modes", 0, 1)]
    assert rows(database)["response"] == 1
    again, _ = hand_out(database, ["b"])
    use(database, again["b"])  # though SQLite may give it the number of the one that is gone


def test_a_response_that_is_being_answered_is_not_old(database: Database) -> None:
    published(database)
    one = begin(database)
    responses.save_page(database, one, page(1, find=(5, 1)), NOW)
    responses.save_answers(database, one, page(2, keep=(3, None)), NOW + 2 * DAY)
    assert count_chosen(database, Choice(before=NOW + DAY)) == []


def test_retention_erases_what_nobody_changed_since(database: Database) -> None:
    published(database)
    published(database, survey(slug="other"))
    tokens, _ = hand_out(database, ["old", "young", "never"])
    for one in ("old", "young"):
        use(database, tokens[one])
    respond(database, slug="other")
    begin(database, kind="test")
    begin(database, kind="simulated")
    young = use(database, tokens["young"]).response_id
    responses.save_page(database, young, page(1, find=(5, 1)), NOW + 2 * DAY)
    hand_out(database, ["later"], NOW + 2 * DAY)
    choice = Choice(before=NOW + DAY)
    # old and the test; their invitations, and that of somebody who never came
    expected = [Erased("modes", 2, 2), Erased("other", 1, 0)]
    assert count_chosen(database, Choice(before=NOW)) == []
    assert count_chosen(database, Choice("modes", before=NOW + DAY)) == expected[:1]
    assert count_chosen(database, choice) == expected
    assert erase_chosen(database, choice) == expected
    assert {name: rows(database)[name] for name in ("response", "invitation")} == {"response": 2, "invitation": 2}
    assert use(database, tokens["young"]).response_id == young


def test_nothing_of_what_was_erased_or_replaced_is_left_in_the_file(database: Database) -> None:
    """Among many, with answers of every length and changed ones: pages of the file split and merge meanwhile."""
    if not database.is_sqlite:
        return
    published(database)
    rng = random.Random(1)  # noqa: S311 - no secret
    ids = [begin(database) for _ in range(120)]
    said: dict[int, list[str]] = {one: [] for one in ids}
    for turn in range(3):
        for one in rng.sample(ids, len(ids)):
            text = f"<{one} in turn {turn}>" * rng.randrange(1, 120)
            said[one].append(f"<{one} in turn {turn}>")
            responses.save_page(database, one, about(remark=text), NOW)
            responses.save_page(database, one, Submission("page-1", {}, {"find": Rating(rng.randint(1, 5), 1)}), NOW)
    gone, kept = ids[::3], set(ids) - set(ids[::3])
    with database.write() as connection:
        connection.execute(response.delete().where(response.c.id.in_(gone)))
    assert database.scrub()
    found = b"".join(path.read_bytes() for path in Path(database.name).parent.glob("jtbd.db*"))
    left = [text for one in gone for text in said[one] if text.encode() in found]
    assert left == []
    assert [one for one in kept if said[one][-1].encode() not in found] == []
    assert [text for one in kept for text in said[one][:-1] if text.encode() in found] == [], "earlier answers"


def test_a_file_that_is_being_read_is_not_said_to_be_clean(database: Database) -> None:
    if not database.is_sqlite:
        assert database.scrub()
        return
    published(database)
    other = Database(str(database.engine.url))
    with other.read() as connection:
        connection.execute(select(response.c.id)).all()
        begin(database)
        with database.engine.connect() as mine:  # not to wait for ten seconds
            mine.connection.driver_connection.execute("PRAGMA busy_timeout=50")  # type: ignore[union-attr]
        assert not database.scrub()
    assert database.scrub()
    other.dispose()

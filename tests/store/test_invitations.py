"""Invitations: one for each person and wave, used once, kept as digests; of anonymous surveys nothing leads on."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial
from itertools import count

import pytest
from sqlalchemy import delete, select, update

from jtbd.store import responses
from jtbd.store.database import Database
from jtbd.store.delivery import load_ratings
from jtbd.store.invitations import Invited, InvitedNow, begin_invited, find_invitation, invite
from jtbd.store.pilot import end_pilot
from jtbd.store.refusals import (
    InvitationNeeded,
    InvitationOver,
    InvitationUnknown,
    InvitationUsed,
    NoWaveOpen,
    SurveyUnknown,
)
from jtbd.store.responses import Begun
from jtbd.store.schema import anonymous_use, invitation, metadata, response
from jtbd.store.surveys import counts
from jtbd.store.waves import close_wave, open_wave
from tests.held import last_save
from tests.store.samples import LATER, NOW, about, at_once, page, published, survey

PANEL = [f"person-{number:02}" for number in range(12)]
_keys = count()


def hand_out(
    db: Database, ids: list[str], now: datetime = NOW, *, again: bool = False
) -> tuple[dict[str, str], InvitedNow]:
    made: list[Invited] = []
    done = invite(db, "modes", ids, now, made.extend, again=again)
    return {one.panel_id: one.token for one in made}, done


def use(db: Database, token: str, now: datetime = NOW, key: str | None = None) -> Begun:
    key = key or f"key of a page {next(_keys)}"
    return begin_invited(db, token, key=key, kind="real", language="en", consent="I agree", now=now)


def test_tokens_have_128_bits_and_are_stored_only_as_digests(database: Database) -> None:
    published(database)
    tokens, _ = hand_out(database, PANEL)
    assert list(tokens) == PANEL
    assert len(set(tokens.values())) == len(PANEL)
    assert all(re.fullmatch(r"[\w-]{22}", one) for one in tokens.values())
    stored = dump(database)
    assert not [one for one in tokens.values() if one in stored]


def test_nobody_gets_a_second_invitation_unless_asked_for(database: Database) -> None:
    published(database)
    first, done = hand_out(database, ["a", "b"])
    assert done == InvitedNow(2, 0, 0, 0)
    use(database, first["a"])
    more, done = hand_out(database, ["c", "b", "a"])
    assert (list(more), done) == (["c"], InvitedNow(1, 0, 1, 1))
    more, done = hand_out(database, ["c", "b", "a"], again=True)
    assert (list(more), done) == (["c", "b"], InvitedNow(0, 2, 0, 1))
    assert find_invitation(database, first["b"]) is None, "the earlier link has ended"
    use(database, more["b"])
    with pytest.raises(InvitationUnknown):
        use(database, first["b"])
    assert use(database, first["a"]).response_id, "the used link still leads back"


def test_what_could_not_be_handed_out_is_not_stored(database: Database) -> None:
    published(database)

    def full(_: object) -> None:
        raise OSError("no space left on device")

    with pytest.raises(OSError, match="no space"):
        invite(database, "modes", PANEL, NOW, full)
    assert hand_out(database, PANEL)[1].new == len(PANEL)


def test_two_who_invite_at_once_invite_everybody_once(database: Database) -> None:
    published(database)
    made = at_once([lambda: hand_out(database, PANEL)[0] for _ in range(4)])
    assert sorted(map(len, made)) == [0, 0, 0, len(PANEL)]


def test_inviting_needs_a_survey_and_between_waves_an_open_one(database: Database) -> None:
    with pytest.raises(SurveyUnknown):
        hand_out(database, ["a"])
    published(database)
    open_wave(database, "modes", "first", NOW)
    first, _ = hand_out(database, ["a"])
    use(database, first["a"])
    close_wave(database, "modes", LATER)
    with pytest.raises(NoWaveOpen):
        hand_out(database, ["a"])
    open_wave(database, "modes", "second", LATER)
    assert hand_out(database, ["a"])[1].new == 1, "a wave has invitations of its own"


@pytest.mark.parametrize("anonymous", [False, True])
def test_invitations_sent_before_the_first_wave_are_good_for_it(database: Database, anonymous: bool) -> None:
    published(database, replace(survey(), anonymous=anonymous))
    tokens, _ = hand_out(database, ["a", "b", "c"])
    early = use(database, tokens["b"], key="the key of a page")
    open_wave(database, "modes", "first", LATER)
    assert use(database, tokens["b"], key="the key of a page") == early, "a used one leads where it led"
    assert hand_out(database, ["c", "a"])[1] == InvitedNow(0, 0, 2, 0)
    found = responses.find_response(database, use(database, tokens["a"]).response_id)
    assert found
    assert found.wave == 1
    close_wave(database, "modes", LATER)
    open_wave(database, "modes", "second", LATER)
    with pytest.raises(InvitationOver):
        use(database, tokens["c"])


def test_who_uses_an_invitation_while_the_first_wave_opens_gets_in(database: Database) -> None:
    published(database)
    tokens, _ = hand_out(database, PANEL)
    calls: list[Callable[[], object]] = [partial(use, database, one) for one in tokens.values()]
    at_once([*calls, lambda: open_wave(database, "modes", "first", NOW)])
    assert counts(database, "modes").in_progress == len(PANEL)


@pytest.mark.parametrize("delete_answers", [False, True])
@pytest.mark.parametrize("anonymous", [False, True])
def test_after_a_pilot_the_links_that_were_used_begin_for_real(
    database: Database, anonymous: bool, delete_answers: bool
) -> None:
    published(database, replace(survey(), anonymous=anonymous))
    tokens, _ = hand_out(database, ["a", "b"])
    tried = [use(database, tokens["a"], key="the key of a page")]
    for more in (1, 2):  # a second pilot is no different
        end_pilot(database, "modes", delete_answers=delete_answers, expected=1, by="Ada", now=NOW)
        found = find_invitation(database, tokens["a"])
        assert found
        assert (found.is_used, found.is_over, found.code) == (False, False, None)
        tried.append(use(database, tokens["a"], key="the key of a page"))
        assert use(database, tokens["a"], key="the key of a page") == tried[-1], "sent twice"
        assert (counts(database, "modes").in_progress, counts(database, "modes").test) == (
            1,
            0 if delete_answers else more,
        )
    found = find_invitation(database, tokens["a"])
    assert found
    assert (found.is_used, found.code) == (True, None if anonymous else tried[-1].code)
    kept = [responses.find_by_code(database, one.code) for one in tried[:-1]]
    if not delete_answers:
        assert [one and (one.id, one.kind) for one in kept] == [(one.response_id, "test") for one in tried[:-1]]
    responses.erase_test_responses(database, "modes")
    assert use(database, tokens["a"], key="the key of a page") == tried[-1]
    assert hand_out(database, ["a", "b"])[1] == InvitedNow(0, 0, 1, 1)


def test_those_invited_in_a_pilot_can_be_invited_again(database: Database) -> None:
    published(database)
    tokens, _ = hand_out(database, ["a"])
    use(database, tokens["a"])
    end_pilot(database, "modes", delete_answers=False, expected=1, by="Ada", now=NOW)
    more, done = hand_out(database, ["a"], again=True)
    assert done == InvitedNow(0, 1, 0, 0)
    use(database, more["a"])
    assert counts(database, "modes").in_progress == 1


@pytest.mark.parametrize("anonymous", [False, True])
def test_a_pilots_invitation_from_before_the_wave_is_good_for_it_unless_there_is_a_newer(
    database: Database, anonymous: bool
) -> None:
    published(database, replace(survey(), anonymous=anonymous))
    tokens, _ = hand_out(database, ["a", "b"])
    use(database, tokens["a"])
    use(database, tokens["b"])
    open_wave(database, "modes", "first", NOW)
    newer, _ = hand_out(database, ["b"])
    end_pilot(database, "modes", delete_answers=False, expected=2, by="Ada", now=NOW)
    for token in (tokens["a"], newer["b"]):
        found = responses.find_response(database, use(database, token).response_id)
        assert found
        assert (found.kind, found.wave) == ("real", 1)
    with pytest.raises(InvitationOver):
        use(database, tokens["b"])


def test_a_pilot_leaves_the_invitations_to_other_surveys_alone(database: Database) -> None:
    published(database)
    tokens, _ = hand_out(database, ["a"])
    begun = use(database, tokens["a"])
    published(database, survey(slug="other"))
    end_pilot(database, "other", delete_answers=True, expected=0, by="Ada", now=NOW)
    assert use(database, tokens["a"]) == begun


def test_only_tests_begin_an_invited_survey_without_an_invitation(database: Database) -> None:
    published(database, replace(survey(), access="invited"))
    shared = {"slug": "modes", "language": "en", "consent": "", "now": NOW}
    with pytest.raises(InvitationNeeded):
        responses.begin(database, kind="real", **shared)  # type: ignore[arg-type]
    responses.begin(database, kind="test", **shared)  # type: ignore[arg-type]


def test_an_invitation_leads_back_to_its_one_response(database: Database) -> None:
    published(database)
    tokens, _ = hand_out(database, ["a", "b"])
    begun, other = use(database, tokens["a"]), use(database, tokens["b"])
    assert use(database, tokens["a"], LATER) == begun != other
    row = responses.find_by_code(database, begun.code)
    assert row
    assert (row.id, row.started_at) == (begun.response_id, NOW)
    found = find_invitation(database, tokens["a"])
    assert found
    assert (found.is_used, found.is_over, found.code) == (True, False, begun.code)


@pytest.mark.parametrize("anonymous", [False, True])
def test_twenty_uses_at_once_begin_one_response(database: Database, anonymous: bool) -> None:
    published(database, replace(survey(), anonymous=anonymous))
    tokens, _ = hand_out(database, PANEL)

    def attempt(number: int) -> int | None:
        try:
            return use(database, tokens[PANEL[number % 2]]).response_id
        except InvitationUsed:
            return None

    found = at_once([lambda number=number: attempt(number) for number in range(20)])  # type: ignore[misc]
    assert len(set(found) - {None}) == 2
    assert found.count(None) == (18 if anonymous else 0)
    assert counts(database, "modes").in_progress == 2


def test_panel_ids_link_the_responses_of_waves(database: Database) -> None:
    published(database)
    for label in ("first", "second"):
        open_wave(database, "modes", label, NOW)
        tokens, _ = hand_out(database, ["a", "b"])
        for one in ("b", "a"):
            responses.save_page(database, use(database, tokens[one]).response_id, page(1, find=(5, 1)), NOW)
        close_wave(database, "modes", NOW)
    attributes = load_ratings(database, "modes").ratings.attributes
    assert attributes["panel_id"].tolist() == ["b", "a", "b", "a"]
    assert attributes["wave"].tolist() == ["1", "1", "2", "2"]


def test_without_invitations_no_column_names_persons(database: Database) -> None:
    published(database)
    begun = responses.begin(database, slug="modes", kind="real", language="en", consent="", now=NOW)
    responses.save_page(database, begun.response_id, page(1, find=(5, 1)), NOW)
    assert "panel_id" not in load_ratings(database, "modes").ratings.attributes


# anonymous surveys


def dump(db: Database) -> str:
    """Every row of every table, one a line."""
    with db.read() as connection:
        rows = [(one.name, tuple(row)) for one in metadata.sorted_tables for row in connection.execute(select(one))]
    return "\n".join(f"{table} {row}" for table, row in rows)


def answered(db: Database, token: str, key: str, now: datetime) -> str:
    """Answer to the end over an hour; returns the code."""
    begun = use(db, token, now, key)
    for minutes, one in ((7, about(years=3)), (20, page(1, find=(5, 1))), (21, page(1, find=(4, 1)))):
        responses.save_page(db, begun.response_id, one, now + timedelta(minutes=minutes))
    responses.save_answers(db, begun.response_id, page(2, keep=(3, 3)), now)
    responses.complete(db, begun.response_id, asked={"find", "keep"}, now=now + timedelta(minutes=60))
    return begun.code


@pytest.mark.parametrize("anonymous", [False, True])
def test_who_gave_which_anonymous_answers_makes_no_difference_to_the_database(
    database: Database, anonymous: bool
) -> None:
    """No join leads from an invitation to a response if exchanging those who answered leaves every row as it is.

    Only digests of random codes differ; that none of them stands in two places is looked for.
    """
    published(database, replace(survey(), anonymous=anonymous, access="invited"))
    tokens, _ = hand_out(database, PANEL)
    people = PANEL[3:9]
    told = [after_answers_of(database, tokens, people), after_answers_of(database, tokens, people[::-1], minutes=31)]
    assert (told[0] == told[1]) is anonymous


def after_answers_of(db: Database, tokens: dict[str, str], people: list[str], minutes: int = 0) -> list[str]:
    """What the database says once these people have answered one after the other; then it is as before."""
    for number, person in enumerate(people):
        answered(db, tokens[person], f"{person} reads page {minutes}", NOW + timedelta(minutes=minutes + number))
    said = dump(db)
    digests = re.findall("[0-9a-f]{64}", said)
    assert len(digests) == len(set(digests)) > len(PANEL) + len(people)
    with db.write() as connection:
        (first, *_) = connection.execute(select(response.c.id).order_by(response.c.id)).scalars()
        connection.execute(update(invitation).values(response_id=None))
        connection.execute(delete(anonymous_use))
        connection.execute(delete(response))
    lines = [re.sub(r"^(response .*?)'[0-9a-f]{64}'", r"\1'code'", line) for line in said.splitlines()]
    belongs = re.compile(r"^(response|answer|rating|page_save) \((\d+)")
    return sorted(belongs.sub(lambda found: f"{found[1]} ({int(found[2]) - first}", line) for line in lines)


def test_postgresql_keeps_no_order_of_use_beside_the_rows(database: Database) -> None:
    """``xmin`` names the last who wrote a row: it would tell one invitation from the next, and so do responses."""
    published(database, replace(survey(), anonymous=True))
    tokens, _ = hand_out(database, PANEL)
    if database.is_sqlite:
        return
    for person in PANEL[7:2:-2]:
        answered(database, tokens[person], f"{person} reads a page", NOW)
    with database.read() as connection:
        rows = connection.exec_driver_sql("SELECT xmin::text, panel_id FROM invitation ORDER BY ctid").all()
    assert len({writer for writer, _ in rows}) == 1
    assert [person for _, person in rows] == PANEL


def test_of_an_anonymous_response_only_days_are_stored(database: Database) -> None:
    published(database, replace(survey(), anonymous=True))
    tokens, _ = hand_out(database, ["a"])
    answered(database, tokens["a"], "the key of a page", NOW.replace(hour=15, minute=42, second=7))
    said = "\n".join(
        line for line in dump(database).splitlines() if line.startswith(("response", "page_save", "answer"))
    )
    times = re.findall(r"datetime\.datetime\((.*?), tzinfo", said)
    assert len(times) == 8
    assert set(times) == {"2026, 3, 1, 0, 0", "2026, 3, 2, 0, 0"}, "the day, and its end"
    row = responses.find_response(database, 1)
    assert row
    assert row.started_at == row.completed_at == NOW.replace(hour=0)


def test_late_answers_of_an_anonymous_page_are_told_from_newer_ones(database: Database) -> None:
    """Without times, the number of a save says which came first."""
    published(database, replace(survey(), anonymous=True))
    tokens, _ = hand_out(database, ["a"])
    mine = use(database, tokens["a"]).response_id
    seen = [last_save(database, mine, "page-1")]
    for value in (5, 4):
        responses.save_page(database, mine, page(1, find=(value, 1)), NOW)
        seen.append(last_save(database, mine, "page-1"))
    assert len(set(seen)) == 3
    with pytest.raises(responses.PageSavedSince):
        responses.save_answers(database, mine, page(1, find=(1, 1)), NOW, seen[1])
    responses.save_answers(database, mine, page(1, find=(3, 1)), NOW, seen[2])


def test_an_anonymous_page_sent_again_finds_its_response(database: Database) -> None:
    published(database, replace(survey(), anonymous=True))
    tokens, _ = hand_out(database, ["a", "b"])
    begun = use(database, tokens["a"], key="the key of a page")
    assert use(database, tokens["a"], key="the key of a page") == begun
    with pytest.raises(InvitationUsed):
        use(database, tokens["a"], key="the key of another")
    found = find_invitation(database, tokens["a"])
    assert found
    assert (found.is_used, found.code) == (True, None)

from __future__ import annotations

import pytest

from jtbd.store import responses, surveys, waves
from jtbd.store.database import Database
from jtbd.store.refusals import NoWaveOpen, SurveyUnknown, WaveOpen
from jtbd.store.waves import Wave
from tests.store.samples import LATER, NOW, at_once, begin, published


def wave_of(db: Database, response_id: int) -> int | None:
    row = responses.find_response(db, response_id)
    assert row is not None
    return row.wave


def test_a_new_response_belongs_to_the_open_wave(database: Database) -> None:
    published(database)
    before = begin(database)
    waves.open_wave(database, "modes", "spring", NOW)
    first = begin(database)
    waves.close_wave(database, "modes", LATER)
    between = begin(database)
    waves.open_wave(database, "modes", "autumn", LATER)
    second = begin(database)
    assert [wave_of(database, one) for one in (before, first, between, second)] == [None, 1, None, 2]
    assert waves.list_waves(database, "modes") == [Wave(1, "spring", NOW, LATER), Wave(2, "autumn", LATER, None)]


def test_one_wave_is_open_at_a_time(database: Database) -> None:
    published(database)
    with pytest.raises(NoWaveOpen):
        waves.close_wave(database, "modes", NOW)
    waves.open_wave(database, "modes", "spring", NOW)
    with pytest.raises(WaveOpen, match="wave 1"):
        waves.open_wave(database, "modes", "autumn", LATER)
    assert waves.close_wave(database, "modes", LATER) == Wave(1, "spring", NOW, LATER)
    with pytest.raises(NoWaveOpen):
        waves.close_wave(database, "modes", LATER)


def test_waves_need_a_survey(database: Database) -> None:
    assert surveys.find_survey(database, "none") is None
    for call in (
        lambda: waves.open_wave(database, "none", "x", NOW),
        lambda: waves.close_wave(database, "none", NOW),
        lambda: waves.list_waves(database, "none"),
    ):
        with pytest.raises(SurveyUnknown):
            call()


def test_of_many_who_open_a_wave_at_once_one_does(database: Database) -> None:
    published(database)

    def opens() -> bool:
        try:
            waves.open_wave(database, "modes", "spring", NOW)
        except WaveOpen:
            return False
        return True

    assert sum(at_once([opens] * 8)) == 1
    assert len(waves.list_waves(database, "modes")) == 1

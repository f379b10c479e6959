"""Who is flagged, what was decided about them, and what the ranking owes to them."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import jtbd
from jtbd.analysis import Query, open_for, open_quality
from jtbd.analysis.quality import chosen_responses, survey_quality, with_and_without, without_flagged
from jtbd.errors import InputError
from jtbd.settings import Settings
from jtbd.store.bulk import add_many
from jtbd.store.database import Database
from jtbd.store.exclusions import exclude, include
from jtbd.store.surveys import publish
from jtbd.survey.compile import load_survey
from jtbd.survey.model import Rating
from tests.reference import DATA
from tests.survey.careless import START, attentive, careless, finished

ATTENTIVE, STRAIGHT, SPEEDERS = 40, 4, 2
CARELESS = [f"r{number}" for number in range(ATTENTIVE + 1, ATTENTIVE + STRAIGHT + SPEEDERS + 1)]


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """A workspace with ``revenue-modes``: 40 attentive respondents, then four straight-liners and two speeders."""
    settings = Settings.read(tmp_path, {})
    database = Database(settings.database_url)
    database.upgrade()
    plan = load_survey(settings, "revenue-modes")
    publish(database, plan, START)
    rng = np.random.default_rng(3)
    kinds = [""] * ATTENTIVE + ["straight"] * STRAIGHT + ["speeder"] * SPEEDERS
    people = attentive(plan, len(kinds), 3)
    rows = [careless(plan, one, kind, rng) if kind else finished(one) for one, kind in zip(people, kinds, strict=True)]
    slow = [replace(row, seconds=dict.fromkeys(row.seconds, 600)) if row.attention else row for row in rows]
    add_many(database, "revenue-modes", "simulated", slow, START)
    database.dispose()
    return settings


@pytest.fixture
def database(settings: Settings) -> Database:
    return Database(settings.database_url)


def flagged(settings: Settings) -> list[str]:
    found = open_quality("revenue-modes", settings)
    return [one for one, out in zip(found.references, found.careless.flagged, strict=True) if out]


def test_two_signs_flag_and_pace_alone_does_not(settings: Settings) -> None:
    found = open_quality("revenue-modes", settings)
    assert flagged(settings) == CARELESS[:STRAIGHT]
    assert found.careless.signs["pace"].tolist() == [False] * ATTENTIVE + [True] * (STRAIGHT + SPEEDERS)
    assert found.careless.not_looked_at == ("attention",)


def test_excluded_responses_stay_in_sight_and_out_of_the_scores(settings: Settings, database: Database) -> None:
    found = survey_quality(database, "revenue-modes")
    exclude(database, "revenue-modes", chosen_responses(found, ["flagged", "r45"]), "not read", "Ada", START)
    after = survey_quality(database, "revenue-modes")
    assert [one for one, state in zip(after.references, after.states, strict=True) if state == "excluded"] == [
        *CARELESS[:STRAIGHT],
        "r45",
    ]
    assert after.source.ratings.n == 46
    assert after.reasons[40] == "not read"
    assert open_for("revenue-modes", settings, Query()).ratings.n == 41


def test_who_is_kept_after_a_look_is_no_longer_among_the_flagged(settings: Settings, database: Database) -> None:
    include(database, "revenue-modes", [41], "I know this person", "Ada", START)
    found = survey_quality(database, "revenue-modes")
    assert found.states[40] == "kept"
    assert chosen_responses(found, ["flagged"]) == [42, 43, 44]
    assert without_flagged(found).ratings.n == 43


def test_a_reference_of_nobody_is_an_issue_and_so_is_a_resume_code(database: Database) -> None:
    found = survey_quality(database, "revenue-modes")
    with pytest.raises(InputError, match="no-such-response"):
        chosen_responses(found, ["r1", "r999", "Zk3xQ"])


def test_without_equals_the_scores_after_excluding_the_flagged(settings: Settings, database: Database) -> None:
    both = with_and_without(open_quality("revenue-modes", settings), Query())
    before = jtbd.score("revenue-modes", workspace=settings.workspace).set_index("outcome")
    without = jtbd.score("revenue-modes", workspace=settings.workspace, exclude_flagged=True)
    exclude(database, "revenue-modes", [41, 42, 43, 44], "not read", "Ada", START)
    after = jtbd.score("revenue-modes", workspace=settings.workspace)
    pd.testing.assert_frame_equal(without, after)
    after = after.set_index("outcome")
    assert len(both.shifts) > 20
    for shift in both.shifts:
        assert shift.score_with == before.opportunity[shift.outcome]
        assert shift.score_without == after.opportunity[shift.outcome]
        assert shift.rank_change == before["rank"][shift.outcome] - after["rank"][shift.outcome]
    assert any(shift.rank_change for shift in both.shifts)
    again = with_and_without(open_quality("revenue-modes", settings), Query())
    assert again.shifts == both.shifts, "excluding the flagged changes neither side"


def test_leaving_flagged_ones_out_is_said(settings: Settings) -> None:
    frame = jtbd.score("revenue-modes", workspace=settings.workspace, exclude_flagged=True)
    assert [note for note in frame.attrs["notes"] if "flagged-left-out" in note and "4 respondents" in note]
    assert frame.attrs["provenance"]["exclude_flagged"] is True
    assert frame.attrs["provenance"]["respondents"] == 42


def straight_file(folder: Path) -> Path:
    """The reference with a first respondent who answers 3 to everything."""
    frame = pd.read_csv(DATA)
    frame.loc[0, [name for name in frame if name.startswith(("imp_", "sat_"))]] = 3
    path = folder / "ratings.csv"
    frame.to_csv(path, index=False)
    return path


def test_a_file_is_looked_at_for_what_it_holds(tmp_path: Path) -> None:
    found = open_quality(str(straight_file(tmp_path)), Settings.read(tmp_path, {}))
    assert found.careless.flagged.nonzero()[0].tolist() == [0]
    assert found.references[:2] == ("r001", "r002")
    assert found.careless.not_looked_at == ("pace", "attention")


def test_a_file_is_scored_without_the_flagged_as_if_their_rows_were_not_there(tmp_path: Path) -> None:
    path = straight_file(tmp_path)
    rest = pd.read_csv(path).iloc[1:]
    rest.to_csv(tmp_path / "rest.csv", index=False)
    pd.testing.assert_frame_equal(jtbd.score(path, exclude_flagged=True), jtbd.score(tmp_path / "rest.csv"))
    pd.testing.assert_frame_equal(jtbd.score(pd.read_csv(path), exclude_flagged=True), jtbd.score(rest))


def test_the_frame_has_a_row_a_respondent(tmp_path: Path) -> None:
    frame = jtbd.quality(straight_file(tmp_path))
    assert len(frame) == 320
    assert frame.flagged.sum() == 1
    first = frame.iloc[0]
    assert (first.respondent, first.signs, first.run_importance, first.sd_satisfaction) == ("r001", 2, 12, 0.0)
    assert set(first.seen.split(";")) == {"run_importance", "run_satisfaction", "variability"}
    pd.testing.assert_frame_equal(frame.iloc[:, :5], jtbd.quality(pd.read_csv(straight_file(tmp_path))).iloc[:, :5])


def test_nobody_left_is_an_issue(tmp_path: Path) -> None:
    frame = pd.DataFrame({f"{scale}_{n}": [3, 4] for scale in ("imp", "sat") for n in range(8)})
    frame.to_csv(tmp_path / "all.csv", index=False)
    with pytest.raises(InputError, match="nobody-left"):
        with_and_without(open_quality(str(tmp_path / "all.csv"), Settings.read(tmp_path, {})), Query())


def test_times_of_imported_responses_are_not_known(settings: Settings, database: Database) -> None:
    plan = load_survey(settings, "revenue-modes")
    row = finished(next(iter(attentive(plan, 1, 9))))
    blank = {key: Rating() for key in row.ratings}
    add_many(database, "revenue-modes", "real", [replace(row, seconds={}), replace(row, ratings=blank)], START)
    found = survey_quality(database, "revenue-modes")
    assert np.isnan(found.careless.conduct.seconds_per_item).all()
    assert "pace" in found.careless.not_looked_at

"""Change between waves against independent computations: textbook formulas, a bootstrap of persons, two rankings."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from scipy.special import ndtri

from jtbd.analysis import Query, source_from_frame
from jtbd.analysis.change import ChangeAnalysis, changes_in
from jtbd.scoring.rank_change import rank_changes
from jtbd.scoring.score import ScoreOptions, score
from tests.scoring.samples import estimates_of, from_counts

OUTCOMES = 6


def panel_frame(
    persons: int, *, stay: float, rng: np.random.Generator, shares: np.ndarray | None = None, carry: float = 0.7
) -> pd.DataFrame:
    """Two waves in the wide layout; each person's taste carries over, some are in one wave only, weights differ."""
    if shares is None:
        shares = np.stack([np.linspace(0.4, 0.9, OUTCOMES), np.linspace(0.7, 0.2, OUTCOMES)])
    taste = rng.standard_normal((persons, 2, shares.shape[1]))
    waves = []
    for wave in ("1", "2"):
        latent = np.sqrt(carry) * taste + np.sqrt(1 - carry) * rng.standard_normal(taste.shape)
        top = latent + ndtri(shares) > 0
        rated = rng.random((persons, shares.shape[1])) > 0.1
        columns = {
            f"{scale}_o{j}": np.where(rated[:, j], np.where(top[:, place, j], 5, 1), np.nan)
            for place, scale in enumerate(("imp", "sat"))
            for j in range(shares.shape[1])
        }
        frame = pd.DataFrame(columns)
        frame["wave"], frame["person"] = wave, [f"p{number}" for number in range(persons)]
        frame["weight"] = rng.uniform(0.5, 2, persons)
        waves.append(frame[rng.random(persons) < stay])
    return pd.concat(waves, ignore_index=True)


def compared(frame: pd.DataFrame, panel: str | None = "person", **options) -> ChangeAnalysis:
    return changes_in(source_from_frame(frame), Query(**options), panel=panel)


def by_outcome(analysis: ChangeAnalysis, name: str) -> np.ndarray:
    columns = analysis.changes.columns
    return columns[name][np.argsort(columns["outcome"].astype(str))]


def in_between(frame: pd.DataFrame, rng: np.random.Generator) -> pd.DataFrame:
    """The same tops, with every rating from 1 to 5."""
    ratings = [name for name in frame if name[:3] in ("imp", "sat")]
    lower = rng.integers(0, [[2], [3]], (2, len(frame) * len(ratings))).reshape(2, len(frame), -1)
    varied = frame.copy()
    varied[ratings] = np.where(frame[ratings] == 5, frame[ratings] - lower[0], frame[ratings] + lower[1])
    return varied


def plain_score(frame: pd.DataFrame, outcome: int, method: str) -> tuple[float, pd.Series]:
    """The score of one wave and each person's linearised contribution to it, written from the textbook."""
    imp, sat, w = frame[f"imp_o{outcome}"], frame[f"sat_o{outcome}"], frame["weight"]
    rated = imp.notna() & sat.notna()
    total = w[rated].sum()
    tops = [10.0 * (one >= 4) for one in (imp, sat)]
    means = [2.5 * (one - 1) for one in (imp, sat)]
    if method == "mean":
        averages = [float((w * one)[rated].sum() / total) for one in means]
        steep = averages[0] > averages[1]
        said = (1 + steep) * means[0] - steep * means[1]
    else:
        said = {
            "gap": tops[0] - tops[1],
            "unmet": 10.0 * ((imp >= 4) & (sat <= 2)),
            "effort": 10.0 * (sat <= 2),  # turned round, a difficulty of 4 or 5
        }[method]
    value = float((w * said)[rated].sum() / total)
    influence = (w * (said - value) / total).where(rated, 0.0)
    return value, pd.Series(influence.to_numpy(), index=frame["person"])


@pytest.mark.parametrize(
    ("stay", "method"), [(1.0, "gap"), (0.7, "gap"), (0.7, "unmet"), (0.7, "mean"), (0.7, "effort")]
)
def test_the_panel_se_is_that_of_linearised_contributions_added_up_by_person(stay, method):
    rng = np.random.default_rng(1)
    frame = in_between(panel_frame(300, stay=stay, rng=rng), rng)
    asked = turned(frame) if method == "effort" else frame
    got = compared(asked, method=method, weight="weight")
    waves = [frame[frame["wave"] == wave] for wave in ("1", "2")]
    change, se = [], []
    for outcome in range(OUTCOMES):
        (before, left), (after, right) = (plain_score(wave, outcome, method) for wave in waves)
        joint = right.sub(left, fill_value=0.0)
        change.append(after - before)
        se.append(np.sqrt(len(joint) / (len(joint) - 1) * (joint**2).sum()))
    np.testing.assert_allclose(by_outcome(got, "change"), change, atol=1e-9)
    np.testing.assert_allclose(by_outcome(got, "change_se"), se, rtol=1e-9)


def test_the_opportunity_se_of_a_panel_agrees_with_a_bootstrap_of_persons():
    rng = np.random.default_rng(2)
    shares = np.stack([[0.8, 0.7, 0.4], [0.4, 0.3, 0.7]])
    frame = panel_frame(250, stay=0.8, rng=rng, shares=shares)
    got = compared(frame, weight="weight")
    persons = sorted(set(frame["person"]))
    tables = []
    for wave in ("1", "2"):
        part = frame[frame["wave"] == wave].set_index("person").reindex(persons)
        tables.append(
            [part[[f"{s}_o{j}" for j in range(3)]].to_numpy() for s in ("imp", "sat")] + [part["weight"].to_numpy()]
        )
    steps = []
    for _ in range(2000):
        pick = rng.integers(0, len(persons), len(persons))
        values = []
        for imp, sat, weight in tables:
            w = np.where(np.isnan(imp[pick]), 0, weight[pick, None])
            i, s = (10 * np.nansum(w * (one[pick] >= 4), axis=0) / np.nansum(w, axis=0) for one in (imp, sat))
            values.append(i + np.maximum(i - s, 0))
        steps.append(values[1] - values[0])
    np.testing.assert_allclose(by_outcome(got, "change_se"), np.std(steps, axis=0), rtol=0.06)


def test_a_panel_of_the_same_people_sees_smaller_changes_than_two_samples():
    frame = panel_frame(400, stay=1.0, rng=np.random.default_rng(3))
    panel, apart = compared(frame), compared(frame, None)
    np.testing.assert_allclose(by_outcome(panel, "change"), by_outcome(apart, "change"))
    assert (by_outcome(panel, "change_se") < 0.95 * by_outcome(apart, "change_se")).all()
    assert (by_outcome(panel, "detectable") < 0.95 * by_outcome(apart, "detectable")).all()


def test_a_panel_in_which_nobody_returns_is_two_samples_and_says_so():
    frame = panel_frame(200, stay=1.0, rng=np.random.default_rng(4))
    frame["person"] = frame["person"] + "/" + frame["wave"]
    panel, apart = compared(frame), compared(frame, None)
    np.testing.assert_allclose(by_outcome(panel, "change_se"), by_outcome(apart, "change_se"), rtol=0.005)
    assert [note.code for note in panel.notes] == ["nobody-in-both"]


def test_a_wave_beside_itself_has_not_changed_at_all():
    frame = panel_frame(200, stay=1.0, rng=np.random.default_rng(9))
    before = frame[frame["wave"] == "1"]
    got = compared(pd.concat([before, before.assign(wave="2")], ignore_index=True), weight="weight").changes.columns
    np.testing.assert_allclose(got["change"], 0, atol=1e-12)
    np.testing.assert_allclose(got["change_se"], 0, atol=1e-7)
    assert (got["p"] == 1).all()
    assert not got["rank_change_real"].any()


def turned(frame: pd.DataFrame) -> pd.DataFrame:
    """The same answers, asked as difficulty."""
    turned = frame.rename(columns={f"sat_o{j}": f"dif_o{j}" for j in range(OUTCOMES)})
    for j in range(OUTCOMES):
        turned[f"dif_o{j}"] = 6 - turned[f"dif_o{j}"]
    return turned


def test_difficulty_turned_round_gives_what_satisfaction_gives():
    frame = panel_frame(200, stay=0.9, rng=np.random.default_rng(8))
    satisfied, difficult = compared(frame), compared(turned(frame))
    for name in ("change", "change_se", "change_low", "change_high", "p", "rank_change_low"):
        np.testing.assert_allclose(by_outcome(difficult, name), by_outcome(satisfied, name), atol=1e-9)
    assert "difficulty_a" in difficult.changes.columns


def test_both_waves_have_the_figures_of_their_own_ranking():
    frame = panel_frame(300, stay=0.9, rng=np.random.default_rng(5))
    got = compared(frame, None, method="gap")
    for wave, side in (("1", "a"), ("2", "b")):
        source = source_from_frame(frame[frame["wave"] == wave])
        alone = score(estimates_of(source.ratings), ScoreOptions("gap")).columns
        order = np.argsort(alone["outcome"].astype(str))
        np.testing.assert_allclose(by_outcome(got, f"score_{side}"), alone["gap"][order])
        np.testing.assert_array_equal(by_outcome(got, f"rank_{side}"), alone["rank"][order])
        np.testing.assert_array_equal(by_outcome(got, f"n_{side}"), alone["n"][order])


def test_p_and_interval_tell_the_same_story():
    frame = panel_frame(150, stay=0.9, rng=np.random.default_rng(6))
    shares = np.stack([np.linspace(0.2, 0.9, 30), np.linspace(0.9, 0.25, 30)])
    moved = panel_frame(150, stay=0.9, rng=np.random.default_rng(7), shares=shares)
    for data in (frame, moved):
        got = compared(data).changes.columns
        apart = (got["change_low"] > 0) | (got["change_high"] < 0)
        np.testing.assert_array_equal(got["p"] < 0.05, apart)
        assert (got["p_holm"] >= got["p_bh"] - 1e-12).all()
        assert (np.diff(got["p"]) >= 0).all(), "the surest first"


def test_waves_in_which_all_agree_have_doubt():
    before, after = from_counts(8, a=(8, 0), b=(4, 4)), from_counts(8, a=(0, 8), b=(4, 4))
    frames = []
    for wave, ratings in (("1", before), ("2", after)):
        columns = {f"imp_{o}": ratings.scales["importance"][:, j] for j, o in enumerate("ab")}
        columns |= {f"sat_{o}": ratings.scales["satisfaction"][:, j] for j, o in enumerate("ab")}
        frames.append(pd.DataFrame(columns).assign(wave=wave))
    got = compared(pd.concat(frames), None).changes.columns
    assert got["outcome"][0] == "a"
    assert 0 < got["p"][0] < 0.001
    assert got["change"][0] < got["change_high"][0] < 0, "the score cannot have fallen by more than 20"


def test_a_rank_that_jumps_far_is_real_and_equal_waves_have_none():
    rng = np.random.default_rng(1)
    size = 8
    covariance = np.diag(np.full(2 * size, 0.04))
    draws = 0.2 * rng.standard_normal((2 * size, 4000))
    before = np.arange(size, 0, -1.0)
    after = before.copy()
    after[-1] = 20.0
    found = rank_changes(np.concatenate([before, after]), covariance, draws, 0.95)
    assert found.before.tolist() == list(range(1, 9))
    assert found.after.tolist() == [2, 3, 4, 5, 6, 7, 8, 1]
    assert found.real.tolist() == [True] * 8
    assert (found.low[-1], found.high[-1]) == (-7, -7)
    still = rank_changes(np.concatenate([before, before]), covariance, draws, 0.95)
    assert not still.real.any()
    assert (still.low <= 0).all()
    assert (still.high >= 0).all()

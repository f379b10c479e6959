"""Sentences claim no more than the intervals do, whatever the ratings."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jtbd.analysis import Analysis, Query, Source, analyse, source_from_frame
from jtbd.report.sentences import conclude, describe, number_word, subtitle, title

RATINGS = st.integers(1, 5)


@st.composite
def answers(draw: st.DrawFn) -> Analysis:
    n, outcomes, seed = draw(st.integers(1, 60)), draw(st.integers(1, 6)), draw(st.integers(0, 10_000))
    rng = np.random.default_rng(seed)
    lean = rng.dirichlet(np.full(5, draw(st.sampled_from([0.2, 1.0, 5.0]))), (2, outcomes))
    columns = {
        f"{scale}_o{j}": rng.choice([1, 2, 3, 4, 5], n, p=lean[number, j])
        for number, scale in enumerate(("imp", "sat"))
        for j in range(outcomes)
    }
    return analyse(source_from_frame(pd.DataFrame(columns)), Query(min_group=1))


@settings(max_examples=60)
@given(answers())
def test_clearly_is_said_only_of_what_is_clear(analysis: Analysis) -> None:
    columns = analysis.groups[""].columns
    clear = (columns["zone"] == "underserved") & (columns["zone_certainty"] == "clear")
    said = str(conclude(analysis, ""))
    if not clear.any():
        assert "clearly underserved" not in said.replace("No outcome is clearly underserved", "")
    elif analysis.people[""] > 1:
        assert said.lower().startswith(number_word(int(clear.sum())))


@settings(max_examples=60)
@given(answers())
def test_the_first_stands_alone_only_where_no_other_may_be_first(analysis: Analysis) -> None:
    columns = analysis.groups[""].columns
    if "stands alone" in str(conclude(analysis, "")):
        assert columns["rank_high"][0] == 1
        assert not (columns["rank_low"][1:] == 1).any()


def test_one_respondent_concludes_nothing() -> None:
    frame = pd.DataFrame({"imp_a": [5], "sat_a": [1]})
    said = str(conclude(analyse(source_from_frame(frame), Query(min_group=1)), ""))
    assert said.startswith("One respondent says nothing")


def test_the_title_names_the_group_as_people_do(source: Source) -> None:
    both = analyse(source, Query(by="mode"))
    assert title(both, "acquire") == "A tiny survey · Winning new customers"


@pytest.mark.parametrize("say", [lambda a: describe(a, ""), lambda a: " ".join(subtitle(a, ""))])
def test_conditions_and_simulation_are_told(source: Source, say: object) -> None:
    some = analyse(source, Query(where=(("solution", "sheets"),)))
    told = say(some)  # type: ignore[operator]
    assert "solution: Spreadsheets" in told
    assert "SIMULATED DATA" in told

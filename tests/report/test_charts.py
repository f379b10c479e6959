"""Charts: files of the kind they claim to be, that say what they show and how sure it is."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import altair as alt
import numpy as np
import pandas as pd
import pytest

from jtbd.analysis import Analysis, Query, Source, analyse, source_from_frame
from jtbd.analysis.change import changes_in
from jtbd.analysis.planning import plan
from jtbd.report import charts
from jtbd.report.charts_style import PALETTES
from jtbd.report.tables import scores_table
from jtbd.scoring.planning import Assumptions

DRAW: dict[str, Callable[..., alt.LayerChart]] = {"landscape": charts.landscape, "ranking": charts.ranking_chart}


@pytest.mark.parametrize("kind", list(DRAW))
@pytest.mark.parametrize(
    ("form", "begins"), [("png", b"\x89PNG\r\n"), ("pdf", b"%PDF-"), ("svg", b"<svg"), ("html", b"<!DOCTYPE html>")]
)
def test_a_chart_is_a_file_of_its_format(analysis: Analysis, kind: str, form: str, begins: bytes) -> None:
    content = charts.render(DRAW[kind](analysis, ""), form)
    assert content.startswith(begins)
    assert len(content) > 5000


@pytest.mark.parametrize("kind", list(DRAW))
def test_a_chart_says_what_it_is_of_whom_and_that_it_is_simulated(analysis: Analysis, kind: str) -> None:
    text = words(charts.render(DRAW[kind](analysis, ""), "svg"))
    for said in ("A tiny survey", "300 respondents", "95% intervals", "SIMULATED DATA"):
        assert said in text


def test_real_data_are_not_called_simulated(source: Source) -> None:
    real = analyse(replace(source, simulated=False), Query())
    for draw in DRAW.values():
        assert "SIMULATED" not in words(charts.render(draw(real, ""), "svg"))


def test_conditions_stand_in_the_chart(source: Source) -> None:
    some = analyse(source, Query(where=(("solution", "suite"),)))
    assert "solution: One suite" in words(charts.render(charts.landscape(some, ""), "svg"))


def test_the_landscape_names_its_zones_and_lines(analysis: Analysis) -> None:
    text = words(charts.render(charts.landscape(analysis, ""), "svg"))
    for said in ("underserved", "table stakes", "overserved", "appropriate", "opportunity 10", "Importance, 0 to 10"):
        assert said in text


def test_html_works_offline(analysis: Analysis) -> None:
    page = charts.render(charts.landscape(analysis, ""), "html").decode()
    assert not re.findall(r"<(?:script|link)[^>]+(?:src|href)=", page)


def test_points_stand_where_the_scores_say(analysis: Analysis) -> None:
    spec = json.loads(charts.render(charts.landscape(analysis, ""), "json"))
    points = {one["outcome"]: one for one in data_with(spec, "importance")}
    rows = list(scores_table(analysis).records())
    assert len(points) == len(rows)
    for row in rows:
        point = points[str(row["outcome"])]
        assert point["importance"] == row["importance"]
        assert point["level"] == row["satisfaction"]
        assert point["x_low"] == pytest.approx(float(row["importance"]) - float(row["importance_se"]))  # type: ignore[arg-type]
        assert point["n"] == row["n"]


def test_few_outcomes_all_show_their_uncertainty_and_many_only_the_first(analysis: Analysis) -> None:
    assert all(one["crossed"] for one in data_with(charts.specification(charts.landscape(analysis, "")), "crossed"))
    import pandas as pd

    columns = {
        f"{scale}_o{j:02}": [1 + (i * j + j) % 5 for i in range(40)] for j in range(30) for scale in ("imp", "sat")
    }
    many = analyse(source_from_frame(pd.DataFrame(columns)), Query())
    points = {one["outcome"]: one for one in data_with(charts.specification(charts.landscape(many, "")), "crossed")}
    assert sum(one["crossed"] for one in points.values()) == 10


def test_difficulty_is_drawn_as_ease() -> None:
    import pandas as pd

    frame = pd.DataFrame({"imp_a": [5, 5, 4, 2], "dif_a": [5, 5, 5, 1], "imp_b": [1, 2, 4, 5], "dif_b": [1, 1, 2, 2]})
    hard = analyse(source_from_frame(frame), Query())
    spec = charts.specification(charts.landscape(hard, ""))
    levels = {one["outcome"]: one["level"] for one in data_with(spec, "level")}
    assert levels == {"a": 2.5, "b": 10.0}
    assert "Ease (10 − difficulty)" in json.dumps(spec, ensure_ascii=False)


def test_the_ranking_shows_the_first_and_says_of_how_many(analysis: Analysis) -> None:
    chart = charts.ranking_chart(analysis, "", most=3)
    text = words(charts.render(chart, "svg"))
    assert "The first 3 of 7 outcomes" in text
    assert len(data_with(charts.specification(chart), "score")) == 3


@pytest.mark.parametrize("method", ["gap", "unmet", "mean", "rank-sum"])
def test_the_ranking_follows_the_method(source: Source, method: Any) -> None:
    other = analyse(source, Query(method=method))
    rows = data_with(charts.specification(charts.ranking_chart(other, "")), "score")
    assert [one["score"] for one in rows] == scores_table(other).column("score")


def test_each_group_has_its_chart(source: Source) -> None:
    both = analyse(source, Query(by="mode"))
    text = words(charts.render(charts.landscape(both, "retain"), "svg"))
    assert "A tiny survey · Keeping customers who are about to leave" in text
    points = data_with(charts.specification(charts.landscape(both, "retain")), "importance")
    assert {one["outcome"] for one in points} == {
        *("sample-leaving-time", "sample-leaving-cause", "sample-handover-unanswered", "sample-change-promised")
    }


def words(svg: bytes) -> str:
    """The text of a picture."""
    return " ".join(re.findall(r">([^<>]+)</t", svg.decode()))


def data_with(spec: dict[str, Any], name: str) -> list[dict[str, Any]]:
    """The longest data in the chart that have this field."""
    found = []
    for layer in spec["layer"]:
        data = layer.get("data", {})
        values = data.get("values") or spec.get("datasets", {}).get(data.get("name"), [])
        if values and name in values[0]:
            found.append(values)
    return max(found, key=len)


def test_only_changes_that_are_real_have_the_accent_colour() -> None:
    rng = np.random.default_rng(1)
    people = 200
    frame = pd.DataFrame({"wave": np.repeat(["1", "2"], people)})
    for outcome, later in (("steady", 0.3), ("served", 0.9)):
        satisfied = rng.random(2 * people) < np.repeat([0.3, later], people)
        frame[f"imp_{outcome}"], frame[f"sat_{outcome}"] = 5, np.where(satisfied, 5, 1)
    found = changes_in(source_from_frame(frame), Query())
    picture = charts.render(charts.change_chart(found), "svg").decode()
    assert picture.count(f'fill="{PALETTES["light"].accent}"') == 3, "the point, the change and the verdict of one"
    assert "Hollow: wave 1; full: wave 2" in words(picture.encode())


def test_a_plan_is_drawn_with_the_study_asked_for() -> None:
    text = words(charts.render(charts.plan_chart(plan(40, 200, 20, Assumptions())), "svg"))
    for said in ("What a study of 40 outcomes can tell apart", "20 outcomes each", "40 outcomes each", "Respondents"):
        assert said in text

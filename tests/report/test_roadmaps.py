"""Roadmaps as tables and text: every figure from the roadmap, every sentence backed by it."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

import pytest

from jtbd.analysis import Query, Source
from jtbd.analysis.roadmaps import for_buyer, for_vendor
from jtbd.report.roadmaps import MOVE_MEANINGS, roadmap_sentences, roadmap_table, roadmap_text
from jtbd.roadmap.model import BUYER_MOVES, VENDOR_MOVES, Roadmap

COLUMNS = (
    "position outcome statement step move why importance satisfaction opportunity opportunity_low opportunity_high zone"
    " zone_certainty own_n own_importance own_satisfaction own_opportunity own_opportunity_low own_opportunity_high"
    " own_zone compared_with compared_n compared_satisfaction difference difference_se p_holm"
)


@pytest.fixture(scope="module", params=["vendor", "buyer"])
def roadmap(request: pytest.FixtureRequest, source: Source) -> Roadmap:
    if request.param == "vendor":
        return for_vendor(source, Query(), "suite")
    return for_buyer(source, Query(), "Organisation A")


def test_the_columns_are_those_promised(source: Source, roadmap: Roadmap) -> None:
    assert roadmap_table(source, roadmap).columns == tuple(COLUMNS.split())


def test_rows_are_the_items_in_their_order(source: Source, roadmap: Roadmap) -> None:
    rows = list(roadmap_table(source, roadmap).records())
    assert [row["position"] for row in rows] == list(range(1, len(roadmap.items) + 1))
    for row, item in zip(rows, roadmap.items, strict=True):
        assert (row["outcome"], row["move"]) == (item.outcome, item.move)
        assert row["opportunity_high"] == item.market.opportunity_high
        assert row["own_n"] == (item.own.n if item.own else None)
        assert row["p_holm"] == (item.compared.p_holm if item.compared else None)
        assert row["statement"]


def test_solutions_are_called_what_people_call_them(source: Source, roadmap: Roadmap) -> None:
    named = set(roadmap_table(source, roadmap).column("compared_with"))
    assert named <= {"One suite", "Separate tools", "Spreadsheets", "the same solution elsewhere", None}


def test_what_too_few_rated_is_empty(source: Source, roadmap: Roadmap) -> None:
    bare = replace(roadmap, items=tuple(replace(item, own=None, compared=None) for item in roadmap.items))
    for row in roadmap_table(source, bare).records():
        assert {row[name] for name in COLUMNS.split() if name.startswith(("own_", "compared_"))} == {None}


def test_the_sentence_counts_every_move(source: Source, roadmap: Roadmap) -> None:
    first = roadmap_sentences(source, roadmap)[0]
    for move, count in Counter(item.move for item in roadmap.items).items():
        assert f"{move} {count}" in first
    assert f"{roadmap.comparisons} comparisons" in roadmap_sentences(source, roadmap)[1]


def test_groups_left_out_are_named(source: Source, roadmap: Roadmap) -> None:
    told = " ".join(roadmap_sentences(source, replace(roadmap, left_out=("sheets",))))
    assert "Spreadsheets" in told


def test_without_others_to_compare_with_nothing_is_claimed(source: Source, roadmap: Roadmap) -> None:
    told = " ".join(roadmap_sentences(source, replace(roadmap, comparisons=0)))
    assert "no other group" in told
    assert "Holm" not in told


@pytest.mark.parametrize("width", [60, 100, 300])
def test_text_keeps_to_its_width_and_says_that_data_are_simulated(source: Source, roadmap: Roadmap, width: int) -> None:
    text = roadmap_text(source, roadmap, width)
    head, *lines = text.splitlines()
    assert "SIMULATED DATA" in head
    assert all(len(line) <= width for line in lines)
    for move in {item.move for item in roadmap.items}:
        assert move.upper() in text


def test_every_move_has_a_meaning() -> None:
    assert set(MOVE_MEANINGS) == {*VENDOR_MOVES, *BUYER_MOVES}

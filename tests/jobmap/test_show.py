"""A map as people and programs read it."""

from __future__ import annotations

import json
from pathlib import Path

from jtbd.jobmap.load import load_map
from jtbd.jobmap.show import as_json, as_text
from tests.survey.samples import small_workspace


def test_the_text_holds_both_phrasings_and_fits_the_width(tmp_path: Path) -> None:
    job_map = load_map(small_workspace(tmp_path), "acquire")
    text = as_text(job_map, 60)
    assert all(len(line) <= 60 for line in text.splitlines())
    flat = " ".join(text.split())
    for outcome in job_map.outcomes:
        assert f"{outcome.id} {outcome.outcome} → {outcome.ability}" in flat
    assert "1. Select a target audience define · marketing" in flat
    assert "2 steps, 4 outcomes" in flat


def test_the_json_is_resolved_and_carries_the_content_hash(tmp_path: Path) -> None:
    job_map = load_map(small_workspace(tmp_path), "retain")
    plain = json.loads(as_json(job_map))
    assert plain["content_hash"] == job_map.content_hash
    assert plain["steps"][1]["outcomes"][0]["id"] == "sample-handover-unanswered"

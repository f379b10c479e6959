"""What differs between two maps: nothing is lost, nothing is told twice, and both directions agree."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import example, given, settings

from jtbd.errors import InputError
from jtbd.jobmap.diff import Change, Pair, Parts, Placed, diff
from jtbd.jobmap.load import load_map
from jtbd.jobmap.model import JobMap
from jtbd.jobmap.show_diff import as_json, as_text
from jtbd.jobmap.versions import load_version
from jtbd.settings import Settings
from tests.jobmap.samples import a_map, job_maps
from tests.survey.samples import ACQUIRE, small_workspace, write


def with_outcome(job_map: JobMap, name: str, **changes: object) -> JobMap:
    """The map with one outcome changed."""
    steps = [
        replace(step, outcomes=tuple(replace(one, **changes) if one.id == name else one for one in step.outcomes))
        for step in job_map.steps
    ]
    return replace(job_map, steps=tuple(steps))


def told(parts: Parts[Placed]) -> dict[str, str]:
    """What is said of each outcome."""
    return {
        **{one.outcome.id: "removed" for one in parts.removed},
        **{one.outcome.id: "added" for one in parts.added},
        **{pair.after.outcome.id: "moved" for pair in parts.both if pair.moved},
        **{pair.after.outcome.id: "changed" for pair in parts.both if pair.changes},
    }


def turned(parts: Parts) -> tuple[set, set, set]:
    """The three parts as the other direction tells them."""
    pairs = {Pair(pair.after, pair.before, pair.moved, tuple(map(back, pair.changes))) for pair in parts.both}
    return set(parts.added), set(parts.removed), pairs


def back(change: Change) -> Change:
    return Change(change.key, change.after, change.before)


def all_ids(job_map: JobMap) -> Counter[str]:
    return Counter(one.id for one in job_map.outcomes)


@given(job_maps())
def test_a_map_does_not_differ_from_itself(job_map: JobMap) -> None:
    assert diff(job_map, job_map).empty


@given(job_maps(), job_maps())
def test_maps_without_differences_are_equal(one: JobMap, other: JobMap) -> None:
    assert diff(one, other).empty == (one == other)


@given(job_maps(), job_maps())
@example(a_map(first=["a", "b"]), a_map(first=["b", "a"]))
def test_the_other_direction_tells_the_mirror_image(one: JobMap, other: JobMap) -> None:
    there, here = diff(one, other), diff(other, one)
    assert tuple(map(back, there.changes)) == here.changes
    for mine, yours in (
        (there.steps, here.steps),
        (there.outcomes, here.outcomes),
        (there.contexts, here.contexts),
    ):
        assert turned(mine) == (set(yours.removed), set(yours.added), set(yours.both))


@given(job_maps(), job_maps())
def test_every_outcome_of_both_is_accounted_for_once(one: JobMap, other: JobMap) -> None:
    parts = diff(one, other).outcomes
    both = Counter(pair.before.outcome.id for pair in parts.both)
    assert Counter(placed.outcome.id for placed in parts.removed) + both == all_ids(one)
    assert Counter(placed.outcome.id for placed in parts.added) + both == all_ids(other)
    counted = json.loads(as_json(diff(one, other)))["outcomes"]
    assert Counter(entry["id"] for part in counted.values() for entry in part) == all_ids(one) | all_ids(other)


@given(job_maps(), job_maps())
@settings(max_examples=50)
def test_every_difference_is_in_the_text(one: JobMap, other: JobMap) -> None:
    difference = diff(one, other)
    text = as_text(difference, ("one", "other"), 400)
    for name in told(difference.outcomes):
        if not difference.between_modes or name not in all_ids(one) & all_ids(other):
            assert name in text
    assert ("no differences" in text) == (difference.empty and not difference.between_modes)


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        (["a", "b", "c"], ["a", "c"], {"b": "removed"}),
        (["a", "c"], ["a", "b", "c"], {"b": "added"}),
        (["a", "b", "c", "d"], ["d", "a", "b", "c"], {"d": "moved"}),
        (["a", "b", "c", "d"], ["b", "c", "d", "a"], {"a": "moved"}),
        (["a", "b"], ["b", "a"], {"b": "moved"}),
    ],
)
def test_the_fewest_outcomes_are_said_to_have_moved(before, after, expected) -> None:
    assert told(diff(a_map(first=before), a_map(first=after)).outcomes) == expected


def test_an_outcome_in_another_step_has_moved() -> None:
    difference = diff(a_map(first=["a", "b"], second=["c"]), a_map(first=["a"], second=["b", "c"]))
    assert told(difference.outcomes) == {"b": "moved"}
    assert "b  first → second" in as_text(difference, ("A", "B"))


def test_a_reworded_outcome_shows_both_wordings() -> None:
    before = a_map(first=["a", "b"])
    after = with_outcome(before, "a", ability="do it soon", lifecycle=("in-life",))
    text = as_text(diff(before, after), ("A", "B"))
    assert "- do it\n" not in text, "a short wording stands on one line"
    assert "ability: do it → do it soon" in text
    assert "lifecycle: + in-life" in text
    assert "1 reworded, 1 kept" in text
    longer = with_outcome(before, "a", outcome="Minimize the time it takes to do it over and over again")
    assert (
        "        - Minimize the time it takes to do it\n"
        "        + Minimize the time it takes to do it over and over again\n"
    ) in as_text(diff(before, longer), ("A", "B")) + "\n"


def test_steps_tell_their_stage_functions_title_and_place() -> None:
    before = a_map(first=["a"], second=["b"], third=["c"])
    first, second, third = before.steps
    changed = replace(second, title="Another title", stage="execute", functions=("sales",))
    difference = diff(before, replace(before, title="New", steps=(third, first, changed)))
    text = as_text(difference, ("old.yaml", "new.yaml"))
    assert [pair.after.id for pair in difference.steps.both if pair.moved] == ["third"]
    for words in ("third  moved: step 3 → 1", "stage: define → execute", "functions: + sales, - marketing"):
        assert words in text
    assert "title: Step second → Another title" in text
    assert "A  old.yaml" in text
    assert "title: My map → New" in text


def test_two_modes_are_told_by_what_they_share(tmp_path: Path) -> None:
    settings = small_workspace(tmp_path)
    difference = diff(load_map(settings, "acquire"), load_map(settings, "retain"))
    assert difference.between_modes
    text = as_text(difference, ("acquire", "retain"))
    assert "1 outcome in both, 3 only in acquire, 3 only in retain" in text
    shared = text[text.index("In both, by the step of each") : text.index("Only in acquire")]
    assert "acquire: Hand over the lead (conclude)" in shared
    assert "retain:  Hand over to those who make the change (conclude)" in shared
    assert "sample-handover-unanswered" in shared
    assert text.count("sample-handover-unanswered") == 1
    assert text.index("sample-audience-time") < text.index("Only in retain") < text.index("sample-leaving-time")


def test_the_shipped_modes_share_what_their_ids_say() -> None:
    shipped = Settings.read("/nowhere", {})
    acquire, grow = load_map(shipped, "acquire"), load_map(shipped, "grow")
    plain = json.loads(as_json(diff(acquire, grow)))
    both = {one.id for one in acquire.outcomes} & {one.id for one in grow.outcomes}
    assert {entry["id"] for entry in plain["outcomes"]["both"]} == both
    assert plain["between"] == "modes"
    assert plain["before"]["content_hash"] == acquire.content_hash
    assert not any(entry["changes"] for entry in plain["outcomes"]["both"]), "one wording for each id"


def test_two_versions_side_by_side_are_read_although_their_wordings_clash(tmp_path: Path) -> None:
    settings = small_workspace(tmp_path)
    new = write(tmp_path, "maps/acquire-new.yaml", ACQUIRE.replace("is left out", "is overlooked"))
    with pytest.raises(InputError):
        load_map(settings, str(new))
    difference = diff(load_version(settings, "acquire"), load_version(settings, str(new)))
    assert told(difference.outcomes) == {"sample-audience-missed": "changed"}
    assert not difference.between_modes


def test_a_version_with_other_errors_is_refused(tmp_path: Path) -> None:
    settings = small_workspace(tmp_path)
    clash = ACQUIRE.replace("is left out", "is overlooked").replace("stage: define", "stage: begin")
    with pytest.raises(InputError) as raised:
        load_version(settings, str(write(tmp_path, "maps/acquire-new.yaml", clash)))
    assert [one.code for one in raised.value.issues] == ["not-a-choice"]
    with pytest.raises(InputError):
        load_version(settings, "nothing")


def test_a_context_is_compared_with_its_options(tmp_path: Path) -> None:
    settings = small_workspace(tmp_path)
    before = load_map(settings, "acquire")
    context = before.contexts[0]
    after = replace(before, contexts=(replace(context, options=context.options[:2]),))
    text = as_text(diff(before, after), ("A", "B"))
    assert "deciders" in text
    assert "options: - many: 5 or more" in text
    assert "- deciders  How many people" in as_text(diff(before, replace(before, contexts=())), ("A", "B"))

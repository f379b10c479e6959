"""A map file becomes a map, or every issue at once; outcomes are found wherever they are defined."""

from __future__ import annotations

from pathlib import Path

import pytest

from jtbd.errors import InputError, Issue
from jtbd.jobmap.lint import lint
from jtbd.jobmap.load import check_map, load_map
from jtbd.resources import shipped
from jtbd.settings import Settings
from tests.survey.samples import ACQUIRE, RETAIN, small_workspace, write

HEAD = "map: {name}\ntitle: T\ndomain: d\njob: j\nmode: acquire\nexecutor: e\n"
OUTCOME = "      - id: {id}\n        outcome: Minimize the time it takes to {text}\n        ability: {text}\n"


def a_map(name: str = "mine", *outcomes: str, functions: str = "[]") -> str:
    """A map with one step that holds `outcomes`, each ``id=text`` or ``use:id``."""
    entries = ""
    for one in outcomes or ("sample-one=do it",):
        identifier, _, text = one.partition("=")
        used = identifier.startswith("use:")
        entries += f"      - use: {identifier[4:]}\n" if used else OUTCOME.format(id=identifier, text=text)
    step = f"  - id: first\n    title: First\n    stage: define\n    functions: {functions}\n    outcomes:\n"
    return HEAD.format(name=name) + "functions: [marketing, sales]\nsteps:\n" + step + entries


def codes(issues: list[Issue]) -> list[str]:
    return [issue.code for issue in issues]


def issues_of(tmp_path: Path, content: str | bytes, name: str = "mine") -> list[Issue]:
    """The issues of a workspace's only map."""
    write(tmp_path, f"maps/{name}.yaml", content)
    return check_map(Settings.read(tmp_path, {}), name)[1]


def faults(issues: list[Issue]) -> list[Issue]:
    """Issues but for what the rules say about the size and the stages of a map, as these samples are small."""
    return [one for one in issues if one.code not in ("map-size", "stage-missing", "stage-order")]


def test_a_used_outcome_is_the_one_defined_elsewhere(tmp_path: Path) -> None:
    settings = small_workspace(tmp_path)
    acquire, retain = load_map(settings, "acquire"), load_map(settings, "retain")
    assert list(retain.outcomes)[2] == list(acquire.outcomes)[2]
    assert [step.id for step in acquire.steps] == ["select-audience", "hand-over"]
    assert acquire.contexts[0].options[1].text == "2-4"
    assert next(iter(retain.outcomes)).lifecycle == ("dormancy", "retention")


def test_a_small_workspace_has_nothing_to_say(tmp_path: Path) -> None:
    settings = small_workspace(tmp_path)
    assert [issue for issue in faults(lint(settings)) if str(tmp_path) in issue.file] == []


def test_layout_does_not_change_the_content_hash(tmp_path: Path) -> None:
    settings = small_workspace(tmp_path)
    before = load_map(settings, "acquire").content_hash
    spread = ACQUIRE.replace("[marketing, sales]", "\n      - marketing\n      - sales", 1).replace(
        "title: Select a target audience", "title: >\n      Select a\n      target audience"
    )
    write(tmp_path, "maps/acquire.yaml", "# a comment\n" + spread)
    assert load_map(settings, "acquire").content_hash == before
    write(tmp_path, "maps/acquire.yaml", ACQUIRE.replace("left out", "missed"))
    assert load_map(settings, "acquire").content_hash != before


def test_every_schema_error_is_reported_at_once_with_its_place(tmp_path: Path) -> None:
    content = (
        "map: Mine\ntitle: 2024\ndomain:\njob: j\nmode: aquire\nexecutor: [e]\nfunctions: marketing\nstepz: []\n"
        "steps:\n  - id: first\n    title: T\n    stage: define\n    colour: red\n    outcomes:\n      - id: one\n"
        "        outcom: Minimize\n        ability: x\n      - use: two\n        abilty: x\n      - three\n"
    )
    found = [(issue.code, issue.line, issue.column) for issue in issues_of(tmp_path, content)]
    assert found == [
        ("bad-id", 1, 6),
        ("wrong-type", 2, 8),
        ("empty-text", 3, 1),
        ("not-a-choice", 5, 7),
        ("wrong-type", 6, 11),
        ("wrong-type", 7, 12),
        ("unknown-key", 8, 1),
        ("unknown-key", 13, 5),
        ("missing-key", 15, 9),
        ("unknown-key", 16, 9),
        ("unknown-key", 19, 9),
        ("wrong-type", 20, 9),
    ]


def test_an_unknown_key_suggests_the_key_that_was_meant(tmp_path: Path) -> None:
    content = (
        a_map()
        .replace("title: T\n", "tittle: T\ntitle: T\n")
        .replace("ability", "ability: x\n        lifecicle: []\n        ability", 1)
    )
    content = content.replace("        ability: x\n", "", 1)
    issues = issues_of(tmp_path, content)
    assert [issue.remedy for issue in issues] == ["did you mean `title`?", "did you mean `lifecycle`?"]


def test_an_unknown_key_does_not_hide_what_else_is_wrong(tmp_path: Path) -> None:
    issues = issues_of(tmp_path, a_map("mine", "use:sample-nothing-like-it") + "colour: red\n")
    assert set(codes(issues)) == {"unknown-key", "use-of-nothing"}


def test_pydantic_words_never_reach_the_author(tmp_path: Path) -> None:
    content = (
        "map: 1\ntitle: ''\ndomain: [a]\njob: {a: b}\nmode: 3\nexecutor: true\nfunctions: {}\nsteps: 3\ncontexts: [1]\n"
    )
    for issue in issues_of(tmp_path, content):
        assert issue.code not in ("wrong-value", "listed-twice"), issue
        assert "input" not in issue.message.lower()


@pytest.mark.parametrize(
    ("change", "code"),
    [
        (("id: first", f"id: {'a' * 81}"), "too-long"),
        (("title: First", f"title: {'a' * 501}"), "too-long"),
        (("title: First", "title: '  '"), "empty-text"),
        (("id: first", "id: -first"), "bad-id"),
        (("id: first", "id: 'first\n\n      '"), "bad-id"),
        (("stage: define", "stage: defin"), "not-a-choice"),
        (("functions: [marketing, sales]", "functions: [marketing, marketing]"), "listed-twice"),
        (("functions: []", "functions: [marketting]"), "unknown-function"),
        (("map: mine", "map: other"), "name-differs"),
    ],
)
def test_one_change_gives_one_issue(tmp_path: Path, change: tuple[str, str], code: str) -> None:
    content = a_map()
    assert issues_of(tmp_path, content) == []
    assert codes(issues_of(tmp_path, content.replace(*change))) == [code]


def test_a_map_needs_steps_and_a_step_needs_outcomes(tmp_path: Path) -> None:
    assert codes(issues_of(tmp_path, HEAD.format(name="mine") + "steps: []\n")) == ["no-steps"]
    step = "steps:\n  - {id: first, title: T, stage: define, outcomes: []}\n"
    assert codes(issues_of(tmp_path, HEAD.format(name="mine") + step)) == ["no-outcomes"]


def test_repeated_steps_contexts_and_options_are_issues(tmp_path: Path) -> None:
    content = a_map("mine", "sample-one=do it") + (
        "  - id: first\n    title: Again\n    stage: define\n    outcomes:\n"
        + OUTCOME.format(id="sample-two", text="x")
    )
    content += "contexts:\n" + "  - {id: c, text: T, options: [{value: a, text: A}, {value: a, text: B}]}\n" * 2
    assert codes(issues_of(tmp_path, content)) == [
        "duplicate-step",
        "duplicate-option",
        "duplicate-context",
        "duplicate-option",
    ]


def test_a_use_of_nothing_names_the_nearest_outcomes(tmp_path: Path) -> None:
    write(tmp_path, "maps/other.yaml", a_map("other", "sample-audience-time=agree"))
    (issue,) = issues_of(tmp_path, a_map("mine", "use:sample-audience-tine"))
    assert issue.code == "use-of-nothing"
    assert "`sample-audience-time`" in issue.remedy
    with pytest.raises(InputError, match="use-of-nothing"):
        load_map(Settings.read(tmp_path, {}), "mine")


def test_a_use_of_nothing_says_which_files_could_not_be_searched(tmp_path: Path) -> None:
    write(tmp_path, "maps/broken.yaml", "a: [")
    (issue,) = issues_of(tmp_path, a_map("mine", "use:sample-gone"))
    assert "broken.yaml" in issue.remedy


def test_one_id_with_two_wordings_is_an_error_naming_both_places(tmp_path: Path) -> None:
    write(tmp_path, "maps/other.yaml", a_map("other", "sample-one=agree"))
    (issue,) = issues_of(tmp_path, a_map("mine", "sample-one=decide"))
    places = {issue.file, issue.message.rsplit(" ", 1)[1].split(":")[0]}
    assert issue.code == "wording-differs"
    assert places == {str(tmp_path / "maps/mine.yaml"), str(tmp_path / "maps/other.yaml")}
    write(tmp_path, "maps/third.yaml", a_map("third", "use:sample-one"))
    settings = Settings.read(tmp_path, {})
    assert codes(check_map(settings, "third")[1]) == ["wording-differs"]
    assert codes([one for one in lint(settings) if str(tmp_path) in one.file]) == ["wording-differs"]


def test_one_id_with_the_same_wording_is_a_warning_that_suggests_use(tmp_path: Path) -> None:
    write(
        tmp_path,
        "maps/shared.yaml",
        "shared: ours\noutcomes:\n  - {id: sample-one, outcome: Minimize the time it takes to agree, ability: agree}\n",
    )
    (issue,) = issues_of(tmp_path, a_map("mine", "sample-one=agree"))
    assert (issue.code, issue.level) == ("defined-twice", "warning")
    assert "use: sample-one" in issue.remedy
    assert load_map(Settings.read(tmp_path, {}), "mine")


@pytest.mark.parametrize(
    ("outcomes", "code"),
    [
        (("sample-one=agree", "sample-one=agree"), "outcome-twice"),
        (("sample-one=agree", "use:sample-one"), "outcome-twice"),
        (("sample-one=agree", "sample-one=decide"), "wording-differs"),
    ],
)
def test_an_outcome_is_once_in_a_map(tmp_path: Path, outcomes: tuple[str, ...], code: str) -> None:
    assert codes(issues_of(tmp_path, a_map("mine", *outcomes))) == [code]


SIZE = "  - {id: sample-size, text: TEXT, options: [{value: s, text: Small}, {value: l, text: Large}]}\n"
SHARED = "shared: ours\ncontexts:\n" + SIZE + "outcomes:\n  - {id: sample-a, outcome: Minimize it, ability: a}\n"


def with_contexts(*entries: str, name: str = "mine") -> str:
    """A map with these entries in its catalogue: ``use:id`` or another text of the question of size."""
    lines = [f"  - use: {one[4:]}\n" if one.startswith("use:") else SIZE.replace("TEXT", one) for one in entries]
    return a_map(name, f"sample-{name}=do it") + "contexts:\n" + "".join(lines)


def test_a_used_context_is_the_one_defined_elsewhere(tmp_path: Path) -> None:
    write(tmp_path, "maps/shared.yaml", SHARED)
    assert issues_of(tmp_path, with_contexts("use:sample-size")) == []
    (context,) = load_map(Settings.read(tmp_path, {}), "mine").contexts
    assert (context.id, context.text) == ("sample-size", "TEXT")
    assert [one.value for one in context.options] == ["s", "l"]


def test_a_use_of_no_context_names_the_nearest_ones_and_no_outcome_will_do(tmp_path: Path) -> None:
    write(tmp_path, "maps/shared.yaml", SHARED)
    near, far = issues_of(tmp_path, with_contexts("use:sample-sise", "use:sample-a"))
    assert (near.code, near.line, near.remedy) == ("use-of-nothing", 18, "did you mean `sample-size`?")
    assert far.code == "use-of-nothing"


@pytest.mark.parametrize(
    ("contexts", "expected"),
    [
        (("How large is it?",), ["wording-differs"]),
        (("TEXT",), ["defined-twice"]),
        (("use:sample-size", "use:sample-size"), ["duplicate-context"]),
        (("use:sample-size", "TEXT"), ["defined-twice", "duplicate-context"]),
    ],
)
def test_a_context_is_once_in_a_map_and_worded_once(
    tmp_path: Path, contexts: tuple[str, ...], expected: list[str]
) -> None:
    write(tmp_path, "maps/shared.yaml", SHARED)
    assert sorted(codes(issues_of(tmp_path, with_contexts(*contexts)))) == expected


def test_options_are_part_of_the_wording_of_a_context(tmp_path: Path) -> None:
    write(tmp_path, "maps/shared.yaml", SHARED)
    found = issues_of(tmp_path, with_contexts("TEXT").replace("Large", "Huge"))
    assert codes(found) == ["wording-differs"]


def test_contexts_of_a_shared_file_are_checked_like_those_of_a_map(tmp_path: Path) -> None:
    write(tmp_path, "maps/shared.yaml", SHARED.replace("value: l", "value: s").replace("outcomes", SIZE + "outcomes"))
    found = [one for one in lint(Settings.read(tmp_path, {})) if str(tmp_path) in one.file]
    assert {"duplicate-option", "duplicate-context"} <= set(codes(found))


def test_contexts_that_the_shipped_maps_share_are_defined_once(tmp_path: Path) -> None:
    settings = Settings.read(tmp_path, {})
    maps = [load_map(settings, name) for name in ("acquire", "grow", "retain", "leverage")]
    common = set.intersection(*({one.id for one in job_map.contexts} for job_map in maps))
    assert len(common) >= 12
    assert all(len(job_map.contexts) >= len(common) + 6 for job_map in maps)


def test_a_workspace_map_shadows_the_shipped_one_of_its_name(tmp_path: Path) -> None:
    write(tmp_path, "maps/acquire.yaml", ACQUIRE)
    settings = Settings.read(tmp_path, {})
    assert load_map(settings, "acquire").source == "made up for tests"
    rest = [path.stem for path in shipped("maps").glob("*.yaml") if path.stem not in ("acquire", "shared")]
    for name in rest:  # what they use of the shipped map is still found
        assert load_map(settings, name)


def test_a_copy_in_the_workspace_that_words_outcomes_anew_is_to_blame_not_the_shipped_map(tmp_path: Path) -> None:
    original = (shipped("maps") / "acquire.yaml").read_text()
    first = next(load_map(Settings.read(tmp_path, {}), "acquire").outcomes)
    copy = original.replace("map: acquire", "map: mine", 1).replace(first.outcome, first.outcome + " today", 1)
    write(tmp_path, "maps/mine.yaml", copy)
    settings = Settings.read(tmp_path, {})
    assert load_map(settings, "acquire")
    with pytest.raises(InputError, match=f"mine.yaml.*wording-differs.*`{first.id}`"):
        load_map(settings, "mine")


def test_a_map_outside_the_workspace_finds_its_own_siblings(tmp_path: Path) -> None:
    path = write(tmp_path, "elsewhere/mine.yaml", a_map("mine", "use:sample-one"))
    write(tmp_path, "elsewhere/other.yaml", a_map("other", "sample-one=agree"))
    settings = Settings.read(tmp_path / "workspace", {})
    assert [one.id for one in load_map(settings, str(path)).outcomes] == ["sample-one"]


def test_a_checkout_as_workspace_defines_nothing_twice() -> None:
    settings = Settings.read(shipped("maps").parent, {})
    assert [issue for issue in lint(settings) if issue.code in ("defined-twice", "wording-differs")] == []


@pytest.mark.parametrize("name", ["acquir", "../none.yaml", "a\0b", "a" * 5000, "..", ""])
def test_a_name_of_nothing_is_an_issue(tmp_path: Path, name: str) -> None:
    settings = small_workspace(tmp_path)
    assert codes(check_map(settings, name)[1]) == ["no-such-map"]
    assert "acquire" in check_map(settings, "acquir")[1][0].remedy


def test_files_of_another_kind_are_not_maps(tmp_path: Path) -> None:
    settings = small_workspace(tmp_path)
    write(tmp_path, "maps/shared.yaml", "shared: a\noutcomes:\n  - {id: sample-a, outcome: B, ability: c}\n")
    assert codes(check_map(settings, "shared")[1]) == ["not-a-map"]
    assert codes(check_map(settings, str(tmp_path / "surveys/tiny.yaml"))[1]) == ["not-a-map"]


def test_lint_reports_every_file_and_never_raises(tmp_path: Path) -> None:
    settings = small_workspace(tmp_path)
    bad = {"tab": "a:\n\tb: c\n", "list": "- a\n", "empty": "", "big": b"a" * (5 << 20), "wide": "a".encode("utf-16")}
    for name, content in bad.items():
        write(tmp_path, f"maps/{name}.yaml", content)
    (tmp_path / "maps/folder.yaml").mkdir()
    issues = [issue for issue in faults(lint(settings)) if str(tmp_path) in issue.file]
    assert issues == sorted(issues)
    assert sorted(codes(issues)) == [
        "cannot-read",
        "empty-file",
        "not-a-mapping",
        "not-utf-8",
        "tab-indentation",
        "too-large",
    ]
    assert codes(lint(settings, ["none", str(tmp_path / "none.yaml"), "a\0b"])) == ["cannot-read"] * 3
    assert faults(lint(settings, [tmp_path / "maps/acquire.yaml", "retain"])) == []
    assert len(faults(lint(settings, [tmp_path / "maps"]))) == 6


def test_the_retain_sample_is_reported_where_it_breaks(tmp_path: Path) -> None:
    settings = small_workspace(tmp_path)
    write(tmp_path, "maps/retain.yaml", RETAIN.replace("functions: [customer success]", "functions: [customer sucess]"))
    (issue,) = check_map(settings, "retain")[1]
    assert (issue.code, issue.line, issue.column) == ("unknown-function", 12, 17)
    assert issue.remedy == "did you mean `customer success`?"


def test_the_shipped_maps_load_without_a_word() -> None:
    settings = Settings.read("/nowhere", {})
    assert faults(lint(settings)) == []
    modes = {load_map(settings, name).mode for name in ("acquire", "grow", "retain", "leverage")}
    assert modes == {"acquire", "grow", "retain", "leverage"}

import pytest

from jtbd.jobmap.lint import lint
from jtbd.jobmap.model import Outcome
from jtbd.jobmap.rules.likeness import near_duplicates
from jtbd.jobmap.rules.statement import check_ability, check_outcome
from jtbd.jobmap.rules.words import read_words
from jtbd.settings import Settings
from tests.jobmap.labelled import labelled, precision_and_recall
from tests.survey.samples import RETAIN, small_workspace, write

GOOD = "Minimize the time it takes to notice that a customer has begun to leave"


@pytest.fixture(scope="module")
def words(tmp_path_factory):
    return read_words(Settings.read(tmp_path_factory.mktemp("none"), {}))[0]


def codes(findings) -> set[str]:
    return {finding.code for finding in findings}


@pytest.mark.parametrize("part", ["dev", "held"])
def test_the_rules_tell_good_statements_from_bad_ones(part):
    precision, recall, count = precision_and_recall(part)
    assert count >= (3 if part == "dev" else 150)
    assert precision >= 0.9
    assert recall >= 0.9


def test_the_labels_name_the_rule_that_objects():
    bad = [row for row in labelled() if not row.good]
    assert sum(row.code in row.found for row in bad) / len(bad) >= 0.9
    assert all(row.code for row in bad)


@pytest.mark.parametrize(
    ("ability", "code"),
    [
        ("Notice that a customer leaves", "ability-form"),
        ("notice that a customer leaves.", "ability-form"),
        ("to notice that a customer leaves", "ability-form"),
        ("minimize the time it takes", "ability-form"),
        ("noticing that a customer leaves", "ability-form"),
        ("the time it takes", "ability-form"),
        ("improve how we notice that a customer leaves", "unmeasured-verb"),
        (
            GOOD.removeprefix("Minimize ").replace("the time it takes to ", "") + " us before anybody else does know",
            "ability-long",
        ),
        ("notice in the CRM that a customer leaves", "solution-word"),
        ("find and win new customers", "compound"),
    ],
)
def test_bad_short_forms_are_told(words, ability, code):
    assert code in codes(check_ability(ability, GOOD, words))


@pytest.mark.parametrize("ability", ["notice early that a customer leaves", "agree with colleagues on a date"])
def test_good_short_forms_are_left_alone(words, ability):
    assert check_ability(ability, GOOD, words) == []


@pytest.mark.parametrize(
    "statement",
    [
        "Minimize the time it takes to find out whether a patient has eaten or not",
        "Minimize the distance between the store and the shop that a driver has to cover",
        "Minimize the number of guests who miss one or more courses",
        "Minimize the likelihood that a family is likely to be parted",
    ],
)
def test_words_that_only_look_like_faults_are_left_alone(words, statement):
    assert check_outcome(statement, words) == []


def test_capitals_matter_where_a_word_is_written_in_them(words):
    assert "solution-word" not in codes(check_outcome("Minimize the number of teams that ask to zoom out", words))
    assert "solution-word" in codes(check_outcome("Minimize the number of calls made in Teams by hand", words))


def test_a_workspace_adds_words_and_allows_some(tmp_path):
    settings = small_workspace(tmp_path)
    text = RETAIN.replace("that a customer is about to leave", "that a gizmo shows a survey", 1)
    write(tmp_path, "maps/retain.yaml", text)
    before = {(one.code, one.line) for one in lint(settings, ["retain"]) if one.code == "solution-word"}
    write(tmp_path, "maps/lint/words.yaml", "solution: [gizmo]\nallow: [survey]\n")
    after = [one for one in lint(settings, ["retain"]) if one.code == "solution-word"]
    assert len(before) == 1
    assert ["gizmo" in one.message for one in after] == [True]
    assert after[0].level == "error"


def test_a_broken_word_file_is_an_issue_with_its_place(tmp_path):
    settings = small_workspace(tmp_path)
    write(tmp_path, "maps/lint/words.yaml", "solutions: [gizmo]\n")
    (found,) = [one for one in lint(settings, ["retain"]) if one.code == "unknown-key"]
    assert found.file.endswith("words.yaml")
    assert found.line == 1
    write(tmp_path, "maps/lint/words.yaml", "solution: [gizmo\n")
    assert "yaml-syntax" in {one.code for one in lint(settings, ["retain"])}


def outcome(id_: str, text: str) -> Outcome:
    return Outcome(id_, text, "x")


def test_near_duplicates_are_pairs_with_the_same_metric():
    outcomes = [
        outcome("a", GOOD),
        outcome("b", "Minimize the time it takes to notice that a customer has begun leaving"),
        outcome("c", GOOD.replace("time", "effort")),
        outcome("d", "Minimize the number of customers who leave without a word"),
    ]
    assert [(pair.first, pair.second) for pair in near_duplicates(outcomes)] == [(0, 1)]


def test_near_duplicates_are_told_with_both_places_across_files(tmp_path):
    settings = small_workspace(tmp_path)
    statement = "Minimize the time it takes to learn that a customer is about to leave"
    text = (tmp_path / "maps" / "acquire.yaml").read_text()
    old = "Minimize the time it takes to agree which audience to pursue"
    assert old in text
    write(tmp_path, "maps/acquire.yaml", text.replace(old, statement.replace("is about to leave", "is about to go")))
    (found,) = [one for one in lint(settings, [tmp_path / "maps"]) if one.code == "near-duplicate"]
    assert "acquire.yaml" in found.file + found.message
    assert "retain.yaml" in found.file + found.message


def test_stages_sizes_and_coverage_are_looked_at(tmp_path):
    settings = small_workspace(tmp_path)
    found = {one.code for one in lint(settings, ["retain"])}
    assert {"stage-missing", "map-size"} <= found
    assert "stage-order" not in found
    stages = RETAIN.replace("stage: locate", "stage: conclude", 1)
    stages = (
        stages[: stages.rindex("stage: ")] + "stage: define" + stages[stages.index("\n", stages.rindex("stage: ")) :]
    )
    write(tmp_path, "maps/retain.yaml", stages)
    assert "stage-order" in {one.code for one in lint(settings, ["retain"])}


def test_the_shipped_maps_have_no_errors_and_no_complaint_about_a_statement(tmp_path):
    issues = lint(Settings.read(tmp_path, {}))
    assert [one for one in issues if one.level == "error"] == []
    assert {one.code for one in issues} <= {"stage-missing", "stage-order"}

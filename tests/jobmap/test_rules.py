import csv
from pathlib import Path

import pytest

from jtbd.jobmap.lint import lint
from jtbd.jobmap.model import Outcome
from jtbd.jobmap.rules.likeness import near_duplicates
from jtbd.jobmap.rules.reading import HARD, reading_grade
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


@pytest.mark.parametrize(
    ("part", "form", "least"),
    [("dev", "outcome", 500), ("dev", "ability", 100), ("held", "", 190)],
)
def test_the_rules_tell_good_statements_from_bad_ones(part, form, least):
    precision, recall, count = precision_and_recall(part, form)
    assert count >= least
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
        ("finds the right part", "ability-form"),
        ("informed about late trains", "ability-form"),
        ("access to open orders", "ability-form"),
        ("faster unloading of trucks", "ability-form"),
        ("shorten the time it takes to weigh a truck", "ability-form"),
        ("have a list of late trains", "feature-wish"),
        ("get notified when a train is late", "feature-wish"),
        ("feel sure of a diagnosis", "feeling"),
        ("be proud of a garden", "feeling"),
    ],
)
def test_bad_short_forms_are_told(words, ability, code):
    assert code in codes(check_ability(ability, GOOD, words))


@pytest.mark.parametrize(
    "ability",
    [
        "notice early that a customer leaves",
        "agree with colleagues on a date",
        "bring a boat home in the dark",
        "need fewer hands to move a piano",
        "press a dent out of a door",
        "witness a signing from afar",
        "report a fault in a track",
        "drive a herd across a road",
    ],
)
def test_good_short_forms_are_left_alone(words, ability):
    assert check_ability(ability, GOOD, words) == []


@pytest.mark.parametrize(
    ("statement", "code"),
    [
        ("Increase the time it takes to notice a leak", "wrong-direction"),
        ("Increase the likelihood that a parcel is lost", "wrong-direction"),
        ("Minimize the likelihood that a patient recovers", "wrong-direction"),
        ("Minimize the time it takes to run a farm", "too-broad"),
        ("Minimize the effort it takes to get the job done", "too-broad"),
        ("Minimize the likelihood of an error", "no-object"),
        ("Minimize interruptions while a surgeon operates", "no-metric"),
        ("Increase the amount of revenue the company earns from a guest", "company-goal"),
        ("Minimize the amount of stress a teacher has on a Monday", "feeling"),
        ("Minimize the likelihood that a nurse is frustrated by a delay", "feeling"),
        ("Minimize the time it takes to sync notes with FarmHub", "solution-word"),
        ("Minimize the effort it takes to e-sign a lease", "solution-word"),
        ("Minimize the time it takes to log hours in Toggl", "solution-word"),
        ("Minimize the time it takes to apply Six Sigma to a process", "solution-word"),
        ("Minimize the variation in DSO from one month to the next", "abbreviation"),
        ("Minimize the time it takes to find a leak. It matters.", "punctuation"),
        ("Minimize the number of extras (such as parking) a guest pays for", "punctuation"),
        ("Minimize the time it takes to read member loyalty status change letters", "noun-pile"),
        ("Minimize the number of requirements surrounding international certification of organizational procedures",
         "hard-to-read"),
        ("Minimize the time it takes to weigh a truck to under ten minutes", "target-value"),
        ("Minimize the waste of paper by 10 kilos", "target-value"),
        ("Minimize the number of lost parcels to zero", "target-value"),
        ("Minimize the number of broken plates to save money", "purpose"),
        ("Minimize the time it takes to find a song so the band can play on", "purpose"),
        ("Minimize the likelihood that a tourist does not fail to find the way", "double-negative"),
        ("Minimize the effort it takes to plan a menu while reducing what is thrown away", "compound"),
        ("Minimize the number of tools, parts, papers that get lost", "compound"),
        ("Minimize the time it takes to learn what a client wants, then draft a contract", "compound"),
    ],
)  # fmt: skip
def test_each_fault_is_told_by_its_rule(words, statement, code):
    (found,) = {finding.code: finding for finding in check_outcome(statement, words) if finding.code == code}.values()
    assert found.message
    assert found.remedy
    assert found.level in ("error", "warning")


@pytest.mark.parametrize(
    "statement",
    [
        "Minimize the time it takes to find out whether a patient has eaten or not",
        "Minimize the distance between the store and the shop that a driver has to cover",
        "Minimize the number of guests who miss one or more courses",
        "Minimize the likelihood that a family is likely to be parted",
        "Minimize the likelihood that a passenger waits on the wrong platform of the station",
        "Minimize the likelihood that a tool is left inside a patient",
        "Minimize the likelihood that the drum and bass drown out the singer",
        "Minimize the time it takes to compare the wages and the hours of two jobs",
        "Minimize the likelihood that the buyer and the seller understand a term differently",
        "Minimize the number of weeds that pop up between the rows",
        "Minimize the cost of flour for a bakery that buys in bulk",
        "Minimize the likelihood that more and more water gets into a cellar",
        "Minimize the time it takes to clear a street of snow",
        "Minimize the likelihood of hiring a person who leaves within the first year",
        "Minimize the amount of food that a household throws away in a week",
        "Minimize the likelihood that a DNA sample is swapped with another",
        "Minimize the time it takes to reach an angry customer",
        "Increase the share of faults found before a machine leaves the works",
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


def test_a_workspace_says_where_a_word_is_ordinary_and_which_words_are_one(tmp_path):
    settings = small_workspace(tmp_path)
    write(tmp_path, "maps/lint/words.yaml", "ordinary: {survey: [orchard]}\nsynonyms: [[prune, trim]]\n")
    words, issues = read_words(settings)
    assert issues == []
    assert codes(check_outcome("Minimize the cost of a survey of the old orchard", words)) == set()
    assert codes(check_outcome("Minimize the cost of a survey of old members", words)) == {"solution-word"}
    texts = [f"Minimize the time it takes to {verb} an apple tree" for verb in ("prune", "trim")]
    pairs = near_duplicates([Outcome(text, text, f"do {n}") for n, text in enumerate(texts)], words)
    assert len(list(pairs)) == 1


def test_the_reading_grade_is_that_of_coleman_and_liau():
    text = "word " * 50 + "sentence " * 50  # 600 letters and one sentence in 100 words
    assert reading_grade(text) == pytest.approx(0.0588 * 600 - 0.296 * 1 - 15.8)
    assert reading_grade("") == 0
    assert reading_grade(GOOD) < HARD


def test_a_broken_word_file_is_an_issue_with_its_place(tmp_path):
    settings = small_workspace(tmp_path)
    write(tmp_path, "maps/lint/words.yaml", "solutions: [gizmo]\n")
    (found,) = [one for one in lint(settings, ["retain"]) if one.code == "unknown-key"]
    assert found.file.endswith("words.yaml")
    assert found.line == 1
    write(tmp_path, "maps/lint/words.yaml", "solution: [gizmo\n")
    assert "yaml-syntax" in {one.code for one in lint(settings, ["retain"])}


PAIRS = list(csv.DictReader((Path(__file__).parent / "pairs.csv").read_text(encoding="utf-8").splitlines()))


@pytest.mark.parametrize("pair", PAIRS, ids=lambda pair: pair["first"][13:60])
def test_pairs_that_say_the_same_are_told_from_those_that_do_not(words, pair):
    outcomes = [Outcome("a", pair["first"], "do this"), Outcome("b", pair["second"], "do that")]
    assert bool(list(near_duplicates(outcomes, words))) == (pair["alike"] == "yes")
    outcomes = [Outcome("a", pair["first"], "do this"), Outcome("a", pair["second"], "do that")]
    assert list(near_duplicates(outcomes, words)) == []


def test_there_are_pairs_of_both_kinds():
    assert len(PAIRS) >= 40
    assert 15 <= sum(pair["alike"] == "yes" for pair in PAIRS) <= len(PAIRS) - 15


def test_short_forms_that_read_alike_are_told_whatever_the_metric(words):
    outcomes = [
        Outcome("a", GOOD, "notice that a customer has begun to leave"),
        Outcome("b", GOOD.replace("time", "effort"), "see that a customer has begun to leave"),
        Outcome("c", "Minimize the cost of serving a customer", "serve a customer without waste"),
    ]
    (pair,) = near_duplicates(outcomes, words)
    assert (pair.first, pair.second, pair.form) == (0, 1, "ability")
    assert 0 < pair.likeness <= 100


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
    structure = {"stage-missing", "stage-order", "step-size", "step-coverage"}
    assert {one.code for one in issues} - structure <= {"near-duplicate"}

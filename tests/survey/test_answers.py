"""What comes in from a form is kept only if it was asked and offered."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jtbd.survey.answers import MAX_NUMBER, MAX_TEXT, check_page
from jtbd.survey.compile import load_survey
from jtbd.survey.model import Option, Page, Question, Rating, Survey
from tests.survey.samples import small_workspace

QUESTIONS = Page(
    "about-1",
    "About you",
    questions=(
        Question("function", "F?", "single", (Option("sales", "Sales"), Option("e\u0301", "E")), required=True),
        Question("tools", "T?", "multiple", (Option("a", "A"), Option("b", "B"), Option("c", "C"))),
        Question("size", "S?", "number"),
        Question("where", "W?", "text", role="organisation"),
        Question("wish", "W?", "text"),
    ),
)


@pytest.fixture(scope="module")
def survey(tmp_path_factory: pytest.TempPathFactory) -> Survey:
    return load_survey(small_workspace(tmp_path_factory.mktemp("answers")), "tiny")


def answered(survey: Survey, field: str, *values: str) -> tuple[object, list[str]]:
    """The answer kept for `field`, and the fields with problems."""
    raw = {"function": ["sales"]} | {field: list(values)}
    submission, problems = check_page(survey, QUESTIONS, raw)
    return submission.answers.get(field, "not kept"), [problem.field for problem in problems]


@pytest.mark.parametrize(
    ("field", "values", "kept"),
    [
        ("function", ["sales"], "sales"),
        ("function", ["", "sales"], "sales"),
        ("function", ["e\u0301"], "e\u0301"),
        ("tools", ["c", "a", "a"], ("a", "c")),
        ("tools", [], None),
        ("size", [" 0120 "], 120),
        ("size", ["1000000000"], MAX_NUMBER),
        ("size", [""], None),
        ("where", ["  Acme\r\n\tGmbH  "], "Acme GmbH"),
        ("where", ["a\0b\x1b\x85c\ud800"], "ab c"),
        ("where", ["\u202egnp.exe\u202c \u2066x\u2069"], "gnp.exe x"),
        (
            "where",
            ["\U0001f469\u200d\U0001f4bb \u05e9\u05dc\u05d5\u05dd"],
            "\U0001f469\u200d\U0001f4bb \u05e9\u05dc\u05d5\u05dd",
        ),
        ("where", [" \0 "], None),
        ("wish", ["  One  two \r\n\tthree\rfour\n"], "One two\nthree\nfour"),
        ("wish", ["\r\n\r\na\r\n \r\n\r\n\r\nb\r\n"], "a\n\nb"),
        ("wish", ["\n=cmd\0\n\u202egnp.exe\u202c"], "=cmd\ngnp.exe"),
        ("wish", [" \r\n \0 \r\n"], None),
        ("wish", ["x\r\n" * (MAX_TEXT // 2)], ("x\n" * (MAX_TEXT // 2)).strip()),
        ("where", ["x" * MAX_TEXT], "x" * MAX_TEXT),
        ("where", ["=HYPERLINK(1)"], "=HYPERLINK(1)"),
    ],
)
def test_good_answers_are_kept_clean(survey: Survey, field: str, values: list[str], kept: object) -> None:
    assert answered(survey, field, *values) == (kept, [])


@pytest.mark.parametrize(
    ("field", "values"),
    [
        ("function", []),
        ("function", [" "]),
        ("function", ["marketing"]),
        ("function", ["sales", "e\u0301"]),
        ("tools", ["a", "z"]),
        ("size", ["-1"]),
        ("size", ["1.5"]),
        ("size", ["1e3"]),
        ("size", ["many"]),
        ("size", ["1000000001"]),
        ("size", ["9" * 5000]),
        ("where", ["x" * (MAX_TEXT + 1)]),
    ],
)
def test_a_bad_answer_is_a_problem_and_the_rest_is_kept(survey: Survey, field: str, values: list[str]) -> None:
    assert answered(survey, field, *values) == ("not kept", [field])
    raw = {"function": ["sales"], "size": ["7"]} | {field: values}
    kept = check_page(survey, QUESTIONS, raw)[0].answers
    assert len(kept) == 4


def test_ratings_are_kept_and_blanks_clear_what_was_there(survey: Survey) -> None:
    page = survey.pages[2]
    first, second = (outcome.id for outcome in page.outcomes)
    submission, problems = check_page(survey, page, {f"imp_{first}": ["5"], f"sat_{first}": [" 1 "]})
    assert problems == ()
    assert submission.page == "acquire.select-audience"
    assert submission.ratings == {first: Rating(5, 1), second: Rating()}


@pytest.mark.parametrize("value", ["0", "6", "4.0", "-1", "five", "\u0665", "11"])
def test_a_rating_outside_one_to_five_is_a_problem_and_the_other_scale_is_kept(survey: Survey, value: str) -> None:
    outcome = survey.pages[2].outcomes[0].id
    submission, problems = check_page(survey, survey.pages[2], {f"imp_{outcome}": [value], f"sat_{outcome}": ["2"]})
    assert [problem.field for problem in problems] == [f"imp_{outcome}"]
    assert submission.ratings[outcome] == Rating(None, 2)


FIELDS = st.sampled_from(["mode", "function", "imp_sample-leaving-time", "dif_sample-audience-time", "imp_x", "status"])


@given(
    number=st.integers(0, 5),
    raw=st.dictionaries(
        FIELDS | st.text(max_size=8), st.lists(st.text(max_size=5) | st.sampled_from("123456"), max_size=3)
    ),
)
def test_nothing_that_was_not_asked_is_ever_kept(survey: Survey, number: int, raw: dict[str, list[str]]) -> None:
    page = survey.pages[number]
    submission, problems = check_page(survey, page, raw)
    assert set(submission.answers) <= {question.id for question in page.questions}
    assert set(submission.ratings) == {outcome.id for outcome in page.outcomes}
    for rating in submission.ratings.values():
        assert rating.difficulty is None
        assert {rating.importance, rating.satisfaction} <= {None, 1, 2, 3, 4, 5}
    for question in page.questions:
        answer = submission.answers.get(question.id)
        if question.kind == "single" and answer is not None:
            assert answer in [option.value for option in question.options]
    assert len({problem.field for problem in problems}) == len(problems)

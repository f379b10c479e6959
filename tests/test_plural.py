"""Numbers with their nouns."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import jtbd
from jtbd.plural import counted


@pytest.mark.parametrize(
    ("number", "nouns", "said"),
    [
        (0, ("survey",), "0 surveys"),
        (1, ("survey",), "1 survey"),
        (1200, ("survey",), "1,200 surveys"),
        (1, ("person has", "people have"), "1 person has"),
        (2, ("person has", "people have"), "2 people have"),
    ],
)
def test_a_number_goes_with_its_noun(number: int, nouns: tuple[str, ...], said: str) -> None:
    assert counted(number, *nouns) == said


def test_no_message_counts_surveys_responses_or_ratings_in_the_plural_alone() -> None:
    plural_alone = re.compile(r"\{[^{}]+\} (surveys|responses|invitations|questions)\b")
    found = [
        f"{path.name}: {line.strip()}"
        for path in sorted(Path(jtbd.__file__).parent.rglob("*.py"))
        for line in path.read_text().splitlines()
        if plural_alone.search(line)
    ]
    assert found == []

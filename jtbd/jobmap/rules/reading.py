"""How hard a statement is to read: by a formula that counts letters and not syllables, and by piles of nouns."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

HARD = 18.0
"""Grade beyond which a statement is called hard to read: a long way past school, as the formula is rough here."""

FEWEST_TO_GRADE = 10
"""Words below which a text is not graded: one long word would decide."""

PILE = 4
"""Words without a little one between them that make a pile."""

_VERB_LIKE = re.compile(r"(?:ed|ing|ly|s|['’]s)$")


def reading_grade(text: str) -> float:
    """Years of American schooling needed to read a text, by the index of Coleman and Liau (1975).

    0.0588 L − 0.296 S − 15.8, with L letters and S sentences per 100 words, clipped at 0. A statement is taken for one
    sentence. Formulas of this kind were made for passages of a hundred words and more: for a single
    statement it is a hint, no measurement.
    """
    words = re.findall(r"[\w'’-]+", text)
    if not words:
        return 0.0
    letters = sum(character.isalnum() for character in text)
    return max(0.0, (5.88 * letters - 29.6) / len(words) - 15.8)


def piles(text: str, is_little: Callable[[str], bool]) -> Iterator[str]:
    """Runs of words without a little one, or a verb or plural, between: "stock level alert setting"."""
    run: list[str] = []
    for word in [*re.findall(r"[A-Za-z'’-]+|[,;]", text)[1:], ";"]:
        breaks = is_little(word) or not word[0].isalpha()
        if breaks or (run and _VERB_LIKE.search(run[-1])):
            if len(run) >= PILE:
                yield " ".join(run)
            run = []
        if not breaks:
            run.append(word)

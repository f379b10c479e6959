"""What a response holds, as tests look at it."""

from __future__ import annotations

from jtbd.store.database import Database
from jtbd.store.held import Held, held_of
from jtbd.survey.model import Answer, Rating


def held(db: Database, response_id: int) -> Held:
    found = held_of(db, "id", response_id)
    assert found
    return found


def answers_of(db: Database, response_id: int) -> tuple[dict[str, Answer], dict[str, Rating], set[str]]:
    """Answers by question, ratings by outcome, and the pages saved."""
    one = held(db, response_id)
    return dict(one.answers), dict(one.ratings), set(one.saves)


def attention_of(db: Database, response_id: int) -> dict[str, Rating]:
    return dict(held(db, response_id).attention)


def not_applicable_to(db: Database, response_id: int) -> frozenset[str]:
    return held(db, response_id).not_applicable


def last_save(db: Database, response_id: int, page: str) -> str:
    return str(held(db, response_id).saves.get(page, ""))


def assignments_of(db: Database, response_id: int) -> dict[str, tuple[str, ...]]:
    return {job_map: tuple(outcomes) for job_map, outcomes in held(db, response_id).assigned.items()}

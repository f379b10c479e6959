"""Going on with a reference that is typed in, on a device where nothing is known of the response."""

from __future__ import annotations

import pytest
from flask import Flask

from tests.web.visitor import ABOUT, Visitor


def typed(app: Flask, reference: str) -> tuple[int, str]:
    """Status and address, or text, after a reference is typed on the first page."""
    client = app.test_client()
    sent = Visitor.hidden_in(client.get("/").text)
    answer = client.post("/r", data={**sent, "reference": reference})
    return answer.status_code, answer.headers.get("Location", answer.text)


@pytest.mark.parametrize("form", ["{}", "  {} ", "https://survey.example.org/r/{}", "http://localhost/r/{}/"])
def test_a_reference_or_its_link_leads_back(app: Flask, visitor: Visitor, form: str) -> None:
    visitor.answer(ABOUT)
    assert typed(app, form.format(visitor.code)) == (303, f"/r/{visitor.code}")
    other = Visitor(app.test_client())
    other.get(f"/r/{visitor.code}")
    assert other.code == visitor.code


@pytest.mark.parametrize("nonsense", ["", "///", "a b", "x" * 65, "../studio", "ünï", "\0", "javascript:alert(1)"])
def test_what_can_be_no_reference_is_asked_again(app: Flask, nonsense: str) -> None:
    status, page = typed(app, nonsense)
    assert status == 422
    assert 'aria-invalid="true"' in page


def test_a_reference_of_nobody_and_a_form_of_somebody_else_lead_nowhere(app: Flask) -> None:
    assert typed(app, "x" * 22) == (303, f"/r/{'x' * 22}")
    assert app.test_client().get(f"/r/{'x' * 22}").status_code == 404
    assert app.test_client().post("/r", data={"reference": "x" * 22}).status_code == 400

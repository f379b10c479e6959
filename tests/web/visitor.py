"""A respondent's browser, as far as forms and links go."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from html import unescape

from bs4 import BeautifulSoup, Tag
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from jtbd.settings import Settings
from jtbd.survey.preview import preview_token

ABOUT = {"function": "sales", "solution": "suite", "organisation": "Acme"}
FIRST = {
    "imp_sample-leaving-time": "5",
    "sat_sample-leaving-time": "2",
    "imp_sample-leaving-cause": "4",
    "sat_sample-leaving-cause": "1",
}
LAST = {
    "imp_sample-handover-unanswered": "3",
    "sat_sample-handover-unanswered": "3",
    "imp_sample-change-promised": "5",
    "sat_sample-change-promised": "5",
}
Fields = Mapping[str, str | list[str]]


class Visitor:
    """Fills in the form of the page it is on and presses its buttons."""

    def __init__(self, client: FlaskClient) -> None:
        self.client = client
        self.path = "/"
        self.page: TestResponse

    def get(self, path: str) -> TestResponse:
        """Open an address, following redirects."""
        self.page = self.client.get(path, follow_redirects=True)
        self.path = self.page.request.path
        return self.page

    def post(self, data: Fields, path: str | None = None, **hidden: str) -> TestResponse:
        """Send the form of the page with these fields, and no redirect followed."""
        return self.client.post(path or self.path, data={**self.hidden(), **hidden, **data})

    def press(self, data: Fields, go: str = "next") -> TestResponse:
        """Send the form and look at what comes then."""
        answer = self.post({**data, "go": go})
        if answer.status_code == 303:
            return self.get(answer.location)
        self.page = answer
        return answer

    def hidden(self) -> dict[str, str]:
        """The hidden fields of the page."""
        return self.hidden_in(self.page.text)

    @staticmethod
    def hidden_in(page: str) -> dict[str, str]:
        """The hidden fields of a page."""
        found = BeautifulSoup(page, "html.parser").select("form input[type=hidden]")
        return {str(one["name"]): str(one["value"]) for one in found}

    def start(self) -> TestResponse:
        """Consent, and come to the first page of the survey."""
        self.get("/s/tiny")
        return self.press({"consent": "yes"})

    def answer(self, *pages: Fields) -> TestResponse:
        """Start and answer these pages."""
        self.start()
        for one in pages:
            self.press(one)
        return self.page

    def finish(self) -> TestResponse:
        """Answer everything, about retaining customers."""
        return self.answer(ABOUT, {"mode": "retain"}, FIRST, LAST)

    @property
    def soup(self) -> BeautifulSoup:
        return BeautifulSoup(self.page.text, "html.parser")

    @property
    def heading(self) -> str:
        return self.soup.h1.get_text(" ", strip=True) if self.soup.h1 else ""

    @property
    def code(self) -> str:
        """The code of the response, from the page."""
        found = re.search(r'/r/([\w-]+)"|<code>([\w-]+)</code>', self.page.text)
        assert found
        return found[1] or found[2]

    @property
    def shown(self) -> dict[str, str]:
        """What the form of the page shows as filled in or chosen."""
        chosen = {str(one["name"]): str(one["value"]) for one in self._all("input[checked]")}
        written = {str(one["name"]): str(one["value"]) for one in self._all("input[type=text]") if one["value"]}
        return chosen | written

    def _all(self, selector: str) -> Iterable[Tag]:
        return self.soup.select(f"main {selector}")


def text_of(response: TestResponse) -> str:
    """The response as its reader sees it, entities read."""
    return unescape(response.text)


def preview_path(settings: Settings, slug: str) -> str:
    """What ``jtbd survey preview`` prints, without the host."""
    return f"/preview/{preview_token(settings.secret_key(), slug)}"

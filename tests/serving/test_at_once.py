"""The same sent twice, fifty times at once, and from two devices, to a server on either database."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pytest

from jtbd.store.database import Database
from jtbd.store.responses import code_hash
from tests.databases import new_database
from tests.serving.kept import Stored, stored_in
from tests.serving.processes import prepared, serving
from tests.serving.respondents import START, THANKS, Answer, Browser, Values, shown_in
from tests.store.samples import at_once
from tests.web.visitor import ABOUT, FIRST, LAST, Visitor

FIRST_PAGE, LAST_PAGE = f"{START}/retain.notice-leaving", f"{START}/retain.hand-over"
FIFTY = 50


@dataclass(frozen=True)
class Served:
    """A server, and the database behind it."""

    port: int
    database: Database
    browsers: list[Browser] = field(default_factory=list)

    def browser(self) -> Browser:
        """A new one, closed at the end of the test."""
        self.browsers.append(Browser(self.port, np.random.default_rng(len(self.browsers))))
        return self.browsers[-1]

    def stored(self, code: str) -> Stored:
        return stored_in(self.database)[code_hash(code)]


@pytest.fixture(scope="module", params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def served(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    folder = tmp_path_factory.mktemp("study")
    if request.param == "sqlite":
        yield from _served(folder, "", "--workers", "2")
        return
    with new_database(request.getfixturevalue("postgres_server")) as url:
        yield from _served(folder, url)


def _served(folder: Path, database_url: str, *arguments: str) -> Iterator[Served]:
    settings = prepared(folder, database_url)
    database = Database(settings.database_url)
    with serving(settings, *arguments) as server:
        yield Served(server.port, database)
    assert database.check() == []
    database.dispose()


class Device:
    """A browser, and the page that it shows."""

    def __init__(self, served: Served) -> None:
        self.browser = served.browser()
        self.page: Answer

    def open(self, path: str) -> Answer:
        """Open an address, following redirects."""
        self.page = self.browser.ask(path)
        return self.open(self.page.location) if self.page.status in {302, 303} else self.page

    def send(self, values: Values) -> Answer:
        """Press the button, and look no further."""
        return self.browser.ask(self.page.path, {**Visitor.hidden_in(self.page.text), **values, "go": "next"})

    def press(self, *pages: Values) -> Answer:
        """Answer pages one after the other."""
        for values in pages:
            answer = self.send(values)
            assert answer.status == 303
            self.open(answer.location)
        return self.page

    def copies(self, number: int, served: Served) -> list[Device]:
        """As many browsers with the same cookies and the same page: reloads and presses that do not wait."""
        found = [Device(served) for _ in range(number)]
        for one in found:
            one.browser.cookies, one.page = dict(self.browser.cookies), self.page
        return found

    @property
    def code(self) -> str:
        return Visitor.hidden_in(self.page.text)["code"]


@pytest.fixture
def device(served: Served) -> Iterator[Device]:
    found = Device(served)
    found.open(START)
    yield found
    for browser in served.browsers:
        browser.close()


@pytest.fixture
def rating(device: Device) -> Device:
    """Somebody who has come to the first page of ratings."""
    device.press({"consent": "yes"}, ABOUT, {"mode": "retain"})
    return device


def test_a_start_sent_fifty_times_at_once_begins_one_response(served: Served, device: Device) -> None:
    before = len(stored_in(served.database))
    copies = device.copies(FIFTY, served)
    sent = at_once([lambda one=one: one.send({"consent": "yes"}) for one in copies])
    assert {(one.status, one.location) for one in sent} == {(303, f"{START}/about-1")}
    assert len({one.open(f"{START}/about-1") and one.code for one in copies}) == 1
    assert len(stored_in(served.database)) == before + 1


def test_a_page_sent_fifty_times_at_once_is_stored_once(served: Served, rating: Device) -> None:
    sent = at_once([lambda one=one: one.send(FIRST) for one in rating.copies(FIFTY, served)])
    assert {(one.status, one.location) for one in sent} == {(303, LAST_PAGE)}
    stored = served.stored(rating.code)
    assert stored.saves["retain.notice-leaving"] == FIFTY
    assert stored.said == {**ABOUT, "mode": "retain", **FIRST}


def test_of_fifty_different_answers_at_once_those_of_one_page_are_stored(served: Served, rating: Device) -> None:
    chance = np.random.default_rng(50)
    pages = [{name: str(chance.integers(1, 6)) for name in FIRST} for _ in range(FIFTY)]
    copies = zip(rating.copies(FIFTY, served), pages, strict=True)
    sent = at_once([lambda one=one, page=page: one.send(page) for one, page in copies])
    assert {one.status for one in sent} == {303}
    said = served.stored(rating.code).said
    assert {name: said[name] for name in FIRST} in pages
    assert shown_in(rating.open(FIRST_PAGE).text) == {name: said[name] for name in FIRST}


def test_the_last_page_sent_fifty_times_at_once_completes_once(served: Served, rating: Device) -> None:
    code = rating.code
    rating.press(FIRST)
    sent = at_once([lambda one=one: one.send(LAST) for one in rating.copies(FIFTY, served)])
    assert {(one.status, one.location) for one in sent} == {(303, THANKS)}
    stored = served.stored(code)
    assert (stored.status, stored.said) == ("complete", {**ABOUT, "mode": "retain", **FIRST, **LAST})


def test_two_devices_take_turns_on_one_response(served: Served, rating: Device) -> None:
    other, code = Device(served), rating.code
    other.open(f"/r/{code}")
    assert other.page.path == FIRST_PAGE
    changed = {**FIRST, "imp_sample-leaving-time": "1"}
    rating.press(FIRST)
    other.press(changed)  # its page is as it was before
    assert shown_in(rating.open(FIRST_PAGE).text) == changed
    assert other.press(LAST).path == THANKS
    rating.open(LAST_PAGE)
    assert rating.page.path == THANKS, "shown where things stand"
    stored = served.stored(code)
    assert (stored.status, stored.said) == ("complete", {**ABOUT, "mode": "retain", **changed, **LAST})
    assert stored.saves == {"about-1": 1, "mode": 1, "retain.notice-leaving": 2, "retain.hand-over": 1}


def test_two_devices_at_once_leave_every_page_as_one_of_them_sent_it(served: Served, rating: Device) -> None:
    code, other = rating.code, Device(served)
    other.open(f"/r/{code}")
    pages = [(dict.fromkeys(FIRST, digit), dict.fromkeys(LAST, digit)) for digit in "15"]

    def go_through(one: Device, first: Values, last: Values) -> Answer:
        one.press(first)
        if one.page.path == THANKS:  # the other is through already
            return one.page
        return one.send(last)

    ends = at_once(
        [lambda one=one, page=page: go_through(one, *page) for one, page in zip((rating, other), pages, strict=True)]
    )
    # who comes second with other answers is told that they came too late, and where to go on
    assert {one.status for one in ends} <= {200, 303, 409}
    assert all(THANKS in one.text for one in ends if one.status == 409)
    assert 303 in {one.status for one in ends}
    stored = served.stored(code)
    assert stored.status == "complete"
    for page in (FIRST, LAST):
        assert {stored.said[name] for name in page} in ({"1"}, {"5"})

"""Respondents who answer a real server without end, press again when it fails, and remember what it acknowledged."""

from __future__ import annotations

import re
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPException
from http.cookies import SimpleCookie
from urllib.parse import urlencode

import numpy as np
from bs4 import BeautifulSoup

from tests.web.visitor import ABOUT, Visitor

SECONDS_TO_GIVE_UP = 60
AWAY = "We could not save this page just now. Nothing is lost: your answers are still here. Please press again."
START, THANKS = "/s/tiny", "/s/tiny/thanks"
NO_ANSWER, BUSY, KEPT = "requests without an answer", "answers of 503 or 502", "pages of 503 with all answers in them"
CARRIED = "pages of 503 that carry all answers unseen"

Values = dict[str, str]


class NoAnswerError(Exception):
    """The connection was refused, or ended before the answer did."""


@dataclass(frozen=True)
class Answer:
    """What a server answered. ``path`` is what was asked for."""

    status: int
    path: str
    location: str
    text: str

    @property
    def page(self) -> str:
        """The id of the page of the survey."""
        return self.path.rpartition("/")[2]


class Browser:
    """Cookies, and a connection that is kept; one in ten requests comes through a new one, as after a pause."""

    def __init__(self, port: int, chance: np.random.Generator) -> None:
        self.port = port
        self.cookies: Values = {}
        self._chance = chance
        self._connection = HTTPConnection("127.0.0.1", port, timeout=30)

    def ask(self, path: str, fields: Values | None = None) -> Answer:
        """Get a page, or send the fields of a form."""
        if self._chance.random() < 0.1:
            self._connection.close()
        headers = {"Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items())}
        body = None
        if fields is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
            body = urlencode(fields)
        try:
            self._connection.request("GET" if body is None else "POST", path, body, headers)
            response = self._connection.getresponse()
            text = response.read().decode()
        except (OSError, HTTPException) as error:
            self._connection.close()
            raise NoAnswerError from error
        for name, value in response.getheaders():
            if name.lower() == "set-cookie":
                self.cookies |= {cookie.key: cookie.value for cookie in SimpleCookie(value).values()}
        return Answer(response.status, path, response.getheader("Location", ""), text)

    def close(self) -> None:
        self._connection.close()


@dataclass
class Told:
    """What the server acknowledged of one response: by page what was sent last, and how often."""

    code: str
    pages: dict[str, Values] = field(default_factory=dict)
    sent: Counter[str] = field(default_factory=Counter)
    acknowledged: Counter[str] = field(default_factory=Counter)
    is_complete: bool = False

    @property
    def said(self) -> Values:
        """Every field of every page."""
        return {name: value for values in self.pages.values() for name, value in values.items()}


class Respondent(threading.Thread):
    """Answers the survey ``tiny`` again and again, now and then going back to change a page.

    Where no answer comes they reload, which sends the same again; where the page comes back they press its button.
    """

    def __init__(self, port: int, seed: int, stopping: threading.Event) -> None:
        super().__init__(name=f"respondent {seed}", daemon=True)
        self.told: list[Told] = []
        self.seen: Counter[str] = Counter()
        self.error: BaseException | None = None
        self._chance = np.random.default_rng(seed)
        self._browser = Browser(port, self._chance)
        self._stopping = stopping

    def run(self) -> None:
        try:
            while not self._stopping.is_set():
                self.answer_once()
        except BaseException as error:
            self.error = error
        finally:
            self._browser.close()

    def answer_once(self) -> None:
        """Begin a response and answer its pages, until it is complete or there is no more time."""
        self._browser.cookies.clear()
        page = self._begin()
        told = Told(Visitor.hidden_in(page.text)["code"])
        self.told.append(told)
        while page.path != THANKS and not self._stopping.is_set():
            if page.page == "about-1":
                page = self._press(page, ABOUT, told)
            elif page.page == "mode":
                page = self._press(page, {"mode": str(self._chance.choice(["acquire", "retain"]))}, told)
            else:
                if self._chance.random() < 0.2 and len(told.pages) > 2:
                    page = self._return_to([*told.pages][-1], told)
                page = self._press(page, self._rated(page), told)

    def _begin(self) -> Answer:
        page = self._open(START)
        fields = {**Visitor.hidden_in(page.text), "consent": "yes"}
        for _ in self._tries():
            try:
                answer = self._browser.ask(START, fields)
            except NoAnswerError:
                self.seen[NO_ANSWER] += 1
                continue
            if answer.status == 303:
                return self._open(answer.location)
            self._see_that_away(answer)
        raise AssertionError("nobody can begin any more")

    def _press(self, page: Answer, values: Values, told: Told) -> Answer:
        fields = {**Visitor.hidden_in(page.text), **values, "go": "next"}
        for _ in self._tries():
            told.sent[page.page] += 1
            try:
                answer = self._browser.ask(page.path, fields)
            except NoAnswerError:
                self.seen[NO_ANSWER] += 1
                continue
            if answer.status == 303:
                told.pages[page.page] = dict(values)
                told.acknowledged[page.page] += 1
                told.is_complete = answer.location == THANKS
                return self._open(answer.location)
            self._see_that_away(answer)
            if answer.status == 503:
                fields = {**self._see_that_kept(answer, values), "go": "next"}
        raise AssertionError(f"{page.path} can no longer be saved")

    def _return_to(self, page_id: str, told: Told) -> Answer:
        """Open a page again that was acknowledged: it shows what was sent."""
        page = self._open(f"{START}/{page_id}")
        assert shown_in(page.text) == told.pages[page_id]
        return page

    def _open(self, path: str) -> Answer:
        for _ in self._tries():
            try:
                answer = self._browser.ask(path)
            except NoAnswerError:
                self.seen[NO_ANSWER] += 1
                continue
            if answer.status == 200:
                return answer
            self._see_that_away(answer)
        raise AssertionError(f"{path} can no longer be opened")

    def _see_that_away(self, answer: Answer) -> None:
        assert answer.status in {502, 503}, f"{answer.path}: {answer.status} {answer.location}\n{answer.text}"
        self.seen[BUSY] += 1

    def _see_that_kept(self, answer: Answer, values: Values) -> Values:
        """The form of a page that could not be saved, which holds what was sent and says how to go on."""
        assert AWAY in answer.text, answer.text
        hidden, shown = Visitor.hidden_in(answer.text), shown_in(answer.text)
        # a server that has not seen the survey yet cannot show the page, and carries what was sent
        assert shown == values or (not shown and hidden.items() >= values.items())
        self.seen[KEPT if shown else CARRIED] += 1
        return {**hidden, **shown}

    def _rated(self, page: Answer) -> Values:
        names = sorted(set(re.findall(r'name="((?:imp|sat)_[^"]+)"', page.text)))
        return {name: str(self._chance.integers(1, 6)) for name in names}

    def _tries(self) -> Iterator[None]:
        until = time.monotonic() + SECONDS_TO_GIVE_UP
        while time.monotonic() < until:
            yield
            time.sleep(0.05 + 0.1 * self._chance.random())


def shown_in(page: str) -> Values:
    """What the form of a page shows as chosen or written."""
    chosen = BeautifulSoup(page, "html.parser").select("main input[checked], main input[type=text]")
    return {str(one["name"]): str(one["value"]) for one in chosen if one.get("value")}


class Crowd:
    """Respondents at work, and what all of them were told."""

    def __init__(self, port: int, number: int) -> None:
        self._stopping = threading.Event()
        self.respondents = [Respondent(port, seed, self._stopping) for seed in range(number)]

    @property
    def told(self) -> list[Told]:
        return [told for one in self.respondents for told in one.told]

    @property
    def acknowledged(self) -> int:
        """How many pages got their 303."""
        return sum(told.acknowledged.total() for told in self.told)

    def seen(self, what: str) -> int:
        """How often something went wrong."""
        return sum(one.seen[what] for one in self.respondents)

    def wait_for(self, more: int, what: Callable[[], int] | None = None) -> None:
        """Wait until so many more pages are acknowledged, or what else is counted."""
        count = what or (lambda: self.acknowledged)
        until, enough = time.monotonic() + SECONDS_TO_GIVE_UP, count() + more
        while count() < enough:
            self.see_that_well()
            assert time.monotonic() < until, f"still {enough - count()} to come"
            time.sleep(0.02)

    def see_that_well(self) -> None:
        """Raise what stopped a respondent."""
        for one in self.respondents:
            if one.error is not None:
                raise one.error

    def stop(self) -> None:
        """Let everybody finish the page they are on."""
        self._stopping.set()
        for one in self.respondents:
            one.join(SECONDS_TO_GIVE_UP)
            assert not one.is_alive()
        self.see_that_well()


@contextmanager
def crowd_at(port: int, number: int = 6) -> Iterator[Crowd]:
    """Respondents who are at work inside the block."""
    crowd = Crowd(port, number)
    for one in crowd.respondents:
        one.start()
    try:
        yield crowd
        crowd.stop()
    finally:
        crowd._stopping.set()

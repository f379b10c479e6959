"""Visitors on slow lines hold up nobody else, and those whose line breaks lose nothing."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from urllib.parse import urlencode, urlsplit

import numpy as np

from tests.browser.server import LiveServer, running_server
from tests.serving.respondents import START, Browser, shown_in
from tests.serving.test_server import ask, begin, workspace  # noqa: F401  fixture
from tests.web.visitor import ABOUT, FIRST, Visitor

BODY = b"csrf_token=" + b"x" * 789
HEAD = b"POST /s/tiny HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/x-www-form-urlencoded\r\n" + (
    b"Content-Length: %d\r\n\r\n" % len(BODY)
)
READ = b"GET /static/respond.css HTTP/1.1\r\nHost: localhost\r\n\r\n"


@contextmanager
def sending_a_byte_a_second(lines: list[tuple[socket.socket, bytes]]) -> Iterator[list[int]]:
    """Send each socket its text, a byte a second; gives how many bytes of each are out."""
    out = [0] * len(lines)
    stop = threading.Event()

    def send() -> None:
        while not stop.wait(1):
            for number, (line, text) in enumerate(lines):
                line.sendall(text[out[number] : out[number] + 1])
                out[number] += 1

    thread = threading.Thread(target=send)
    thread.start()
    try:
        yield out
    finally:
        stop.set()
        thread.join()


def connected(server: LiveServer, stack: ExitStack) -> socket.socket:
    parts = urlsplit(server.url)
    line = socket.create_connection((parts.hostname or "", parts.port or 0), timeout=60)
    return stack.enter_context(line)


def test_two_hundred_who_send_a_byte_a_second_hold_up_nobody(workspace: Path) -> None:  # noqa: F811
    with running_server(workspace, "tiny") as server, ExitStack() as stack:
        slow = []
        for number in range(200):
            line = connected(server, stack)
            in_head = number % 4 == 0
            if not in_head:
                line.sendall(HEAD)
            slow.append((line, HEAD + BODY if in_head else BODY))
        with sending_a_byte_a_second(slow) as out:
            for _ in range(10):
                assert begin(server)[0] == 303
                assert ask(server, "GET", "/healthz")[0] == 200
        assert max(out) < len(BODY)  # all of them are still at it
        for (line, text), sent in zip(slow, out, strict=True):
            line.sendall(text[sent:])
        for line, _ in slow:
            assert line.recv(15).startswith(b"HTTP/1.1 400 ")  # heard to the end: their token is none


def test_who_is_slow_to_read_an_answer_holds_up_nobody(workspace: Path) -> None:  # noqa: F811
    with running_server(workspace, "tiny") as server, ExitStack() as stack:
        for _ in range(50):
            connected(server, stack).sendall(READ * 500)  # and never reads
        for _ in range(5):
            assert begin(server)[0] == 303


def test_a_page_that_is_cut_off_on_the_way_changes_nothing(workspace: Path) -> None:  # noqa: F811
    with running_server(workspace, "tiny") as server:
        port = urlsplit(server.url).port or 0
        browser = Browser(port, np.random.default_rng(1))
        page = browser.ask(START)
        for values in ({"consent": "yes"}, ABOUT, {"mode": "retain"}, FIRST):
            sent = browser.ask(page.path, {**Visitor.hidden_in(page.text), **values})
            page = browser.ask(sent.location)
        first = f"{START}/retain.notice-leaving"
        hidden = Visitor.hidden_in(browser.ask(first).text)
        rest = dict.fromkeys([*FIRST][1:], "3")
        whole = urlencode({**hidden, next(iter(FIRST)): "1"}), urlencode(rest)
        cookies = "; ".join(f"{name}={value}" for name, value in browser.cookies.items())
        with socket.create_connection(("127.0.0.1", port), timeout=30) as line:
            line.sendall(
                f"POST {first} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nCookie: {cookies}\r\n"
                "Content-Type: application/x-www-form-urlencoded\r\n"
                f"Content-Length: {len('&'.join(whole))}\r\n\r\n{whole[0]}".encode()
            )
            line.shutdown(socket.SHUT_WR)
            line.recv(1)  # answered, or closed
        assert shown_in(browser.ask(first).text) == FIRST
        browser.close()

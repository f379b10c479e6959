"""Visitors on slow lines hold up nobody else."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from urllib.parse import urlsplit

from tests.browser.server import LiveServer, running_server
from tests.serving.test_server import ask, begin, workspace  # noqa: F401  fixture

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

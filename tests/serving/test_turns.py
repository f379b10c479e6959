"""Few requests are worked on at a time, and the server says that it lives meanwhile."""

from __future__ import annotations

import threading
from io import BytesIO
from typing import Any

from jtbd.web.wsgi import AT_WORK, Patient


class Slow:
    """An application that answers when it is let, and counts how many requests it has at once."""

    def __init__(self) -> None:
        self.let = threading.Event()
        self.here = threading.Semaphore(0)
        self.at_once = 0

    def __call__(self, environ: dict[str, Any], start_response: Any) -> list[bytes]:
        if environ["PATH_INFO"] != "/healthz":
            self.at_once += 1
            self.here.release()
            self.let.wait(20)
        start_response("200 OK", [])
        return [b"yes"]


def ask(server: Patient, path: str) -> list[bytes]:
    environ = {"REQUEST_METHOD": "POST", "PATH_INFO": path, "CONTENT_LENGTH": "0", "wsgi.input": BytesIO()}
    return list(server(environ, lambda *_: None))  # type: ignore[arg-type]


def test_a_server_whose_turns_are_all_taken_says_that_it_lives() -> None:
    slow = Slow()
    server = Patient(slow)  # type: ignore[arg-type]
    threads = [threading.Thread(target=ask, args=(server, "/s/x/page")) for _ in range(AT_WORK + 5)]
    for thread in threads:
        thread.start()
    for _ in range(AT_WORK):
        assert slow.here.acquire(timeout=20)
    answer: list[bytes] = []
    alive = threading.Thread(target=lambda: answer.extend(ask(server, "/healthz")))
    alive.start()
    alive.join(20)
    assert (answer, slow.at_once) == ([b"yes"], AT_WORK)
    slow.let.set()
    for thread in threads:
        thread.join(20)
    assert slow.at_once == AT_WORK + 5

"""A small proxy: passes connections on to several servers in turn, and to the next where one refuses."""

from __future__ import annotations

import socket
import socketserver
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from itertools import count

BAD_GATEWAY = b"HTTP/1.1 502 Bad Gateway\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"


class _Passing(socketserver.BaseRequestHandler):
    """One connection, passed on byte by byte until either side ends it."""

    server: _Proxy

    def handle(self) -> None:
        upstream = self.server.connected()
        if upstream is None:
            self.request.sendall(BAD_GATEWAY)
            return
        with upstream:
            answers = threading.Thread(target=_pass_on, args=(upstream, self.request), daemon=True)
            answers.start()
            _pass_on(self.request, upstream)
            answers.join()


class _Proxy(socketserver.ThreadingTCPServer):
    daemon_threads = True
    request_queue_size = 128

    def __init__(self, ports: Sequence[int]) -> None:
        super().__init__(("127.0.0.1", 0), _Passing)
        self._ports = ports
        self._turn = count()

    def connected(self) -> socket.socket | None:
        first = next(self._turn)
        for number in range(len(self._ports)):
            with suppress(OSError):
                return socket.create_connection(("127.0.0.1", self._ports[(first + number) % len(self._ports)]), 5)
        return None


def _pass_on(source: socket.socket, target: socket.socket) -> None:
    with suppress(OSError):
        while data := source.recv(65536):
            target.sendall(data)
    for end in (source, target):
        with suppress(OSError):
            end.shutdown(socket.SHUT_RDWR)


@contextmanager
def proxy_before(*ports: int) -> Iterator[int]:
    """The port of a proxy before the servers of these ports."""
    with _Proxy(ports) as proxy:
        threading.Thread(target=proxy.serve_forever, daemon=True).start()
        yield int(proxy.server_address[1])
        proxy.shutdown()

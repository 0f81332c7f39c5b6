"""A loopback proxy before an endpoint: it counts connections, steps in at a request, and can be out of order."""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from urllib.parse import urlsplit

CHUNK = 65536
LOOPBACK = "127.0.0.1"


class Proxy:
    """Passes on bytes, in both directions, until told otherwise.

    Attributes:
        connections: how many were made to it.
        heard: every request, in the order in which they came.
    """

    def __init__(self, endpoint: str) -> None:
        parts = urlsplit(endpoint)
        assert parts.port is not None
        self._scheme, self._target = parts.scheme, (LOOPBACK, parts.port)
        self._lock = threading.Lock()
        self._open: set[socket.socket] = set()
        self._words = b""
        self._answered: Callable[[], object] = bool
        self.connections = 0
        self.heard: list[bytes] = []
        self._listener = self._listen(0)
        self._port: int = self._listener.getsockname()[1]

    @property
    def endpoint(self) -> str:
        return f"{self._scheme}://{LOOPBACK}:{self._port}"

    def when(self, words: str, answered: Callable[[], object]) -> None:
        """At the first request that contains some words, act once the answer is there. Nobody gets to hear it.

        So the endpoint has done what was asked, and whoever asked can't know.
        """
        with self._lock:
            self._words, self._answered = words.encode(), answered

    def break_down(self) -> None:
        """Refuse connections, and drop those that there are."""
        _shut(self._listener)
        with self._lock:
            for connection in self._open:
                _shut(connection)

    def recover(self) -> None:
        """Serve again, on the same port."""
        self._listener = self._listen(self._port)

    def close(self) -> None:
        self.break_down()

    def _listen(self, port: int) -> socket.socket:
        listener = socket.create_server((LOOPBACK, port))
        threading.Thread(target=self._accept, args=(listener,), daemon=True).start()
        return listener

    def _accept(self, listener: socket.socket) -> None:
        # A listener that was shut down raises.
        with suppress(OSError):
            while True:
                near, _ = listener.accept()
                self.connections += 1
                threading.Thread(target=self._serve, args=(near,), daemon=True).start()

    def _serve(self, near: socket.socket) -> None:
        ends = {near}
        with suppress(OSError), near, socket.create_connection(self._target) as far:
            ends.add(far)
            with self._lock:
                self._open |= ends
            met = threading.Event()
            back = threading.Thread(target=self._pass_back, args=(far, near, met), daemon=True)
            back.start()
            for request in _received(near):
                if self._is_met(request):
                    met.set()
                far.sendall(request)
            _shut(far)
            back.join()
        with self._lock:
            self._open -= ends

    def _pass_back(self, far: socket.socket, near: socket.socket, met: threading.Event) -> None:
        with suppress(OSError):
            for answer in _received(far):
                if met.is_set():
                    self._answered()
                    break
                near.sendall(answer)
        _shut(near)

    def _is_met(self, request: bytes) -> bool:
        with self._lock:
            self.heard.append(request)
            met = bool(self._words) and self._words in request
            if met:
                self._words = b""
            return met


@contextmanager
def proxy(endpoint: str) -> Iterator[Proxy]:
    """A proxy that serves as long as the context."""
    made = Proxy(endpoint)
    try:
        yield made
    finally:
        made.close()


def _received(connection: socket.socket) -> Iterator[bytes]:
    while data := connection.recv(CHUNK):
        yield data


def _shut(connection: socket.socket) -> None:
    # Unlike a close, this wakes the threads that wait for it.
    with suppress(OSError):
        connection.shutdown(socket.SHUT_RDWR)
    connection.close()

"""A FAKE OpenAI-compatible `/embeddings` endpoint on loopback: vectors are bags of hashed words.

In a test: `with EmbeddingsServer() as server: ... server.url`. For other processes:
`python -m tests.doubles.embeddings_server PORT_FILE` writes its port into the file once it
answers, and serves until it is ended.
"""

from __future__ import annotations

import json
import os
import socket
import struct
import sys
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Event, Thread
from types import TracebackType
from typing import Any, Self, cast

from tests.doubles.deterministic import DIMENSION, bag_of_words

Answer = dict[str, Any]


class EmbeddingsServer:
    """Refuses what strict vendors refuse (empty texts, more than 64); misbehaves when told to."""

    def __init__(self, *, dimension: int = DIMENSION) -> None:
        self.dimension = dimension
        self.status = 200
        """Other than 200: every request gets it, with a body that echoes the key."""
        self.resets = 0
        """How many of the next requests end with a connection reset."""
        self.alter: Callable[[Answer], Answer] = lambda answer: answer
        """Changes a good answer before it is sent."""
        self.gate = Event()
        """Cleared: requests wait until it is set."""
        self.gate.set()
        self.arrived = Event()
        """Set when a request has been read."""
        self.batches: list[list[str]] = []
        self.authorizations: list[str | None] = []
        self._http = _QuietServer(("127.0.0.1", 0), _handler(self))
        self._thread = Thread(target=self._http.serve_forever, args=(0.01,), daemon=True)

    @property
    def port(self) -> int:
        return self._http.server_port

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/v1"

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.gate.set()
        self._http.shutdown()
        self._thread.join()
        self._http.server_close()

    def serve_forever(self) -> None:
        self._http.serve_forever()

    def answer(self, texts: list[str]) -> Answer:
        data = [
            {"object": "embedding", "index": index, "embedding": self._vector(text)}
            for index, text in enumerate(texts)
        ]
        # Backwards and of length 2, so that a client has to sort and to scale.
        return self.alter({"object": "list", "model": "fake-words", "data": data[::-1]})

    def _vector(self, text: str) -> list[float]:
        return [2.0 * value for value in bag_of_words(text, dimension=self.dimension)]


class _QuietServer(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Say nothing of clients that hang up; cancelled and closed ones do."""
        if not isinstance(sys.exception(), ConnectionError):
            super().handle_error(request, client_address)


def _handler(server: EmbeddingsServer) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"  # keeps connections, as real endpoints do

        def do_POST(self) -> None:
            length = int(self.headers.get("Content-Length", "0"))
            request = json.loads(self.rfile.read(length))
            server.arrived.set()
            server.gate.wait()
            if server.resets > 0:
                server.resets -= 1
                self._reset()
                return
            authorization = self.headers.get("Authorization")
            server.authorizations.append(authorization)
            if server.status != 200:
                self._send(server.status, {"error": {"message": f"bad key {authorization}"}})
                return
            texts = cast(list[str], request["input"])
            server.batches.append(texts)
            if self.path != "/v1/embeddings" or len(texts) > 64 or "" in texts:
                self._send(400, {"error": {"message": "refused"}})
                return
            self._send(200, server.answer(texts))

        def _send(self, status: int, body: Answer) -> None:
            data = json.dumps(body).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            self.wfile.write(data)

        def _reset(self) -> None:
            # Lingering for 0 seconds makes the kernel send RST instead of FIN.
            linger = struct.pack("ii", 1, 0)
            self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
            self.close_connection = True

        def log_message(self, format: str, *args: object) -> None:
            """Keep the test output clean."""

    return Handler


def main() -> None:
    port_file = Path(sys.argv[1])
    server = EmbeddingsServer()
    unfinished = port_file.with_name(port_file.name + ".tmp")
    unfinished.write_text(str(server.port))
    os.replace(unfinished, port_file)
    server.serve_forever()


if __name__ == "__main__":
    main()

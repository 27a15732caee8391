"""Real HTTP on loopback: carries what a script decides, one connection per request or many."""

import json
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from socket import SHUT_RDWR, socket
from threading import Condition, Event
from typing import Protocol, TypeAlias

from tests.models.exchange import FOR_EVER, Chat, Failure, Reply

Json: TypeAlias = dict[str, object]
Route: TypeAlias = Callable[[Json], "Json | Failure"]

GRACE_SECONDS = 5.0


@dataclass(frozen=True, slots=True)
class Received:
    """One request."""

    path: str
    body: Json
    """Empty where the request has none."""
    headers: Mapping[str, str]
    """Names in lower case."""


class Script(Protocol):
    """What is said over the connection: a dialect and a behaviour."""

    chat_path: str
    stream_type: str
    streams_unasked: bool
    received: list[Received]
    closing: Event

    def answer(self, body: Json) -> tuple[Chat, Reply] | Failure: ...
    def routes(self) -> Mapping[str, Route]: ...
    def whole(self, body: Json, chat: Chat, reply: Reply) -> Json: ...
    def lines(self, body: Json, reply: Reply) -> Iterator[Json]: ...
    def last_lines(self, body: Json, chat: Chat, reply: Reply) -> Iterator[Json]: ...
    def frame(self, text: str | None) -> str: ...
    def error(self, failure: Failure) -> Json: ...


class LoopbackServer(ThreadingHTTPServer):
    """Knows its open connections, so that none outlives it."""

    daemon_threads = True

    def __init__(self, script: Script) -> None:
        self.script = script
        self._open: set[socket] = set()
        self._changed = Condition()
        super().__init__(("127.0.0.1", 0), _Exchange)

    def get_request(self) -> tuple[socket, tuple[str, int]]:
        connection, address = super().get_request()
        with self._changed:
            self._open.add(connection)
        return connection, address

    def shutdown_request(self, request: socket | tuple[bytes, socket]) -> None:
        assert isinstance(request, socket)
        super().shutdown_request(request)
        with self._changed:
            self._open.discard(request)
            self._changed.notify_all()

    def hang_up(self) -> None:
        """End every open connection and wait until its handler has gone."""
        with self._changed:
            for connection in self._open:
                with suppress(OSError):
                    connection.shutdown(SHUT_RDWR)
            self._changed.wait_for(lambda: not self._open, GRACE_SECONDS)

    def handle_error(self, request: socket | tuple[bytes, socket], client_address: object) -> None:
        """Say nothing of a connection that ended early, on either side: behaviours do that."""
        if not isinstance(sys.exception(), ConnectionError):
            super().handle_error(request, client_address)


class _Exchange(BaseHTTPRequestHandler):
    """One connection."""

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    server: LoopbackServer

    def do_GET(self) -> None:
        self._respond()

    def do_POST(self) -> None:
        self._respond()

    def log_message(self, format: str, *args: object) -> None:
        """Print nothing."""

    def _respond(self) -> None:
        script = self.server.script
        raw = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        body: Json = json.loads(raw) if raw else {}
        headers = {name.lower(): value for name, value in self.headers.items()}
        script.received.append(Received(self.path, body, headers))
        asked = f"{self.command} {self.path}"
        if asked == f"POST {script.chat_path}":
            self._chat(body)
            return
        self._finish(script.routes().get(asked, _not_found)(body))

    def _chat(self, body: Json) -> None:
        answer = self.server.script.answer(body)
        if isinstance(answer, Failure):
            self._finish(answer)
            return
        chat, reply = answer
        self._wait(reply.delay_seconds)
        if body.get("stream", self.server.script.streams_unasked):
            self._stream(body, chat, reply)
        else:
            self._send_whole(body, chat, reply)

    def _send_whole(self, body: Json, chat: Chat, reply: Reply) -> None:
        pauses = len(reply.thinking + reply.pieces) * reply.pause_seconds
        self._wait(reply.first_token_seconds + pauses)
        text = _dump(self.server.script.whole(body, chat, reply))
        sent = text if reply.end == "whole" and not reply.is_broken else _broken(text)
        promised = sent if reply.end == "whole" else text
        self._head(200, "application/json", {"Content-Length": str(len(promised.encode()))})
        self.wfile.write(sent.encode())
        self._end(reply)

    def _stream(self, body: Json, chat: Chat, reply: Reply) -> None:
        script = self.server.script
        self._head(200, script.stream_type, {"Transfer-Encoding": "chunked"})
        self._wait(reply.first_token_seconds)
        for number, line in enumerate(script.lines(body, reply)):
            text = _dump(line)
            self._chunk(script.frame(_broken(text) if reply.is_broken and number % 2 else text))
            self._wait(reply.pause_seconds)
        self._end(reply)
        for line in script.last_lines(body, chat, reply):
            self._chunk(script.frame(_dump(line)))
        self._chunk(script.frame(None))
        self.wfile.write(b"0\r\n\r\n")

    def _end(self, reply: Reply) -> None:
        while reply.until and not reply.until.is_set():
            self._wait(0.05)
        if reply.end == "hang":
            self._wait(FOR_EVER)
        if reply.end == "die":
            raise ConnectionAbortedError

    def _wait(self, seconds: float) -> None:
        """Raises: ConnectionAbortedError when the server closes meanwhile."""
        if seconds and self.server.script.closing.wait(seconds):
            raise ConnectionAbortedError

    def _chunk(self, text: str) -> None:
        data = text.encode()
        if data:
            self.wfile.write(b"%x\r\n%b\r\n" % (len(data), data))

    def _finish(self, answer: Json | Failure) -> None:
        """Send a body that is known."""
        if not isinstance(answer, Failure):
            answer = Failure(200, _dump(answer))
            kind, text = "application/json", answer.message
        elif answer.is_html:
            kind, text = "text/html", answer.message
        else:
            kind, text = "application/json", _dump(self.server.script.error(answer))
        data = text.encode()
        self._head(answer.status, kind, {**answer.headers, "Content-Length": str(len(data))})
        self.wfile.write(data)

    def _head(self, status: int, kind: str, headers: Mapping[str, str]) -> None:
        self.send_response(status)
        for name, value in {"Content-Type": kind, **headers}.items():
            self.send_header(name, value)
        self.end_headers()


def _not_found(_: Json) -> Failure:
    return Failure(404, "Not found")


def _dump(body: Json) -> str:
    return json.dumps(body, ensure_ascii=False)


def _broken(text: str) -> str:
    return text[: len(text) * 2 // 3]

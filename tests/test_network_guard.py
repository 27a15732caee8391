"""The guard is itself tested: it must refuse what leaves the machine, and nothing else.

Should it ever fail, the addresses and names below are those that RFC 5737, 3849 and 6761 reserve:
nobody answers there.
"""

import _socket
import asyncio
import socket
import subprocess
import sys
import threading
import urllib.request
from collections.abc import Callable
from contextlib import closing
from functools import partial
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest
from cinco_network_guard import NetworkBlockedError

from tests.conftest import Refusals

ABROAD = "192.0.2.1"
ABROAD_V6 = "2001:db8::1"
NAME = "example.invalid"
DIAL = f"import socket; socket.create_connection(('{ABROAD}', 9), timeout=1)"
REFUSED = f"NetworkBlockedError: socket.getaddrinfo to '{ABROAD}'"


def call(family: int, kind: int, method: str, *arguments: object) -> None:
    """Call a method of a new socket."""
    with socket.socket(family, kind) as sock:
        sock.settimeout(1)
        getattr(sock, method)(*arguments)


def call_built_in(method: str, *arguments: object) -> None:
    """Call a method of a socket whose class the guard cannot change."""
    with closing(_socket.socket(socket.AF_INET, socket.SOCK_STREAM)) as sock:
        sock.settimeout(1)
        getattr(sock, method)(*arguments)


tcp = partial(call, socket.AF_INET, socket.SOCK_STREAM)
tcp_v6 = partial(call, socket.AF_INET6, socket.SOCK_STREAM)
udp = partial(call, socket.AF_INET, socket.SOCK_DGRAM)

ATTEMPTS: dict[str, Callable[[], object]] = {
    "connect": lambda: tcp("connect", (ABROAD, 9)),
    "connect_ex": lambda: tcp("connect_ex", (ABROAD, 9)),
    "connect by name": lambda: tcp("connect", (NAME, 9)),
    "connect over IPv6": lambda: tcp_v6("connect", (ABROAD_V6, 9, 0, 0)),
    "connect of the built-in class": lambda: call_built_in("connect", (ABROAD, 9)),
    "connect over UDP": lambda: udp("connect", (ABROAD, 9)),
    "sendto": lambda: udp("sendto", b"", (ABROAD, 9)),
    "sendto by name": lambda: udp("sendto", b"", 0, (NAME, 9)),
    "sendmsg": lambda: udp("sendmsg", [b""], [], 0, (ABROAD, 9)),
    "create_connection": lambda: socket.create_connection((NAME, 9), timeout=1),
    "getaddrinfo": lambda: socket.getaddrinfo(NAME, 9),
    "gethostbyname": lambda: socket.gethostbyname(NAME),
    "gethostbyaddr": lambda: socket.gethostbyaddr(ABROAD),
    "getnameinfo": lambda: socket.getnameinfo((ABROAD, 9), 0),
    "asyncio": lambda: asyncio.run(asyncio.open_connection(ABROAD, 9)),
    "asyncio by name": lambda: asyncio.run(asyncio.open_connection(NAME, 9)),
    "urllib": lambda: urllib.request.urlopen(f"http://{NAME}/", timeout=1),
}


@pytest.mark.parametrize("attempt", ATTEMPTS.values(), ids=ATTEMPTS)
def test_what_would_leave_the_machine_is_refused(
    attempt: Callable[[], object], refusals: Refusals, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("no_proxy", "*")
    with pytest.raises(NetworkBlockedError, match="no network but loopback"):
        attempt()
    assert refusals.take()


def test_a_process_that_a_test_starts_is_guarded_too(refusals: Refusals) -> None:
    child = subprocess.run([sys.executable, "-c", DIAL], capture_output=True, text=True)
    assert child.returncode == 1
    assert REFUSED in child.stderr
    [line] = refusals.take()
    assert "<string>:1" in line


def test_a_refusal_that_the_code_swallows_fails_its_test(tmp_path: Path) -> None:
    module = tmp_path / "test_swallows.py"
    module.write_text(
        "import contextlib, subprocess, sys\n"
        f"def test_in_process():\n    with contextlib.suppress(Exception):\n        {DIAL}\n"
        f"def test_in_another():\n    subprocess.run([sys.executable, '-c', {DIAL!r}])\n"
        "def test_innocent():\n    pass\n"
    )
    command = [sys.executable, "-m", "pytest", "-p", "tests.conftest", f"--rootdir={tmp_path}"]
    run = subprocess.run([*command, str(module)], capture_output=True, text=True, cwd=tmp_path)
    assert "3 passed, 2 errors" in run.stdout
    assert "ERROR at teardown of test_in_process" in run.stdout
    assert "ERROR at teardown of test_in_another" in run.stdout


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost"])
def test_loopback_stays_open(host: str) -> None:
    with HTTPServer(("127.0.0.1", 0), BaseHTTPRequestHandler) as server:
        thread = threading.Thread(target=server.handle_request)
        thread.start()
        with socket.create_connection((host, server.server_port), timeout=5) as connection:
            connection.sendall(b"GET / HTTP/1.0\r\n\r\n")
            assert connection.recv(12).startswith(b"HTTP/1.0 501")
        thread.join()


def test_sockets_within_the_machine_stay_open() -> None:
    first, second = socket.socketpair()
    with first, second:
        first.sendall(b"hola")
        assert second.recv(4) == b"hola"
    kind = socket.SOCK_DGRAM
    with socket.socket(type=kind) as sender, socket.socket(type=kind) as receiver:
        receiver.bind(("127.0.0.1", 0))
        sender.sendto(b"hola", receiver.getsockname())
        assert receiver.recv(4) == b"hola"

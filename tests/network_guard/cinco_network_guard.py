"""Refuses every connection and name lookup that would leave this machine.

`install` makes the running interpreter raise `NetworkBlockedError` before anything is sent. With
this folder on PYTHONPATH, `sitecustomize` does the same in every Python process that a test starts.
Each refusal is also written to the file that `LOG_VARIABLE` names, so that a test fails even where
the code under test swallows the exception or another process raised it.

Out of reach: Python started with -I, -E or -S, and sockets that compiled code opens by itself.
Chromium is held back by its own flags, see `tests/browser/chromium.py`.
"""

import os
import socket
import sys
from collections.abc import Callable
from functools import wraps
from typing import Any

LOG_VARIABLE = "CINCO_TESTS_REFUSALS"
"""Environment variable with the path of the file of refusals."""

LOCAL_NAMES = frozenset({"", "localhost", "ip6-localhost", "ip6-loopback"})
LOOKUPS = frozenset(
    f"socket.{name}" for name in ("getaddrinfo", "gethostbyname", "gethostbyaddr", "getnameinfo")
)
CALLS = frozenset(f"socket.{name}" for name in ("connect", "sendto", "sendmsg"))
LOCAL_FAMILIES = frozenset(
    getattr(socket, name) for name in ("AF_UNIX", "AF_NETLINK") if hasattr(socket, name)
)

_installed = False


class NetworkBlockedError(RuntimeError):
    """A test tried to reach something that is not this machine.

    Not an OSError, which code that copes with a broken network would swallow.
    """


def install() -> None:
    """Guard this interpreter until it ends; a second call changes nothing."""
    global _installed
    if _installed:
        return
    _installed = True
    # Audit events come from inside the socket module, whichever library calls it and however it was
    # imported. A name given to connect or sendto is looked up before its event: hence the methods.
    for name in ("connect", "connect_ex", "sendto"):
        setattr(socket.socket, name, _guarded(getattr(socket.socket, name)))
    sys.addaudithook(_audit)


def is_local(host: object) -> bool:
    """Whether a host name or address means this machine, by its spelling alone.

    >>> [is_local(host) for host in (None, "localhost", "127.0.0.9", b"::1", "::ffff:127.0.0.1")]
    [True, True, True, True, True]
    >>> [is_local(host) for host in ("192.0.2.1", "localhost.example", "2001:db8::1", 7)]
    [False, False, False, False]
    """
    if host is None:
        return True
    if isinstance(host, bytes | bytearray):
        host = bytes(host).decode("ascii", "replace")
    if not isinstance(host, str):
        return False
    return host.lower() in LOCAL_NAMES or _is_local_address(host)


def _is_local_address(text: str) -> bool:
    # Imported here: most processes that a test starts never dial, and start faster without it.
    from ipaddress import IPv6Address, ip_address

    try:
        address = ip_address(text)
    except ValueError:
        return False
    if isinstance(address, IPv6Address) and address.ipv4_mapped:
        address = address.ipv4_mapped
    # The unspecified address is where servers listen; a connection to it stays on the machine.
    return address.is_loopback or address.is_unspecified


def _audit(event: str, arguments: tuple[Any, ...]) -> None:
    if event in LOOKUPS:
        _require_local(event, arguments[0])
    elif event in CALLS:
        _require_local_call(event, *arguments)


def _guarded(method: Callable[..., Any]) -> Callable[..., Any]:
    @wraps(method)
    def call(self: socket.socket, *arguments: Any) -> Any:  # noqa: ANN401
        _require_local_call(f"socket.{method.__name__}", self, arguments[-1] if arguments else None)
        return method(self, *arguments)

    return call


def _require_local_call(event: str, sock: socket.socket, address: object) -> None:
    if address is not None and sock.family not in LOCAL_FAMILIES:
        _require_local(event, address)


def _require_local(event: str, target: object) -> None:
    host = target[0] if isinstance(target, tuple) and target else target
    if is_local(host):
        return
    _record(f"{event} to {target!r} by process {os.getpid()} at {_trail()}")
    raise NetworkBlockedError(
        f"{event} to {target!r}: tests use no network but loopback. Serve on 127.0.0.1 instead."
    )


def _trail() -> str:
    """The calls that led here, innermost first, without the guard's own."""
    from traceback import extract_stack

    frames = [frame for frame in extract_stack() if frame.filename != __file__]
    return " < ".join(f"{frame.filename}:{frame.lineno}" for frame in reversed(frames[-8:]))


def _record(line: str) -> None:
    path = os.environ.get(LOG_VARIABLE)
    if path:
        log = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
        try:
            os.write(log, f"{line}\n".encode(errors="backslashreplace"))
        finally:
            os.close(log)

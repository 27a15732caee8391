"""Runs the longest part of an index build beside the others, in a process of its own.

Threads would wait for each other. The workers of joblib outlive a parent that is killed, and those
of the standard library run the caller's script again.
"""

import logging
import os
import pickle
import subprocess
import sys
from collections.abc import Callable, Sequence
from contextlib import ExitStack, suppress
from threading import Thread

from threadpoolctl import threadpool_limits

from rag.search.array_file import Arrays

Part = Callable[[], Arrays]
"""One part of a build. It can be pickled and shares nothing with the others."""

_MODULE = "rag.search.side_by_side"

log = logging.getLogger(__name__)


def side_by_side(longest: Part, others: Sequence[Part]) -> Arrays:
    """The arrays of all parts; the longest one runs in another process meanwhile.

    It runs here, after the others, where that process cannot start or ends too early.
    """
    with ExitStack() as stack:
        process = _start(pickle.dumps(longest), stack)
        arrays = one_after_another(others)
        found = _result(process) if process else None
    return {**(found if found is not None else one_after_another([longest])), **arrays}


def one_after_another(parts: Sequence[Part]) -> Arrays:
    """The arrays of all parts.

    On one thread, where threadpoolctl can see to it: sums over several would depend on the number
    of cores.
    """
    with threadpool_limits(1):
        return {name: array for part in parts for name, array in part().items()}


def _start(message: bytes, stack: ExitStack) -> "subprocess.Popen[bytes] | None":
    """A process that runs the pickled part and ends with the stack, or with us."""
    try:
        process = subprocess.Popen(  # noqa: S603 - this very program
            [sys.executable, "-m", _MODULE],
            bufsize=0,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
    except OSError as error:
        log.warning("no process for a part of the index: %s", error)
        return None
    # It reads while it imports: nobody waits for it here.
    feeder = Thread(target=_feed, args=(process, message), daemon=True)
    feeder.start()
    stack.enter_context(process)
    stack.callback(feeder.join)
    stack.callback(process.kill)
    return process


def _feed(process: "subprocess.Popen[bytes]", message: bytes) -> None:
    """Write the message, as far as the process takes it, and leave the pipe open."""
    left = memoryview(message)
    with suppress(OSError):
        while left and process.stdin is not None:
            left = left[process.stdin.write(left) :]


def _result(process: "subprocess.Popen[bytes]") -> Arrays | None:
    """The arrays that the process found; `None` if it did not end well."""
    written = process.stdout.read() if process.stdout is not None else b""
    if (code := process.wait()) or not written:
        log.warning("the process for a part of the index ended with %d", code)
        return None
    arrays: Arrays = pickle.loads(written)  # noqa: S301 - by our own child
    return arrays


def _work() -> None:
    """Run the part that comes on the standard input, in the process that `_start` began."""
    # What a library prints must not come between: the standard output is where the errors go.
    output = os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    part: Part = pickle.load(sys.stdin.buffer)  # noqa: S301 - by our own parent
    Thread(target=_end_with_parent, daemon=True).start()
    with output:
        pickle.dump(one_after_another([part]), output)


def _end_with_parent() -> None:
    """End at once when the other end of the standard input is gone."""
    os.read(sys.stdin.fileno(), 1)
    os._exit(1)


if __name__ == "__main__":
    _work()

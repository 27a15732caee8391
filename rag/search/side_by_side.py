"""Runs the longest part of an index build beside the others, in a process of its own.

Threads would wait for each other. The workers of joblib outlive a parent that is killed, and those
of the standard library run the caller's script again.
"""

import os
import pickle
import subprocess
import sys
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from threading import Thread

import numpy as np
from numpy.typing import NDArray
from threadpoolctl import threadpool_limits

Arrays = dict[str, NDArray[np.generic]]
Part = Callable[[], Arrays]
"""One part of a build. It can be pickled and shares nothing with the others."""

_MODULE = "rag.search.side_by_side"


def side_by_side(longest: Part, others: Sequence[Part]) -> Arrays:
    """The arrays of all parts; the longest one runs in another process meanwhile.

    It runs here, after the others, where that process cannot start or ends too early.
    """
    with ExitStack() as stack:
        process = _start(longest, stack)
        arrays = one_after_another(others)
        return arrays | (_result(process) or one_after_another([longest]))


def one_after_another(parts: Sequence[Part]) -> Arrays:
    """The arrays of all parts.

    On one thread: sums over several would depend on the number of cores.
    """
    with threadpool_limits(1):
        return {name: array for part in parts for name, array in part().items()}


def _start(part: Part, stack: ExitStack) -> "subprocess.Popen[bytes] | None":
    """A process that runs the part and ends with the stack, or with us."""
    try:
        process = stack.enter_context(
            subprocess.Popen(  # noqa: S603 - this very program
                [sys.executable, "-m", _MODULE],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                start_new_session=True,
            )
        )
        stack.callback(process.kill)
        if process.stdin is not None:
            pickle.dump(part, process.stdin)
            process.stdin.flush()
    except OSError:
        return None
    return process


def _result(process: "subprocess.Popen[bytes] | None") -> Arrays | None:
    """The arrays that the process found; `None` if it did not end well."""
    if process is None or process.stdout is None:
        return None
    written = process.stdout.read()
    if process.wait() != 0:
        return None
    arrays: Arrays = pickle.loads(written)  # noqa: S301 - by our own child
    return arrays


def _work() -> None:
    """Run the part that comes on the standard input, in the process that `_start` began."""
    part: Part = pickle.load(sys.stdin.buffer)  # noqa: S301 - by our own parent
    Thread(target=_end_with_parent, daemon=True).start()
    pickle.dump(one_after_another([part]), sys.stdout.buffer)
    sys.stdout.buffer.flush()


def _end_with_parent() -> None:
    """End at once when the other end of the standard input is gone."""
    os.read(sys.stdin.fileno(), 1)
    os._exit(1)


if __name__ == "__main__":
    _work()

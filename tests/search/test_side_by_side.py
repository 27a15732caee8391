"""Parts of an index build, one of them in a process of its own."""

import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

import numpy as np
import pytest
from threadpoolctl import threadpool_info

from rag.search import building
from rag.search.array_file import Arrays
from rag.search.index import ARRAYS
from rag.search.side_by_side import Part, one_after_another, side_by_side
from tests.product import ROOT
from tests.search.folders import short_document
from tests.search.sample import sampled


def process(name: str) -> Arrays:
    """The number of the process that runs it."""
    return {name: np.array([os.getpid()])}


def large(name: str, data: bytes) -> Arrays:
    """A part that takes more than a pipe holds."""
    return {name: np.array([len(data)])}


def loud(name: str) -> Arrays:
    """Prints, as a library may."""
    print(name)  # noqa: T201
    return {name: np.array([1])}


def threads() -> Arrays:
    """How many threads sums may take here."""
    return {"threads": np.array([library["num_threads"] for library in threadpool_info()])}


def killed(parent: int) -> Arrays:
    """Dies in any process but that one, as for want of memory."""
    if os.getpid() != parent:
        os.kill(os.getpid(), signal.SIGKILL)
    return {"killed": np.array([os.getpid()])}


def stuck(file: str) -> Arrays:
    """Tells its process and goes on for ever."""
    Path(file).write_text(str(os.getpid()), encoding="utf-8")
    while True:
        time.sleep(0.1)


def test_the_longest_part_runs_in_a_process_of_its_own() -> None:
    found = side_by_side(partial(process, "a"), [partial(process, "b"), partial(process, "c")])
    assert found["b"].tolist() == found["c"].tolist() == [os.getpid()]
    assert found["a"].tolist() != [os.getpid()]


@pytest.mark.parametrize(
    "run", [lambda part: one_after_another([part]), lambda part: side_by_side(part, [])]
)
def test_sums_do_not_depend_on_the_number_of_cores(run: Callable[[Part], Arrays]) -> None:
    # numpy for Apple's chips brings no library whose threads can be limited.
    assert set(run(threads)["threads"].tolist()) <= {1}


def test_a_part_whose_process_dies_runs_here() -> None:
    found = side_by_side(partial(killed, os.getpid()), [partial(process, "b")])
    assert found["killed"].tolist() == found["b"].tolist() == [os.getpid()]


def test_a_part_runs_here_where_no_process_can_be_started(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "executable", "/nowhere/python")
    assert side_by_side(partial(process, "a"), [])["a"].tolist() == [os.getpid()]


@pytest.mark.parametrize("program", ["true", "false"])
def test_a_part_runs_here_where_its_process_does_not_take_it(
    monkeypatch: pytest.MonkeyPatch, program: str
) -> None:
    monkeypatch.setattr(sys, "executable", shutil.which(program))
    found = side_by_side(partial(large, "a", bytes(4_000_000)), [partial(process, "b")])
    assert found["a"].tolist() == [4_000_000]
    assert found["b"].tolist() == [os.getpid()]


def test_what_a_library_prints_does_not_come_between() -> None:
    assert side_by_side(partial(loud, "a"), [])["a"].tolist() == [1]


def test_an_index_is_the_same_built_side_by_side(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, many in (("one", 10_000), ("two", 0)):
        monkeypatch.setattr(building, "_MANY_QUESTIONS", many)
        (tmp_path / name).mkdir()
        with sampled():
            building.build(short_document(), tmp_path / name, "fingerprint")
    assert (tmp_path / "one" / ARRAYS).read_bytes() == (tmp_path / "two" / ARRAYS).read_bytes()


def test_an_error_here_ends_the_process(tmp_path: Path) -> None:
    told = tmp_path / "process"

    def fail() -> Arrays:
        _wait_for(told)
        raise ValueError("no")

    with pytest.raises(ValueError, match="no"):
        side_by_side(partial(stuck, str(told)), [fail])
    assert _is_gone(int(told.read_text()))


@pytest.mark.parametrize("signal_", [signal.SIGKILL, signal.SIGTERM])
def test_the_process_ends_with_a_parent_that_is_killed(
    tmp_path: Path, signal_: signal.Signals
) -> None:
    told = tmp_path / "process"
    script = (
        "from functools import partial; from tests.search.test_side_by_side import *; "
        f"side_by_side(partial(stuck, {str(told)!r}), [partial(time.sleep, 60)])"
    )
    parent = subprocess.Popen([sys.executable, "-c", script], cwd=ROOT)
    try:
        _wait_for(told)
    finally:
        parent.send_signal(signal_)
        parent.wait()
    assert _is_gone(int(told.read_text()))


def _wait_for(told: Path) -> None:
    deadline = time.monotonic() + 60
    while not (told.exists() and told.read_text()):
        assert time.monotonic() < deadline
        time.sleep(0.05)


def _is_gone(pid: int) -> bool:
    """Whether it ends within seconds."""
    deadline = time.monotonic() + 20
    while time.monotonic() < deadline:
        try:
            os.kill(pid, 0)
        except ProcessLookupError:
            return True
        status = Path(f"/proc/{pid}/status")
        if status.exists() and "State:\tZ" in status.read_text():
            return True
        time.sleep(0.1)
    return False

"""Real processes that write, read and die at the same time."""

import os
import signal
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from rag.conversations.database import sqlite_url
from rag.conversations.store import ConversationStore
from tests.conversations.stored import OWNER, files, open_at, turns
from tests.product import ROOT

WRITER = """
import sys
from rag.conversations.store import ConversationStore
from tests.conversations.stored import OWNER, answer, asked
url, id_, name, count = sys.argv[1:]
store = ConversationStore(url)
id_ = id_ or store.begin(OWNER, "creada")
print("ready", flush=True)
sys.stdin.readline()
for step in range(int(count)):
    ordinal = store.begin_turn(OWNER, id_, asked(f"{name}-{step}"))
    store.keep_partial(OWNER, id_, ordinal, f"{name}-{step} " * 500)
    print(ordinal, flush=True)
    if step % 2 == 0:
        store.finish_turn(OWNER, id_, ordinal, answer(f"{name}-{step}"))
"""
"""Every second turn is left without an answer."""


def start(url: str, id_: str, name: str, count: int) -> subprocess.Popen[str]:
    """A process that waits for a line before it writes."""
    path = os.pathsep.join([str(ROOT), os.environ["PYTHONPATH"]])
    return subprocess.Popen(
        [sys.executable, "-c", WRITER, url, id_, name, str(count)],
        env={**os.environ, "PYTHONPATH": path},
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def go(process: subprocess.Popen[str]) -> None:
    """Let it write."""
    assert process.stdin is not None
    process.stdin.write("\n")
    process.stdin.flush()


def read(process: subprocess.Popen[str]) -> str:
    """The next line that it prints."""
    assert process.stdout is not None
    return process.stdout.readline().strip()


def finished(process: subprocess.Popen[str]) -> None:
    """Wait until it has ended well."""
    _, errors = process.communicate("\n", timeout=120)
    assert process.returncode == 0, errors


def test_processes_that_write_at_once_lose_nothing(
    store: ConversationStore, tmp_path: Path
) -> None:
    new = store.begin(OWNER, "¿Becas?")
    url = sqlite_url(tmp_path / "c.sqlite")
    writers = [start(url, new, name, 25) for name in ("a", "b")]
    assert [read(writer) for writer in writers] == ["ready", "ready"]
    for writer in writers:
        go(writer)
    for writer in writers:
        finished(writer)
    stored = turns(store, new)
    assert sorted(turn.question.text for turn in stored) == sorted(
        f"{name}-{step}" for name in ("a", "b") for step in range(25)
    )
    assert len({turn.ordinal for turn in stored}) == 50


def test_processes_that_make_the_database_at_once_both_can(tmp_path: Path) -> None:
    url = sqlite_url(tmp_path / "new" / "c.sqlite")
    for writer in [start(url, "", name, 2) for name in ("a", "b", "c")]:
        finished(writer)
    store = open_at(tmp_path / "new")
    assert [summary.turns for summary in store.recent(OWNER)] == [2, 2, 2]
    store.close()


def test_the_file_is_never_open_to_others(tmp_path: Path) -> None:
    before = os.umask(0)
    try:
        store = open_at(tmp_path)
        store.begin(OWNER, "¿Becas?")
        assert {stat.S_IMODE(path.stat().st_mode) for path in files(tmp_path)} == {0o600}
        store.close()
    finally:
        os.umask(before)


@pytest.mark.parametrize("after", [1, 2, 3, 5, 8])
def test_a_process_that_is_killed_loses_nothing_that_was_written(
    tmp_path: Path, after: int
) -> None:
    store = open_at(tmp_path)
    new = store.begin(OWNER, "¿Becas?")
    writer = start(sqlite_url(tmp_path / "c.sqlite"), new, "a", 10_000)
    assert read(writer) == "ready"
    go(writer)
    written = [int(read(writer)) for _ in range(after)]
    writer.send_signal(signal.SIGKILL)
    writer.wait()
    writer.communicate()
    store.close()
    again = open_at(tmp_path)
    stored = turns(again, new)
    assert [turn.ordinal for turn in stored][:after] == written
    for turn in stored[:-1]:
        step = int(turn.question.text.partition("-")[2])
        assert turn.is_finished == (step % 2 == 0)
        assert turn.is_finished or turn.partial.startswith(f"a-{step} ")
    assert again.delete(OWNER, new)
    again.close()

"""A real process, killed in mid-run, then the same command again."""

import json
import os
import signal
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path

import pytest

from rag import settings
from tests.product import ROOT, Line, assistant

COMMAND = (sys.executable, "-m", "eval", "run", "--split", "all", "--limit", "300", "--json")


@pytest.fixture
def environment(tmp_path: Path) -> dict[str, str]:
    """A data folder of its own that shares the session's index."""
    assistant()
    (tmp_path / "index").symlink_to(settings.load().index_dir)
    return os.environ | {"CINCO_DATA_DIR": str(tmp_path)}


def results(folder: Path) -> list[Line]:
    """The whole lines of all runs."""
    lines = [
        line
        for path in folder.glob("eval/runs/*/results.jsonl")
        for line in path.read_bytes().splitlines(keepends=True)
    ]
    return [json.loads(line) for line in lines if line.endswith(b"\n")]


def stop_in_mid_run(environment: dict[str, str], number: signal.Signals) -> int:
    """Start the command, send the signal after some results, and say how it ended."""
    folder = Path(environment["CINCO_DATA_DIR"])
    process = subprocess.Popen(
        COMMAND, cwd=ROOT, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    deadline = time.monotonic() + 60
    while len(results(folder)) < 20 and time.monotonic() < deadline:
        time.sleep(0.005)
    process.send_signal(number)
    return process.wait(timeout=30)


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGINT, signal.SIGTERM])
def test_the_same_command_loses_nothing_and_asks_nothing_twice(
    environment: dict[str, str], number: signal.Signals
) -> None:
    folder = Path(environment["CINCO_DATA_DIR"])
    status = stop_in_mid_run(environment, number)
    assert status == (-signal.SIGKILL if number is signal.SIGKILL else 130)
    before = results(folder)

    again = subprocess.run(
        COMMAND, cwd=ROOT, env=environment, capture_output=True, check=True, timeout=100
    )

    after = results(folder)
    keys = Counter((line["item"], line["turn"], line["epoch"]) for line in after)
    assert 20 <= len(before) < len(after)
    assert after[: len(before)] == before
    assert set(keys.values()) == {1}
    report = json.loads(again.stdout)
    assert report["summary"]["items"] == 300
    assert report["summary"]["answers"] == len(after)
    assert len(list(folder.glob("eval/runs/*"))) == 1

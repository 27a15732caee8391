"""Real processes that build, open and die at the same time.

`make crash` runs this file twenty times.
"""

import json
import os
import resource
import signal
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import pytest

from rag.errors import IndexStoreError
from rag.search import index as index_files
from rag.search.index import ARRAYS, CHROMA, MANIFEST
from tests.product import ROOT
from tests.search.folders import (
    ANSWER,
    PUBLISHED,
    TOPIC,
    copy_published,
    leftovers,
    published,
    short_document,
    write_short_source,
)
from tests.search.sample import PROGRAM

ASK = ("ask", TOPIC, "--json")
DEADLINE_SECONDS = 120.0


class Cinco:
    """The program with a data folder of its own, the short document and a sample to learn from."""

    def __init__(self, folder: Path) -> None:
        """Take the folder for everything."""
        self.root = folder / "index"
        self._source = write_short_source(folder / "source.txt")

    def start(
        self, *arguments: str, before: Callable[[], None] | None = None
    ) -> subprocess.Popen[str]:
        """A process under way."""
        environment = {
            **os.environ,
            "CINCO_DATA_DIR": str(self.root.parent),
            "CINCO_SOURCE": str(self._source),
            "PYTHONHASHSEED": "random",
        }
        return subprocess.Popen(
            [*PROGRAM, *arguments],
            env=environment,
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            preexec_fn=before,
        )

    def ask(self) -> str:
        """The sentence that a new process cites first."""
        return cited(finished(self.start(*ASK)))


def finished(process: subprocess.Popen[str]) -> str:
    """What a process wrote, after it ended well."""
    output, errors = process.communicate(timeout=DEADLINE_SECONDS)
    assert process.returncode == 0, errors
    return output


def cited(output: str) -> str:
    """The sentence that an answer cites first."""
    sentence: str = json.loads(output)["citations"][0]["sentence"]
    return sentence


@contextmanager
def stopped_in_the_end(process: subprocess.Popen[str]) -> Iterator[subprocess.Popen[str]]:
    """Leave no process behind, whatever a test finds out."""
    try:
        yield process
    finally:
        process.kill()
        process.communicate()


@pytest.fixture
def cinco(tmp_path: Path) -> Cinco:
    """The program, without an index."""
    return Cinco(tmp_path)


@pytest.fixture
def cinco_with_index(copy_of_index: Callable[..., Path], tmp_path: Path) -> Cinco:
    """The program, with an index."""
    copy_of_index()
    return Cinco(tmp_path)


# Starting at the same time.


@pytest.fixture(scope="module")
def crowds(tmp_path_factory: pytest.TempPathFactory) -> list[tuple[list[str], Path]]:
    """Answers of two, then of four processes that started at once without an index, and where."""
    found = []
    for size in (2, 4):
        cinco = Cinco(tmp_path_factory.mktemp("crowd"))
        processes = [cinco.start(*ASK) for _ in range(size)]
        found.append(([cited(finished(process)) for process in processes], cinco.root))
    return found


def test_all_of_several_first_processes_answer(crowds: list[tuple[list[str], Path]]) -> None:
    assert [answers for answers, _ in crowds] == [[ANSWER] * 2, [ANSWER] * 4]


def test_several_first_processes_publish_one_index(crowds: list[tuple[list[str], Path]]) -> None:
    assert [len(published(root)) for _, root in crowds] == [1, 1]


def test_several_first_processes_leave_nothing_unfinished(
    crowds: list[tuple[list[str], Path]],
) -> None:
    assert [leftovers(root) for _, root in crowds] == [[], []]


def test_two_builds_give_the_same_arrays(crowds: list[tuple[list[str], Path]]) -> None:
    """Each process has another hash seed."""
    manifests = [root.glob(f"*/{MANIFEST}") for _, root in crowds]
    first, second = (json.loads(path.read_text())["arrays"] for (path,) in manifests)
    assert first == second


def test_several_processes_may_open_an_index_at_once(cinco_with_index: Cinco) -> None:
    processes = [cinco_with_index.start(*ASK) for _ in range(4)]
    assert {cited(finished(process)) for process in processes} == {ANSWER}


def test_several_rebuilds_at_once_all_end_well(cinco_with_index: Cinco) -> None:
    processes = [cinco_with_index.start("index", "--rebuild") for _ in range(2)]
    for process in processes:
        finished(process)
    assert len(published(cinco_with_index.root)) == 3


# A process that is killed while it builds.


@dataclass(frozen=True)
class Moment:
    """When a build is killed: so long after a path came into being."""

    pattern: str
    delay_seconds: float = 0.0


MOMENTS = (
    Moment(".lock"),
    Moment(".building-*"),
    Moment(f".building-*/{CHROMA}/chroma.sqlite3"),
    Moment(f".building-*/{CHROMA}/*/*"),
    Moment(f".building-*/{ARRAYS}"),
    Moment(f".building-*/{ARRAYS}", delay_seconds=0.005),
    Moment(PUBLISHED),
)
"""In the order of a build; the last ones lie around the rename that publishes."""

TRIES = 5

STEPS = 6
"""Kills that are spread evenly over a whole build."""


def existing(root: Path, pattern: str) -> set[Path]:
    """The paths of a pattern; a folder may be renamed while it is looked through."""
    with suppress(FileNotFoundError):
        return set(root.glob(pattern))
    return set()


def is_killed_at(process: subprocess.Popen[str], root: Path, moment: Moment) -> bool:
    """Whether the process was killed at the moment; `False` where it ended before it was seen."""
    before = existing(root, moment.pattern)
    deadline = time.monotonic() + DEADLINE_SECONDS
    while existing(root, moment.pattern) <= before:
        assert time.monotonic() < deadline, f"{moment} never came"
        if process.poll() is not None:
            return False
        time.sleep(0.0005)
    time.sleep(moment.delay_seconds)
    kill(process)
    return True


def kill_a_build(cinco: Cinco, moment: Moment) -> None:
    """Start a build and kill it at the moment; on a busy machine a short one may go by unseen."""
    for _ in range(TRIES):
        with stopped_in_the_end(cinco.start("index", "--rebuild")) as process:
            if is_killed_at(process, cinco.root, moment):
                return
    pytest.fail(f"{moment} went by unseen {TRIES} times")


def kill(process: subprocess.Popen[str]) -> None:
    process.send_signal(signal.SIGKILL)
    process.communicate()


def broken(root: Path) -> list[str]:
    """The published indexes that cannot be read."""
    found = []
    for directory in published(root):
        try:
            index_files.load(short_document(), directory).vectors.close()
        except IndexStoreError as error:
            found.append(f"{directory.name}: {error}")
    return found


@pytest.fixture(scope="module")
def killed_first_builds(tmp_path_factory: pytest.TempPathFactory) -> tuple[Cinco, list[str]]:
    """The program after its first build was killed at every moment, and what broke meanwhile."""
    cinco, seen = Cinco(tmp_path_factory.mktemp("killed")), []
    for moment in MOMENTS:
        kill_a_build(cinco, moment)
        seen += broken(cinco.root)
    return cinco, seen


def test_a_killed_first_build_publishes_a_whole_index_or_none(
    killed_first_builds: tuple[Cinco, list[str]],
) -> None:
    _, seen = killed_first_builds
    assert seen == []


def test_the_start_after_killed_first_builds_answers(
    killed_first_builds: tuple[Cinco, list[str]],
) -> None:
    cinco, _ = killed_first_builds
    assert cinco.ask() == ANSWER


def test_the_start_after_killed_first_builds_removes_what_they_left(
    killed_first_builds: tuple[Cinco, list[str]],
) -> None:
    cinco, _ = killed_first_builds
    cinco.ask()
    assert leftovers(cinco.root) == []


@pytest.fixture(scope="module")
def killed_rebuilds(
    pristine: Path, tmp_path_factory: pytest.TempPathFactory
) -> list[tuple[list[str], str, str, list[Path]]]:
    """After each of many kills: what broke, the next answer, its progress lines, and leftovers."""
    cinco, seen = Cinco(tmp_path_factory.mktemp("rebuilds")), []
    copy_published(pristine, cinco.root)
    started = time.monotonic()
    finished(cinco.start("index", "--rebuild"))
    whole_build = time.monotonic() - started
    for step in range(1, STEPS + 1):
        with stopped_in_the_end(cinco.start("index", "--rebuild")) as process:
            time.sleep(whole_build * step / STEPS)
            kill(process)
        next_start = cinco.start(*ASK)
        answer, progress = next_start.communicate(timeout=DEADLINE_SECONDS)
        seen.append((broken(cinco.root), cited(answer), progress, leftovers(cinco.root)))
    return seen


KilledRebuilds = list[tuple[list[str], str, str, list[Path]]]


def test_a_killed_rebuild_breaks_no_index(killed_rebuilds: KilledRebuilds) -> None:
    assert [broken for broken, *_ in killed_rebuilds if broken] == []


def test_the_start_after_a_killed_rebuild_answers(killed_rebuilds: KilledRebuilds) -> None:
    assert {answer for _, answer, *_ in killed_rebuilds} == {ANSWER}


def test_the_start_after_a_killed_rebuild_builds_nothing(killed_rebuilds: KilledRebuilds) -> None:
    assert [line for _, _, line, _ in killed_rebuilds if "Construyendo" in line] == []


def test_the_start_after_a_killed_rebuild_removes_what_it_left(
    killed_rebuilds: KilledRebuilds,
) -> None:
    assert [paths for *_, paths in killed_rebuilds if paths] == []


# A process that has an index open.


def ask_again(process: subprocess.Popen[str]) -> str:
    """The sentence that a process cites for one more line of its batch."""
    assert process.stdin
    assert process.stdout
    process.stdin.write(json.dumps({"question": TOPIC}) + "\n")
    process.stdin.flush()
    return cited(process.stdout.readline())


def test_a_live_process_keeps_answering_while_another_rebuilds(cinco_with_index: Cinco) -> None:
    with stopped_in_the_end(cinco_with_index.start("ask", "--jsonl", "-")) as live:
        answers = [ask_again(live)]
        with stopped_in_the_end(cinco_with_index.start("index", "--rebuild")) as rebuild:
            while rebuild.poll() is None:
                answers.append(ask_again(live))
            assert rebuild.returncode == 0
        answers.append(ask_again(live))
    assert set(answers) == {ANSWER}


# A full disk.


def full_disk() -> None:
    """No file of this process grows beyond 200 kB."""
    resource.setrlimit(resource.RLIMIT_FSIZE, (200_000, 200_000))


@pytest.fixture(scope="module")
def build_on_full_disk(
    tmp_path_factory: pytest.TempPathFactory,
) -> tuple[subprocess.Popen[str], str, Path]:
    """A build that found no space, what it wrote to stderr, and the folder of indexes."""
    cinco = Cinco(tmp_path_factory.mktemp("full"))
    process = cinco.start("index", before=full_disk)
    _, errors = process.communicate(timeout=DEADLINE_SECONDS)
    return process, errors, cinco.root


def test_a_full_disk_is_an_expected_failure(
    build_on_full_disk: tuple[subprocess.Popen[str], str, Path],
) -> None:
    process, errors, _ = build_on_full_disk
    assert (process.returncode, "Traceback" in errors) == (1, False)


def test_a_full_disk_is_told_with_a_remedy(
    build_on_full_disk: tuple[subprocess.Popen[str], str, Path],
) -> None:
    _, errors, _ = build_on_full_disk
    assert "CINCO_DATA_DIR" in errors.splitlines()[-1]


def test_a_full_disk_leaves_nothing_behind(
    build_on_full_disk: tuple[subprocess.Popen[str], str, Path],
) -> None:
    *_, root = build_on_full_disk
    assert (published(root), leftovers(root)) == ([], [])

"""The background checks: nobody waits, nobody asks too often, nothing old counts as new."""

import time
from collections.abc import Callable
from threading import Event

import pytest

from rag.models import watch
from rag.models.registry import ChatEntry, EmbeddingEntry
from rag.models.status import Status
from rag.models.watch import Entry, Watch
from tests.models.behaviours import exemplary
from tests.models.entries import dead_url, entry, fields
from tests.models.servers import ScriptedServer

WAIT_SECONDS = 10


def chat(name: str) -> ChatEntry:
    return ChatEntry.model_validate({"name": name, "server": "ollama", "model": "m"})


def fine(entry: Entry) -> Status:
    return Status(entry, "answers")


def noting(asked: list[Entry]) -> Callable[[Entry], Status]:
    """A check that notes whom it was asked about."""

    def check(entry: Entry) -> Status:
        asked.append(entry)
        return fine(entry)

    return check


def test_nothing_is_asked_before_someone_looks() -> None:
    asked: list[Entry] = []
    mine = chat("mine")
    watched = Watch([mine], noting(asked))
    assert watched.status(mine) is None
    assert not watched.is_looking
    assert not asked


def test_looking_does_not_wait_for_a_server_and_shows_what_has_come() -> None:
    gate = Event()
    slow, fast = chat("slow"), chat("fast")

    def check(entry: Entry) -> Status:
        if entry is slow:
            gate.wait(WAIT_SECONDS)
        return fine(entry)

    watched = Watch([slow, fast], check)
    watched.look()
    until(lambda: watched.status(fast) is not None)
    assert watched.status(slow) is None
    assert watched.is_looking
    gate.set()
    until(lambda: not watched.is_looking)
    assert watched.status(slow) == Status(slow, "answers")


def test_what_was_just_found_is_not_asked_again(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[Entry] = []
    mine = chat("mine")
    watched = Watch([mine], noting(asked))
    for _ in range(5):
        watched.look(max_age_seconds=0)
    until(lambda: not watched.is_looking)
    watched.look(max_age_seconds=0)
    assert len(asked) == 1
    monkeypatch.setattr(watch, "PAUSE_SECONDS", 0.0)
    watched.look()
    assert len(asked) == 1
    watched.look(max_age_seconds=0)
    until(lambda: len(asked) == 2)


def test_what_does_not_answer_in_time_is_silent_and_keeps_out_of_the_next_round(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(watch, "PATIENCE_SECONDS", 0.05)
    monkeypatch.setattr(watch, "PAUSE_SECONDS", 0.0)
    gates = [Event(), Event()]
    rounds = iter(gates)
    states = iter(("refuses", "answers"))
    mine = chat("mine")

    def check(entry: Entry) -> Status:
        state = next(states)
        next(rounds).wait(WAIT_SECONDS)
        return Status(entry, state)  # type: ignore[arg-type]

    watched = Watch([mine], check)
    watched.look()
    until(lambda: not watched.is_looking)
    assert watched.status(mine) == Status(mine, "silent")
    watched.look(max_age_seconds=0)
    monkeypatch.setattr(watch, "PATIENCE_SECONDS", float(WAIT_SECONDS))
    gates[0].set()
    time.sleep(0.05)
    assert watched.status(mine) is None
    gates[1].set()
    until(lambda: watched.status(mine) is not None)
    assert watched.status(mine) == Status(mine, "answers")


def test_a_chat_model_and_an_embedder_of_one_name_are_kept_apart() -> None:
    model = chat("same")
    values = {"name": "same", "server": "ollama", "model": "m"}
    embedder = EmbeddingEntry.model_validate(values)

    def check(entry: Entry) -> Status:
        return Status(entry, "answers" if entry is model else "no_model")

    watched = Watch([model, embedder], check)
    watched.look()
    until(lambda: not watched.is_looking)
    assert watched.status(model) == Status(model, "answers")
    assert watched.status(embedder) == Status(embedder, "no_model")


def test_real_servers_are_told_apart() -> None:
    with ScriptedServer(exemplary) as server:
        live = entry(server)
        dead = ChatEntry.model_validate({**fields(server), "name": "dead", "base_url": dead_url()})
        watched = Watch([live, dead])
        watched.look()
        until(lambda: not watched.is_looking)
        assert watched.status(live) == Status(live, "answers")
        found = watched.status(dead)
        assert found is not None
        assert found.state == "silent"


def until(is_so: Callable[[], bool]) -> None:
    deadline = time.monotonic() + WAIT_SECONDS
    while not is_so():
        assert time.monotonic() < deadline
        time.sleep(0.01)

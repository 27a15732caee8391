"""Conversations as the page keeps them, over a real store."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from threading import Event
from typing import ClassVar

import pytest

from rag.conversations.conversation import Asked, Feedback
from rag.conversations.database import sqlite_url
from rag.conversations.store import ConversationStore
from rag.domain import Message, ModelTraits, Piece, Question
from rag.limits import Limits
from rag.ui.dialogue import Dialogue
from rag.ui.gate import Gate
from rag.ui.job import Jobs
from rag.ui.record import Drawer, Record
from rag.ui.words import say
from tests.product import assistant

OWNER = "o" * 64
ENERGY = Question("¿Qué dice de la energía y los recursos?")
NUCLEAR = Question("¿Apoya la energía nuclear?")
SECONDS = 40


@dataclass
class Held:
    """A model that writes half a sentence and waits to be let go."""

    go_on: Event = field(default_factory=Event)
    traits: ClassVar[ModelTraits] = ModelTraits("lenta", 8192, 500)

    def count(self, text: str) -> int:
        return len(text) // 3

    def stream(self, messages: Sequence[Message], cancelled: Callable[[], bool]) -> Iterator[Piece]:
        yield Piece("China apoya la energía nuclear con fines pacíficos [2.5:4]. ")
        self.go_on.wait(SECONDS)
        yield Piece("Promueve la energía limpia [2.5:3].")


@pytest.fixture
def store(tmp_path: Path) -> Iterator[ConversationStore]:
    store = ConversationStore(sqlite_url(tmp_path / "kept.sqlite"))
    yield store
    store.close()


@pytest.fixture
def jobs() -> Jobs:
    return Jobs()


def _new(store: ConversationStore, jobs: Jobs, id_: str | None = None) -> Dialogue:
    return Dialogue(Record(Drawer(store, OWNER), id_), jobs)


def _reopened(store: ConversationStore, jobs: Jobs, id_: str | None) -> Dialogue:
    kept = store.load(OWNER, id_ or "")
    assert kept is not None
    dialogue = _new(store, jobs, id_)
    dialogue.resume(assistant(), kept, lambda name: None)
    return dialogue


def test_what_was_asked_and_answered_is_there_again(store: ConversationStore, jobs: Jobs) -> None:
    dialogue = _new(store, jobs)
    dialogue.ask(assistant(), ENERGY, None)
    dialogue.ask(assistant(), NUCLEAR, None, is_alone=True)
    dialogue.rate(1, Feedback(is_useful=True, reason=None, comment="", at=datetime.now(UTC)))
    again = _reopened(store, jobs, dialogue.record.id)
    assert again.exchanges == dialogue.exchanges
    assert again.name == ENERGY.text
    assert [again.history(position) for position in range(2)] == [(), ()]


def test_a_new_attempt_takes_the_place_of_the_last(store: ConversationStore, jobs: Jobs) -> None:
    dialogue = _new(store, jobs)
    dialogue.ask(assistant(), ENERGY, None)
    dialogue.ask(assistant(), NUCLEAR, None)
    dialogue.ask(assistant(), ENERGY, None, is_again=True)
    again = _reopened(store, jobs, dialogue.record.id)
    assert [exchange.asked.question for exchange in again.exchanges] == [ENERGY, ENERGY]


def test_another_page_finds_the_answer_that_is_being_written(
    store: ConversationStore, jobs: Jobs
) -> None:
    model = Held()
    dialogue = _new(store, jobs)
    dialogue.ask(assistant(), ENERGY, model)
    dialogue.ask(assistant(), NUCLEAR, None)
    other = _reopened(store, jobs, dialogue.record.id)
    assert other.pending is dialogue.pending
    assert [begun.asked.question for begun in other.waiting] == [NUCLEAR]
    model.go_on.set()
    assert other.pending is not None
    other.pending.wait(SECONDS)
    other.advance(assistant())
    assert [exchange.asked.question for exchange in other.exchanges] == [ENERGY, NUCLEAR]
    kept = store.load(OWNER, dialogue.record.id or "")
    assert kept is not None
    assert [turn.is_finished for turn in kept.turns] == [True, True]


def test_an_answer_goes_on_when_the_page_leaves_it(store: ConversationStore, jobs: Jobs) -> None:
    model = Held()
    dialogue = _new(store, jobs)
    dialogue.ask(assistant(), ENERGY, model)
    job = dialogue.pending
    dialogue.leave()
    model.go_on.set()
    assert job is not None
    job.wait(SECONDS)
    (exchange,) = _reopened(store, Jobs(), dialogue.record.id).exchanges
    assert exchange.turn.answer.provenance.model == "lenta"


def test_an_answer_that_nobody_keeps_ends_when_the_page_leaves_it() -> None:
    dialogue = Dialogue(Record(None), Jobs())
    dialogue.ask(assistant(), ENERGY, Held())
    dialogue.leave()
    assert dialogue.pending is not None
    assert dialogue.pending.is_stopping


def test_what_was_broken_off_shows_what_had_come(store: ConversationStore, jobs: Jobs) -> None:
    record = Record(Drawer(store, OWNER))
    ordinal = record.begin_turn(Asked(ENERGY, datetime.now(UTC), model="lenta"))
    writer = record.writer(ordinal)
    assert writer is not None
    writer.partial("China apoya")
    (exchange,) = _reopened(store, jobs, record.id).exchanges
    answer = exchange.turn.answer
    assert (answer.status, answer.text) == ("error", say("error.interrupted"))
    assert answer.fallback is not None
    assert answer.fallback.text == "China apoya"


def test_a_conversation_deleted_meanwhile_goes_on_as_a_new_one(
    store: ConversationStore, jobs: Jobs
) -> None:
    dialogue = _new(store, jobs)
    dialogue.ask(assistant(), ENERGY, None)
    first = dialogue.record.id
    store.delete(OWNER, first or "")
    dialogue.ask(assistant(), NUCLEAR, None)
    assert dialogue.record.id != first
    again = _reopened(store, jobs, dialogue.record.id)
    assert [exchange.asked.question for exchange in again.exchanges] == [NUCLEAR]


def test_a_store_that_fails_takes_no_answer_with_it(
    store: ConversationStore, jobs: Jobs, tmp_path: Path
) -> None:
    dialogue = _new(store, jobs)
    store.close()
    (tmp_path / "kept.sqlite").write_bytes(b"no database" * 1000)
    dialogue.ask(assistant(), ENERGY, None)
    assert dialogue.exchanges[0].turn.answer.status == "answered"
    assert dialogue.record.problem is not None


def test_without_model_calls_left_the_extractive_answer_says_so() -> None:
    gate = Gate(Limits(10, 1), "v")
    assert gate.enter() is None  # another answer of the visitor is being written
    dialogue = Dialogue(Record(None), Jobs(), gate)
    dialogue.ask(assistant(), ENERGY, Held())
    (exchange,) = dialogue.exchanges
    assert exchange.turn.answer.provenance.mode == "extractive"
    assert say("limits.at_once_model") in exchange.turn.answer.warnings


def test_an_answer_by_a_model_leaves_the_gate_when_it_is_done() -> None:
    gate, model = Gate(Limits(10, 1), "v"), Held()
    dialogue = Dialogue(Record(None), Jobs(), gate)
    dialogue.ask(assistant(), ENERGY, model)
    assert gate.enter() is not None
    model.go_on.set()
    assert dialogue.pending is not None
    dialogue.pending.wait(SECONDS)
    assert gate.enter() is None

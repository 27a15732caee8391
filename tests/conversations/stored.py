"""Conversations that tests store, and how they look into what is stored."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from rag.conversations.conversation import Asked, Conversation, StoredTurn
from rag.conversations.database import sqlite_url
from rag.conversations.owners import owner_of
from rag.conversations.store import ConversationStore
from rag.domain import Answer, Citation, Provenance, Question

OWNER = owner_of("a token")
STRANGER = owner_of("another token")
MOMENT = datetime(2026, 3, 1, 12, 30, 15, 123456, tzinfo=UTC)


def open_at(folder: Path) -> ConversationStore:
    """The store in that folder."""
    return ConversationStore(sqlite_url(folder / "c.sqlite"))


def asked(text: str, *, is_alone: bool = False, model: str | None = None) -> Asked:
    """A question at a fixed moment."""
    return Asked(Question(text), MOMENT, is_alone, model)


def answer(text: str = "Lo dice\\.", quote: str = "La cita.") -> Answer:
    """An answer with one citation."""
    found = Citation("2.5:4", quote, 10, 10 + len(quote), "verified")
    return Answer("answered", "es", text, Provenance("d", "i"), citations=(found,))


def tell(store: ConversationStore, *questions: str, owner: str = OWNER) -> str:
    """A new conversation with an answer to each question; its id."""
    new = store.begin(owner, questions[0])
    for question in questions:
        ordinal = store.begin_turn(owner, new, asked(question))
        assert ordinal is not None
        store.finish_turn(owner, new, ordinal, answer(f"Respuesta a: {question}"))
    return new


def loaded(store: ConversationStore, conversation: str, owner: str = OWNER) -> Conversation:
    """A conversation that is there."""
    found = store.load(owner, conversation)
    assert found is not None
    return found


def turns(store: ConversationStore, conversation: str) -> tuple[StoredTurn, ...]:
    """Its turns."""
    return loaded(store, conversation).turns


def files(folder: Path) -> Iterator[Path]:
    """The database and what SQLite keeps beside it."""
    return (path for path in folder.iterdir() if path.name.startswith("c.sqlite"))


def raw(folder: Path) -> bytes:
    """Every byte of them."""
    return b"".join(path.read_bytes() for path in files(folder))

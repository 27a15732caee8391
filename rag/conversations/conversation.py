"""The vocabulary of this room: conversations as they are stored."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from rag.domain import Answer, Question

Complaint = Literal[
    "wrong_section", "missing", "not_supported", "should_not_answer", "wrong_language", "other"
]
"""What a reader finds wrong with an answer."""

MAX_COMMENT = 2000
"""Characters of a reader's comment; what is longer is cut."""

MAX_TITLE = 120


@dataclass(frozen=True, slots=True)
class Feedback:
    """What a reader thinks of one answer."""

    is_useful: bool
    reason: Complaint | None
    comment: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Asked:
    """A turn before its answer is sought."""

    question: Question
    asked_at: datetime
    """Aware of its time zone."""
    is_alone: bool = False
    """Whether it is asked without the turns before it."""
    model: str | None = None
    """What is to answer; `None` is the extractive mode."""


@dataclass(frozen=True, slots=True)
class StoredTurn:
    """One question and what came of it."""

    ordinal: int
    """Grows with every turn of a conversation, and is never given to another turn."""
    question: Question
    answer: Answer | None
    """`None` while it is sought, and for ever where that was broken off."""
    partial: str
    """Markdown of what had come of an answer that was not finished; else empty."""
    asked_at: datetime
    is_alone: bool
    """Whether it was asked without the turns before it."""
    model: str | None
    """What was to answer; `None` is the extractive mode."""
    feedback: Feedback | None = None

    @property
    def is_finished(self) -> bool:
        """Whether there is an answer."""
        return self.answer is not None


@dataclass(frozen=True, slots=True)
class Conversation:
    """A conversation with all its turns, oldest first."""

    id: str
    title: str
    begun: datetime
    used: datetime
    """When its last turn was asked or answered."""
    turns: tuple[StoredTurn, ...]


@dataclass(frozen=True, slots=True)
class Summary:
    """A conversation as a list shows it."""

    id: str
    title: str
    begun: datetime
    used: datetime
    turns: int
    """How many there are."""

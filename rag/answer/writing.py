"""A chat model at work: what it is, and what it has written."""

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol

from rag.answer import protocol, thoughts
from rag.answer.frames import frame
from rag.answer.packing import Packed
from rag.answer.protocol import Reply
from rag.answer.rendering import preview
from rag.domain import Language, Message, ModelTraits, Piece, Usage
from rag.errors import ModelError

Cancelled = Callable[[], bool]
Listener = Callable[[str], None]
"""Takes the Markdown of the answer so far, whole each time."""

CUT_SHORT = 0.7
"""Share of our own count of the prompt below which a server's count says that it cut it."""

CHARACTERS_PER_TOKEN = 8
"""No text has more; a reply that is longer than its limit of tokens allows ignores the limit."""

PREVIEW_SECONDS = 0.1
"""Pause between two readings of a reply that still arrives."""


class ChatModel(Protocol):
    """Whatever writes a reply to messages."""

    @property
    def traits(self) -> ModelTraits:
        """Its name and limits."""

    def count(self, text: str) -> int:
        """Tokens of a text."""

    def stream(self, messages: Sequence[Message], cancelled: Cancelled) -> Iterator[Piece]:
        """The reply, piece by piece.

        Raises:
            ModelError: it failed.
        """


@dataclass(frozen=True, slots=True)
class Writer:
    """A model at work for one question."""

    model: ChatModel
    listen: Listener = lambda text: None
    cancelled: Cancelled = lambda: False


@dataclass(frozen=True, slots=True)
class Written:
    """A reply as it came."""

    raw: str
    usage: Usage | None = None
    is_cut: bool = False
    is_stopped: bool = False
    error: ModelError | None = None
    """Why it broke off after something had come."""

    @property
    def is_broken(self) -> bool:
        """Whether it ended before its end."""
        return self.is_cut or self.is_stopped or self.error is not None

    @property
    def reply(self) -> Reply:
        """What was written, without a last statement that was broken off."""
        reply = protocol.read(self.raw)
        return reply.whole if self.is_stopped or self.is_cut else reply


def write(messages: Sequence[Message], writer: Writer) -> Written:
    """Take a reply in, telling of it now and then.

    Raises:
        ModelError: it failed before anything came.
    """
    raw, told = "", _Told(writer.listen)
    longest = CHARACTERS_PER_TOKEN * writer.model.traits.answer_tokens
    usage: Usage | None = None
    is_cut = False
    error: ModelError | None = None
    try:
        for piece in writer.model.stream(messages, writer.cancelled):
            raw += piece.text
            usage, is_cut = piece.usage or usage, piece.is_cut or is_cut
            if len(raw) > longest:
                is_cut = True
                break
            told.update(raw)
    except ModelError as broken:
        if not raw:
            raise
        error = broken
    told.finish(raw)
    return Written(raw, usage, is_cut, writer.cancelled(), error)


class _Told:
    """What has been told of a reply."""

    def __init__(self, listen: Listener) -> None:
        self._listen = listen
        self._shown = ""
        self._next = 0.0

    def update(self, raw: str) -> None:
        """Tell what is new, unless it was told of a moment ago: reading it all takes time."""
        if time.monotonic() >= self._next:
            self.finish(raw)
            self._next = time.monotonic() + PREVIEW_SECONDS

    def finish(self, raw: str) -> None:
        """Tell what is new."""
        partial = preview(raw)
        if partial != self._shown:
            self._shown = partial
            self._listen(partial)


def notes(written: Written, language: Language, packed: Packed) -> Iterator[str]:
    """What the reader is to know of how the reply came about."""
    if written.is_cut:
        yield frame(language, "cut")
    if written.is_stopped:
        yield frame(language, "stopped")
    if written.usage and 0 < written.usage.prompt < CUT_SHORT * packed.tokens:
        yield frame(language, "prompt_cut", seen=str(written.usage.prompt), sent=str(packed.tokens))


def nothing(written: Written, language: Language) -> str:
    """Why there is no sentence to show."""
    if written.error:
        return str(written.error)
    if written.is_stopped:
        return frame(language, "stopped_early")
    if written.is_cut:
        return frame(language, "cut" if thoughts.answer_part(written.raw).strip() else "spent")
    return frame(language, "silent_model")

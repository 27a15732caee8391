"""What goes between a client and a scripted model: the chat as the model sees it, and the reply."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from threading import TIMEOUT_MAX, Event
from typing import Final, Literal, Protocol, TypeAlias

FOR_EVER: Final = TIMEOUT_MAX
TOKEN: Final = re.compile(r"[\u3040-\u9fff]{1,2}|[^\W\u3040-\u9fff]{1,6}|[^\w\s]")


@dataclass(frozen=True, slots=True)
class Message:
    """One message of a chat, its parts joined."""

    role: str
    text: str


@dataclass(frozen=True, slots=True)
class Chat:
    """A chat request as the model sees it: what was cut from the prompt is not there."""

    messages: tuple[Message, ...]
    path: str
    attempt: int
    """1 for the first chat request to the server."""

    @property
    def prompt_tokens(self) -> int:
        """As many as the server counts."""
        return sum(len(TOKEN.findall(message.text)) for message in self.messages)

    @property
    def prompt(self) -> str:
        """All that others than the model have said."""
        return "\n".join(m.text for m in self.messages if m.role != "assistant")


@dataclass(frozen=True, slots=True)
class Reply:
    """What the model sends, and how."""

    pieces: tuple[str, ...] = ()
    thinking: tuple[str, ...] = ()
    """Sent before, in the field that a dialect has for it."""
    finish_reason: Literal["stop", "length"] = "stop"
    prompt_tokens: int | None = None
    """What the usage says instead of the truth."""
    delay_seconds: float = 0.0
    """Before the headers."""
    first_token_seconds: float = 0.0
    """Between the headers and the first piece."""
    pause_seconds: float = 0.0
    """After each piece."""
    until: Event | None = None
    """What it waits for after the pieces."""
    end: Literal["whole", "die", "hang"] = "whole"
    """What happens after the pieces."""
    is_broken: bool = False
    """Every second line of the stream, or the whole body, is cut in the middle of its JSON."""

    @property
    def text(self) -> str:
        """The answer in one."""
        return "".join(self.pieces)


@dataclass(frozen=True, slots=True)
class Failure:
    """A refusal of the server's, worded by its dialect."""

    status: int
    message: str
    headers: Mapping[str, str] = field(default_factory=dict)
    is_html: bool = False
    """The message is the whole body, a page."""


Outcome: TypeAlias = Reply | Failure


class Behaviour(Protocol):
    """What a model makes of a chat request."""

    def __call__(self, chat: Chat, /) -> Outcome: ...


def cut(chat: Chat, max_tokens: int) -> Chat:
    """The chat without what is too much at its front, as servers cut that do not say so."""
    room = max_tokens
    kept: list[Message] = []
    for message in reversed(chat.messages):
        starts = [match.start() for match in TOKEN.finditer(message.text)]
        if len(starts) > room:
            tail = message.text[starts[-room] :] if room else ""
            kept += [Message(message.role, tail)] if tail else []
            break
        room -= len(starts)
        kept.append(message)
    return replace(chat, messages=tuple(reversed(kept)))


def too_long(context: int, tokens: int) -> Failure:
    """The refusal of a prompt that does not fit, in the words of vLLM."""
    return Failure(
        400,
        f"This model's maximum context length is {context} tokens. However, you requested {tokens}"
        " tokens in the messages. Please reduce the length of the messages.",
    )

"""Chat models through LangChain: one class for every provider, streamed, with limits."""

import logging
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from rag.domain import Message, ModelTraits, Piece, Usage
from rag.errors import ModelError
from rag.models import ambient
from rag.models.arguments import arguments_of
from rag.models.failures import Trouble, trouble
from rag.models.keys import key_of
from rag.models.pump import Overdue, pumped
from rag.models.registry import ChatEntry

if TYPE_CHECKING:
    from langchain_core.language_models import BaseChatModel
    from langchain_core.messages import AIMessageChunk, BaseMessage

log = logging.getLogger(__name__)

Cancelled = Callable[[], bool]

MAX_WAIT_SECONDS = 20.0
"""Longest pause before a retry, also where a server asks for more."""

FIRST_WAIT_SECONDS = 0.5

PACKAGES = {
    "openai": "langchain-openai",
    "ollama": "langchain-ollama",
    "google_genai": "langchain-google-genai",
    "mistralai": "langchain-mistralai",
    "bedrock_converse": "langchain-aws",
    "azure_openai": "langchain-openai",
}
"""Provider → package, where it is not `langchain-<provider>`."""


class LangChainChat:
    """One entry of the registry as a chat model; safe for several threads."""

    def __init__(self, entry: ChatEntry, client: "BaseChatModel") -> None:
        """Take the entry and LangChain's model for it."""
        self._entry = entry
        self._client = client
        self._joins_system = False

    @property
    def joins_system(self) -> bool:
        """Whether the server turned out to reject the system role."""
        return self._joins_system

    def close(self) -> None:
        """End the connections, which LangChain's model has no way to do of its own."""
        openai = getattr(self._client, "http_client", None)
        ollama = getattr(getattr(self._client, "_client", None), "_client", None)
        for owner in (openai, ollama):
            if owner is not None and hasattr(owner, "close"):
                owner.close()

    def stream(
        self, messages: Sequence[Message], cancelled: Cancelled = lambda: False
    ) -> Iterator[Piece]:
        """The reply, piece by piece; ends early without an error when cancelled.

        A failure that may pass is retried as long as nothing was received. Where the server
        rejects the system role, its text goes into the first question from then on.

        Raises:
            ModelError: the server cannot be reached, refuses, breaks off or is too slow.
        """
        attempt, deadline = 0, time.monotonic() + self._entry.total_seconds
        while True:
            received, joined = False, self._joins_system
            try:
                for piece in self._attempt(messages, deadline, cancelled):
                    received = received or bool(piece.text)
                    yield piece
                return
            except ModelError:
                raise
            # Every provider brings exceptions of its own: here they become one kind.
            except Exception as error:
                found = trouble(error)
                log.info("model %s: %s", self._entry.name, found.kind)
                if found.kind == "system_role" and not joined:
                    self._joins_system = True
                elif not received and self._retries(found, attempt, deadline, cancelled):
                    attempt += 1
                elif cancelled():
                    return
                else:
                    raise found.as_error(self._entry) from error

    def _attempt(
        self, messages: Sequence[Message], deadline: float, cancelled: Cancelled
    ) -> Iterator[Piece]:
        spoken = _spoken(messages, joins_system=self._joins_system)
        try:
            for chunk in pumped(lambda: self._client.stream(spoken), cancelled, deadline):
                yield _piece(chunk)
        except Overdue:
            raise _too_slow(self._entry) from None

    def _retries(self, found: Trouble, attempt: int, deadline: float, cancelled: Cancelled) -> bool:
        """Wait as long as there is reason to, and say whether to try again."""
        if not found.may_pass or attempt >= self._entry.retries:
            return False
        asked = found.retry_after_seconds
        wait = FIRST_WAIT_SECONDS * 2**attempt if asked is None else asked
        if wait > MAX_WAIT_SECONDS or time.monotonic() + wait > deadline:
            return False
        until = time.monotonic() + wait
        while time.monotonic() < until:
            if cancelled():
                return False
            time.sleep(min(0.05, wait))
        return True


def package_of(provider: str) -> str:
    """The package that brings a provider of LangChain's."""
    return PACKAGES.get(provider, f"langchain-{provider.replace('_', '-')}")


def traits_of(entry: ChatEntry) -> ModelTraits:
    """Its name, its limits, and how it wants to be asked."""
    return ModelTraits(
        name=entry.name,
        context_tokens=entry.context_tokens,
        answer_tokens=entry.answer_tokens,
        takes_document=entry.context == "document",
        repairs=entry.repair,
        rewrites=entry.rewrite,
    )


def open_chat(entry: ChatEntry) -> LangChainChat:
    """The chat model of an entry; nothing is sent yet.

    Raises:
        ModelError: its package is not installed, or its key is missing.
    """
    key = key_of(entry)
    ambient.disarm()
    from langchain.chat_models import init_chat_model

    from rag.models.tracing import switch_off

    switch_off()

    try:
        client = init_chat_model(
            entry.model, model_provider=entry.provider, **arguments_of(entry, key)
        )
    except ImportError as error:
        raise ModelError(
            f"El proveedor «{entry.provider}» del modelo «{entry.name}» no está instalado.",
            remedy=f"Ejecute `.venv/bin/pip install {package_of(entry.provider)}`.",
        ) from error
    except (ValueError, TypeError) as error:
        raise _unusable(entry) from error
    if not all(_takes(type(client), option) for option in entry.options):
        raise _unusable(entry)
    return LangChainChat(entry, client)


def _takes(kind: "type[BaseChatModel]", option: str) -> bool:
    """Whether it is one of the class's own: others fail at every request, or have no effect."""
    return any(option in (name, field.alias) for name, field in kind.model_fields.items())


def _unusable(entry: ChatEntry) -> ModelError:
    return ModelError(
        f"La entrada del modelo «{entry.name}» no se puede usar: "
        f"proveedor u opciones desconocidos.",
        remedy="Revise provider y options en models.toml.",
    )


def _spoken(messages: Sequence[Message], *, joins_system: bool) -> list["BaseMessage"]:
    """The messages as LangChain wants them; with `joins_system`, without the system role."""
    from langchain_core.messages import AIMessage, HumanMessage, SystemMessage

    kinds: Mapping[str, type[BaseMessage]] = {
        "system": SystemMessage,
        "user": HumanMessage,
        "assistant": AIMessage,
    }
    spoken = list(messages)
    if joins_system and len(spoken) > 1 and spoken[0].role == "system":
        first = Message("user", f"{spoken[0].text}\n\n{spoken[1].text}")
        spoken = [first, *spoken[2:]]
    return [kinds[message.role](content=message.text) for message in spoken]


def _piece(chunk: "AIMessageChunk") -> Piece:
    usage = chunk.usage_metadata
    ended = chunk.response_metadata
    return Piece(
        text=chunk.text,
        usage=Usage(usage["input_tokens"], usage["output_tokens"]) if usage else None,
        is_cut="length" in (ended.get("finish_reason"), ended.get("done_reason")),
    )


def _too_slow(entry: ChatEntry) -> ModelError:
    return ModelError(
        f"El modelo «{entry.name}» no terminó en {entry.total_seconds:g} segundos.",
        remedy="Suba total_seconds en models.toml o elija un modelo más rápido.",
    )

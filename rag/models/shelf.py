"""The configured models, each opened when first asked."""

from collections.abc import Callable, Iterator, Sequence
from threading import Lock

from rag.domain import Message, ModelTraits, Piece
from rag.models import registry, tokens
from rag.models.chat import LangChainChat, open_chat, traits_of
from rag.models.registry import ChatEntry
from rag.settings import Settings


class LazyChat:
    """A chat model whose client is made when it is first asked: importing it takes a second."""

    def __init__(self, entry: ChatEntry) -> None:
        """Take the entry of the registry."""
        self.traits: ModelTraits = traits_of(entry)
        self._entry = entry
        self._chat: LangChainChat | None = None
        self._lock = Lock()

    def count(self, text: str) -> int:
        """Tokens of a text by `o200k_base`; other vocabularies differ by up to a third."""
        return tokens.count(text)

    def stream(
        self, messages: Sequence[Message], cancelled: Callable[[], bool] = lambda: False
    ) -> Iterator[Piece]:
        """The reply, piece by piece.

        Raises:
            ModelError: it cannot be opened, or fails.
        """
        with self._lock:
            if self._chat is None:
                self._chat = open_chat(self._entry)
        yield from self._chat.stream(messages, cancelled)

    def close(self) -> None:
        """End its connections; the next question opens them anew."""
        with self._lock:
            if self._chat is not None:
                self._chat.close()
            self._chat = None


class ModelShelf:
    """Every configured chat model by its name; safe for several threads."""

    def __init__(self, settings: Settings) -> None:
        """Read the registry.

        Raises:
            SettingsError: it is not valid.
        """
        self.registry = registry.read(settings)
        self._models = {name: LazyChat(entry) for name, entry in self.registry.chat.items()}

    @property
    def names(self) -> tuple[str, ...]:
        """What can be asked for, the extractive mode first."""
        return self.registry.names

    def find(self, name: str | None = None) -> LazyChat | None:
        """The model of that name, or the default one; `None` is the extractive mode.

        Raises:
            InputError: nobody named such a model.
        """
        entry = self.registry.find(name)
        return self._models[entry.name] if entry else None

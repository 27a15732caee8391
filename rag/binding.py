"""An assistant together with the chat model that writes for it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from rag.assistant import Assistant, open_assistant
from rag.domain import Answer, Document, Question
from rag.settings import Settings

if TYPE_CHECKING:
    from rag.answer.writing import ChatModel


class Asker(Protocol):
    """Whatever answers questions about a document as the product does."""

    @property
    def document(self) -> Document:
        """The document that answers come from."""

    @property
    def index_fingerprint(self) -> str:
        """The fingerprint of the index behind the answers."""

    def ask(self, question: Question, history: Sequence[Question] = ()) -> Answer:
        """The answer to one question."""


@dataclass(frozen=True, slots=True)
class Modelled:
    """An assistant whose answers a model writes; safe for several threads."""

    assistant: Assistant
    model: "ChatModel"

    @property
    def document(self) -> Document:
        """The document that answers come from."""
        return self.assistant.document

    @property
    def index_fingerprint(self) -> str:
        """The fingerprint of the index behind the answers."""
        return self.assistant.index_fingerprint

    def ask(self, question: Question, history: Sequence[Question] = ()) -> Answer:
        """The answer to one question."""
        from rag.answer.writing import Writer

        return self.assistant.ask(question, history, Writer(self.model))


def open_asker(
    settings: Settings, announce: Callable[[str], None], model: str | None = None
) -> Asker:
    """The assistant with the configured model of that name, or the default one.

    Raises:
        InputError: nobody named such a model.
        RagError: the file that names models, the document or the index cannot be used.
    """
    if model is None and settings.models_file is None:
        return open_assistant(settings, announce)
    # Only needed where models are named: importing it takes a tenth of a cold answer.
    from rag.models.shelf import ModelShelf

    found = ModelShelf(settings).find(model)
    assistant = open_assistant(settings, announce)
    return Modelled(assistant, found) if found else assistant

"""A chat model whose calls are counted for the operator's budget."""

from collections.abc import Callable, Iterator, Sequence

from rag.answer.writing import Cancelled, ChatModel
from rag.domain import Message, ModelTraits, Piece


class Metered:
    """The model of one answer: its first call was booked when the answer was let in."""

    def __init__(self, model: ChatModel, book: Callable[[], None]) -> None:
        """Take the model and what books each further call."""
        self._model = model
        self._book = book
        self._is_begun = False

    @property
    def traits(self) -> ModelTraits:
        """Those of the model."""
        return self._model.traits

    def count(self, text: str) -> int:
        """Tokens of a text, as the model counts."""
        return self._model.count(text)

    def stream(self, messages: Sequence[Message], cancelled: Cancelled) -> Iterator[Piece]:
        """The model's reply, piece by piece.

        Raises:
            ModelError: the model failed.
        """
        if self._is_begun:
            self._book()
        self._is_begun = True
        yield from self._model.stream(messages, cancelled)

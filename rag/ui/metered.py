"""A chat model whose calls are counted for the operator's budget."""

from collections.abc import Callable, Iterator, Sequence

from rag.answer.writing import Cancelled, ChatModel
from rag.domain import Message, ModelTraits, Piece


class Metered:
    """A model whose calls are booked."""

    def __init__(
        self, model: ChatModel, book: Callable[[], None], *, is_let_in: bool = False
    ) -> None:
        """Take the model and what books a call; the first one of what was let in is booked."""
        self._model = model
        self._book = book
        self._is_paid = is_let_in

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
        if not self._is_paid:
            self._book()
        self._is_paid = False
        yield from self._model.stream(messages, cancelled)

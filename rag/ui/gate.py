"""The limits as they hold for one visitor."""

from dataclasses import dataclass

from rag.answer.writing import ChatModel
from rag.limits import Limits, Refusal
from rag.ui.metered import Metered


@dataclass(frozen=True, slots=True)
class Gate:
    """Lets a visitor's questions through, and their answers by a model."""

    limits: Limits
    visitor: str
    """Whom the questions are counted for."""

    def admit(self) -> Refusal | None:
        """Count a question, or say why it must wait."""
        return self.limits.admit(self.visitor)

    def enter(self) -> Refusal | None:
        """Begin an answer by a model, or say why not; each that begins is to be left."""
        return self.limits.enter(self.visitor)

    def metered(self, model: ChatModel) -> ChatModel:
        """The model of an answer that was let in, every further call of it booked."""
        return Metered(model, self.limits.book, is_let_in=True)

    def leave(self) -> None:
        """End an answer by a model."""
        self.limits.leave(self.visitor)

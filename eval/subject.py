"""What is evaluated: anything that answers questions as the product's assistant does."""

from collections.abc import Callable, Sequence
from typing import Protocol

from rag.assistant import DEFAULT_LEGS, LegWeights, open_assistant
from rag.domain import Answer, Document, Question
from rag.errors import InputError
from rag.settings import Settings

EXTRACTIVE = "extractive"
"""The mode without a model."""


class Subject(Protocol):
    """The assistant, or whatever a test puts in its place."""

    @property
    def document(self) -> Document:
        """The document that answers come from."""

    @property
    def index_fingerprint(self) -> str:
        """The fingerprint of the index behind the answers."""

    def ask(self, question: Question, history: Sequence[Question] = ()) -> Answer:
        """The answer to one question."""


def models() -> tuple[str, ...]:
    """The names that `--model` takes."""
    return (EXTRACTIVE,)


def open_subject(
    model: str,
    settings: Settings,
    announce: Callable[[str], None],
    *,
    legs: LegWeights = DEFAULT_LEGS,
) -> Subject:
    """The product's own assistant with that model; `legs` are weights for an ablation.

    Raises:
        InputError: nobody knows a model of that name.
        RagError: the document or the index cannot be used.
    """
    if model not in models():
        raise InputError(
            f"No se conoce el modelo «{model}».", remedy=f"Hay: {', '.join(models())}."
        )
    return open_assistant(settings, announce, legs=legs)

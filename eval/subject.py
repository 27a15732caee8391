"""What is evaluated: anything that answers questions as the product's assistant does."""

import logging
from collections.abc import Callable

from rag.answer.writing import ChatModel
from rag.assistant import DEFAULT_LEGS, Assistant, LegWeights, open_assistant
from rag.binding import Asker, Modelled
from rag.models import registry
from rag.models.registry import CORPUS, EXTRACTIVE
from rag.models.shelf import ModelShelf
from rag.settings import Settings

log = logging.getLogger(__name__)

Subject = Asker
"""The assistant, or whatever a test puts in its place."""


def model_named(name: str | None, settings: Settings) -> str:
    """The name of the model that was asked for, or of the configured one.

    Raises:
        InputError: nobody named such a model.
    """
    entry = registry.read(settings).find(name)
    return entry.name if entry else EXTRACTIVE


def open_subject(
    model: str,
    settings: Settings,
    announce: Callable[[str], None],
    *,
    legs: LegWeights = DEFAULT_LEGS,
    embedder: str = CORPUS,
) -> Subject:
    """The product's own assistant with that model; `legs` are weights for an ablation.

    Raises:
        InputError: nobody knows a model or an embedder of that name.
        ModelError: the embedder failed: what it would have found is not to be measured without it.
        RagError: the document or the index cannot be used.
    """
    found = ModelShelf(settings).find(model)
    assistant = open_assistant(settings, announce, legs=legs, embedder=embedder)
    return Modelled(assistant, found) if found else assistant


def subject_over(
    assistant: Assistant,
    models: ModelShelf,
    model: str,
    settings: Settings,
    metered: Callable[[ChatModel], ChatModel],
) -> Subject:
    """The same over what is open already; `metered` counts what the model is asked.

    Where an embedder is configured, another assistant is opened: the open one may do without it.

    Raises:
        InputError: nobody knows a model of that name.
        ModelError: the embedder failed.
    """
    embedder = models.registry.embedder or CORPUS
    if embedder != CORPUS:
        assistant = open_assistant(settings, log.info, embedder=embedder)
    found = models.find(model)
    return Modelled(assistant, metered(found)) if found else assistant


def embedder_named(name: str | None, settings: Settings) -> str:
    """The name of the embedder that was asked for, or of the configured one.

    Raises:
        InputError: nobody named such an embedder.
    """
    entry = registry.read(settings).find_embedder(name)
    return entry.name if entry else CORPUS

"""Opens the index of a document, with the vectors of the embedder that was chosen."""

import logging
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from rag.domain import Document
from rag.errors import ModelError
from rag.search.index import Index
from rag.search.store import IndexStore
from rag.settings import Settings

if TYPE_CHECKING:
    from rag.models.registry import EmbeddingEntry

log = logging.getLogger(__name__)


def open_index(
    document: Document,
    settings: Settings,
    announce: Callable[[str], None] = log.info,
    *,
    rebuild: bool = False,
    embedder: str | None = None,
) -> Index:
    """The index of the document, built first where that is needed.

    Where an embedder was not asked for by name but is configured, and its vectors are missing and
    cannot be had, the index keeps the document's own, and a warning says so.

    Raises:
        ModelError: the embedder that was asked for failed.
        InputError: nobody named such an embedder.
        RagError: the index cannot be used.
    """
    index = IndexStore(settings.index_dir, announce)
    if embedder is None and settings.models_file is None:
        return index.open(document, rebuild=rebuild)
    entry = _entry(settings, embedder)
    own = index.open(document, rebuild=rebuild)
    if entry is None:
        return own
    try:
        return _with_vectors(own, entry, settings.index_dir, announce, rebuild=rebuild)
    except ModelError as error:
        if embedder is not None:
            raise
        announce(warning := f"Se buscó con los vectores del documento. {error}")
        return replace(own, warnings=(warning,))


def _entry(settings: Settings, embedder: str | None) -> "EmbeddingEntry | None":
    """The embedder of that name, or the configured one; importing models takes its time."""
    from rag.models import registry

    return registry.read(settings).find_embedder(embedder)


def _with_vectors(
    own: Index,
    entry: "EmbeddingEntry",
    folder: Path,
    announce: Callable[[str], None],
    *,
    rebuild: bool,
) -> Index:
    """The index with the vectors of a configured embedder.

    Raises:
        ModelError: they cannot be had.
    """
    from rag.models.embeddings import open_embedder
    from rag.search.embedders import EmbedderStore

    found = EmbedderStore(folder, announce).open(own, open_embedder(entry), rebuild=rebuild)
    own.vectors.close()
    return found

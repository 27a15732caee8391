"""Opens the index of a document, with the vectors of the embedder that was chosen."""

import logging
from collections.abc import Callable
from dataclasses import replace

from rag.domain import Document
from rag.errors import ModelError
from rag.search.index import Index
from rag.search.store import IndexStore
from rag.settings import Settings

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
    # Only needed where models are named: importing it takes a tenth of a cold answer.
    from rag.models import registry

    entry = registry.read(settings).find_embedder(embedder)
    own = index.open(document, rebuild=rebuild)
    if entry is None:
        return own
    from rag.models.embeddings import open_embedder
    from rag.search.embedders import EmbedderStore

    collections = EmbedderStore(settings.index_dir, announce)
    try:
        found = collections.open(own, open_embedder(entry), rebuild=rebuild)
    except ModelError as error:
        if embedder is not None:
            raise
        warning = f"Se buscó con los vectores del documento. {error}"
        announce(warning)
        return replace(own, warnings=(warning,))
    own.vectors.close()
    return found

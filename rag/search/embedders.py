"""Embedders that are not learned from the corpus: a collection for each, beside the index."""

import json
import logging
from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from hashlib import sha256
from importlib.metadata import version
from pathlib import Path

import numpy as np

from rag.domain import Passage
from rag.search import index as index_files
from rag.search.chroma import VectorStore
from rag.search.embedding import PassageEmbedder
from rag.search.index import CHROMA, Index
from rag.search.publishing import Announce, Publisher, Recipe

log = logging.getLogger(__name__)

FOLDER = "embedders"
"""Where their collections live, below the folder of indexes."""

KEEP_SECONDS = 365 * 24 * 3600.0
"""How long a collection waits for its embedder to be chosen again: it may have cost money."""

VECTORS = "vectors"
"""Name of the one array."""

FORMAT = "2"
"""Of what is stored: another one makes every collection stale."""


class EmbedderStore:
    """The collections of embedders, one for each that was ever chosen.

    A collection depends on passages and embedder alone: an index that is built anew keeps it.
    """

    def __init__(self, root: Path, announce: Announce = log.info) -> None:
        """Take the folder of indexes."""
        self._publisher = Publisher(root / FOLDER, announce, keep_seconds=KEEP_SECONDS)

    def open(self, index: Index, embedder: PassageEmbedder, *, rebuild: bool = False) -> Index:
        """The index with the embedder's vectors in place of its own, embedded where they lack.

        Raises:
            ModelError: the embedder failed.
            IndexStoreError: the folder cannot be written, or another process keeps the lock.
        """
        key = collection_key(embedder, index.passages)
        recipe = Recipe(
            key=key,
            load=partial(_load, index.passages),
            build=partial(_build, index.passages, embedder, key),
            begun=f"Calculando los vectores de {len(index.passages)} pasajes "
            f"con «{embedder.name}»…",
            done=f"Vectores de «{embedder.name}» listos",
        )
        vectors = self._publisher.open(recipe, rebuild=rebuild)
        fingerprint = _digest(index.fingerprint, key)
        return replace(index, fingerprint=fingerprint, embedder=embedder, vectors=vectors)


def collection_key(embedder: PassageEmbedder, passages: Sequence[Passage]) -> str:
    """16 hex digits that change with the embedder, with the passages, and with Chroma."""
    content = [[passage.id, passage.programme, embedded(passage)] for passage in passages]
    return _digest(FORMAT, version("chromadb"), embedder.fingerprint, json.dumps(content))


def embedded(passage: Passage) -> str:
    """What of a passage is embedded: a sentence alone seldom says what it is about."""
    return f"{passage.breadcrumb}\n{passage.text}"


def _build(
    passages: Sequence[Passage], embedder: PassageEmbedder, key: str, directory: Path
) -> None:
    vectors = embedder.embed_passages([embedded(passage) for passage in passages])
    VectorStore.create(directory / CHROMA, passages, vectors)
    index_files.write(directory, key, {VECTORS: vectors})


def _load(passages: Sequence[Passage], directory: Path) -> VectorStore:
    arrays, _ = index_files.read(directory)
    vectors = arrays[VECTORS].astype(np.float32, copy=False)
    return VectorStore.open(directory / CHROMA, passages, vectors)


def _digest(*parts: str) -> str:
    return sha256("\0".join(parts).encode()).hexdigest()[:16]

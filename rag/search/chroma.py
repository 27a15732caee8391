"""Dense vectors in a Chroma collection. The only module that imports chromadb."""

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import cast

import numpy as np
from pydantic import BaseModel

from rag.domain import Passage
from rag.errors import IndexStoreError
from rag.search.bare_import import bare_import
from rag.search.embedding import Vectors

with bare_import():
    import chromadb

    # What a persistent client is made of, and imports later.
    import chromadb.api.rust
    from chromadb.api.client import Client
    from chromadb.config import Settings
    from chromadb.errors import ChromaError

_COLLECTION = "passages"
_SEARCHED = 1000
"""Who looks at more passages than there are misses none: every process finds the same ones."""

# AttributeError: Chroma keeps a client that failed to start, and hands it out half made next time.
_FAILURES = (ChromaError, ValueError, RuntimeError, OSError, sqlite3.Error, AttributeError)


class _LocalSettings(Settings):
    """Chroma's settings without environment and `.env`: nobody but us says where it connects."""

    def __init__(self, **values: object) -> None:
        BaseModel.__init__(self, **values)


class VectorStore:
    """The passages' vectors on disk. Chroma is handed vectors and never an embedding function."""

    def __init__(self, client: Client, collection: chromadb.Collection, dimensions: int) -> None:
        self._client = client
        self._collection = collection
        self._dimensions = dimensions

    @classmethod
    def create(cls, directory: Path, passages: Sequence[Passage], vectors: Vectors) -> None:
        """Write a new collection and let go of it.

        Chroma clients cache by path, so it is opened at its final place.

        Raises:
            IndexStoreError: Chroma could not write it.
        """
        with _failing_as(_damaged(directory)):
            client = _client(directory)
            collection = client.create_collection(
                _COLLECTION,
                embedding_function=None,
                configuration={"hnsw": {"space": "cosine", "ef_search": _SEARCHED}},
            )
            collection.add(
                ids=[passage.id for passage in passages],
                embeddings=np.asarray(vectors),
                documents=[passage.text for passage in passages],
                metadatas=[
                    {
                        "section": passage.section,
                        "programme": passage.programme or 0,
                        "sentences": " ".join(passage.sentences),
                        "breadcrumb": passage.breadcrumb,
                    }
                    for passage in passages
                ],
            )
            client.close()

    @classmethod
    def open(cls, directory: Path, passages: Sequence[Passage], vectors: Vectors) -> "VectorStore":
        """The collection of a published index.

        Its content is compared, not its files: Chroma writes to them whenever it opens them, and
        answers from damaged ones without a word.

        Raises:
            IndexStoreError: it is missing, damaged, or not what was written.
        """
        if not (directory / "chroma.sqlite3").is_file():
            raise _damaged(directory)
        with _failing_as(_damaged(directory)):
            client = _client(directory)
            collection = client.get_collection(_COLLECTION, embedding_function=None)
            is_whole = _holds(collection, passages, vectors)
        if not is_whole:
            client.close()
            raise _damaged(directory)
        return cls(client, collection, vectors.shape[1])

    def nearest(
        self, vector: Vectors, *, top_k: int, programme: int | None = None
    ) -> list[tuple[str, float]]:
        """Passage ids with their cosine similarity, best first.

        Raises:
            IndexStoreError: the vector is not of its space, or it can no longer be read.
        """
        if len(vector) != self._dimensions:
            raise _mismatch(self._dimensions, len(vector))
        with _failing_as(_unreadable()):
            found = self._collection.query(
                query_embeddings=np.asarray([vector]),
                n_results=top_k,
                where={"programme": programme} if programme else None,
                include=["distances"],
            )
        distances = (found["distances"] or [[]])[0]
        return [
            (id_, 1.0 - float(distance))
            for id_, distance in zip(found["ids"][0], distances, strict=True)
        ]

    def close(self) -> None:
        """Release the files."""
        self._client.close()


def _holds(collection: chromadb.Collection, passages: Sequence[Passage], vectors: Vectors) -> bool:
    """Whether the collection gives back what a query needs, vectors up to rounding."""
    found = collection.get(include=["embeddings", "metadatas"])
    metadatas, embeddings = found["metadatas"] or [], np.asarray(found["embeddings"])
    row_of = {id_: row for row, id_ in enumerate(found["ids"])}
    if row_of.keys() != {passage.id for passage in passages}:
        return False
    rows = [row_of[passage.id] for passage in passages]
    programmes = [metadatas[row]["programme"] for row in rows]
    return programmes == [passage.programme or 0 for passage in passages] and np.allclose(
        embeddings[rows], vectors, atol=1e-5
    )


def _client(directory: Path) -> Client:
    client = chromadb.PersistentClient(
        str(directory), settings=_LocalSettings(anonymized_telemetry=False)
    )
    return cast(Client, client)


@contextmanager
def _failing_as(failure: IndexStoreError) -> Iterator[None]:
    """Chroma's failures as ours; those of its Rust are BaseExceptions of a class without import."""
    try:
        yield
    except _FAILURES as error:
        raise failure from error
    except BaseException as error:
        if type(error).__name__ != "PanicException":
            raise
        raise failure from error


def _mismatch(stored: int, given: int) -> IndexStoreError:
    return IndexStoreError(
        f"Los vectores guardados tienen {stored} dimensiones y el de la pregunta {given}.",
        remedy="El modelo de vectores es otro que al construir: ejecute `cinco index --rebuild`.",
    )


def _unreadable() -> IndexStoreError:
    return IndexStoreError(
        "El índice de vectores no se puede leer.", remedy="Ejecute `cinco index --rebuild`."
    )


def _damaged(directory: Path) -> IndexStoreError:
    return IndexStoreError(
        f"El índice de vectores en {directory} está dañado o no se puede escribir.",
        remedy="Ejecute `cinco index --rebuild`; "
        "revise el espacio y los permisos de CINCO_DATA_DIR.",
    )

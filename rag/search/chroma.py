"""Dense vectors in a Chroma collection. The only module that imports chromadb."""

import sqlite3
from collections.abc import Sequence
from pathlib import Path

import chromadb
import numpy as np
from chromadb.config import Settings
from chromadb.errors import ChromaError
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource

from rag.domain import Passage
from rag.errors import IndexStoreError
from rag.search.embedding import Vectors

_COLLECTION = "passages"
_FAILURES = (ChromaError, ValueError, RuntimeError, OSError, sqlite3.Error)


class _LocalSettings(Settings):
    """Chroma's settings without its environment variables and `.env`: nobody but us says where it connects."""

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        return (init_settings,)


class VectorStore:
    """The passages' vectors on disk. Chroma is handed vectors and never an embedding function."""

    def __init__(self, client: chromadb.ClientAPI, collection: chromadb.Collection) -> None:
        self._client = client
        self._collection = collection

    @classmethod
    def create(cls, directory: Path, passages: Sequence[Passage], vectors: Vectors) -> None:
        """Write a new collection and let go of it; Chroma clients cache by path, so it is opened at its final place.

        Raises:
            IndexStoreError: Chroma could not write it.
        """
        try:
            client = _client(directory)
            collection = client.create_collection(
                _COLLECTION, embedding_function=None, configuration={"hnsw": {"space": "cosine"}}
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
        except _FAILURES as error:
            raise _damaged(directory) from error

    @classmethod
    def open(cls, directory: Path, *, passages: int) -> "VectorStore":
        """The collection of a published index.

        Raises:
            IndexStoreError: it is missing, damaged, or holds another number of passages.
        """
        if not (directory / "chroma.sqlite3").is_file():
            raise _damaged(directory)
        try:
            client = _client(directory)
            collection = client.get_collection(_COLLECTION, embedding_function=None)
            stored = collection.count()
        except _FAILURES as error:
            raise _damaged(directory) from error
        if stored != passages:
            client.close()
            raise _damaged(directory)
        return cls(client, collection)

    def nearest(
        self, vector: Vectors, *, top_k: int, programme: int | None = None
    ) -> list[tuple[str, float]]:
        """Passage ids with their cosine similarity, best first.

        Raises:
            IndexStoreError: the collection can no longer be read.
        """
        try:
            found = self._collection.query(
                query_embeddings=np.asarray([vector]),
                n_results=top_k,
                where={"programme": programme} if programme else None,
                include=["distances"],
            )
        except _FAILURES as error:
            raise IndexStoreError(
                "El índice de vectores no se puede leer.", remedy="Ejecute `cinco index --rebuild`."
            ) from error
        distances = (found["distances"] or [[]])[0]
        return [
            (id_, 1.0 - float(distance))
            for id_, distance in zip(found["ids"][0], distances, strict=True)
        ]

    def close(self) -> None:
        """Release the files."""
        self._client.close()


def _client(directory: Path) -> chromadb.ClientAPI:
    return chromadb.PersistentClient(
        str(directory), settings=_LocalSettings(anonymized_telemetry=False)
    )


def _damaged(directory: Path) -> IndexStoreError:
    return IndexStoreError(
        f"El índice de vectores en {directory} está dañado o no se puede escribir.",
        remedy="Ejecute `cinco index --rebuild`; revise el espacio y los permisos de CINCO_DATA_DIR.",
    )

"""The index: everything that is computed from the document once and read at every question."""

import json
import zipfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from rag.corpus.passages import passages as passages_of
from rag.domain import Document, Passage
from rag.errors import IndexStoreError
from rag.search import bm25
from rag.search.chroma import VectorStore
from rag.search.embedding import CorpusEmbedder, Embedder
from rag.search.lexicon import Lexicon
from rag.search.normalisation import stems, text_ngrams, words
from rag.search.postings import Postings

WORD_FIELDS = {
    "title": bm25.Field(2.0, 0.3),
    "programme": bm25.Field(0.2, 0.3),
    "text": bm25.Field(1.0, 0.4),
    "section": bm25.Field(0.3, 0.6),
}
"""`section` is the text around the sentence: a sentence alone seldom repeats what its section is about."""

NGRAM_FIELDS = {
    "title": bm25.Field(1.0, 0.3),
    "text": bm25.Field(1.0, 0.4),
    "section": bm25.Field(0.2, 0.6),
}

_ARRAYS = "arrays.npz"
_MANIFEST = "manifest.json"
_CHROMA = "chroma"


@dataclass(frozen=True)
class Index:
    """What the retriever reads."""

    fingerprint: str
    passages: tuple[Passage, ...]
    """In document order; their positions are the columns of every leg."""
    word_postings: Postings
    ngram_postings: Postings
    lexicon: Lexicon
    embedder: Embedder
    vectors: VectorStore


def build(document: Document, directory: Path, fingerprint: str) -> None:
    """Compute the index of the document and write it into an empty directory."""
    from rag.search.fitting import (
        fit_embedder,
    )  # scikit-learn takes over a second to import: only when building

    passages = passages_of(document)
    texts = [f"{passage.breadcrumb}. {passage.text}" for passage in passages]
    embedder = fit_embedder(texts)
    arrays = {
        **bm25.weigh(_fields(document, passages, stems), WORD_FIELDS).arrays("words"),
        **bm25.weigh(_fields(document, passages, text_ngrams), NGRAM_FIELDS).arrays("ngrams"),
        **Lexicon.of(words(" ".join(texts))).arrays(),
        **embedder.arrays(),
    }
    VectorStore.create(directory / _CHROMA, passages, embedder.embed(texts))
    _write(directory, fingerprint, arrays, len(passages))


def load(document: Document, directory: Path) -> Index:
    """The index of a published directory.

    Raises:
        IndexStoreError: a file is missing or damaged.
    """
    arrays, manifest = _read(directory)
    passages = passages_of(document)
    if manifest["passages"] != len(passages):
        raise _damaged(directory)
    return Index(
        fingerprint=str(manifest["fingerprint"]),
        passages=passages,
        word_postings=Postings.from_arrays("words", arrays),
        ngram_postings=Postings.from_arrays("ngrams", arrays),
        lexicon=Lexicon.from_arrays(arrays),
        embedder=CorpusEmbedder.from_arrays(arrays),
        vectors=VectorStore.open(directory / _CHROMA, passages=len(passages)),
    )


def _fields(
    document: Document, passages: tuple[Passage, ...], analyse: Callable[[str], list[str]]
) -> list[dict[str, list[str]]]:
    """The units of every field, one mapping per passage."""
    sections = {
        section.id: {
            "title": analyse(section.title),
            "programme": analyse(
                programme.title if (programme := document.programme_of(section)) else ""
            ),
            "section": analyse(" ".join(sentence.text for sentence in section.sentences)),
        }
        for section in document.sections
    }
    return [{**sections[passage.section], "text": analyse(passage.text)} for passage in passages]


def _write(
    directory: Path, fingerprint: str, arrays: Mapping[str, NDArray[np.generic]], passages: int
) -> None:
    """The manifest comes last: a directory without one is no index."""
    np.savez(directory / _ARRAYS, allow_pickle=False, **arrays)
    digest = sha256((directory / _ARRAYS).read_bytes()).hexdigest()
    manifest = {"fingerprint": fingerprint, "arrays": digest, "passages": passages}
    (directory / _MANIFEST).write_text(json.dumps(manifest), encoding="utf-8")


def _read(directory: Path) -> tuple[dict[str, NDArray[np.generic]], dict[str, object]]:
    try:
        manifest = json.loads((directory / _MANIFEST).read_text(encoding="utf-8"))
        content = (directory / _ARRAYS).read_bytes()
        if sha256(content).hexdigest() != manifest["arrays"]:
            raise _damaged(directory)
        with np.load(directory / _ARRAYS, allow_pickle=False) as archive:
            return dict(archive), manifest
    except (OSError, ValueError, KeyError, TypeError, zipfile.BadZipFile) as error:
        raise _damaged(directory) from error


def _damaged(directory: Path) -> IndexStoreError:
    return IndexStoreError(
        f"El índice en {directory} está dañado.", remedy="Ejecute `cinco index --rebuild`."
    )

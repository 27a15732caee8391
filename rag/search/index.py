"""The index: everything that is computed from the document once and read at every question."""

import json
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np

from rag.corpus.passages import passages as passages_of
from rag.domain import Document, Passage
from rag.errors import IndexStoreError
from rag.search.annotation import Annotator
from rag.search.array_file import Arrays, Places, arrays_of, read_bytes, seal, write_arrays
from rag.search.chroma import VectorStore
from rag.search.classifier import SectionClassifier
from rag.search.embedding import CorpusEmbedder, Embedder
from rag.search.language import LanguageModel
from rag.search.linear import LinearModel
from rag.search.postings import Postings
from rag.search.space import FeatureSpace
from rag.search.spelling import Speller

ARRAYS = "arrays.bin"
MANIFEST = "manifest.json"
CHROMA = "chroma"

SILENCE = "silence"
INTENT = "intents"
"""Names of the linear models among the arrays."""


@dataclass(frozen=True, slots=True)
class Manifest:
    """What proves an index whole."""

    fingerprint: str
    arrays: str
    """Seal of the arrays' file."""
    places: Places
    """What stands where in it."""


@dataclass(frozen=True)
class Index:
    """What the retriever reads. Columns are passages or sections, in document order."""

    fingerprint: str
    passages: tuple[Passage, ...]
    section_words: Postings
    section_ngrams: Postings
    passage_words: Postings
    passage_ngrams: Postings
    classifier: SectionClassifier
    embedder: Embedder
    vectors: VectorStore
    language: LanguageModel
    speller: Speller
    annotator: Annotator
    silence: LinearModel
    intents: LinearModel
    warnings: tuple[str, ...] = ()
    """What it lacks of what was asked for."""


def load(document: Document, directory: Path) -> Index:
    """The index of a published directory.

    Raises:
        IndexStoreError: a file is missing or damaged.
    """
    arrays, manifest = read(directory)
    passages = passages_of(document)
    space = FeatureSpace.from_arrays(arrays)
    return Index(
        fingerprint=manifest.fingerprint,
        passages=passages,
        section_words=Postings.from_arrays("section_words", arrays),
        section_ngrams=Postings.from_arrays("section_ngrams", arrays),
        passage_words=Postings.from_arrays("passage_words", arrays),
        passage_ngrams=Postings.from_arrays("passage_ngrams", arrays),
        classifier=SectionClassifier.from_arrays(space, arrays),
        embedder=CorpusEmbedder.from_arrays(space, arrays),
        vectors=VectorStore.open(
            directory / CHROMA, passages, arrays["vectors"].astype(np.float32, copy=False)
        ),
        language=LanguageModel.from_arrays(arrays),
        speller=Speller(arrays),
        annotator=Annotator(arrays),
        silence=LinearModel.from_arrays(SILENCE, arrays),
        intents=LinearModel.from_arrays(INTENT, arrays),
    )


def write(directory: Path, fingerprint: str, arrays: Arrays) -> None:
    """Write arrays and manifest; the manifest comes last: a directory without one is no index."""
    places = write_arrays(directory / ARRAYS, arrays)
    manifest = Manifest(fingerprint, seal(read_bytes(directory / ARRAYS), places), places)
    (directory / MANIFEST).write_text(json.dumps(asdict(manifest)), encoding="utf-8")


def read(directory: Path) -> tuple[Arrays, Manifest]:
    """The arrays of a published directory, and what proves them whole.

    Raises:
        IndexStoreError: a file is missing or damaged.
    """
    try:
        manifest = Manifest(**json.loads((directory / MANIFEST).read_text(encoding="utf-8")))
        content = read_bytes(directory / ARRAYS)
        if seal(content, manifest.places) != manifest.arrays:
            raise _damaged(directory)
        return arrays_of(content, manifest.places), manifest
    except (OSError, ValueError, TypeError) as error:
        raise _damaged(directory) from error


def _damaged(directory: Path) -> IndexStoreError:
    return IndexStoreError(
        f"El índice en {directory} está dañado.", remedy="Ejecute `cinco index --rebuild`."
    )

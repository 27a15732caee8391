"""Computes an index from the document and its analytical index."""

from collections.abc import Callable, Mapping, Sequence
from functools import cache, partial
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from rag.corpus import analytical_index
from rag.corpus.analytical_index import AnalyticalIndex, by_section, by_sentence
from rag.corpus.passages import passages as passages_of
from rag.domain import Document, Language, Passage, Section
from rag.search import bm25
from rag.search.chroma import VectorStore
from rag.search.index import CHROMA, write
from rag.search.normalisation import stems, text_ngrams

SECTION_FIELDS = {
    "title": bm25.Field(3.0, 0.3),
    "programme": bm25.Field(0.2, 0.3),
    "text": bm25.Field(1.0, 0.5),
    "terms": bm25.Field(1.0, 0.5),
    "questions": bm25.Field(1.0, 0.5),
}
PASSAGE_FIELDS = {
    "title": bm25.Field(0.3, 0.3),
    "text": bm25.Field(1.0, 0.4),
    "pointed": bm25.Field(1.0, 0.4),
}
"""`pointed`: the terms and questions of the analytical index that point at the sentence."""

_MANY_QUESTIONS = 10_000
"""Questions of the analytical index for which another process pays: starting it takes seconds."""

Units = Callable[[str, Language], list[str]]


def build(document: Document, directory: Path, fingerprint: str) -> None:
    """Compute the index of the document and write it into an empty directory."""
    # scikit-learn, wordfreq and Babel take seconds to import: only here
    from rag.search.learning import parts_to_learn
    from rag.search.side_by_side import one_after_another, side_by_side

    passages = passages_of(document)
    entries = analytical_index.load(document)
    postings = partial(_all_postings, document, passages, entries)
    longest, *others = [*parts_to_learn(document, passages, entries), postings]
    if len(entries.questions) < _MANY_QUESTIONS:
        arrays = one_after_another([longest, *others])
    else:
        arrays = side_by_side(longest, others)
    VectorStore.create(directory / CHROMA, passages, arrays["vectors"].astype(np.float32))
    write(directory, fingerprint, arrays)


FieldTexts = Mapping[str, Sequence[tuple[str, Language]]]
"""Field → its texts with their languages."""


def _all_postings(
    document: Document, passages: Sequence[Passage], entries: AnalyticalIndex
) -> dict[str, NDArray[np.generic]]:
    """Those of sections and of passages, whose fields hold the same terms and questions."""
    units = {"words": cache(stems), "ngrams": cache(lambda text, _: text_ngrams(text))}
    sections = _section_fields(document, entries)
    sentences = _passage_fields(document, passages, entries)
    return {
        **_postings("section", sections, SECTION_FIELDS, units),
        **_postings("passage", sentences, PASSAGE_FIELDS, units),
    }


def _postings(
    name: str,
    documents: Sequence[FieldTexts],
    fields: Mapping[str, bm25.Field],
    analysers: Mapping[str, Units],
) -> dict[str, NDArray[np.generic]]:
    """BM25F postings over each kind of unit."""
    arrays: dict[str, NDArray[np.generic]] = {}
    for unit, analyse in analysers.items():
        analysed = [
            {
                field: [u for text, language in texts for u in analyse(text, language)]
                for field, texts in document.items()
            }
            for document in documents
        ]
        arrays |= bm25.weigh(analysed, fields).arrays(f"{name}_{unit}")
    return arrays


def _section_fields(document: Document, entries: AnalyticalIndex) -> list[FieldTexts]:
    terms, questions = by_section(entries.terms), by_section(entries.questions)
    return [
        {
            "title": [(section.title, "es")],
            "programme": [(_programme_title(document, section), "es")],
            "text": [(sentence.text, "es") for sentence in section.sentences],
            "terms": terms[section.id],
            "questions": questions[section.id],
        }
        for section in document.sections
    ]


def _programme_title(document: Document, section: Section) -> str:
    programme = document.programme_of(section)
    return programme.title if programme else ""


def _passage_fields(
    document: Document, passages: Sequence[Passage], entries: AnalyticalIndex
) -> list[FieldTexts]:
    pointed = by_sentence([*entries.terms, *entries.questions])
    return [
        {
            "title": [(document.section_by_id[passage.section].title, "es")],
            "text": [(passage.text, "es")],
            "pointed": [pair for sentence in passage.sentences for pair in pointed[sentence]],
        }
        for passage in passages
    ]

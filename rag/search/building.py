"""Computes an index from the document and its analytical index."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from rag.corpus import analytical_index, silence
from rag.corpus.analytical_index import AnalyticalIndex, Entry
from rag.corpus.passages import passages as passages_of
from rag.domain import Document, Language, Passage, Section
from rag.search import bm25
from rag.search.chroma import VectorStore
from rag.search.index import CHROMA, write
from rag.search.lexicon import Lexicon
from rag.search.normalisation import stems, text_ngrams, words

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

Units = Callable[[str, Language], list[str]]


def build(document: Document, directory: Path, fingerprint: str) -> None:
    """Compute the index of the document and write it into an empty directory."""
    passages = passages_of(document)
    entries = analytical_index.load(document)
    learned = _learned(document, passages, entries)
    arrays = {
        **_postings("section", _section_fields(document, entries), SECTION_FIELDS),
        **_postings("passage", _passage_fields(document, passages, entries), PASSAGE_FIELDS),
        **Lexicon.of(_vocabulary(document, entries)).arrays(),
        **learned,
    }
    VectorStore.create(directory / CHROMA, passages, learned["vectors"].astype(np.float32))
    write(directory, fingerprint, arrays)


def _learned(
    document: Document, passages: Sequence[Passage], entries: AnalyticalIndex
) -> dict[str, NDArray[np.generic]]:
    """What is learned from document and analytical index, with the passages' vectors."""
    # scikit-learn and wordfreq take over a second to import: only here
    from rag.search.fitting import Fitting, fit_answerability
    from rag.search.fitting_language import fit_language_model

    labelled = list(_labelled(document, entries))
    position = {section.id: column for column, section in enumerate(document.sections)}
    fitting = Fitting([text for _, text in labelled])
    sections = [position[section] for section, _ in labelled]
    embedder, located = fitting.embedder(_contexts(document, passages, entries))
    return {
        "vectors": located[: len(passages)],
        **fitting.space.arrays(),
        **fitting.classifier(sections, len(document.sections)).arrays(),
        **embedder.arrays(),
        **fit_language_model().arrays(),
        **fit_answerability(silence.load(), [q.text for q in entries.questions]).arrays(),
    }


FieldTexts = Mapping[str, Sequence[tuple[str, Language]]]
"""Field → its texts with their languages."""


def _postings(
    name: str, documents: Sequence[FieldTexts], fields: Mapping[str, bm25.Field]
) -> dict[str, NDArray[np.generic]]:
    """BM25F postings over words and over character n-grams."""
    units: dict[str, Units] = {"words": stems, "ngrams": lambda text, _: text_ngrams(text)}
    arrays: dict[str, NDArray[np.generic]] = {}
    for unit, analyse in units.items():
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
    terms, questions = _by_section(entries.terms), _by_section(entries.questions)
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
    pointed = _by_sentence([*entries.terms, *entries.questions])
    return [
        {
            "title": [(document.section_by_id[passage.section].title, "es")],
            "text": [(passage.text, "es")],
            "pointed": [pair for sentence in passage.sentences for pair in pointed[sentence]],
        }
        for passage in passages
    ]


def _by_section(entries: Iterable[Entry]) -> Mapping[str, list[tuple[str, Language]]]:
    grouped: dict[str, list[tuple[str, Language]]] = defaultdict(list)
    for entry in entries:
        grouped[entry.section].append((entry.text, entry.language))
    return grouped


def _by_sentence(entries: Iterable[Entry]) -> Mapping[str, list[tuple[str, Language]]]:
    grouped: dict[str, list[tuple[str, Language]]] = defaultdict(list)
    for entry in entries:
        for sentence in entry.sentences:
            grouped[sentence].append((entry.text, entry.language))
    return grouped


def _labelled(document: Document, entries: AnalyticalIndex) -> Iterable[tuple[str, str]]:
    """Section and text: every title with its section's text, sentence, term and question."""
    for section in document.sections:
        body = " ".join(sentence.text for sentence in section.sentences)
        yield section.id, f"{document.breadcrumb(section)}. {section.title}. {body}"
        for sentence in section.sentences:
            yield section.id, sentence.text
    for entry in (*entries.terms, *entries.questions):
        yield entry.section, entry.text


def _contexts(
    document: Document, passages: Sequence[Passage], entries: AnalyticalIndex
) -> list[str]:
    """One text per passage, then one per section, each with what the analytical index adds."""
    pointed = _by_sentence([*entries.terms, *entries.questions])
    terms = _by_section(entries.terms)
    contexts = [
        " ".join([p.breadcrumb, p.text, *(text for s in p.sentences for text, _ in pointed[s])])
        for p in passages
    ]
    for section in document.sections:
        sentences = (sentence.text for sentence in section.sentences)
        contexts.append(" ".join([section.title, *sentences, *(t for t, _ in terms[section.id])]))
    return contexts


def _vocabulary(document: Document, entries: AnalyticalIndex) -> Iterable[str]:
    for section in document.sections:
        yield from words(f"{document.breadcrumb(section)} {section.title}")
        for sentence in section.sentences:
            yield from words(sentence.text)
    for entry in entries.terms:
        yield from words(entry.text)

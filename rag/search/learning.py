"""What is learned when an index is built. Imports scikit-learn, wordfreq and Babel."""

from collections.abc import Iterable, Sequence
from functools import partial

from rag.corpus import questions
from rag.corpus.analytical_index import AnalyticalIndex, Entry, by_section, by_sentence
from rag.corpus.questions import LabelledQuestion
from rag.domain import Document, Language, Passage
from rag.search.annotation import Annotator
from rag.search.answerability import question_features
from rag.search.array_file import Arrays
from rag.search.cues import CueReader
from rag.search.fitting import Fitting, fit_intents, fit_silence
from rag.search.fitting_language import counted, fit_language_model
from rag.search.fitting_names import names
from rag.search.fitting_spelling import fit_speller
from rag.search.index import INTENT, SILENCE
from rag.search.intents import intent_features
from rag.search.normalisation import fold, topical, word_units, words
from rag.search.references import ReferenceReader
from rag.search.side_by_side import Part
from rag.search.space import STEMMERS

CONTENT_STEP = 4
"""Every fourth question of the analytical index stands for those that ask for no structure."""

SILENT_STEP = 3
"""Every third question that the document does not answer, the same."""

TERM_STEP = 8
"""Every eighth term stands for searches of one to three words."""

Asked = Entry | LabelledQuestion


def parts_to_learn(
    document: Document, passages: Sequence[Passage], entries: AnalyticalIndex
) -> list[Part]:
    """Everything learned from document and data, as parts of a build; the first takes longest.

    What the others need is learned here, and is the last part. The arrays hold the passages'
    vectors under `vectors`.
    """
    counts = counted(_asked(entries))
    language, everyday = fit_language_model(counts)
    named = list(names(document))
    annotator = Annotator.of(named, _units(document, entries), everyday)
    speller = fit_speller(document, entries, counts, named)
    ready = {**language.arrays(), **annotator.arrays(), **speller.arrays()}
    silence, structure = questions.silence(), questions.structure()
    return [
        partial(_silence, annotator.arrays(), entries, silence),
        partial(_ranking, document, passages, entries),
        partial(_intents, document, annotator.arrays(), entries, silence, structure),
        partial(dict, ready),
    ]


def _asked(entries: AnalyticalIndex) -> Iterable[tuple[str, Language]]:
    """Every question that is learned from, with its language."""
    asked: Iterable[Asked] = (*entries.questions, *questions.silence(), *questions.structure())
    for question in asked:
        yield question.text, question.language


def _ranking(document: Document, passages: Sequence[Passage], entries: AnalyticalIndex) -> Arrays:
    """Feature space, section classifier and embedder."""
    labelled = list(_labelled(document, entries))
    position = {section.id: column for column, section in enumerate(document.sections)}
    fitting = Fitting([text for _, text in labelled])
    sections = [position[section] for section, _ in labelled]
    contexts = [" ".join(topical(text)) for text in _contexts(document, passages, entries)]
    embedder, located = fitting.embedder(contexts)
    return {
        "vectors": located[: len(passages)],
        **fitting.space.arrays(),
        **fitting.classifier(sections, len(document.sections)).arrays(),
        **embedder.arrays(),
    }


def _silence(
    annotated: Arrays, entries: AnalyticalIndex, silence: Sequence[LabelledQuestion]
) -> Arrays:
    """What questions sound like that the document does not answer."""
    annotator = Annotator(annotated)

    def form(question: Asked) -> list[str]:
        return question_features(question.text, question.language, annotator)

    examples = [(form(question), question.label) for question in silence]
    easy = [*entries.questions, *entries.terms[::TERM_STEP]]
    return fit_silence(examples, [form(entry) for entry in easy]).arrays(SILENCE)


def _intents(
    document: Document,
    annotated: Arrays,
    entries: AnalyticalIndex,
    silence: Sequence[LabelledQuestion],
    structure: Sequence[LabelledQuestion],
) -> Arrays:
    """What is asked of the structure."""
    references, cues = ReferenceReader(document), CueReader(Annotator(annotated))

    def wish(question: Asked) -> list[str]:
        named = references.read(fold(question.text))
        return intent_features(cues.read(named, question.language))

    examples = [(wish(question), question.label) for question in structure]
    silent = [q for q in silence if q.label != questions.ANSWERED]
    others: list[Asked] = [*entries.questions[::CONTENT_STEP], *silent[::SILENT_STEP]]
    return fit_intents(examples, [wish(q) for q in others]).arrays(INTENT)


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
    pointed = by_sentence([*entries.terms, *entries.questions])
    terms = by_section(entries.terms)
    contexts = [
        " ".join([p.breadcrumb, p.text, *(text for s in p.sentences for text, _ in pointed[s])])
        for p in passages
    ]
    for section in document.sections:
        sentences = (sentence.text for sentence in section.sentences)
        contexts.append(" ".join([section.title, *sentences, *(t for t, _ in terms[section.id])]))
    return contexts


def _units(document: Document, entries: AnalyticalIndex) -> set[str]:
    """What the words of document and terms are matched by."""
    return {u for word in _vocabulary(document, entries) for u in word_units(word, STEMMERS)}


def _vocabulary(document: Document, entries: AnalyticalIndex) -> Iterable[str]:
    """The folded words of document and terms."""
    for section in document.sections:
        yield from words(f"{document.breadcrumb(section)} {section.title}")
        for sentence in section.sentences:
            yield from words(sentence.text)
    for entry in entries.terms:
        yield from words(entry.text)

"""Where the document names a thing: headings and sentences, by word family, in four languages."""

import re
from collections.abc import Sequence
from functools import cached_property

from rag.corpus import glossary
from rag.corpus.glossary import Concept
from rag.domain import Document, Sentence
from rag.search.normalisation import content_words, fold, is_han, stem

_BORDERED = r"(?<![a-z0-9])(?:{})(?![a-z0-9])"


class Places:
    """Finds mentions. The glossary is read when first needed."""

    def __init__(self, document: Document) -> None:
        """Take the document that is searched."""
        self._document = document

    @cached_property
    def _concepts(self) -> tuple[Concept, ...]:
        return glossary.load()

    @cached_property
    def _spans(self) -> list[tuple[Sentence, str]]:
        """Headings and sentences, folded; sentence 1 also stands for a lost heading."""
        spans: list[tuple[Sentence, str]] = []
        for section in self._document.sections:
            if section.heading:
                spans.append((section.heading, fold(section.heading.text)))
            for sentence in section.sentences:
                lost = section.restored and sentence.ordinal == 1
                spans.append(
                    (sentence, fold(f"{section.title} {sentence.text}" if lost else sentence.text))
                )
        return spans

    @cached_property
    def _synonyms(self) -> list[tuple[str, Concept]]:
        """Folded synonyms, longest first."""
        pairs = [(fold(name), concept) for concept in self._concepts for name, _ in concept.names]
        return sorted(pairs, key=lambda pair: -len(pair[0]))

    def of(self, parts: Sequence[str]) -> Sequence[Sentence]:
        """Every heading and sentence that names all parts of a topic, in document order.

        Where none names them all, those that name the part that fewest name.
        """
        patterns = [p for part in parts for p in self._patterns(fold(part))]
        if not patterns:
            return []
        places = [[s for s, text in self._spans if p.search(text)] for p in patterns]
        everywhere = [s for s in places[0] if all(s in others for others in places)]
        return everywhere or min(filter(None, places), key=len, default=[])

    def _patterns(self, topic: str) -> list[re.Pattern[str]]:
        """One pattern per concept or word of the topic."""
        patterns: list[re.Pattern[str]] = []
        for synonym, concept in self._synonyms:
            border = "{}" if is_han(synonym) else _BORDERED
            pattern = re.compile(border.format(re.escape(synonym)))
            if pattern.search(topic):
                topic = pattern.sub(" ", topic)
                forms = "|".join(re.escape(fold(form)) for form in concept.forms)
                patterns.append(re.compile(_BORDERED.format(forms)))
        patterns.extend(self._family(word) for word in content_words(topic))
        return patterns

    @staticmethod
    def _family(word: str) -> re.Pattern[str]:
        """Words of the same stem, or the very characters of Chinese."""
        root = stem(word)
        if is_han(word) or len(root) <= 2:
            return re.compile(_BORDERED.format(re.escape(word)))
        return re.compile(rf"(?<![a-z0-9]){re.escape(root)}[a-z]*")

"""Where the document names a thing: headings and sentences, by word family, in four languages."""

import re
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache, partial

from rag.corpus import glossary
from rag.corpus.glossary import Concept
from rag.domain import Document, Language, Sentence
from rag.search.naming import key
from rag.search.normalisation import content_words, fold, is_han, stem, words

_FOREIGN: tuple[Language, ...] = ("en", "pt")
_BORDERED = r"(?<![a-z0-9])(?:{})(?![a-z0-9])"


@dataclass(frozen=True, slots=True)
class _Span:
    """A heading or sentence."""

    sentence: Sentence | None
    """`None` for a text of no place."""
    folded: str
    stems: Counter[str]

    @classmethod
    def of(cls, sentence: Sentence | None, text: str) -> "_Span":
        return cls(sentence, fold(text), Counter(stem(word) for word in words(text)))


_Matcher = Callable[[_Span], int]
"""How often a span names a thing."""


def _names(forms: re.Pattern[str], span: _Span) -> int:
    return len(forms.findall(span.folded))


def _families(root: str, span: _Span) -> int:
    return span.stems[root]


class Places:
    """Finds mentions. The glossary is read when first needed."""

    def __init__(self, document: Document) -> None:
        """Take the document that is searched."""
        self._document = document
        self._matchers = lru_cache(maxsize=64)(self._matchers_of)

    @cached_property
    def _concepts(self) -> tuple[Concept, ...]:
        return glossary.load()

    @cached_property
    def _spans(self) -> list[_Span]:
        """Headings and sentences, folded; sentence 1 also stands for a lost heading."""
        spans: list[_Span] = []
        for section in self._document.sections:
            if section.heading:
                spans.append(_Span.of(section.heading, section.heading.text))
            for sentence in section.sentences:
                lost = section.restored and sentence.ordinal == 1
                text = f"{section.title} {sentence.text}" if lost else sentence.text
                spans.append(_Span.of(sentence, text))
        return spans

    @cached_property
    def _synonyms(self) -> list[tuple[str, Concept]]:
        """Folded synonyms, longest first."""
        pairs = [(fold(name), concept) for concept in self._concepts for name, _ in concept.names]
        return sorted(pairs, key=lambda pair: -len(pair[0]))

    def of(self, parts: Sequence[str]) -> Sequence[Sentence]:
        """Every heading and sentence that names one of the things, in document order."""
        named = {sentence.id for part in parts for sentence in self._naming(part)}
        return [s.sentence for s in self._spans if s.sentence and s.sentence.id in named]

    def _naming(self, part: str) -> Sequence[Sentence]:
        """Those that name a thing: all its words or, where none has them all, the rarest."""
        matchers = self._matchers(fold(part))
        if not matchers:
            return []
        places = [[s.sentence for s in self._spans if s.sentence and m(s)] for m in matchers]
        everywhere = [s for s in places[0] if all(s in others for others in places)]
        return everywhere or min(filter(None, places), key=len, default=[])

    def times(self, parts: Sequence[str]) -> int | None:
        """How often the document names the things; `None` where one is made of several words."""
        matchers = [self._matchers(fold(part)) for part in parts]
        if not matchers or any(len(each) != 1 for each in matchers):
            return None
        return sum(matcher(span) for (matcher,) in matchers for span in self._spans)

    def says(self, text: str, part: str) -> bool:
        """Whether a text names the thing, by word family, in any of the four languages."""
        span = _Span.of(None, text)
        matchers = self._matchers(fold(part))
        return bool(matchers) and all(matcher(span) for matcher in matchers)

    def _matchers_of(self, topic: str) -> list[_Matcher]:
        """One per concept or word of the topic."""
        matchers: list[_Matcher] = []
        for synonym, concept in self._synonyms:
            if synonym not in topic:
                continue
            border = "{}" if is_han(synonym) else _BORDERED
            named = re.compile(border.format(re.escape(synonym)))
            if named.search(topic):
                topic = named.sub(" ", topic)
                matchers.append(self._concept_matcher(concept))
        for word in content_words(topic):
            # The document is in Spanish: a Chinese word that names no concept tells nothing.
            if not matchers or not is_han(word):
                matchers.append(self._family(word))
        return matchers

    def _family(self, word: str) -> _Matcher:
        """By its stem or, where the document has none such, by a concept's in another language."""
        root = stem(word)
        if not any(root in span.stems for span in self._spans):
            for language in _FOREIGN:
                if concept := self._by_stem.get(key(word, language)):
                    return self._concept_matcher(concept)
        return partial(_families, root)

    @staticmethod
    def _concept_matcher(concept: Concept) -> _Matcher:
        forms = "|".join(re.escape(fold(form)) for form in concept.forms)
        # A name with its acronym in brackets is one mention.
        return partial(_names, re.compile(_BORDERED.format(rf"(?:{forms})(?: \((?:{forms})\))?")))

    @cached_property
    def _by_stem(self) -> dict[str, Concept]:
        """Concepts by the stems of their names in other languages."""
        return {
            key(name, language): concept
            for concept in reversed(self._concepts)
            for name, language in concept.names
            if language in _FOREIGN
        }

"""The proper names that a statement uses, and whether what it cites has them."""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cached_property, lru_cache
from itertools import pairwise

from rag.domain import Document, Language, Sentence
from rag.search.annotation import KNOWN, PROPER, Annotator, Token
from rag.search.normalisation import fold, is_han, is_ubiquitous, stem, words

COMMON_SHARE = 0.2
"""Share of the sections from which on a name tells nothing: China, the region, its countries."""

_ACRONYM = re.compile(r"[A-Z]{2,}")
_OPENS = re.compile(r"(?:^|[.!?…:;]\s*|[«“\"(¿¡–—-]\s*)$")


class NameCheck:
    """Compares the names of statements with those of sentences."""

    def __init__(self, document: Document, annotator: Annotator) -> None:
        """Take the document that is cited, and what knows names in four languages."""
        self._document = document
        self._annotator = annotator
        self._things = lru_cache(maxsize=1024)(self._things_of)

    def missing(
        self,
        text: str,
        language: Language,
        cited: Sequence[Sentence],
        stands: Callable[[str], bool],
    ) -> tuple[str, ...]:
        """Names of the text that neither the cited sentences nor their headings have.

        `stands` says whether every word of a folded text is known to be said by what is cited.
        """
        surroundings = [self._document.in_place(sentence) for sentence in cited]
        known = frozenset().union(*map(self._things, surroundings)) | self._common
        plain = frozenset(f for around in surroundings for f in _families(around, language))
        found = []
        for token in self._annotator.tokens(text, language):
            shown = _slice(text, token)
            if token.label is None or not self._is_name(shown, token, text, language):
                continue
            if token.thing is not None and token.thing in known:
                continue
            if _families(token.text, language) <= plain:
                continue
            if token.label not in PROPER and not _ACRONYM.search(shown) and stands(token.text):
                continue
            found.append(shown)
        return tuple(dict.fromkeys(found))

    def _is_name(self, shown: str, token: Token, text: str, language: Language) -> bool:
        if token.label in PROPER:
            return True
        if language == "zh":
            return token.label == KNOWN and self._is_proper(token.thing)
        if _ACRONYM.search(shown):
            return True
        if not shown[:1].isupper():
            return token.label == KNOWN and any(c.isupper() for c in shown)
        if _OPENS.search(text[: token.start]):
            return token.label == KNOWN and " " in shown and any(c.isupper() for c in shown[1:])
        return True

    def _is_proper(self, thing: int | None) -> bool:
        """Whether the thing's Spanish name begins with a capital."""
        if thing is None:
            return False
        forms = self._annotator.forms(thing, ("es",))
        return bool(forms) and forms[0][:1].isupper()

    def named(self, text: str, language: Language) -> frozenset[int]:
        """The things that a statement names, known or not, but for those that tell nothing."""
        tokens = self._annotator.tokens(text, language)
        return frozenset(t.thing for t in tokens if t.thing is not None) - self._common

    def things(self, sentence: Sentence) -> frozenset[int]:
        """What the sentence and its headings name, the parts of longer names included."""
        return self._things(self._document.in_place(sentence))

    def _things_of(self, text: str) -> frozenset[int]:
        listed = words(text)
        parts = [text, *listed, *(" ".join(pair) for pair in pairwise(listed))]
        tokens = (token for part in parts for token in self._annotator.tokens(part, "es"))
        return frozenset(token.thing for token in tokens if token.thing is not None)

    @cached_property
    def _common(self) -> frozenset[int]:
        """Things that so many sections name that naming them claims nothing."""
        sections = self._document.sections
        counts: Counter[int] = Counter()
        for section in sections:
            texts = (self._document.in_place(sentence) for sentence in section.sentences)
            counts.update(frozenset[int]().union(*map(self._things, texts)))
        return frozenset(t for t, n in counts.items() if n >= COMMON_SHARE * len(sections))


def _families(text: str, language: Language) -> frozenset[str]:
    """The stems of a text's words; those that nearly every question holds are left out."""
    return frozenset(_stems((w for w in words(text) if not is_ubiquitous(w)), language))


def _stems(listed: Iterable[str], language: Language) -> Iterator[str]:
    for word in listed:
        yield word if is_han(word) or language == "zh" else stem(word, "es")


def _slice(text: str, token: Token) -> str:
    """The token as it was written; folded where the text changes its length in folding."""
    return text[token.start : token.end] if len(fold(text)) == len(text) else token.text

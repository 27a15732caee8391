"""Every citation against the whole document. The section label comes from where the quote stands, never from a claim."""

import re
import unicodedata
from bisect import bisect_right
from dataclasses import dataclass
from functools import cached_property, lru_cache
from itertools import pairwise

from rag.domain import Citation, CitationVerdict, Document, Draft, DraftCitation, Sentence

MIN_QUOTE = 12
"""Shorter strings are no quote: they occur by chance."""

_ELLIPSIS = re.compile(r"\s*(?:\[\s*(?:\.{3}|…)\s*\]|\(\s*(?:\.{3}|…)\s*\)|\.{3}|…)\s*")
_EQUIVALENT = str.maketrans(
    {"“": '"', "”": '"', "«": '"', "»": '"', "‘": "'", "’": "'", "–": "-", "—": "-", "‑": "-"}
)


@dataclass(frozen=True, slots=True)
class Canonical:
    """A text as quotes are compared: NFC, lower case, quotation marks and dashes alike, white space folded."""

    text: str
    offsets: tuple[int, ...]
    """Offset in the original of every character of `text`."""


def canonical(text: str) -> Canonical:
    """The one normalisation under which a quote must equal the source.

    >>> canonical('La  “Paz”').text
    'la "paz"'
    """
    characters: list[str] = []
    offsets: list[int] = []
    for offset, original in enumerate(text):
        for character in unicodedata.normalize("NFC", original.translate(_EQUIVALENT)).lower():
            if character.isspace():
                if not characters or characters[-1] == " ":
                    continue
                character = " "
            characters.append(character)
            offsets.append(offset)
    return Canonical("".join(characters), tuple(offsets))


class Verifier:
    """Looks quotes up in a document."""

    def __init__(self, document: Document) -> None:
        self._document = document
        spans = [*document.sentences, *(s.heading for s in document.sections if s.heading)]
        self._sentences = sorted(spans, key=lambda sentence: sentence.start)
        self._starts = [sentence.start for sentence in self._sentences]
        self._whole = {(sentence.section, sentence.text): sentence for sentence in self._sentences}
        self.verify = lru_cache(maxsize=4096)(self._verify)

    def verify_draft(self, draft: Draft) -> tuple[tuple[Citation, ...], tuple[Citation, ...]]:
        """The draft's citations that stand in the document, and those that do not."""
        checked = [self.verify(citation) for citation in draft.citations]
        return (
            tuple(c for c in checked if c.verdict != "not_found"),
            tuple(c for c in checked if c.verdict == "not_found"),
        )

    def _verify(self, claim: DraftCitation) -> Citation:
        """`verified`, `moved`, `stitched` or `not_found`; offsets and section from where the quote really stands."""
        if whole := self._whole.get((claim.section, claim.quote)):
            return self._citation((whole.start, whole.end), "verified", None)
        spans = self._occurrences(claim.quote)
        here = [span for span in spans if self._at(span[0]).section == claim.section]
        if here:
            return self._citation(here[0], "verified", None)
        if spans:
            return self._citation(spans[0], "moved", claim.section)
        return self._stitched(claim) or Citation("", claim.quote, 0, 0, "not_found", claim.section)

    @cached_property
    def _canonical(self) -> Canonical:
        """The whole source; only needed for what is not simply one of its sentences."""
        return canonical(self._document.source)

    def _occurrences(self, quote: str) -> list[tuple[int, int]]:
        """Spans of the source that equal the quote and do not cross from one section to another."""
        wanted = canonical(quote.strip()).text.strip()
        if len(wanted) < MIN_QUOTE and not self._is_whole_sentence(wanted):
            return []
        spans, position = [], self._canonical.text.find(wanted)
        while position >= 0:
            last = position + len(wanted) - 1
            span = (self._canonical.offsets[position], self._canonical.offsets[last] + 1)
            if self._is_within_one_section(span):
                spans.append(span)
            position = self._canonical.text.find(wanted, position + 1)
        return spans

    def _is_whole_sentence(self, wanted: str) -> bool:
        return any(canonical(sentence.text).text == wanted for sentence in self._sentences)

    def _is_within_one_section(self, span: tuple[int, int]) -> bool:
        if not self._starts or span[0] < self._starts[0]:
            return False
        first, last = self._at(span[0]), self._at(span[1] - 1)
        return first.section == last.section and span[0] < first.end and span[1] <= last.end

    def _stitched(self, claim: DraftCitation) -> Citation | None:
        """A quote whose fragments stand in one section, in order, with something left out between them."""
        fragments = [fragment for fragment in _ELLIPSIS.split(claim.quote) if fragment]
        if len(fragments) < 2:
            return None
        found = [self._occurrences(fragment) for fragment in fragments]
        for start in found[0]:
            section = self._at(start[0]).section
            chain = [
                next((s for s in spans if self._at(s[0]).section == section), None)
                for spans in found
            ]
            spans = [span for span in chain if span]
            if len(spans) == len(found) and all(a[1] <= b[0] for a, b in pairwise(spans)):
                moved = None if section == claim.section else claim.section
                return self._citation((spans[0][0], spans[-1][1]), "stitched", moved)
        return None

    def _citation(
        self, span: tuple[int, int], verdict: CitationVerdict, claimed: str | None
    ) -> Citation:
        quote = self._document.source[span[0] : span[1]]
        return Citation(self._at(span[0]).id, quote, *span, verdict, claimed)

    def _at(self, offset: int) -> Sentence:
        """The sentence or heading at, or last before, an offset of the source."""
        return self._sentences[max(0, bisect_right(self._starts, offset) - 1)]

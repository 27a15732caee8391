"""Every citation against the whole document.

The section label comes from where the quote stands, never from a claim.
"""

import re
import unicodedata
from bisect import bisect_right
from dataclasses import dataclass
from functools import cached_property, lru_cache

from rag.domain import Citation, CitationVerdict, Document, Draft, DraftCitation, Sentence

MIN_QUOTE = 12
"""Shorter strings are no quote: they occur by chance."""

_ELLIPSIS = re.compile(r"\s*(?:\[\s*(?:\.{3}|…)\s*\]|\(\s*(?:\.{3}|…)\s*\)|\.{3}|…)\s*")
_ELISION = re.compile(rf"\A{_ELLIPSIS.pattern}|{_ELLIPSIS.pattern}\Z")
"""An ellipsis at an end of a quote: the quote itself is whole."""

_CLUSTER = re.compile(r".[\u0300-\u036f]*", re.DOTALL)
"""A character with its combining marks."""

_EQUIVALENT = str.maketrans(
    {"“": '"', "”": '"', "«": '"', "»": '"', "‘": "'", "’": "'", "–": "-", "—": "-", "‑": "-"}
)


@dataclass(frozen=True, slots=True)
class Canonical:
    """A text as quotes are compared.

    NFC, lower case, quotation marks and dashes alike, white space folded.
    """

    text: str
    spans: tuple[tuple[int, int], ...]
    """For every character of `text`, where the original of it starts and ends."""


def canonical(text: str) -> Canonical:
    """The one normalisation under which a quote must equal the source.

    >>> canonical('La  “Paz”').text
    'la "paz"'
    """
    characters: list[str] = []
    spans: list[tuple[int, int]] = []
    for cluster in _CLUSTER.finditer(text):
        for character in unicodedata.normalize("NFC", cluster[0].translate(_EQUIVALENT)).lower():
            is_space = character.isspace()
            if is_space and (not characters or characters[-1] == " "):
                continue
            characters.append(" " if is_space else character)
            spans.append(cluster.span())
    return Canonical("".join(characters), tuple(spans))


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
        """The verdict; offsets and section are those of the place where the quote really stands."""
        if whole := self._whole.get((claim.section, claim.quote)):
            return self._citation((whole.start, whole.end), "verified", None)
        spans = self._occurrences(_ELISION.sub("", claim.quote))
        here = [span for span in spans if self._section(span) == claim.section]
        if here:
            # the same words may also stand elsewhere in other letters, as in the heading
            exact = [s for s in here if self._document.source[slice(*s)] == claim.quote]
            return self._citation((exact or here)[0], "verified", None)
        if spans:
            return self._citation(spans[0], "moved", claim.section)
        return self._stitched(claim) or Citation("", claim.quote, 0, 0, "not_found", claim.section)

    @cached_property
    def _canonical(self) -> Canonical:
        """The whole source; only needed for what is not simply one of its sentences."""
        return canonical(self._document.source)

    @cached_property
    def _canonical_sentences(self) -> frozenset[str]:
        return frozenset(canonical(sentence.text).text for sentence in self._sentences)

    def _occurrences(self, quote: str) -> list[tuple[int, int]]:
        """Spans of the source that equal the quote and do not cross from one section to another."""
        wanted = canonical(quote.strip()).text.strip()
        if not wanted or (len(wanted) < MIN_QUOTE and wanted not in self._canonical_sentences):
            return []
        spans, position = [], self._canonical.text.find(wanted)
        while position >= 0:
            last = position + len(wanted) - 1
            span = (self._canonical.spans[position][0], self._canonical.spans[last][1])
            if self._is_within_one_section(span):
                spans.append(span)
            position = self._canonical.text.find(wanted, position + 1)
        return spans

    def _is_within_one_section(self, span: tuple[int, int]) -> bool:
        if not self._starts or span[0] < self._starts[0]:
            return False
        first, last = self.sentence_at(span[0]), self.sentence_at(span[1] - 1)
        return first.section == last.section and span[0] < first.end and span[1] <= last.end

    def _stitched(self, claim: DraftCitation) -> Citation | None:
        """A quote whose fragments stand in one section, in order, with something left out."""
        fragments = [fragment for fragment in _ELLIPSIS.split(claim.quote) if fragment]
        if len(fragments) < 2:
            return None
        first, *others = [self._occurrences(fragment) for fragment in fragments]
        starts = sorted(first, key=lambda span: self._section(span) != claim.section)
        for start in starts:
            section = self._section(start)
            if (end := self._follow(others, start[1], section)) is not None:
                moved = None if section == claim.section else claim.section
                return self._citation((start[0], end), "stitched", moved)
        return None

    def _follow(self, found: list[list[tuple[int, int]]], end: int, section: str) -> int | None:
        """Where the last fragment ends, each being the next one of the section after `end`."""
        for spans in found:
            after = (span for span in spans if span[0] >= end and self._section(span) == section)
            following = next(after, None)
            if following is None:
                return None
            end = following[1]
        return end

    def _section(self, span: tuple[int, int]) -> str:
        return self.sentence_at(span[0]).section

    def _citation(
        self, span: tuple[int, int], verdict: CitationVerdict, claimed: str | None
    ) -> Citation:
        quote = self._document.source[span[0] : span[1]]
        return Citation(self.sentence_at(span[0]).id, quote, *span, verdict, claimed)

    def sentence_at(self, offset: int) -> Sentence:
        """The sentence or heading at, or last before, an offset of the source."""
        return self._sentences[max(0, bisect_right(self._starts, offset) - 1)]

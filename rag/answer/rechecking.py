"""A receipt against the document at hand: what it says that does not hold, or no longer does."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain
from typing import Literal

from rag.answer.frames import unescape
from rag.answer.receipts import Quote, Receipt, RejectedQuote, Statement, digest, quoted
from rag.answer.verification import Verifier
from rag.domain import Citation, Document, DraftCitation, Sentence

Kind = Literal[
    "digest",
    "document",
    "quote_elsewhere",
    "quote_missing",
    "sentence",
    "section",
    "breadcrumb",
    "restored",
    "verdict",
    "unknown_citation",
    "unsupported",
    "unquoted",
    "text",
    "references",
]

_PLACES: tuple[Kind, ...] = ("sentence", "section", "breadcrumb", "restored")
"""Fields of a quote that follow from where it stands."""

_REFERENCE = re.compile(r"\\?\[([A-Za-z0-9.]+:\d+)\\?\]")
_MARK = re.compile(r"(?<!\\)\*\([^()]*\)\*")
"""What the program adds to a sentence without support; in what others wrote, `*` is escaped."""

_WORD = re.compile(r"\w+")

SHOWN_WORDS = 8
"""Of a text that differs: words from the difference on."""


@dataclass(frozen=True, slots=True)
class Difference:
    """Something in a receipt that does not agree with the document, or with the receipt."""

    kind: Kind
    place: str
    """Where in the receipt, e.g. `quotes[0].section`."""
    recorded: str
    found: str
    """What was found instead; empty where nothing was."""


def check(receipt: Receipt, document: Document) -> tuple[Difference, ...]:
    """Everything that differs, in the order of the receipt; empty where all holds.

    Needs no index, no model and no network. What it can tell without them: whether the quotes
    stand where the receipt says, whether quotes, sentences and text of the answer agree, and
    whether the file was edited. The wording of a model's sentence is not judged again: its verdict
    rests on the index, and is only guarded by the digest.
    """
    return tuple(
        chain(
            _whole(receipt, document),
            *(_statement(n, receipt, document) for n in range(len(receipt.sentences))),
            _Quotes(document).differences(receipt),
            _text(receipt),
        )
    )


def _whole(receipt: Receipt, document: Document) -> Iterator[Difference]:
    """What the whole receipt rests on."""
    if (own := digest(receipt)) != receipt.digest:
        yield Difference("digest", "digest", receipt.digest, own)
    if receipt.document != document.sha256:
        yield Difference("document", "document", receipt.document, document.sha256)


class _Quotes:
    """Looks the quotes of receipts up in a document."""

    def __init__(self, document: Document) -> None:
        self._document = document
        self._verifier = Verifier(document)

    def differences(self, receipt: Receipt) -> Iterator[Difference]:
        """Those of every quote, also of the rejected ones."""
        for number, quote in enumerate(receipt.quotes):
            yield from self._of_quote(f"quotes[{number}]", quote)
        for number, rejected in enumerate(receipt.rejected):
            yield from self._of_rejected(f"rejected[{number}]", rejected)

    def _of_quote(self, place: str, quote: Quote) -> Iterator[Difference]:
        found = self._verifier.verify(_claim(quote))
        start = quote.start
        if not self._stands(quote):
            recorded = f"{quote.start}–{quote.end}: {quote.quote}"
            start = self._document.source.find(quote.quote) if quote.quote else -1
            if start < 0:
                yield Difference("quote_missing", place, recorded, "")
                return
            where = f"{start}–{start + len(quote.quote)}"
            yield Difference("quote_elsewhere", place, recorded, where)
        yield from self._of_place(place, quote, self._verifier.sentence_at(start))
        if found.verdict not in _VERDICTS[quote.verdict, quote.claimed_section is not None]:
            yield Difference("verdict", f"{place}.verdict", quote.verdict, found.verdict)

    def _stands(self, quote: Quote) -> bool:
        in_range = 0 <= quote.start < quote.end <= len(self._document.source)
        return in_range and self._document.source[quote.start : quote.end] == quote.quote

    def _of_place(self, place: str, quote: Quote, sentence: Sentence) -> Iterator[Difference]:
        """Labels that are not those of the place where the quote stands."""
        citation = Citation(sentence.id, quote.quote, quote.start, quote.end, quote.verdict)
        true = quoted(citation, self._document)
        for field in _PLACES:
            recorded, found = getattr(quote, field), getattr(true, field)
            if recorded != found:
                yield Difference(field, f"{place}.{field}", str(recorded), str(found))

    def _of_rejected(self, place: str, rejected: RejectedQuote) -> Iterator[Difference]:
        """A quote that was not found and stands in the document after all."""
        claim = DraftCitation(rejected.claimed_section or "", rejected.quote)
        found = self._verifier.verify(claim)
        if rejected.verdict == "not_found" != found.verdict:
            yield Difference("verdict", f"{place}.verdict", rejected.verdict, found.verdict)


_VERDICTS: dict[tuple[str, bool], tuple[str, ...]] = {
    ("verified", False): ("verified",),
    ("verified", True): (),
    ("moved", False): (),
    ("moved", True): ("moved",),
    # a receipt holds the whole stretch that the fragments were taken from
    ("stitched", False): ("verified",),
    ("stitched", True): ("moved",),
    ("not_found", False): ("not_found",),
    ("not_found", True): ("not_found",),
}
"""Recorded verdict, and whether it names another section → verdicts on the quote that allow it."""


def _claim(quote: Quote) -> DraftCitation:
    return DraftCitation(quote.claimed_section or quote.section, quote.quote)


def _statement(number: int, receipt: Receipt, document: Document) -> Iterator[Difference]:
    """One sentence of the answer, and what it cites."""
    place, statement = f"sentences[{number}]", receipt.sentences[number]
    cited = [document.sentence_by_id.get(id_) for id_ in statement.citations]
    shown = {known for quote in receipt.quotes for known in (quote.sentence, quote.quote)}
    for id_, sentence in zip(statement.citations, cited, strict=True):
        if sentence is None:
            yield Difference("unknown_citation", f"{place}.citations", id_, "")
        elif shown.isdisjoint((id_, sentence.text)):
            yield Difference("unquoted", f"{place}.citations", id_, "")
    if statement.verdict == "supported":
        known = [sentence for sentence in cited if sentence]
        is_judged = receipt.mode == "model" and bool(known)
        if not is_judged and not any(_says(s, statement, document) for s in known):
            yield Difference("unsupported", place, statement.text, " ".join(s.text for s in known))


def _says(sentence: Sentence, statement: Statement, document: Document) -> bool:
    """Whether an extractive statement is the cited sentence, its section's label or a name in it.

    A list item may bear the breadcrumb of its section before or after what it says.
    """
    section = document.section_by_id[sentence.section]
    breadcrumb = document.breadcrumb(section)
    bare = statement.text.removeprefix(f"{breadcrumb}: ").removesuffix(f" ({breadcrumb})")
    said = _words(bare)
    if said in (_words(sentence.text), _words(document.label(section))):
        return True
    is_name = bare != statement.text and bare.casefold() in sentence.text.casefold()
    return is_name and bool(said)


def _text(receipt: Receipt) -> Iterator[Difference]:
    """The text of the answer against its sentences: the same words, the same references."""
    if not receipt.sentences:
        return
    said = _words(_MARK.sub(" ", receipt.answer))
    parts = [word for statement in receipt.sentences for word in _words(statement.text)]
    if said != parts:
        differing = (n for n, (a, b) in enumerate(zip(said, parts, strict=False)) if a != b)
        position = next(differing, min(len(said), len(parts)))
        yield Difference("text", "answer", _shown(said, position), _shown(parts, position))
    cited = [id_ for statement in receipt.sentences for id_ in statement.citations]
    references = _REFERENCE.findall(receipt.answer)
    if references != cited:
        yield Difference("references", "answer", ", ".join(references), ", ".join(cited))


def _words(text: str) -> list[str]:
    """The words of some Markdown, without sentence ids."""
    return _WORD.findall(_REFERENCE.sub(" ", unescape(text)))


def _shown(words: list[str], position: int) -> str:
    return " ".join(words[position : position + SHOWN_WORDS])

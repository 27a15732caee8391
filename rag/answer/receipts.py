"""Receipts: an answer with all that anyone needs to check it again, without the program's word."""

import hashlib
import json
import re
from dataclasses import asdict
from datetime import UTC, datetime
from typing import Literal

from pydantic import AwareDatetime, BaseModel, ConfigDict, ValidationError

from rag import __version__
from rag.domain import (
    Answer,
    Citation,
    CitationVerdict,
    Document,
    Language,
    Mode,
    Problem,
    Question,
    Reason,
    SentenceVerdict,
    Status,
)
from rag.errors import InputError

FORMAT = 1
"""Goes up when a field changes its meaning; a field may be added without."""

_SURROGATE = re.compile(r"[\ud800-\udfff]")
_INVISIBLE = re.compile(r"[\x7f-\x9f\u00ad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]")
"""What steers a terminal or a reader's eye; JSON escapes the other control characters anyway."""


class _Part(BaseModel):
    """Outside data when it is read back; fields of a later version are kept, for the digest."""

    model_config = ConfigDict(extra="allow", frozen=True, strict=True)


class Asked(_Part):
    """The question as it was asked."""

    text: str
    language: Language | None
    programme: int | None


class Statement(_Part):
    """A sentence of the answer."""

    text: str
    verdict: SentenceVerdict
    citations: tuple[str, ...]
    """Sentence ids."""
    aligned: bool
    problems: tuple[Problem, ...]


class Quote(_Part):
    """A citation and its place in the document."""

    sentence: str
    section: str
    breadcrumb: str
    restored: bool
    """Whether the section's heading was lost in the source."""
    quote: str
    start: int
    end: int
    verdict: CitationVerdict
    claimed_section: str | None


class RejectedQuote(_Part):
    """A citation that does not stand in the document."""

    quote: str
    claimed_section: str | None
    verdict: CitationVerdict


class Replaced(_Part):
    """The model that was asked and could not be used."""

    model: str
    reason: str
    text: str | None


class Receipt(_Part):
    """One answer, as it was given."""

    format: Literal[1]
    product: str
    """Version of this program."""
    asked_at: AwareDatetime
    """UTC."""
    question: Asked
    status: Status
    reason: Reason | None
    language: Language
    understood_as: str | None
    answer: str
    """Markdown."""
    sentences: tuple[Statement, ...]
    quotes: tuple[Quote, ...]
    """Most important first."""
    rejected: tuple[RejectedQuote, ...]
    nearest: tuple[str, ...]
    checked_terms: tuple[str, ...]
    warnings: tuple[str, ...]
    mode: Mode
    model: str | None
    prompt: str | None
    fallback: Replaced | None
    document: str
    """sha256 of the source file."""
    index: str
    digest: str
    """See `digest`."""


def receipt(question: Question, answer: Answer, document: Document, asked_at: datetime) -> Receipt:
    """The receipt of an answer about the document; `asked_at` is aware of its time zone."""
    content = {
        "format": FORMAT,
        "product": __version__,
        "asked_at": asked_at.astimezone(UTC).isoformat(timespec="milliseconds"),
        "question": {
            "text": question.text,
            "language": question.language,
            "programme": question.programme,
        },
        **_answered(answer, document),
        **_provenance(answer),
        "digest": "",
    }
    # Other programs may hand over lone surrogates, which no UTF-8 file can hold.
    text = _SURROGATE.sub("\ufffd", json.dumps(content, ensure_ascii=False))
    unsealed = Receipt.model_validate_json(text)
    return unsealed.model_copy(update={"digest": digest(unsealed)})


def _answered(answer: Answer, document: Document) -> dict[str, object]:
    return {
        "status": answer.status,
        "reason": answer.reason,
        "language": answer.language,
        "understood_as": answer.understood_as,
        "answer": answer.text,
        "sentences": [asdict(sentence) for sentence in answer.sentences],
        "quotes": [quoted(citation, document).model_dump() for citation in answer.citations],
        "rejected": [
            {"quote": c.quote, "claimed_section": c.claimed_section, "verdict": c.verdict}
            for c in answer.rejected_citations
        ],
        "nearest": answer.nearest,
        "checked_terms": answer.checked_terms,
        "warnings": answer.warnings,
    }


def _provenance(answer: Answer) -> dict[str, object]:
    made, fallback = answer.provenance, answer.fallback
    return {
        "mode": made.mode,
        "model": made.model,
        "prompt": made.prompt,
        "fallback": fallback
        and {"model": fallback.model, "reason": fallback.reason, "text": fallback.text},
        "document": made.document,
        "index": made.index,
    }


def quoted(citation: Citation, document: Document) -> Quote:
    """A citation that stands in the document, with its place there."""
    section = document.section_of(citation.sentence)
    return Quote(
        sentence=citation.sentence,
        section=section.id,
        breadcrumb=document.breadcrumb(section),
        restored=section.restored,
        quote=citation.quote,
        start=citation.start,
        end=citation.end,
        verdict=citation.verdict,
        claimed_section=citation.claimed_section,
    )


def digest(kept: Receipt) -> str:
    """sha256 over everything else in the receipt, whatever the layout of its file.

    It is no signature: it has no key, so whoever alters a receipt on purpose can compute it anew.
    It shows damage and careless edits. What no edit can hide is what the document itself tells:
    whether the quotes stand there.
    """
    content = kept.model_dump(mode="json", exclude={"digest"})
    canonical = json.dumps(content, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(canonical.encode("ascii")).hexdigest()


def to_json(kept: Receipt) -> str:
    """The machine form: what `cinco verify` reads. Invisible characters stand as escapes."""
    text = json.dumps(kept.model_dump(mode="json"), ensure_ascii=False, indent=2)
    return _INVISIBLE.sub(lambda match: f"\\u{ord(match[0]):04x}", text) + "\n"


def read(content: bytes) -> Receipt:
    """The receipt that `to_json` wrote; what it claims is not checked here.

    Raises:
        InputError: it is no receipt, or one of another format.
    """
    try:
        return Receipt.model_validate_json(content)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        raise _unreadable(first["type"], first["loc"]) from error


def _unreadable(kind: str, place: tuple[int | str, ...]) -> InputError:
    if place == ("format",) and kind == "literal_error":
        return InputError(
            f"El recibo tiene otro formato; este programa (versión {__version__}) lee el {FORMAT}.",
            remedy="Compruébelo con la versión del programa que lo escribió.",
        )
    what = f"el campo «{'.'.join(map(str, place))}» falta o no es válido" if place else "no es JSON"
    return InputError(
        f"El archivo no es un recibo: {what}.",
        remedy="Indique la forma JSON de un recibo, escrita con `cinco ask … --receipt ARCHIVO`.",
    )

"""Answers and outlines as JSON for other programs. Fields are added, never renamed or dropped."""

import json
import re
from dataclasses import asdict
from typing import TypedDict

from rag.domain import Answer, Citation, Document
from rag.search.retrieval import Retrieval

Json = dict[str, object]

STEPS = ("understand", "retrieve", "answer", "verify", "total")
"""What is timed of an answer; a step that was not reached took no time."""

_SURROGATE = re.compile(r"[\ud800-\udfff]")


class CitationJson(TypedDict):
    """A citation with its place in the document."""

    section: str
    programme: int | None
    programme_title: str | None
    title: str
    breadcrumb: str
    restored: bool
    programme_restored: bool
    sentence: str
    paragraph: int
    quote: str
    start: int
    end: int
    verdict: str
    claimed_section: str | None


def citation_json(citation: Citation, document: Document) -> CitationJson:
    """A citation that stands in the document."""
    sentence = document.sentence_by_id[citation.sentence]
    section = document.section_by_id[sentence.section]
    programme = document.programme_of(section)
    return {
        "section": section.id,
        "programme": section.programme,
        "programme_title": programme.title if programme else None,
        "title": section.title,
        "breadcrumb": document.breadcrumb(section),
        "restored": section.restored,
        "programme_restored": programme.restored if programme else False,
        "sentence": sentence.id,
        "paragraph": sentence.paragraph,
        "quote": citation.quote,
        "start": citation.start,
        "end": citation.end,
        "verdict": citation.verdict,
        "claimed_section": citation.claimed_section,
    }


def answer_json(answer: Answer, document: Document, question_id: str | int | None = None) -> Json:
    """One output line of a batch."""
    provenance = answer.provenance
    line: Json = {
        "id": question_id,
        "status": answer.status,
        "reason": answer.reason,
        "language": answer.language,
        "answer": answer.text,
        "citations": [citation_json(citation, document) for citation in answer.citations],
        "sentences": [asdict(sentence) for sentence in answer.sentences],
        "nearest": list(answer.nearest),
        "retrieved": list(answer.retrieved),
        "rejected_citations": [
            {
                "quote": rejected.quote,
                "claimed_section": rejected.claimed_section,
                "verdict": rejected.verdict,
            }
            for rejected in answer.rejected_citations
        ],
        "checked_terms": list(answer.checked_terms),
        "confidence": answer.confidence,
        "understood_as": answer.understood_as,
        "mode": provenance.mode,
        "model": provenance.model,
        "prompt": provenance.prompt,
        "fallback": asdict(answer.fallback) if answer.fallback else None,
        "document": provenance.document,
        "index": provenance.index,
        "timings_ms": dict.fromkeys(STEPS, 0.0) | dict(provenance.timings_ms),
        "tokens": asdict(provenance.tokens) if provenance.tokens else None,
        "warnings": list(answer.warnings),
    }
    return line | ({"error": asdict(answer.error)} if answer.error else {})


def outline_json(document: Document) -> Json:
    """Programmes and sections in document order."""
    return {
        "document": document.sha256,
        "programmes": [
            {
                "number": programme.number,
                "title": programme.title,
                "restored": programme.restored,
                "evidence": programme.evidence,
                "sections": list(programme.sections),
            }
            for programme in document.programmes
        ],
        "sections": [
            {
                "id": section.id,
                "programme": section.programme,
                "number": section.number,
                "title": section.title,
                "restored": section.restored,
                "evidence": section.evidence,
                "start": section.start,
                "end": section.end,
                "paragraphs": len(section.paragraphs),
                "sentences": len(section.sentences),
            }
            for section in document.sections
        ],
    }


def retrieval_json(retrieval: Retrieval) -> Json:
    """The ranking behind an answer, with rank and score of every leg."""
    return {
        "terms": [asdict(term) for term in retrieval.terms],
        "sections": list(retrieval.sections),
        "hits": [
            {
                "sentence": hit.passage.id,
                "section": hit.passage.section,
                "breadcrumb": hit.passage.breadcrumb,
                "score": hit.score,
                "legs": {leg: asdict(score) for leg, score in hit.legs.items()},
                "text": hit.passage.text,
            }
            for hit in retrieval.hits
        ],
    }


def dumps(value: object, indent: int | None = None) -> str:
    """JSON text that UTF-8 can hold: a lone surrogate stays an escape."""
    text = json.dumps(value, ensure_ascii=False, indent=indent)
    return _SURROGATE.sub(lambda match: f"\\u{ord(match.group()):04x}", text)

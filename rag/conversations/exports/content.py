"""What an exported conversation says, in words, before it is given a form."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from rag.conversations.conversation import Conversation, StoredTurn
from rag.conversations.exports.markup import UNSEEN, Block, blocks, seen
from rag.conversations.exports.words import Words, catalogue
from rag.domain import Answer, Citation, Language

Receipts = Mapping[int, Mapping[str, object]]
"""Ordinal of a turn → the receipt of its answer, as JSON holds it."""


@dataclass(frozen=True, slots=True)
class Source:
    """A citation, and in words where it stands and what was found when it was checked."""

    breadcrumb: str
    """Only the id of the section where there is no receipt to tell more."""
    quote: str
    notes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Part:
    """One turn."""

    heading: str
    question: str
    notes: tuple[str, ...]
    """Who answered, what was understood, and the verdict."""
    answer: tuple[Block, ...]
    sources: tuple[Source, ...]
    unsupported: tuple[str, ...]
    """Sentences of the answer that what they cite does not back."""
    rejected: tuple[str, ...]
    """Quotes that are not in the document."""
    receipt_heading: str
    receipt: str | None
    """JSON."""


@dataclass(frozen=True, slots=True)
class Content:
    """A whole conversation."""

    title: str
    begun: str
    parts: tuple[Part, ...]
    words: Words


def content(conversation: Conversation, receipts: Receipts, language: Language) -> Content:
    """The conversation in words of the language; what was asked and answered stays as it is."""
    words = catalogue()[language]
    parts = tuple(
        _part(turn, number, receipts.get(turn.ordinal), words)
        for number, turn in enumerate(conversation.turns, 1)
    )
    begun = words["begun"].format(date=_date(conversation.begun))
    return Content(seen(conversation.title) or begun, begun, parts, words)


def _part(
    turn: StoredTurn, number: int, receipt: Mapping[str, object] | None, words: Words
) -> Part:
    answer = turn.answer
    return Part(
        heading=words["asked"].format(number=number, date=_date(turn.asked_at)),
        question=seen(turn.question.text),
        notes=tuple(map(seen, _notes(turn, words))),
        answer=blocks(answer.text if answer else turn.partial),
        sources=tuple(_sources(answer, receipt, words)) if answer else (),
        unsupported=tuple(seen(s.text) for s in answer.sentences if not s.is_backed)
        if answer
        else (),
        rejected=tuple(seen(c.quote) for c in answer.rejected_citations) if answer else (),
        receipt_heading=words["receipt"].format(number=number),
        receipt=_written(receipt) if receipt else None,
    )


def _written(receipt: Mapping[str, object]) -> str:
    """The receipt as JSON, nothing of it lost: what cannot be seen stands as an escape."""
    text = json.dumps(receipt, ensure_ascii=False, indent=2)
    return UNSEEN.sub(lambda match: f"\\u{ord(match[0]):04x}", text)


def _notes(turn: StoredTurn, words: Words) -> Iterator[str]:
    if (answer := turn.answer) is None:
        yield words["unfinished"]
        return
    made = answer.provenance
    by_model = words["by_model"].format(model=made.model or "")
    yield by_model if made.mode == "model" else words["by_extractive"]
    if answer.understood_as:
        yield words["understood"].format(question=answer.understood_as)
    if lost := answer.fallback:
        yield words["fallback"].format(model=lost.model, reason=lost.reason)
    yield _verdict(answer, words)


def _verdict(answer: Answer, words: Words) -> str:
    """What was checked, and no more than that."""
    stated = {"not_in_document": "not_in_document", "error": "no_answer", "rejected": "no_answer"}
    said = [words[stated[answer.status]]] if answer.status in stated else []
    verdicts = [citation.verdict for citation in answer.citations]
    counts = {
        "count_quotes": verdicts.count("verified") + verdicts.count("moved"),
        "count_moved": verdicts.count("moved"),
        "count_stitched": verdicts.count("stitched"),
        "count_rejected": len(answer.rejected_citations),
    }
    said += [words[key].format(count=count) for key, count in counts.items() if count]
    judged = [sentence for sentence in answer.sentences if sentence.verdict != "frame"]
    if answer.provenance.mode == "model" and judged:
        backed = sum(sentence.is_backed for sentence in judged)
        said.append(words["count_sentences"].format(backed=backed, total=len(judged)))
    return " · ".join(said)


def _sources(
    answer: Answer, receipt: Mapping[str, object] | None, words: Words
) -> Iterator[Source]:
    places = _places(receipt)
    for citation in answer.citations:
        place = places.get((citation.start, citation.end), {})
        notes = [
            words["place"].format(
                sentence=citation.sentence, start=citation.start, end=citation.end
            ),
            _checked(citation, words),
        ]
        if place.get("restored"):
            notes.append(words["restored"])
        breadcrumb = str(place.get("breadcrumb") or citation.sentence.partition(":")[0])
        yield Source(seen(breadcrumb), seen(citation.quote), tuple(map(seen, notes)))


def _places(
    receipt: Mapping[str, object] | None,
) -> Mapping[tuple[object, object], Mapping[str, object]]:
    """Start and end of a quote → what the receipt says on it."""
    quotes = (receipt or {}).get("quotes")
    if not isinstance(quotes, list | tuple):
        return {}
    return {
        (quote.get("start"), quote.get("end")): quote
        for quote in quotes
        if isinstance(quote, Mapping)
    }


def _checked(citation: Citation, words: Words) -> str:
    claimed = citation.claimed_section or ""
    return words[f"quote_{citation.verdict}"].format(claimed=claimed)


def _date(moment: datetime) -> str:
    return f"{moment.astimezone(UTC):%Y-%m-%d %H:%M} UTC"

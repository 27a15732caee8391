"""Feedback as lines for the evaluation's dataset, for a curator to complete.

The fields are those of `eval/dataset/README.md`. What a reader's verdict tells is filled in; what
only a person can know is left out, and `python -m eval check` names it.
"""

import hashlib
from collections.abc import Iterable, Iterator

from rag.conversations.conversation import Conversation, Feedback, StoredTurn
from rag.domain import Answer

Item = dict[str, object]

MAX_TURNS = 4
"""Of a dialogue in the dataset."""

MAX_EVIDENCE = 3


def items(conversations: Iterable[Conversation]) -> Iterator[Item]:
    """One line for every answer that has feedback, in their order; nothing of its owner."""
    for conversation in conversations:
        for place, turn in enumerate(conversation.turns):
            if turn.feedback and turn.answer:
                before = _before(conversation.turns[:place]) if not turn.is_alone else ()
                yield _item(conversation, turn, turn.feedback, turn.answer, before)


def _before(turns: tuple[StoredTurn, ...]) -> tuple[StoredTurn, ...]:
    """The answered turns that the next one leans on: back to the last that stands alone."""
    kept: list[StoredTurn] = []
    for turn in reversed(turns):
        if turn.answer:
            kept.append(turn)
        if turn.is_alone or len(kept) == MAX_TURNS - 1:
            break
    return tuple(reversed(kept))


def _item(
    conversation: Conversation,
    turn: StoredTurn,
    given: Feedback,
    answer: Answer,
    before: tuple[StoredTurn, ...],
) -> Item:
    name = hashlib.sha256(f"{conversation.id} {turn.ordinal}".encode()).hexdigest()[:12]
    item: Item = {"id": f"fb-{answer.language}-{name}", "lang": answer.language}
    note = {"persona": _note(turn, given, answer)}
    expected = _expected(turn, answer, given)
    if not before:
        return item | _kind(expected, answer) | note | _without_status(expected)
    earlier = [_expected(t, t.answer, t.feedback) for t in before if t.answer]
    typed = [
        {"type": "start" if number == 0 else "followup"} | fields
        for number, fields in enumerate([*earlier, expected])
    ]
    return item | {"kind": "dialogue"} | note | {"turns": typed}


def _expected(turn: StoredTurn, answer: Answer, given: Feedback | None) -> Item:
    """What a right answer looks like, as far as the reader's verdict tells."""
    fields: Item = {"question": turn.question.text, "status": _status(answer, given)}
    if given is not None and not given.is_useful:
        return fields
    if fields["status"] == "not_in_document":
        return fields | ({"nearest": list(answer.nearest)} if answer.nearest else {})
    quotes = [c for c in answer.citations if c.verdict in ("verified", "moved")]
    sections = list(dict.fromkeys(c.sentence.partition(":")[0] for c in quotes))
    main = [c.quote for c in quotes if c.sentence.partition(":")[0] in sections[:1]]
    found = {"sections": sections[:1], "acceptable": sections[1:], "evidence": main[:MAX_EVIDENCE]}
    return fields | {name: values for name, values in found.items() if values}


def _status(answer: Answer, given: Feedback | None) -> str:
    """Whether the document answers, in the reader's opinion or, without one, the program's."""
    was_answered = answer.status == "answered"
    if given is not None and given.reason == "should_not_answer":
        return "not_in_document"
    if given is not None and given.reason == "missing":
        return "answered"
    return "answered" if was_answered else "not_in_document"


def _kind(expected: Item, answer: Answer) -> Item:
    if expected["status"] == "answered":
        return {"kind": "direct"}
    kind: Item = {"kind": "unanswerable"}
    return kind | ({"type": answer.reason} if answer.reason else {})


def _without_status(fields: Item) -> Item:
    """A single question states no status: it follows from the kind."""
    return {name: value for name, value in fields.items() if name != "status"}


def _note(turn: StoredTurn, given: Feedback, answer: Answer) -> str:
    """What was answered and what the reader said of it, for the curator alone."""
    cited = " ".join(citation.sentence for citation in answer.citations)
    verdict = "útil" if given.is_useful else "no útil"
    parts = {
        "lector": f"{verdict}{f' ({given.reason})' if given.reason else ''}",
        "comentario": " ".join(given.comment.split()),
        "modo": answer.provenance.model or answer.provenance.mode,
        "programa": str(turn.question.programme or ""),
        "estado": answer.status,
        "citas": cited,
        "respuesta": " ".join(answer.text.split()),
    }
    return "; ".join(f"{name}: {value}" for name, value in parts.items() if value)

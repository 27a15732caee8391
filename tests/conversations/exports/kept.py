"""A conversation of every kind of turn, with the receipts of its answers."""

from collections.abc import Mapping
from dataclasses import replace
from functools import cache

from rag.answer.receipts import receipt
from rag.answer.verification import Verifier
from rag.conversations.conversation import Conversation, Feedback, StoredTurn
from rag.domain import (
    Answer,
    AnswerSentence,
    Citation,
    DraftCitation,
    Fallback,
    Provenance,
    Question,
)
from tests.conversations.stored import MOMENT, answer
from tests.product import document

HOSTILE = '<script>x</script> [a](http://evil.example) ![i](http://evil.example) \x00\x1b\u202e"&'
MODEL_TEXT = (
    "**Apoya** la energía nuclear\\. \\[2.5:4\\]\n\n1. Uno\n2. Dos\n\n- Y *mareas*\\.\u202e"
)
CONTROL = "\x00\x0b\x1b\u202e\ufffe"


def by_model() -> Answer:
    """What a model may write: supported, unsupported, moved, stitched, rejected."""
    drafts = (
        DraftCitation("2.5", document().sentence_by_id["2.5:4"].text),
        DraftCitation("4.3", "Fortalecer la cooperación en energías limpias"),
        DraftCitation("2.5", "Fortalecer la cooperación en energías … la eólica y la de hidrógeno"),
        DraftCitation("2.5", "cooperación en energía de las mareas"),
        DraftCitation("2.1", document().sentence_by_id["2.1:1"].text),
    )
    found = [Verifier(document()).verify(draft) for draft in drafts]
    return Answer(
        status="answered",
        language="es",
        text=MODEL_TEXT,
        provenance=Provenance(document().sha256, "0123", "model", "modelo", "89abcdef"),
        citations=tuple(c for c in found if c.verdict != "not_found"),
        sentences=(
            AnswerSentence("Apoya la energía nuclear.", "supported", ("2.5:4",)),
            AnswerSentence("1. Uno", "frame"),
            AnswerSentence("2. Dos", "frame"),
            AnswerSentence("Y mareas.", "unsupported", problems=("wording",)),
        ),
        rejected_citations=tuple(c for c in found if c.verdict == "not_found"),
    )


def silent() -> Answer:
    """The document does not say."""
    made = Provenance(document().sha256, "0123")
    return Answer("not_in_document", "en", "It does not say\\.", made, "absent_topic")


def fallen_back() -> Answer:
    """A model could not be used."""
    sentence = document().sentence_by_id["4.5:0"]
    found = Citation("4.5:0", sentence.text, sentence.start, sentence.end, "verified")
    made = Provenance(document().sha256, "0123")
    lost = Fallback("modelo", "no responde")
    return Answer(
        "answered", "zh", "> «(5) Ciberseguridad»", made, citations=(found,), fallback=lost
    )


@cache
def conversation() -> Conversation:
    """The conversation."""
    answers = (by_model(), silent(), fallen_back(), None, answer("De otro documento\\."))
    questions = ("¿Energía nuclear?", HOSTILE, "网络安全？", "Sin fin", "¿Antes?")
    turns = tuple(
        StoredTurn(ordinal, Question(text), given, "", MOMENT, False, None)
        for ordinal, (text, given) in enumerate(zip(questions, answers, strict=True), 3)
    )
    feedback = Feedback(False, "other", "No.", MOMENT)
    rated = replace(turns[0], feedback=feedback)
    broken = replace(turns[3], partial="Esto **llegó**" + CONTROL)
    turns = (rated, turns[1], turns[2], broken, turns[4])
    return Conversation("id", f"Energía «nuclear» {CONTROL}", MOMENT, MOMENT, turns)


@cache
def receipts() -> Mapping[int, Mapping[str, object]]:
    """Those of the answers that were made from this document."""
    return {
        turn.ordinal: receipt(turn.question, turn.answer, document(), turn.asked_at).model_dump(
            mode="json"
        )
        for turn in conversation().turns
        if turn.answer and turn.answer.provenance.document == document().sha256
    }

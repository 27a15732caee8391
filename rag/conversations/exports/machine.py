"""A conversation as JSON, for other programs."""

import json
from dataclasses import asdict

from rag import __version__
from rag.conversations.codec import encode_answer, encode_question
from rag.conversations.conversation import Conversation, Feedback, StoredTurn
from rag.conversations.exports.content import Receipts
from rag.domain import Language

FORMAT = 1
"""Goes up when a field changes its meaning; a field may be added without."""


def write(conversation: Conversation, receipts: Receipts, language: Language) -> bytes:
    """The file; every receipt in it is whole, for `cinco verify`."""
    content = {
        "format": FORMAT,
        "product": __version__,
        "language": language,
        "title": conversation.title,
        "begun": conversation.begun.isoformat(),
        "used": conversation.used.isoformat(),
        "turns": [_turn(turn, receipts) for turn in conversation.turns],
    }
    return (json.dumps(content, ensure_ascii=False, indent=2) + "\n").encode()


def _turn(turn: StoredTurn, receipts: Receipts) -> dict[str, object]:
    return {
        "ordinal": turn.ordinal,
        "asked_at": turn.asked_at.isoformat(),
        "is_alone": turn.is_alone,
        "model": turn.model,
        "question": json.loads(encode_question(turn.question)),
        "answer": turn.answer and json.loads(encode_answer(turn.answer)),
        "partial": turn.partial,
        "feedback": turn.feedback and _feedback(turn.feedback),
        "receipt": receipts.get(turn.ordinal),
    }


def _feedback(given: Feedback) -> dict[str, object]:
    return asdict(given) | {"at": given.at.isoformat()}

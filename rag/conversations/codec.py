"""Questions and answers as JSON, and back to what they were."""

import json
import re
from dataclasses import asdict
from functools import cache
from typing import TypeVar

from pydantic import TypeAdapter, ValidationError

from rag.domain import Answer, Question
from rag.errors import ConversationError

_Kind = TypeVar("_Kind")

_SURROGATE = re.compile(r"[\ud800-\udfff]")


def storable(text: str) -> str:
    """The text without what databases cannot hold: NUL, and lone surrogates as U+FFFD."""
    return _SURROGATE.sub("\ufffd", text).replace("\0", "")


def encode_question(question: Question) -> str:
    """The question as JSON."""
    return _encode(asdict(question))


def encode_answer(answer: Answer) -> str:
    """The answer as JSON; decoded, it equals the answer, lone surrogates aside."""
    return _encode(asdict(answer))


def decode_question(text: str) -> Question:
    """The question that was encoded.

    Raises:
        ConversationError: it is none that this version can read.
    """
    return _decode(_questions(), text)


def decode_answer(text: str) -> Answer:
    """The answer that was encoded; fields of a later version are passed over.

    Raises:
        ConversationError: it is none that this version can read.
    """
    return _decode(_answers(), text)


def _encode(fields: object) -> str:
    return _SURROGATE.sub("\ufffd", json.dumps(fields, ensure_ascii=False))


def _decode(adapter: TypeAdapter[_Kind], text: str) -> _Kind:
    try:
        return adapter.validate_json(text)
    except ValidationError as error:
        raise ConversationError(
            "Una conversación guardada no se puede leer.",
            remedy="Use la versión del programa que la escribió, o borre la conversación.",
        ) from error


@cache
def _questions() -> TypeAdapter[Question]:
    return TypeAdapter(Question)


@cache
def _answers() -> TypeAdapter[Answer]:
    return TypeAdapter(Answer)

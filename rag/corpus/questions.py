"""Labelled questions that the index is trained on; none of them stands in the dataset."""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, get_args

from pydantic import BaseModel, ConfigDict, ValidationError

from rag.domain import Language, Reason
from rag.errors import SourceError

DATA = Path(__file__).parent / "data"

ANSWERED = "answered"
"""Label of a question that the document answers."""

REASONS: tuple[Reason, ...] = get_args(Reason)

CONTENT = "content"
"""Label of a question that sounds structural and asks what the document says."""

Intent = Literal[
    "outline",
    "count",
    "names",
    "programme_of",
    "section_of",
    "mentions",
    "compare",
    "overview",
]
"""What is asked of the structure: `names` all forums, say; `mentions` every place of a word."""

INTENTS: tuple[Intent, ...] = get_args(Intent)


class _Line(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    lang: Language
    type: str
    question: str


@dataclass(frozen=True, slots=True)
class LabelledQuestion:
    """A question and what it is an example of."""

    text: str
    language: Language
    label: str


def silence() -> tuple[LabelledQuestion, ...]:
    """Questions that the document does not answer, by reason, and hard ones that it does.

    Raises:
        SourceError: the file is not valid.
    """
    return _load(DATA / "silence.jsonl", (*REASONS, ANSWERED))


def structure() -> tuple[LabelledQuestion, ...]:
    """Questions about the document's structure, by intent, and questions that only sound so.

    Raises:
        SourceError: the file is not valid.
    """
    return _load(DATA / "structure.jsonl", (*INTENTS, CONTENT))


def _load(path: Path, labels: Iterable[str]) -> tuple[LabelledQuestion, ...]:
    known = frozenset(labels)
    try:
        lines = [_Line.model_validate_json(line) for line in path.read_bytes().splitlines()]
        if strange := {line.type for line in lines} - known:
            raise ValueError(f"unknown type {min(strange)}")
    except (OSError, ValueError, ValidationError) as error:
        raise SourceError(
            f"El archivo {path} no es válido: {str(error).splitlines()[0]}.",
            remedy="Corríjalo o restáurelo con `git checkout -- rag/corpus/data`.",
        ) from error
    return tuple(LabelledQuestion(line.question, line.lang, line.type) for line in lines)

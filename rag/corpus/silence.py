"""Questions that the document does not answer, and hard ones that it does: training data."""

from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, ValidationError

from rag.domain import Language, Reason
from rag.errors import SourceError

QUESTIONS = Path(__file__).parent / "data" / "silence.jsonl"


class _Line(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    lang: Language
    type: Reason | Literal["answered"]
    question: str


@dataclass(frozen=True, slots=True)
class LabelledQuestion:
    """A question and why the document does not answer it."""

    text: str
    language: Language
    reason: Reason | None
    """`None` where it does."""


def load(path: Path = QUESTIONS) -> tuple[LabelledQuestion, ...]:
    """The curated questions.

    Raises:
        SourceError: the file is not valid.
    """
    try:
        lines = [_Line.model_validate_json(line) for line in path.read_bytes().splitlines()]
    except (OSError, ValidationError) as error:
        raise SourceError(
            f"El archivo {path} no es válido: {str(error).splitlines()[0]}.",
            remedy="Corríjalo o restáurelo con `git checkout -- rag/corpus/data`.",
        ) from error
    return tuple(
        LabelledQuestion(line.question, line.lang, None if line.type == "answered" else line.type)
        for line in lines
    )

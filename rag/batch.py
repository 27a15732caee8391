"""Many questions in one run: a JSON object in, one out, same order."""

from collections.abc import Iterable, Iterator

from pydantic import BaseModel, ConfigDict, ValidationError

from rag.binding import Asker
from rag.contract import Json, answer_json
from rag.domain import LANGUAGES, Answer, Failure, Language, Provenance, Question

_EXPECTED = {
    "id": "un texto o un número entero",
    "question": "un texto",
    "history": "una lista de textos",
    "programme": "un número entero",
    "lang": f"uno de {', '.join(LANGUAGES)}",
}
"""What each field of a line must be."""

_UTF8_MARK = b"\xef\xbb\xbf"

Id = str | int | None


class BatchLine(BaseModel):
    """One input line; only `question` is required."""

    model_config = ConfigDict(extra="ignore", strict=True, frozen=True)

    id: Id = None
    question: str
    history: list[str] = []
    """Earlier questions of the asker, oldest first."""
    programme: int | None = None
    lang: Language | None = None


def answers(lines: Iterable[bytes], assistant: Asker) -> Iterator[Json]:
    """An output object for every line that is not blank, in order.

    What cannot be asked gives one with status `rejected` and the number of its line.
    """
    for number, line in enumerate(lines, start=1):
        content = line.removeprefix(_UTF8_MARK) if number == 1 else line
        if content.strip():
            result = _answer(content, number, assistant)
            yield result | ({"line": number} if result["status"] == "rejected" else {})


def _answer(line: bytes, number: int, assistant: Asker) -> Json:
    try:
        asked = BatchLine.model_validate_json(line)
    except ValidationError as error:
        return answer_json(_rejected(number, error, assistant), assistant.document, _id(line))
    question = Question(asked.question, asked.lang, asked.programme)
    history = [Question(earlier) for earlier in asked.history]
    return answer_json(assistant.ask(question, history), assistant.document, asked.id)


class _Identified(BaseModel):
    """What can be told of a line that is not valid."""

    model_config = ConfigDict(extra="ignore", strict=True, frozen=True)

    id: Id = None


def _complaint(error: ValidationError) -> str:
    first = error.errors(include_url=False, include_input=False)[0]
    if not first["loc"]:
        return "no es JSON" if first["type"] == "json_invalid" else "no es un objeto"
    field = str(first["loc"][0])
    return f"«{field}» debe ser {_EXPECTED[field]}"


def _id(line: bytes) -> Id:
    """The id of a line that is not valid, where it has one that can be read."""
    try:
        return _Identified.model_validate_json(line).id
    except ValidationError:
        return None


def _rejected(number: int, error: ValidationError, assistant: Asker) -> Answer:
    problem = Failure(
        f"La línea {number} no es válida: {_complaint(error)}.",
        'Escriba un objeto JSON por línea, p. ej. {"id": "1", "question": "…"}.',
    )
    return Answer(
        status="rejected",
        language="es",
        text=f"{problem.problem} {problem.remedy}",
        provenance=Provenance(assistant.document.sha256, assistant.index_fingerprint),
        error=problem,
    )

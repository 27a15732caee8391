"""Many questions in one run: a JSON object in, one out, same order."""

from collections.abc import Iterable, Iterator

from pydantic import BaseModel, ConfigDict, ValidationError

from rag.assistant import Assistant
from rag.contract import Json, answer_json
from rag.domain import Answer, Failure, Language, Provenance, Question


class BatchLine(BaseModel):
    """One input line; only `question` is required."""

    model_config = ConfigDict(extra="ignore", strict=True, frozen=True)

    id: str | int | None = None
    question: str
    history: list[str] = []
    """Earlier questions of the asker, oldest first."""
    programme: int | None = None
    lang: Language | None = None


def answers(lines: Iterable[bytes], assistant: Assistant) -> Iterator[Json]:
    """An output object for every line that is not blank; a bad line gives one with status `rejected`."""
    for number, line in enumerate(lines, start=1):
        if line.strip():
            yield _answer(line, number, assistant)


def _answer(line: bytes, number: int, assistant: Assistant) -> Json:
    try:
        asked = BatchLine.model_validate_json(line)
    except ValidationError as error:
        return _rejected(number, error, assistant)
    question = Question(asked.question, asked.lang, asked.programme)
    history = [Question(earlier) for earlier in asked.history]
    return answer_json(assistant.ask(question, history), assistant.document, asked.id)


def _rejected(number: int, error: ValidationError, assistant: Assistant) -> Json:
    first = error.errors(include_url=False, include_input=False)[0]
    where = ".".join(map(str, first["loc"]))
    what = f"«{where}»: {first['msg']}" if where else first["msg"]
    problem = Failure(
        f"La línea {number} no es válida ({what}).",
        'Escriba un objeto JSON por línea, p. ej. {"id": "1", "question": "…"}.',
    )
    answer = Answer(
        status="rejected",
        language="es",
        text=f"{problem.problem} {problem.remedy}",
        provenance=Provenance(assistant.document.sha256, assistant.index_fingerprint),
        error=problem,
    )
    return answer_json(answer, assistant.document) | {"line": number}

from collections.abc import Callable, Iterator, Sequence

from rag.domain import Message, ModelTraits, Piece, Question
from rag.ui.job import Job, Task
from rag.ui.words import say
from tests.product import assistant

SECONDS = 40


class Failing:
    """A model whose program has a fault."""

    traits = ModelTraits("rota", 8192, 500)

    def count(self, text: str) -> int:
        return len(text) // 3

    def stream(self, messages: Sequence[Message], cancelled: Callable[[], bool]) -> Iterator[Piece]:
        yield Piece("China apoya la energía nuclear [2.5:4]. ")
        yield Piece("Y ")
        raise RuntimeError("a fault of ours")


def test_what_came_survives_a_fault_of_the_program() -> None:
    job = Job(assistant(), Task(Question("¿Apoya la energía nuclear?"), (), Failing()))
    job.wait(SECONDS)
    answer = job.answer
    assert answer is not None
    assert answer.error is not None
    assert (answer.status, answer.error.remedy) == ("error", say("error.unexpected_remedy"))
    assert answer.fallback is not None
    assert "China apoya la energía nuclear" in (answer.fallback.text or "")

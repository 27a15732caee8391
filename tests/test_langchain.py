"""The public adapters, inside chains as LangChain's users build them."""

import json
import os
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from typing import Any

import langsmith
import pytest
from langchain_core.documents import Document as FoundSentence
from langchain_core.runnables import RunnableLambda, RunnablePassthrough
from langchain_core.tracers.base import BaseTracer
from langchain_core.tracers.langchain import LangChainTracer
from langchain_core.tracers.schemas import Run
from langsmith import utils as langsmith_utils

from rag.contract import dumps
from rag.errors import InputError, RagError
from rag.langchain import CincoRetriever, cinco_runnable
from rag.models.ambient import TRACING
from tests.product import Line, ask_line, assistant, document

NUCLEAR = "¿Apoya la energía nuclear con fines pacíficos?"
QUESTIONS = [NUCLEAR, "¿Qué propone sobre el BeiDou?", "tratados de extradición", "Hola", "¿?"]


@cache
def retriever() -> CincoRetriever:
    return CincoRetriever(assistant=assistant(), k=3)


def timeless(answer: Line) -> Line:
    return {name: value for name, value in answer.items() if name != "timings_ms"}


def joined(sentences: list[FoundSentence]) -> str:
    return "\n".join(f"[{s.metadata['sentence']}] {s.page_content}" for s in sentences)


class TestRetriever:
    def test_gives_sentences_of_the_document_with_their_place(self) -> None:
        found = retriever().invoke(NUCLEAR)[0]
        score = found.metadata.pop("score")
        assert (found.id, found.metadata, score > 0) == (
            "2.5:4",
            {
                "sentence": "2.5:4",
                "section": "2.5",
                "programme": 2,
                "breadcrumb": "Programa del desarrollo › (5) Cooperación en energías y recursos",
                "start": 20800,
                "end": 20879,
            },
            True,
        )

    @pytest.mark.parametrize("question", QUESTIONS[:3])
    def test_gives_each_sentence_as_it_stands_in_the_source(self, question: str) -> None:
        found = retriever().invoke(question)
        source = document().source
        shown = [source[s.metadata["start"] : s.metadata["end"]] for s in found]
        assert shown == [s.page_content for s in found]

    @pytest.mark.parametrize("question", QUESTIONS[:3])
    def test_gives_first_what_the_assistant_cites_first(self, question: str) -> None:
        main = ask_line({"question": question})["citations"][0]["sentence"]
        assert retriever().invoke(question)[0].id == main

    @pytest.mark.parametrize("k", [1, 4, 12])
    def test_gives_as_many_as_asked_for_best_first(self, k: int) -> None:
        found = CincoRetriever(assistant=assistant(), k=k).invoke("cooperación con China")
        scores = [s.metadata["score"] for s in found]
        assert (len({s.id for s in found}), scores) == (k, sorted(scores, reverse=True))

    def test_keeps_to_its_programme(self) -> None:
        found = CincoRetriever(assistant=assistant(), programme=4).invoke("cooperación")
        assert {s.metadata["programme"] for s in found} == {4}

    @pytest.mark.parametrize("fields", [{"k": 0}, {"k": "muchas"}, {"assistant": None}])
    def test_refuses_fields_that_make_no_sense(self, fields: dict[str, Any]) -> None:
        with pytest.raises(ValueError, match=next(iter(fields))):
            CincoRetriever(**{"assistant": assistant(), **fields})

    def test_stands_in_a_chain(self) -> None:
        chain = {
            "context": retriever() | joined,
            "question": RunnablePassthrough(),
        } | RunnableLambda(lambda filled: f"{filled['question']}\n{filled['context']}")
        prompt = chain.invoke(NUCLEAR)
        wanted = f"[2.5:4] {document().sentence_by_id['2.5:4'].text}"
        assert prompt.splitlines()[:2] == [NUCLEAR, wanted]

    def test_answers_a_batch_in_order(self) -> None:
        found = retriever().batch(QUESTIONS[:3])
        assert found == [retriever().invoke(question) for question in QUESTIONS[:3]]

    def test_is_safe_for_several_threads(self) -> None:
        questions = QUESTIONS[:3] * 8
        with ThreadPoolExecutor(8) as threads:
            found = list(threads.map(retriever().invoke, questions))
        assert found == [retriever().invoke(question) for question in questions]

    def test_of_a_question_that_cannot_be_processed_raises_what_the_product_raises(self) -> None:
        with pytest.raises(RagError):
            retriever().invoke("¿?")

    def test_does_not_print_the_whole_assistant(self) -> None:
        assert "assistant" not in repr(retriever())


class TestRunnable:
    @pytest.mark.parametrize("question", QUESTIONS)
    def test_answers_the_same_as_the_program(self, question: str) -> None:
        wanted = ask_line({"question": question})
        wanted.pop("line", None)
        answer = (cinco_runnable(assistant()) | RunnableLambda(over_json)).invoke(question)
        assert timeless(answer) == timeless(wanted)

    def test_takes_what_a_line_of_a_batch_holds(self) -> None:
        line = {
            "id": "q1",
            "question": "¿Y con la nuclear?",
            "history": ["¿Qué dice de la energía solar?"],
            "programme": 2,
            "lang": "pt",
        }
        answer = over_json(cinco_runnable(assistant()).invoke(line))
        assert timeless(answer) == timeless(ask_line(line))

    def test_answers_a_batch_in_order(self) -> None:
        chain = cinco_runnable(assistant()) | RunnableLambda(over_json)
        answers = [timeless(answer) for answer in chain.batch(QUESTIONS * 4)]
        assert answers == [timeless(chain.invoke(question)) for question in QUESTIONS * 4]

    def test_stands_in_a_chain(self) -> None:
        chain = cinco_runnable(assistant()) | (lambda answer: answer["citations"][0]["section"])
        assert chain.invoke({"question": NUCLEAR}) == "2.5"

    @pytest.mark.parametrize(
        "asked",
        [
            *({}, {"question": 5}, 5, None),
            {"question": NUCLEAR, "lang": "fr"},
            {"question": NUCLEAR, "history": "x"},
        ],
    )
    def test_of_what_is_no_question_raises_an_error_with_its_remedy(self, asked: object) -> None:
        with pytest.raises(InputError) as caught:
            cinco_runnable(assistant()).invoke(asked)
        assert caught.value.remedy


def over_json(answer: Line) -> Line:
    """As another program reads it."""
    parsed: Line = json.loads(dumps(answer))
    return parsed


class Tracer(BaseTracer):
    """A tracer that somebody hands over on purpose."""

    def __init__(self) -> None:
        super().__init__()
        self.names: list[str] = []

    def _persist_run(self, run: Run) -> None:
        self.names.append(run.name)


class TestTracing:
    @pytest.fixture(autouse=True)
    def _asked_for_by_the_environment(self, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
        for name in TRACING:
            monkeypatch.setenv(name, "true")
        langsmith_utils.get_env_var.cache_clear()  # type: ignore[attr-defined]
        langsmith.configure(enabled=None)
        assert langsmith_utils.tracing_is_enabled()
        yield
        langsmith_utils.get_env_var.cache_clear()  # type: ignore[attr-defined]
        langsmith.configure(enabled=False)

    @pytest.mark.parametrize("make", [CincoRetriever, cinco_runnable])
    def test_is_off_once_an_adapter_was_made(self, make: Any) -> None:  # noqa: ANN401
        make(assistant=assistant())
        assert (langsmith_utils.tracing_is_enabled(), os.environ[TRACING[0]]) == (False, "false")

    def test_is_of_no_part_of_a_chain(self, monkeypatch: pytest.MonkeyPatch) -> None:
        traced: list[object] = []
        monkeypatch.setattr(LangChainTracer, "__init__", lambda *a, **k: traced.append(a))
        chain = CincoRetriever(assistant=assistant()) | RunnableLambda(joined)
        chain.invoke(NUCLEAR)
        cinco_runnable(assistant()).batch(QUESTIONS)
        assert traced == []

    def test_by_a_tracer_that_is_handed_over_works(self) -> None:
        tracer = Tracer()
        CincoRetriever(assistant=assistant()).invoke(NUCLEAR, {"callbacks": [tracer]})
        assert tracer.names == ["CincoRetriever"]

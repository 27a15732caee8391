"""The retriever and the whole assistant for chains that others build with LangChain.

The sentences of the document that match a question best:

>>> from rag import settings
>>> from rag.assistant import open_assistant
>>> from rag.langchain import CincoRetriever, cinco_runnable
>>> assistant = open_assistant(settings.load())
>>> retriever = CincoRetriever(assistant=assistant, k=2)
>>> [sentence.id for sentence in retriever.invoke("¿Apoya la energía nuclear?")]
['2.5:4', '2.5:3']

A verified answer, in the form of `cinco ask --json`, as a step of a chain:

>>> chain = cinco_runnable(assistant) | (lambda answer: answer["citations"][0]["quote"])
>>> chain.invoke({"question": "Does it support nuclear energy?", "lang": "en"})
'Profundizar la cooperación sobre el uso de energía nuclear con fines pacíficos.'

Both may be used from several threads. Making either turns off LangSmith's tracing in the process
(see `rag.models.tracing`), so that questions do not leave the machine unasked.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from langchain_core.callbacks import CallbackManagerForRetrieverRun
from langchain_core.documents import Document as FoundSentence
from langchain_core.retrievers import BaseRetriever
from langchain_core.runnables import Runnable, RunnableLambda
from pydantic import ConfigDict, Field, ValidationError

from rag.assistant import Assistant
from rag.batch import BatchLine
from rag.binding import Asker
from rag.contract import Json, answer_json
from rag.domain import Document, Hit, Question
from rag.errors import InputError
from rag.models import tracing

Asked = str | Mapping[str, object]
"""A question, or an object with `question` and, as wanted, `history`, `programme` and `lang`."""


class CincoRetriever(BaseRetriever):
    """The `k` best sentences for a question, best first; of one programme, if one is named.

    The metadata of each: `sentence`, `section`, `programme`, `breadcrumb`, `start` and `end` in
    the source file, `score` (higher is better).

    Raises:
        RagError: when asked, if the question cannot be processed.
    """

    model_config = ConfigDict(arbitrary_types_allowed=True)

    assistant: Assistant = Field(repr=False)
    k: int = Field(default=5, ge=1)
    programme: int | None = None

    def model_post_init(self, context: object, /) -> None:
        """Leave no tracing on."""
        super().model_post_init(context)
        tracing.switch_off()

    def _get_relevant_documents(
        self, query: str, *, run_manager: CallbackManagerForRetrieverRun
    ) -> list[FoundSentence]:
        hits = self.assistant.search(Question(query, None, self.programme)).hits
        found: dict[str, FoundSentence] = {}
        for hit in hits:
            for sentence in _sentences(hit, self.assistant.document):
                found.setdefault(str(sentence.id), sentence)
            if len(found) >= self.k:
                break
        return list(found.values())[: self.k]


def _sentences(hit: Hit, document: Document) -> Iterator[FoundSentence]:
    for id_ in hit.passage.sentences:
        sentence = document.sentence_by_id[id_]
        yield FoundSentence(
            id=id_,
            page_content=sentence.text,
            metadata={
                "sentence": id_,
                "section": sentence.section,
                "programme": hit.passage.programme,
                "breadcrumb": hit.passage.breadcrumb,
                "start": sentence.start,
                "end": sentence.end,
                "score": hit.score,
            },
        )


def cinco_runnable(assistant: Asker) -> Runnable[Any, Json]:
    """From a question to the machine contract's answer, the same as `cinco ask --json`.

    Takes what `Asked` describes; a question that cannot be processed has the status `rejected`.
    What `rag.binding.open_asker` opens answers by the chat model that is named there.

    Raises:
        InputError: when invoked, if what it is given is no question at all.
    """
    tracing.switch_off()

    def cinco(asked: Asked) -> Json:
        line = _line(asked)
        question = Question(line.question, line.lang, line.programme)
        history = [Question(earlier) for earlier in line.history]
        return answer_json(assistant.ask(question, history), assistant.document, line.id)

    return RunnableLambda(cinco)


def _line(asked: Asked) -> BatchLine:
    try:
        return BatchLine.model_validate({"question": asked} if isinstance(asked, str) else asked)
    except ValidationError as error:
        field = ".".join(map(str, error.errors(include_url=False)[0]["loc"])) or "la entrada"
        raise InputError(
            f"La cadena no entregó una pregunta válida: revise «{field}».",
            remedy="Entregue un texto, o un objeto con question, history, programme y lang.",
        ) from error

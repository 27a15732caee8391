"""Assistants that the tests put in the product's place, and runs that they answer."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from threading import Lock

from eval.conditions import Conditions
from eval.evaluation import carry_out
from eval.items import Item
from eval.runs import Run
from eval.selection import Selection
from eval.shelf import Shelf
from rag.contract import outline_json
from rag.domain import Answer, Citation, Document, Provenance, Question, Section, Usage
from tests.product import document


class Scripted:
    """Answers by a function, and remembers what it was asked."""

    index_fingerprint = "0123456789abcdef"

    def __init__(self, answer: Callable[[str], Answer]) -> None:
        self.document = document()
        self.asked: list[tuple[str, tuple[str, ...]]] = []
        self._answer = answer
        self._lock = Lock()

    def ask(self, question: Question, history: Sequence[Question] = ()) -> Answer:
        with self._lock:
            self.asked.append((question.text, tuple(earlier.text for earlier in history)))
        return self._answer(question.text)


class Asker:
    """What `Subject` asks for, over another one."""

    def __init__(self, inner: "Asker | Scripted", ask: Callable[[Answer], Answer]) -> None:
        self.document: Document = inner.document
        self.index_fingerprint: str = inner.index_fingerprint
        self._inner = inner
        self._change = ask

    def ask(self, question: Question, history: Sequence[Question] = ()) -> Answer:
        return self._change(self._inner.ask(question, history))


def citing(id: str) -> Answer:
    """An answer that quotes the first sentence of the section."""
    return answer_with(cited(document().section_by_id[id]))


def cited(section: Section) -> Citation:
    sentence = section.sentences[0]
    return Citation(sentence.id, sentence.text, sentence.start, sentence.end, "verified")


def answer_with(*citations: Citation, text: str = "", tokens: int | None = None) -> Answer:
    usage = None if tokens is None else Usage(prompt=tokens, answer=0)
    return Answer(
        status="answered",
        language="es",
        text=text,
        provenance=Provenance("", "", timings_ms={"total": 1.0}, tokens=usage),
        citations=citations,
    )


def refusal() -> Answer:
    return replace(answer_with(), status="not_in_document", reason="absent_topic")


def item(id: str, question: str, section: str = "2.5", **more: object) -> Item:
    """A direct question about a section."""
    line = {"id": id, "lang": "es", "kind": "direct", "split": "dev", "question": question}
    return Item.model_validate(line | {"sections": [section]} | more)


def questions(count: int, split: str = "dev") -> tuple[Item, ...]:
    return tuple(item(f"q{n}", f"¿Pregunta {n}?", split=split) for n in range(count))


def conditions(**more: object) -> Conditions:
    fixed: dict[str, object] = {
        "model": "scripted",
        "commit": "abc",
        "code": "c0de",
        "document": document().sha256,
        "index": Scripted.index_fingerprint,
        "dataset": "da7a",
        "selection": Selection(),
        "settings": {},
    }
    return Conditions.model_validate(fixed | more)


def begin(root: Path, items: Sequence[Item], **more: object) -> Run:
    """A run on a shelf of the test's own."""
    text = document()
    return Shelf(root).begin(conditions(**more), items, outline_json(text), text.source)


def finished(root: Path, items: Sequence[Item], answer: Callable[[str], Answer]) -> Run:
    """A run in which the function answered everything."""
    run = begin(root, items)
    carry_out(run, Scripted(answer))
    return run

"""The gate: the extractive mode on the test part, and proof that a worse product fails it."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from eval import gate
from eval.evaluation import answered, carry_out
from eval.items import load
from eval.metrics.grading import grade
from eval.metrics.summary import Summary, summarise
from eval.selection import Selection
from eval.subject import Subject
from rag.domain import Answer, Citation, Document, Question
from tests.eval.subjects import begin, cited
from tests.product import assistant, document


def measured(subject: Subject, *, limit: int | None = None) -> Summary:
    """The figures of the subject on the part that the gate is for."""
    items = Selection(split=gate.read().split, limit=limit).of(load())
    with TemporaryDirectory() as folder:
        run = begin(Path(folder), items)
        carry_out(run, subject)
        reference = run.reference()
        return summarise(grade(answered(run), reference), reference)


@cache
def figures() -> Summary:
    return measured(assistant())


@pytest.mark.timeout(300)
def test_the_extractive_mode_passes_the_gate() -> None:
    assert list(gate.breaches(gate.read(), figures())) == []


class Faulty:
    """The product with one fault in its answers."""

    def __init__(self, fault: Callable[[Answer], Answer]) -> None:
        self.document: Document = assistant().document
        self.index_fingerprint: str = assistant().index_fingerprint
        self._fault = fault

    def ask(self, question: Question, history: Sequence[Question] = ()) -> Answer:
        return self._fault(assistant().ask(question, history))


def neighbour(answer: Answer) -> Answer:
    """True quotes of the section behind the right one."""
    return replace(answer, citations=tuple(_neighbour(c) for c in answer.citations))


def _neighbour(citation: Citation) -> Citation:
    sections = document().sections
    here = document().sentence_by_id[citation.sentence].section
    position = [section.id for section in sections].index(here)
    return cited(sections[(position + 1) % len(sections)])


def altered_quote(answer: Answer) -> Answer:
    """One word of each quote is another."""
    changed = (replace(c, quote=c.quote.replace(" ", " no ", 1)) for c in answer.citations)
    return replace(answer, citations=tuple(changed))


def refuses(answer: Answer) -> Answer:
    return replace(answer, status="not_in_document", reason="absent_topic", citations=())


def never_refuses(answer: Answer) -> Answer:
    first = cited(document().sections[0])
    return replace(answer, status="answered", citations=answer.citations or (first,))


def in_english(answer: Answer) -> Answer:
    text = "The document addresses this in the following section, in the words of its own text."
    return replace(answer, text=text, language="en")


FAULTS = (neighbour, altered_quote, refuses, never_refuses, in_english)


@pytest.mark.parametrize("fault", FAULTS)
def test_a_planted_fault_fails_the_gate(fault: Callable[[Answer], Answer]) -> None:
    assert list(gate.breaches(gate.read(), measured(Faulty(fault), limit=250)))


def test_a_figure_that_is_missing_breaks_the_gate() -> None:
    asked = gate.Gate(
        model="extractive",
        split="dev",
        at_least={"no_such_metric": 0.0},
        at_most={"nor_this": 1.0},
        slices={"lang/xx": 0.0},
    )
    assert len(list(gate.breaches(asked, figures()))) == 3


def test_thresholds_that_cannot_be_read_are_an_error(tmp_path: Path) -> None:
    (tmp_path / "gate.toml").write_text('model = "extractive"\nat_least = 3\n', encoding="utf-8")
    with pytest.raises(gate.GateError):
        gate.read(tmp_path / "gate.toml")

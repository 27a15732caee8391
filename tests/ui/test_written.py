from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.answer.frames import escape, frame
from rag.domain import Answer, AnswerSentence, Provenance
from rag.ui import written
from rag.ui.markup import literal
from rag.ui.words import say
from tests.product import document

BADGE = ":green-badge[2\\.5\\:4]"
SUMMARY = "2 frases: 1 con respaldo, 1 sin respaldo."


@pytest.mark.parametrize(
    ("line", "shown"),
    [
        ("Apoya el uso pacífico. \\[2.5:4\\]", f"Apoya el uso pacífico\\. {BADGE}"),
        ("- Primero \\[2.5:4\\] \\[9.9:9\\]", f"- Primero {BADGE} \\[9\\.9\\:9\\]"),
        ("**Energía \\[2.5:4\\]**", f"**Energía {BADGE}**"),
        ("**Energía**", "**Energía**"),
        ("", ""),
    ],
)
def test_a_statement_keeps_its_form_and_its_ids(line: str, shown: str) -> None:
    assert written.partial(document(), line) == shown


@given(st.text(alphabet=st.characters(exclude_categories=["C", "Z"]), min_size=1))
def test_nothing_that_a_model_writes_is_interpreted(text: str) -> None:
    shown = written.partial(document(), f"{escape(text)} \\[2.5:4\\]")
    assert shown == f"{literal(text)} {BADGE}"


def test_what_is_not_backed_is_marked_once_with_its_reasons() -> None:
    shown = written.whole(document(), _answer())
    why = f"{say('written.unsupported')}: {say('written.problem_number')}"
    marked = f":red-background[Son {literal('500.')}] {BADGE} :small[:red[:material/report: {why}]]"
    assert shown == f"Apoya {BADGE}\n\n{marked}"
    assert frame("es", "no_support") not in shown.replace(why, "")


def test_the_summary_is_told_apart_from_the_text() -> None:
    assert written.summary(_answer()) == SUMMARY
    assert written.summary(replace(_answer(), provenance=Provenance("", ""))) is None


def test_only_what_no_model_cited_counts_as_aligned() -> None:
    sentences = (
        AnswerSentence("a", "supported", ("2.5:3", "2.5:4"), aligned=True),
        AnswerSentence("b", "supported", ("2.5:4",)),
    )
    assert written.aligned(replace(_answer(), sentences=sentences)) == {"2.5:3"}


def _answer() -> Answer:
    mark = f" *({frame('es', 'no_support')})*"
    return Answer(
        status="answered",
        language="es",
        text=f"Apoya \\[2.5:4\\]\n\nSon 500. \\[2.5:4\\]{mark}\n\n{SUMMARY}",
        provenance=Provenance("", "", "model", "buena"),
        sentences=(
            AnswerSentence("Apoya", "supported", ("2.5:4",)),
            AnswerSentence("Son 500.", "unsupported", ("2.5:4",), problems=("number",)),
            AnswerSentence(SUMMARY, "frame"),
        ),
    )

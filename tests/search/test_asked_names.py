import pytest

from rag.domain import Question
from tests.product import assistant, document

FORUMS = "¿Qué foros nombra el documento?"
MECHANISMS = "¿Qué mecanismos nombra el documento?"


def listed(question: str) -> list[str]:
    """Sentences that are cited, in order."""
    return [citation.sentence for citation in assistant().ask(Question(question)).citations]


@pytest.mark.parametrize(
    ("question", "section"),
    [
        ("Trabajo en aduanas: ¿qué mecanismos hay?", "2.12"),
        ("lo del espacio, qué foros hay?", "2.10"),
        ("I study rockets and satellites, which forums are there?", "2.10"),
        ("航天方面都有什么论坛？", "2.10"),
    ],
)
def test_who_asks_narrows_a_list(question: str, section: str) -> None:
    cited = [document().sentence_by_id[id_].section for id_ in listed(question)]
    assert set(cited) == {section}


@pytest.mark.parametrize(
    ("question", "whole"),
    [
        ("Soy agricultor. Nombrá todos los foros del documento.", FORUMS),
        ("I work in farming. How many forums does the document name in all?", FORUMS),
        ("¿Qué foros hay? Los necesito para mi clase de agricultura.", FORUMS),
        ("Trabajo en una aduana y necesito la lista de todos los mecanismos", MECHANISMS),
    ],
    ids=["all", "in all", "purpose", "list of all"],
)
def test_a_list_of_all_is_whole_whoever_asks(question: str, whole: str) -> None:
    assert listed(question) == listed(whole)

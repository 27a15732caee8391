import pytest

from rag.search.fronts import FrontReader
from rag.search.grammar import tokens
from rag.search.normalisation import fold
from tests.product import document


@pytest.mark.parametrize(
    ("question", "parts"),
    [
        ("¿Qué dice el prólogo?", ["prologo"]),
        ("what does part II say", ["II"]),
        ("capítulo III", ["III"]),
        ("第三部分(III)", ["III"]),
        ("parts one and two", ["I", "II"]),
        ("which chapter I should read", []),
        ("contando el prólogo, ¿cuántas?", []),
        ("讲文明的那部分一共几条", []),
        ("parte 7", []),
    ],
)
def test_the_parts_before_the_programmes_are_named(question: str, parts: list[str]) -> None:
    assert list(FrontReader(document()).read(tokens(fold(question)))) == parts

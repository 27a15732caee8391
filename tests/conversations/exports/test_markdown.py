import json
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from rag.answer.receipts import read
from rag.answer.rechecking import check
from rag.conversations.exports.markdown import literal, write
from rag.conversations.exports.words import catalogue
from rag.domain import LANGUAGES, Language
from tests.conversations.exports.kept import conversation, receipts
from tests.product import document


def written(language: Language = "es") -> str:
    """The file."""
    return write(conversation(), receipts(), language).decode()


@pytest.mark.parametrize("language", LANGUAGES)
def test_headings_are_in_the_language(language: Language) -> None:
    words = catalogue()[language]
    text = written(language)
    assert f"### {words['sources']}" in text
    assert f"## {words['receipts']}" in text
    assert literal(words["asked"].format(number=1, date="2026-03-01 12:30 UTC")) in text


@pytest.mark.parametrize(
    "said",
    [
        "**Apoya** la energía nuclear",
        "1. Uno\n2. Dos",
        "Programa del desarrollo › (5) Cooperación en energías y recursos",
        "2.5:4, caracteres 20800–20879 · cita comprobada",
        "se atribuía a la sección 4.3",
        "cita hecha de fragmentos",
        "encabezado restaurado",
        "redactada por el modelo modelo",
        "Citas textuales comprobadas: 3 · de ellas, atribuidas a otra sección: 1",
        "rechazadas: 1 · frases con respaldo: 1 de 2",
        "### Frases sin respaldo\n\n- Y mareas.",
        "El documento no lo dice",
        "Se preguntó al modelo modelo, que no se pudo usar: no responde",
        "Esto **llegó**",
        "La respuesta no se terminó",
    ],
)
def test_what_was_checked_is_said(said: str) -> None:
    assert said in written()


def test_a_citation_without_a_receipt_names_its_section() -> None:
    assert "- 2.5  \n  «La cita.»" in written()


def test_nothing_of_others_is_interpreted() -> None:
    tokens = MarkdownIt("commonmark").parse(written())
    kinds = {child.type for token in tokens for child in token.children or ()}
    kinds |= {token.type for token in tokens}
    assert kinds.isdisjoint({"link_open", "image", "html_inline", "html_block"})
    assert not re.search(r"[\x00\x0b\x1b\u202e\ufffe]", written())


def test_every_receipt_in_it_verifies() -> None:
    found = re.findall(r"```json\n(.*?)\n```", written(), re.DOTALL)
    assert len(found) == len(receipts()) == 3
    for text in found:
        assert check(read(text.encode()), document()) == ()
        assert json.loads(text) in receipts().values()


@given(st.text())
def test_literal_text_is_one_paragraph_of_plain_text(text: str) -> None:
    tokens = MarkdownIt("commonmark").parse(f"x {literal(text)}")
    assert [token.type for token in tokens] == ["paragraph_open", "inline", "paragraph_close"]
    kinds = {child.type for child in tokens[1].children or ()}
    assert kinds <= {"text", "text_special"}

import re
import zipfile
from io import BytesIO
from xml.etree import ElementTree

import docx
import pytest

from rag.answer.receipts import read
from rag.answer.rechecking import check
from rag.conversations.exports.word import write
from rag.conversations.exports.words import catalogue
from rag.domain import LANGUAGES, Language
from tests.conversations.exports.kept import conversation, receipts
from tests.product import document


def written(language: Language = "es") -> bytes:
    """The file."""
    return write(conversation(), receipts(), language)


def paragraphs(language: Language = "es") -> list[str]:
    """What Word shows, as python-docx reads it."""
    return [paragraph.text for paragraph in docx.Document(BytesIO(written(language))).paragraphs]


@pytest.mark.parametrize("language", LANGUAGES)
def test_it_opens_and_has_its_headings_in_the_language(language: Language) -> None:
    words = catalogue()[language]
    assert {words["sources"], words["receipts"], words["sentences"]} <= set(paragraphs(language))


@pytest.mark.parametrize(
    "said",
    [
        "Energía «nuclear» ",
        "Apoya la energía nuclear. [2.5:4]",
        "1. Uno",
        "Programa del desarrollo › (5) Cooperación en energías y recursos",
        "2.5:4, caracteres 20800–20879 · cita comprobada",
        "网络安全？",
        "Esto llegó",
        "2.5",
        '<script>x</script> [a](http://evil.example) ![i](http://evil.example) "&',
    ],
)
def test_a_paragraph_says_what_was_asked_answered_and_checked(said: str) -> None:
    assert said in paragraphs()


def test_looks_of_the_answer_are_kept() -> None:
    found = docx.Document(BytesIO(written())).paragraphs
    (paragraph,) = [p for p in found if p.text.startswith("Apoya la energía nuclear. [")]
    assert [run.text for run in paragraph.runs if run.bold] == ["Apoya"]
    styles = [p.style.name for p in found if p.style and p.text == "«(5) Ciberseguridad»"]
    assert styles[0] == "Quote"


def test_nothing_in_it_leads_elsewhere_or_acts() -> None:
    with zipfile.ZipFile(BytesIO(written())) as archive:
        names = archive.namelist()
        relations = [archive.read(name).decode() for name in names if name.endswith(".rels")]
        parts = [archive.read(name).decode() for name in names if name.endswith(".xml")]
    assert relations
    assert not any("TargetMode" in relation for relation in relations)
    assert not [name for name in names if re.search(r"vba|ole|embeddings|activeX", name, re.I)]
    fields = re.compile(r"<w:(hyperlink|instrText|fldSimple|altChunk|object)\b")
    assert not any(fields.search(part) for part in parts)


def test_every_part_of_it_is_well_formed() -> None:
    with zipfile.ZipFile(BytesIO(written())) as archive:
        for name in archive.namelist():
            if name.endswith((".xml", ".rels")):
                ElementTree.fromstring(archive.read(name))  # noqa: S314  our own file


def test_every_receipt_in_it_verifies() -> None:
    found = [text for text in paragraphs() if text.startswith("{")]
    assert len(found) == 3
    for text in found:
        assert check(read(text.encode()), document()) == ()


def test_it_names_the_program_as_its_author_and_nobody_else() -> None:
    properties = docx.Document(BytesIO(written())).core_properties
    assert (properties.author, properties.last_modified_by) == ("Cinco Programas",) * 2
    assert properties.comments == ""

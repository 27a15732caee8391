import re
import tomllib
from collections import Counter
from pathlib import Path

import pytest

from rag.corpus import document as documents
from rag.corpus import source
from rag.domain import Document, Programme, Section
from rag.errors import SourceError
from tests.corpus import golden_files
from tests.product import document

REGENERATE = "read the difference; if it is right: python -m tests.corpus.golden_files"

PUBLISHED = {
    "prologo": "Prólogo",
    "I": "América Latina y el Caribe: Maravillosa Tierra Llena de Vitalidad y Esperanza",
    "II": "Las Relaciones China-ALC en Pujante Desarrollo",
    "III": "Impulsar Juntos los Cinco Programas para Construir de la Mano la Comunidad de Futuro "
    "Compartido China-ALC",
    "2.1": "Implementar la Iniciativa para el Desarrollo Global (IDG)",
}
"""The lost headings as the published table of contents gives them."""


def test_the_outline_is_the_golden_one() -> None:
    assert golden_files.outline(document()) == golden_files.OUTLINE.read_text(), REGENERATE


def test_the_sentences_are_the_golden_ones() -> None:
    assert golden_files.sentences(document()) == golden_files.SENTENCES.read_text(), REGENERATE


def test_the_bundled_source_is_the_file_that_was_handed_over() -> None:
    assert document().sha256 == source.BUNDLED_SHA256


def test_five_programmes_hold_9_17_6_6_and_6_subsections_in_order() -> None:
    expected = ["prologo", "I", "II", "III"]
    for programme, count in enumerate((9, 17, 6, 6, 6), start=1):
        expected += [f"{programme}.{number}" for number in range(1, count + 1)]
    assert [section.id for section in document().sections] == expected


def test_programmes_list_the_sections_that_name_them() -> None:
    listed = {p.number: p.sections for p in document().programmes}
    named = {
        number: tuple(s.id for s in document().sections if s.programme == number)
        for number in listed
    }
    assert listed == named


def test_exactly_the_lost_section_headings_are_restored_with_their_published_wording() -> None:
    assert {s.id: s.title for s in document().sections if s.restored} == PUBLISHED


def test_only_the_second_programme_is_restored() -> None:
    restored = [(p.number, p.title) for p in document().programmes if p.restored]
    assert restored == [(2, "Programa del desarrollo")]


def test_every_restored_heading_states_its_evidence_and_no_other_does() -> None:
    parts: list[Section | Programme] = [*document().sections, *document().programmes]
    assert all((part.evidence is not None) == part.restored for part in parts)
    assert all("Xinhua" in (part.evidence or "") for part in parts if part.restored)


def test_every_sentence_equals_the_source_at_its_offsets() -> None:
    text = document().source
    assert [text[s.start : s.end] for s in document().sentences] == [
        s.text for s in document().sentences
    ]


def test_every_paragraph_equals_the_source_at_its_offsets() -> None:
    paragraphs = [p for section in document().sections for p in section.paragraphs]
    assert [document().source[p.start : p.end] for p in paragraphs] == [p.text for p in paragraphs]


def test_every_surviving_heading_equals_the_source_at_its_offsets() -> None:
    headings = [s.heading for s in document().sections if s.heading]
    assert len(headings) == 43
    assert [document().source[h.start : h.end] for h in headings] == [h.text for h in headings]


def test_every_surviving_programme_heading_stands_at_its_offsets() -> None:
    shown = [
        document().source[p.heading.start : p.heading.end]
        for p in document().programmes
        if p.heading
    ]
    assert shown == [f"{p.number}. {p.title}" for p in document().programmes if not p.restored]


def test_every_character_of_prose_belongs_to_exactly_one_sentence() -> None:
    owners = Counter(
        offset
        for sentence in document().sentences
        for offset in range(sentence.start, sentence.end)
    )
    in_headings = {
        offset
        for line in re.finditer(r".*\[bookmark:.*", document().source)
        for offset in range(*line.span())
    }
    wrong = [
        offset
        for offset, character in enumerate(document().source)
        if not character.isspace() and owners[offset] != (offset not in in_headings)
    ]
    assert wrong == []


def test_joining_the_sentences_of_a_paragraph_gives_it_back() -> None:
    paragraphs = [p for section in document().sections for p in section.paragraphs]
    joined = [" ".join(sentence.text for sentence in p.sentences) for p in paragraphs]
    assert joined == [p.text for p in paragraphs]


def test_the_document_has_75_paragraphs_and_204_sentences() -> None:
    paragraphs = [p for section in document().sections for p in section.paragraphs]
    assert (len(paragraphs), len(document().sentences)) == (75, 204)


def test_sentence_ids_count_from_one_within_each_section() -> None:
    for section in document().sections:
        expected = [f"{section.id}:{n}" for n in range(1, len(section.sentences) + 1)]
        assert [sentence.id for sentence in section.sentences] == expected


def test_a_section_spans_its_heading_and_its_prose() -> None:
    section = document().section_by_id["2.5"]
    shown = document().source[section.start : section.end]
    assert shown.startswith("(5) Cooperación en energías y recursos\n")
    assert shown.endswith(section.sentences[-1].text)


def test_the_breadcrumb_names_programme_and_subsection() -> None:
    section = document().section_by_id["2.5"]
    expected = "Programa del desarrollo › (5) Cooperación en energías y recursos"
    assert document().breadcrumb(section) == expected


def test_every_reviewed_heading_is_used() -> None:
    reviewed = tomllib.loads(documents.HEADINGS.read_text())["heading"]
    parts: dict[str, str] = {s.id: s.title for s in document().sections if s.restored}
    parts |= {str(p.number): p.title for p in document().programmes if p.restored}
    assert {entry["id"]: entry["title"] for entry in reviewed} == parts


def test_a_reviewed_wording_is_not_put_on_another_text(tmp_path: Path) -> None:
    headings = tmp_path / "headings.toml"
    entry = '[[heading]]\nid = "{}"\ntitle = "T"\nbefore = "Otro texto"\nevidence = "E"\n'
    headings.write_text(entry.format("2.1") + entry.format("2"))
    built = documents.load(source.BUNDLED, headings)
    shown = built.section_by_id["2.1"].title, built.programme_by_number[2].title
    assert shown == (documents.LOST_HEADING, documents.LOST_HEADING)


def test_without_reviewed_wordings_the_half_lost_heading_shows_the_half_that_is_left(
    without_wordings: Document,
) -> None:
    title = without_wordings.section_by_id["I"].title
    assert title == "encabezado perdido: … Llena de Vitalidad y Esperanza"


def test_without_reviewed_wordings_ids_and_sentences_stay(without_wordings: Document) -> None:
    assert [s.id for s in without_wordings.sentences] == [s.id for s in document().sentences]


@pytest.fixture(name="without_wordings")
def _without_wordings(tmp_path: Path) -> Document:
    return documents.load(source.BUNDLED, tmp_path / "none.toml")


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(b"[[heading]\n", id="not TOML"),
        pytest.param(b"\xff\xfe", id="not UTF-8"),
        pytest.param(b'[[heading]]\nid = "2"\n', id="fields missing"),
        pytest.param(b'heading = ["2"]\n', id="not a table"),
        pytest.param(b"heading = 2\n", id="not a list"),
    ],
)
def test_a_damaged_headings_file_is_an_error_with_a_remedy(tmp_path: Path, content: bytes) -> None:
    headings = tmp_path / "headings.toml"
    headings.write_bytes(content)
    with pytest.raises(SourceError, match="git checkout"):
        documents.load(source.BUNDLED, headings)

"""The parser knows how the export marks headings, and nothing about this one document."""

import re
from dataclasses import dataclass

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.corpus import document as documents
from rag.corpus.source import Source
from rag.domain import Document
from tests.codebase import Module, modules
from tests.product import document


@dataclass(frozen=True)
class Invented:
    """Another document of the same form."""

    front: list[str]
    """Titles of the parts before the programmes; the first part has no heading."""
    programmes: list[tuple[str, list[str]]]
    """Title and titles of the subsections."""

    def ids(self) -> list[str]:
        front = ["prologo", "I", "II", "III", "IV"][: len(self.front) + 1]
        return front + [
            f"{programme}.{number}"
            for programme, (_, sections) in enumerate(self.programmes, start=1)
            for number in range(1, len(sections) + 1)
        ]

    def titles(self) -> list[str]:
        sections = [title for _, titles in self.programmes for title in titles]
        return ["encabezado perdido", *self.front, *sections]

    def lines(self) -> list[str]:
        """Two paragraphs under every heading but those of programmes."""
        labels = list(self.front)
        for programme, (title, sections) in enumerate(self.programmes, start=1):
            labels.append(f"{programme}. {title}")
            labels += [f"({n}) {section}" for n, section in enumerate(sections, start=1)]
        lines = [" Uno. Dos.", "Tres."]
        for number, label in enumerate(labels):
            lines.append(f"[bookmark: _Toc{700 + number}]{label}")
            if not label[0].isdigit():
                lines += ["Uno. Dos.", "Tres."]
        return lines


TITLES = st.text(st.sampled_from("abcñ XYZ,1540"), min_size=1).map(lambda t: f"T{t}".strip())
INVENTED = st.builds(
    Invented,
    st.lists(TITLES, max_size=4),
    st.lists(st.tuples(TITLES, st.lists(TITLES, min_size=1, max_size=12)), min_size=1, max_size=7),
)


def build(lines: list[str]) -> Document:
    return documents.build(Source("\n".join(lines), ""), documents.reviewed_headings())


@given(INVENTED)
def test_another_document_gets_its_own_sections(invented: Invented) -> None:
    assert [section.id for section in build(invented.lines()).sections] == invented.ids()


@given(INVENTED)
def test_another_document_gets_its_own_titles(invented: Invented) -> None:
    assert [section.title for section in build(invented.lines()).sections] == invented.titles()


@given(INVENTED)
def test_every_section_of_another_document_gets_its_own_prose(invented: Invented) -> None:
    prose = {
        tuple(s.text for s in section.sentences) for section in build(invented.lines()).sections
    }
    assert prose == {("Uno.", "Dos.", "Tres.")}


@given(INVENTED, st.data())
def test_any_numbered_heading_of_another_document_may_be_lost(
    invented: Invented, data: st.DataObject
) -> None:
    lines = invented.lines()
    numbered = [i for i, line in enumerate(lines) if re.search(r"\]\(?\d", line)]
    lost = data.draw(st.sampled_from(numbered))
    following = lost + 1
    lines[following] = f" {lines[following]}"
    del lines[lost]
    assert [section.id for section in build(lines).sections] == invented.ids()


@pytest.mark.parametrize(
    ("gap", "sign"),
    [
        pytest.param(1, "falta el marcador 701;", id="one bookmark missing"),
        pytest.param(3, "faltan los marcadores 701–703;", id="three bookmarks missing"),
    ],
)
def test_the_evidence_names_the_missing_bookmarks(gap: int, sign: str) -> None:
    text = "[bookmark: _Toc{}](1) A\nUno.\n Dos.\n[bookmark: _Toc{}](3) C\nTres."
    lost = build(["Nada.", "[bookmark: _Toc699]1. P", *text.format(700, 701 + gap).split("\n")])
    evidence = lost.section_by_id["1.2"].evidence or ""
    assert sign in evidence


def test_an_indented_line_without_a_gap_in_the_bookmarks_is_just_prose() -> None:
    lines = ["[bookmark: _Toc1]1. P", "[bookmark: _Toc2](1) A", "Uno.", " Dos."]
    built = build([*lines, "[bookmark: _Toc3](2) B", "Tres."])
    assert [len(section.sentences) for section in built.sections] == [2, 1]


@pytest.mark.parametrize("module", modules("rag/corpus"), ids=lambda module: module.name)
def test_no_title_of_the_document_stands_in_the_code(module: Module) -> None:
    titles = {section.title for section in document().sections if section.id != "prologo"}
    titles |= {programme.title for programme in document().programmes}
    found = {title for title in titles for text in module.strings() if title in text}
    assert found == set()

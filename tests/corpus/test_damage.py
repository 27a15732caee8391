"""Each of the 48 surviving headings is lost in turn, as the source lost some of them."""

from functools import cache

import pytest

from rag.corpus import document as documents
from rag.corpus.document import LOST_HEADING
from rag.corpus.source import BUNDLED, Source
from rag.domain import Document
from tests.product import document

LINES = BUNDLED.read_text(encoding="utf-8").split("\n")
HEADINGS = [i for i, line in enumerate(LINES) if "[bookmark:" in line]
HALF_LOST = 3
"""Index of line 4, of which half was lost already; it stays part I."""


@cache
def damaged(line: int, *, with_wordings: bool) -> Document:
    """The document without a heading line; the next line that is not blank begins with a space."""
    lines = LINES[:line] + LINES[line + 1 :]
    following = next(i for i in range(line, len(lines)) if lines[i].strip())
    lines[following] = f" {lines[following].lstrip()}"
    wordings = documents.reviewed_headings() if with_wordings else ()
    return documents.build(Source("\n".join(lines), "0" * 64), wordings)


@cache
def owner(line: int) -> str:
    """The id of the section, or the number of the programme, that a heading line belongs to."""
    start = sum(len(text) + 1 for text in LINES[:line])
    sections = {s.heading.start: s.id for s in document().sections if s.heading}
    programmes = {p.heading.start: str(p.number) for p in document().programmes if p.heading}
    behind = start + LINES[line].index("]") + 1
    return (sections | programmes).get(behind, "I")


@cache
def undamaged(*, with_wordings: bool) -> Document:
    """The document as it was handed over."""
    wordings = documents.reviewed_headings() if with_wordings else ()
    return documents.build(Source("\n".join(LINES), "0" * 64), wordings)


def structure(built: Document) -> list[object]:
    """Programmes with their sections, and sections with their place."""
    sections = [(s.id, s.programme, s.number) for s in built.sections]
    return [[(p.number, p.sections) for p in built.programmes], sections]


def titles(built: Document) -> dict[str, str]:
    """Titles of programmes and sections by number and id."""
    return {s.id: s.title for s in built.sections} | {
        str(p.number): p.title for p in built.programmes
    }


def test_48_headings_survive_in_the_source() -> None:
    assert len({owner(line) for line in HEADINGS}) == len(HEADINGS) == 48


@pytest.mark.parametrize("with_wordings", [True, False], ids=["reviewed", "unreviewed"])
@pytest.mark.parametrize("line", HEADINGS, ids=owner)
class TestEachLostHeading:
    def test_leaves_programmes_and_sections_as_they_are(
        self, line: int, with_wordings: bool
    ) -> None:
        assert structure(damaged(line, with_wordings=with_wordings)) == structure(document())

    def test_leaves_every_sentence_in_its_section(self, line: int, with_wordings: bool) -> None:
        built = damaged(line, with_wordings=with_wordings)
        assert [(s.id, s.paragraph, built.source[s.start : s.end]) for s in built.sentences] == [
            (s.id, s.paragraph, s.text) for s in document().sentences
        ]

    def test_is_the_only_one_that_is_newly_shown_as_lost(
        self, line: int, with_wordings: bool
    ) -> None:
        expected = titles(undamaged(with_wordings=with_wordings))
        if line != HALF_LOST:
            expected[owner(line)] = LOST_HEADING
        elif not with_wordings:
            expected["I"] = LOST_HEADING
        assert titles(damaged(line, with_wordings=with_wordings)) == expected

    def test_is_marked_as_restored_with_its_evidence(self, line: int, with_wordings: bool) -> None:
        built = damaged(line, with_wordings=with_wordings)
        parts = {s.id: s for s in built.sections} | {str(p.number): p for p in built.programmes}
        part = parts[owner(line)]
        assert (part.restored, bool(part.evidence)) == (True, True)


def test_a_heading_whose_number_is_lost_opens_the_next_section() -> None:
    lines = [line.replace("](10) Cooperación espacial", "]espacial") for line in LINES]
    built = documents.build(Source("\n".join(lines), ""), documents.reviewed_headings())
    shown = [(s.id, s.title) for s in built.sections if s.programme == 2 and "2.10" in s.id]
    assert shown == [("2.10", f"{LOST_HEADING}: … espacial")]


def test_a_half_lost_heading_without_text_can_still_be_shown() -> None:
    text = " [bookmark: _Toc1]mitad\n[bookmark: _Toc2]1. Uno\n[bookmark: _Toc3](1) A\nTexto.\n"
    section = documents.build(Source(text, "")).sections[0]
    assert (text[section.start : section.end], section.restored) == ("mitad", True)

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.domain import Citation, Document
from rag.ui.markup import literal, marked, unlinked, with_badges
from tests.product import document

MARK = ":yellow-background["


@given(st.text())
def test_literal_text_leaves_no_punctuation_unescaped(text: str) -> None:
    assert not re.search(r"(?<!\\)(?:\\\\)*[!-/:-@\[\]-`{-~]", literal(text))


@given(st.text())
def test_literal_text_loses_nothing_but_line_breaks(text: str) -> None:
    assert re.sub(r"\\(.)", r"\1", literal(text)) == unlinked(re.sub(r"\s+", " ", text))


@pytest.mark.parametrize("address", ["www.x.org", "http\\://x.org", "HTTPS://x.org", "a.b@x.org"])
def test_an_address_that_someone_wrote_is_no_link(address: str) -> None:
    link = r"www\.|https?\\?://|[-.\w+]@"
    assert not re.search(link, with_badges(document(), address), re.IGNORECASE)


def test_sentence_ids_of_an_answer_become_badges_in_the_colour_of_the_programme() -> None:
    assert with_badges(document(), r"«Cita.» \[2.5:4\]") == r"«Cita.» :green-badge[2\.5\:4]"


def test_a_sentence_id_that_does_not_exist_becomes_no_badge() -> None:
    assert "badge" not in with_badges(document(), r"\[9.9:1\]")


@pytest.mark.parametrize("sentence_id", [s.id for s in document().sentences])
def test_marking_a_sentence_highlights_it_and_changes_no_word(sentence_id: str) -> None:
    sentence = document().sentence_by_id[sentence_id]
    section = document().section_by_id[sentence.section]
    paragraph = section.paragraphs[sentence.paragraph - 1]
    citation = _citation(document(), sentence_id)
    text = marked(paragraph, citation)
    assert f"{MARK}{literal(sentence.text)}]" in text
    assert text.replace(MARK, "", 1).replace(
        f"{literal(sentence.text)}]", literal(sentence.text)
    ) == literal(paragraph.text)


def test_a_citation_of_another_paragraph_marks_nothing() -> None:
    paragraph = document().section_by_id["3.3"].paragraphs[0]
    assert MARK not in marked(paragraph, _citation(document(), "2.5:4"))


def test_a_heading_that_is_cited_is_no_part_of_a_paragraph() -> None:
    section = document().section_by_id["4.3"]
    assert all(MARK not in marked(p, _citation(document(), "4.3:0")) for p in section.paragraphs)


def _citation(of: Document, sentence_id: str) -> Citation:
    sentence = of.sentence_by_id[sentence_id]
    return Citation(sentence.id, sentence.text, sentence.start, sentence.end, "verified")

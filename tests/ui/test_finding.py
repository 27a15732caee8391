"""The search inside the document."""

import re
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.ui.finding import Block, Found, blocks, find, per_place
from tests.product import document

BLOCKS = blocks(document())
TEXT = {(block.place, block.ordinal): block.text for block in BLOCKS}


def test_everything_that_is_read_is_searched_in_order() -> None:
    for section in document().sections:
        texts = [block.text for block in BLOCKS if block.place == section.id]
        assert texts == [document().label(section), *(p.text for p in section.paragraphs)]
    titles = [block.text for block in BLOCKS if block.place.isdecimal()]
    assert titles == [f"{p.number}. {p.title}" for p in document().programmes]
    places = list(dict.fromkeys(block.place for block in BLOCKS))
    assert places[places.index("2") + 1] == "2.1"


@pytest.mark.parametrize("sought", ["energía", "ENERGIA", " energia ", "Énergìa"])
def test_accents_and_capitals_do_not_count(sought: str) -> None:
    assert set(_words(find(BLOCKS, sought))) == {"energía", "energías"}


def test_as_often_as_a_plain_search_finds_it() -> None:
    plain = "\n".join(_plain(block.text) for block in BLOCKS)
    for sought in ("pesca", "cooperacion", "china", "1540"):
        assert len(find(BLOCKS, sought)) == len(re.findall(rf"\b{sought}", plain)) > 0


def test_a_word_counts_from_its_beginning_only() -> None:
    assert find([_block("biodiversidad")], "diversidad") == ()


def test_several_words_follow_one_another() -> None:
    found = find(BLOCKS, "energia nucl")
    assert _words(found) == ["energía nuclear"]
    assert find(BLOCKS, "nuclear energía") == ()


def test_places_do_not_overlap() -> None:
    assert len(find([_block("paz paz paz paz")], "paz paz")) == 2


@pytest.mark.parametrize("sought", ["", "a", " . ", "¿?", "中国", "a" * 500])
def test_what_is_not_there_or_too_short_is_not_found(sought: str) -> None:
    assert find(BLOCKS, sought) == ()


def test_hits_are_counted_section_by_section_in_the_order_of_the_document() -> None:
    found = find(BLOCKS, "energia")
    counted = per_place(found)
    assert next(iter(counted)) == "2.5"
    assert sum(counted.values()) == len(found)


@given(st.text(min_size=2))
def test_whatever_is_sought_the_places_stand_in_the_text(sought: str) -> None:
    for hit in find(BLOCKS, sought):
        assert 0 <= hit.start < hit.end <= len(TEXT[hit.place, hit.ordinal])


def _block(text: str) -> Block:
    return Block("2.5", 1, text)


def _words(found: tuple[Found, ...]) -> list[str]:
    return [TEXT[hit.place, hit.ordinal][hit.start : hit.end] for hit in found]


def _plain(text: str) -> str:
    return "".join(
        c for c in unicodedata.normalize("NFD", text.lower()) if not unicodedata.combining(c)
    )

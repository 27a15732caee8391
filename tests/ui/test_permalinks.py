"""The addresses of sections and sentences."""

from urllib.parse import parse_qsl, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.ui.permalinks import SENTENCE, Place, address, resolve
from tests.product import document


@pytest.mark.parametrize("id_", list(document().sentence_by_id))
def test_every_sentence_is_where_its_address_leads(id_: str) -> None:
    sentence = document().sentence_by_id[id_]
    place = resolve(document(), _asked(address(sentence.section, sentence.ordinal)))
    assert place == Place(document().section_by_id[sentence.section], sentence)


@pytest.mark.parametrize("id_", list(document().section_by_id))
def test_every_section_is_where_its_address_leads(id_: str) -> None:
    assert resolve(document(), _asked(address(id_))) == Place(document().section_by_id[id_])


def test_a_heading_that_was_restored_leads_to_its_section() -> None:
    assert resolve(document(), {"s": "2.1", "n": "0"}) == Place(document().section_by_id["2.1"])


def test_capitals_and_leading_zeros_do_not_count() -> None:
    found = resolve(document(), {"s": " PROLOGO ", "n": "01"})
    assert found.sentence is document().sentence_by_id["prologo:1"]


@pytest.mark.parametrize("section", ["9.9", "", "2,5", "<img>", "2.5:3", "\x00", "9" * 9999])
def test_a_section_that_is_not_there_is_a_problem_and_no_error(section: str) -> None:
    assert resolve(document(), {"s": section, "n": "1"}) == Place(problem="section")


@pytest.mark.parametrize("ordinal", ["99", "", "-1", "1.0", "tres", "²", "٣", "9" * 9999])
def test_a_sentence_that_is_not_there_opens_its_section(ordinal: str) -> None:
    section = document().section_by_id["2.5"]
    assert resolve(document(), {"s": "2.5", "n": ordinal}) == Place(section, problem="sentence")


def test_a_sentence_of_no_section_is_a_problem() -> None:
    assert resolve(document(), {SENTENCE: "1"}) == Place(problem="section")


def test_nothing_asked_is_no_problem() -> None:
    assert resolve(document(), {}) == Place()


@given(st.dictionaries(st.sampled_from(["s", "n"]), st.text()))
def test_nothing_that_is_typed_is_an_error(asked: dict[str, str]) -> None:
    place = resolve(document(), asked)
    assert place.sentence is None or place.section is not None


def _asked(of: str) -> dict[str, str]:
    return dict(parse_qsl(urlsplit(of).query))

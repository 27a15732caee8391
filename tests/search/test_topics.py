from collections.abc import Mapping, Sequence

import pytest

from rag.domain import Hit, Passage, Question, Section
from rag.search.index import Index
from rag.search.requests import Request
from rag.search.retrieval import Retrieval, Term
from rag.search.retriever import Retriever
from rag.search.topics import Topics
from tests.product import document

SECTIONS = document().sections
Found = Mapping[str, tuple[str, float]]
"""Text → the section that is found for it, and the score of its best passage."""


class Finding(Retriever):
    """A retriever that has found all that there is to find."""

    def __init__(self, found: Found, whole: Mapping[str, Sequence[str]] | None = None) -> None:
        self._found = found
        self._whole = whole or {}

    def retrieve(
        self,
        question: Question,
        context: str = "",
        weight: float = 0.0,
        *,
        preferred: Sequence[int] = (),
    ) -> Retrieval:
        terms = (Term(question.text, question.text, 1.0),)
        if among := self._whole.get(question.text):
            return Retrieval((), tuple(among), {}, terms)
        if question.text not in self._found:
            return Retrieval((), (), {}, (Term(question.text, None, 1.0),))
        section, score = self._found[question.text]
        passage = Passage(f"{section}:1", section, None, (f"{section}:1",), "", "")
        return Retrieval((Hit(passage, score, {}),), (section, "1.1"), {}, terms)


def topics(**found: tuple[str, float]) -> Topics:
    return Topics(document(), Finding(found))


@pytest.fixture(scope="module")
def real(index: Index) -> Topics:
    return Topics(document(), Retriever(index, [section.id for section in SECTIONS]))


@pytest.mark.parametrize("section", SECTIONS, ids=lambda section: section.id)
def test_every_section_is_meant_by_its_title(section: Section) -> None:
    assert list(topics().sections_of(section.title)) == [section.id]


@pytest.mark.parametrize(
    "topic",
    [
        pytest.param("CIBERSEGURIDAD", id="capitals"),
        pytest.param("la subsección de ciberseguridad", id="among other words"),
    ],
)
def test_a_title_is_found_however_it_is_typed(topic: str) -> None:
    assert list(topics().sections_of(topic)) == ["4.5"]


def test_of_two_titles_the_longer_is_meant() -> None:
    assert list(topics().sections_of("deportes y cooperación en turismo")) == ["5.5"]


def test_a_title_goes_before_what_is_found() -> None:
    assert list(topics(deportes=("5.5", 9.0)).sections_of("deportes")) == ["3.4"]


def test_without_a_title_the_best_section_that_is_found_is_meant() -> None:
    assert list(topics(pesca=("2.11", 1.0)).sections_of("pesca")) == ["2.11"]


def test_where_nothing_is_found_no_section_is_meant() -> None:
    assert list(topics().sections_of("zxqwvkj")) == []


@pytest.mark.parametrize(
    ("topic", "section"),
    [
        pytest.param("pesca ilegal", "2.11", id="es"),
        pytest.param("nuclear energy", "2.5", id="en"),
        pytest.param("turismo e voos diretos", "5.5", id="pt"),
        pytest.param("网络安全", "4.5", id="zh"),
    ],
)
def test_a_plain_topic_is_found_in_four_languages(real: Topics, topic: str, section: str) -> None:
    assert list(real.sections_of(topic)) == [section]


FISHING, TOURISM = ("2.11", 2.0), ("5.5", 3.0)
ASKED = "pesca y turismo"


def comparison(
    *splits: tuple[str, str], sections: tuple[str, ...] = (), programmes: tuple[int, ...] = ()
) -> Request:
    return Request("compare", sections, programmes, topic=ASKED, splits=splits)


def finding(*among: str, **found: tuple[str, float]) -> Topics:
    """Topics that find those sections for the whole comparison."""
    return Topics(document(), Finding(found, {ASKED: among}))


def test_a_comparison_means_what_is_found_for_its_two_sides() -> None:
    found = finding("2.8", "5.5", "2.11", pesca=FISHING, turismo=TOURISM)
    assert found.pair_of(comparison(("turismo", "pesca"))) == ("5.5", "2.11")


def test_of_two_ways_to_part_it_the_one_whose_weaker_side_is_surer_counts() -> None:
    words = {"pesca": FISHING, "turismo": TOURISM, "becas": ("3.3", 9.0), "cine": ("3.5", 1.0)}
    found = finding("3.3", "3.5", "2.11", "5.5", **words)
    ways = [("becas", "cine"), ("pesca", "turismo")]
    assert found.pair_of(comparison(*ways)) == ("2.11", "5.5")
    assert found.pair_of(comparison(*ways[::-1])) == ("2.11", "5.5")


@pytest.mark.parametrize(
    "splits",
    [
        pytest.param([("pesca", "puertos")], id="both sides one section"),
        pytest.param([("pesca", "zxqwvkj")], id="nothing found for a side"),
        pytest.param([("pesca", "becas")], id="a side that the whole does not find"),
        pytest.param([], id="no way to part it"),
    ],
)
def test_without_two_sides_the_first_two_sections_of_all_are_meant(
    splits: list[tuple[str, str]],
) -> None:
    found = finding("2.8", "2.11", pesca=FISHING, puertos=FISHING, becas=("3.3", 9.0))
    assert found.pair_of(comparison(*splits)) == ("2.8", "2.11")


def test_the_parts_before_the_programmes_are_compared_only_by_name() -> None:
    found = finding("prologo", "II", "2.8", "2.11")
    assert found.pair_of(comparison()) == ("2.8", "2.11")
    assert found.pair_of(comparison(sections=("prologo",))) == ("prologo", "2.8")


def test_a_section_that_is_named_is_one_of_the_two() -> None:
    found = finding("2.11", "2.8")
    assert found.pair_of(comparison(sections=("2.11",))) == ("2.11", "2.8")


def test_of_a_programme_that_is_named_the_best_section_is_one_of_the_two() -> None:
    found = finding("2.8", "2.11", "4.5", "4.1")
    assert found.pair_of(comparison(programmes=(4,))) == ("4.5", "2.8")


def test_a_comparison_of_unknown_words_means_no_section() -> None:
    assert topics().pair_of(comparison(("pesca", "turismo"))) == ()


@pytest.mark.parametrize(
    "sides",
    [
        pytest.param(("la pesca", "el turismo"), id="es"),
        pytest.param(("fishing", "tourism"), id="en"),
        pytest.param(("a pesca", "o turismo"), id="pt"),
        pytest.param(("渔业", "旅游"), id="zh"),
    ],
)
def test_two_plain_themes_are_found_in_four_languages(real: Topics, sides: tuple[str, str]) -> None:
    request = Request("compare", topic=" ".join(sides), splits=(sides,))
    assert real.pair_of(request) == ("2.11", "5.5")

from collections.abc import Sequence

import pytest

from rag.answer.listing import NameLister
from rag.corpus import names
from rag.search.places import Places
from rag.search.requests import Request
from rag.search.topics import Topics
from tests.product import document


class FixedTopics(Topics):
    """Knows trade only."""

    def __init__(self) -> None:
        pass

    def sections_of(self, topic: str) -> Sequence[str]:
        return ["2.3"] if topic == "comercio" else ["3.4"]


LISTER = NameLister(document(), names.read(), FixedTopics(), Places(document()))


def listed(*classes: str, part: str = "", tentative: bool = False, **narrow: str) -> set[str]:
    """Sections in which the listed names stand."""
    parts = tuple(narrow.values())
    request = Request("names", names=classes, parts=parts, part=part, is_tentative=tentative)
    return {sentence.section for _, sentence in LISTER.listed(request)}


def test_a_name_says_what_the_heading_over_it_says() -> None:
    assert listed("conference", word="agricultura") == {"2.8"}


def test_a_word_of_many_headings_tells_no_section() -> None:
    assert listed("fair", word="intercambio") == listed("fair")


def test_names_that_say_all_of_it_come_before_those_that_say_some() -> None:
    assert listed("forum", one="academicos", two="alto nivel") == {"3.6"}


def test_where_none_says_all_of_it_each_that_says_some_counts() -> None:
    assert listed("forum", one="internet", two="pobreza") == {"4.5", "5.2"}


@pytest.mark.parametrize(("word", "found"), [("pobreza", {"5.2"}), ("zxqwvkj", set())])
def test_a_tentative_list_needs_a_name_that_says_it(word: str, found: set[str]) -> None:
    assert listed("forum", tentative=True, word=word) == found


def test_a_part_narrows_to_its_section() -> None:
    assert listed("fair", part="comercio") == {"2.3"}


def test_a_part_without_such_names_narrows_nothing() -> None:
    assert listed("fair", part="deporte") == listed("fair")


@pytest.mark.parametrize("quote", ["China-CELAC", "中国-拉共体"])
def test_what_a_name_must_hold_may_be_quoted(quote: str) -> None:
    assert listed("forum", word=quote) == {"1.8", "2.8", "2.9", "2.10", "3.6", "4.5", "5.2"}


def test_events_in_general_give_way_to_the_kinds_named_beside_them() -> None:
    assert listed("event", "summit") == listed("summit")

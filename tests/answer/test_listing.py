from collections.abc import Sequence
from dataclasses import replace

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

    def surely(self, text: str) -> Sequence[str]:
        return {"soy granjero": ["2.8", "5.2"], "soy deportista": ["3.4", "2.8"]}.get(text, [])


LISTER = NameLister(document(), names.read(), FixedTopics(), Places(document()))


def sections_of(request: Request) -> set[str]:
    """Sections in which the listed names stand."""
    return {sentence.section for _, sentence in LISTER.listed(request)}


def listed(*classes: str, part: str = "", tentative: bool = False, **narrow: str) -> set[str]:
    """Sections in which the listed names stand."""
    parts = tuple(narrow.values())
    request = Request("names", names=classes, parts=parts, part=part, is_tentative=tentative)
    return sections_of(request)


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


def test_what_is_quoted_is_said_by_the_name_and_not_by_the_heading_over_it() -> None:
    request = Request("names", names=("conference",), parts=("agricultura",))
    assert sections_of(request) == {"2.8"}
    assert sections_of(replace(request, is_literal=True)) == listed("conference")


def test_a_quotation_is_held_word_by_word() -> None:
    asked = Request("names", names=("forum", "conference"), parts=("china-caribe",))
    assert sections_of(replace(asked, is_literal=True)) == {"2.3", "4.4"}


def test_of_things_named_one_beside_the_other_each_adds_names() -> None:
    asked = Request("names", names=("forum",), parts=("internet", "comercio"))
    assert sections_of(asked) == {"4.5", "2.3"}
    both = Request("names", names=("forum",), parts=("academicos", "alto nivel"))
    assert sections_of(both) < sections_of(replace(both, alternatives=both.parts))


def test_an_alternative_that_no_name_says_adds_those_where_it_is_treated() -> None:
    asked = Request("names", names=("forum",), parts=("internet", "deporte"))
    topics = FixedTopics()
    topics.sections_of = lambda topic: ["3.6"] if topic == "deporte" else []  # type: ignore[method-assign]
    lister = NameLister(document(), names.read(), topics, Places(document()))
    asked = replace(asked, alternatives=asked.parts)
    assert {sentence.section for _, sentence in lister.listed(asked)} == {"4.5", "3.6"}


def test_what_no_name_says_narrows_to_the_section_that_treats_it() -> None:
    asked = Request("names", names=("fair",), parts=("zxqwvkj",), themes=("comercio",))
    assert sections_of(asked) == {"2.3"}


def test_what_is_left_out_is_not_listed() -> None:
    asked = Request("names", names=("organisation",))
    every = {name for name, _ in LISTER.listed(asked)}
    left = {name for name, _ in LISTER.listed(replace(asked, excluded=("onu", "celac")))}
    assert every - left == {name for name in every if "ONU" in name or "CELAC" in name} != set()


def test_events_in_general_give_way_to_the_kinds_named_beside_them() -> None:
    assert listed("event", "summit") == listed("summit")


def test_all_that_a_question_is_surely_about_narrows_it() -> None:
    forums = Request("names", names=("forum",))
    assert sections_of(replace(forums, around="soy granjero")) == {"2.8", "5.2"}


@pytest.mark.parametrize("around", ["soy deportista", "soy nadie", ""])
def test_a_section_without_such_names_or_an_unsure_one_narrows_nothing(around: str) -> None:
    forums = Request("names", names=("forum",))
    assert sections_of(replace(forums, around=around)) == sections_of(forums)

"""The page with the whole document: search, addresses, what is marked."""

import re

import pytest
from streamlit.testing.v1 import AppTest

from rag.ui import finding, permalinks, searchbar
from rag.ui.markup import literal, numbered
from rag.ui.session import KEY, Opened, Session
from rag.ui.words import say
from tests.product import assistant, document
from tests.ui.reading import captions, markdown

TIMEOUT_SECONDS = 60
PAGE = """
from rag.ui import reader, startup

assistant = startup.opened().assistant
reader.draw(assistant)
"""
MARK = re.compile(r":yellow-background\[((?:\\.|[^\]])*)\]")


@pytest.fixture
def app() -> AppTest:
    assistant()
    return AppTest.from_string(PAGE, default_timeout=TIMEOUT_SECONDS)


@pytest.mark.parametrize("section", document().sections, ids=lambda section: section.id)
def test_every_sentence_stands_behind_its_number_and_no_word_is_changed(section: object) -> None:
    (found,) = (s for s in document().sections if s is section)
    for paragraph in found.paragraphs:
        text = numbered(paragraph, None)
        links = re.findall(r"\[(\d+)\]\(([^)]*)\)", text)
        assert links == [
            (str(s.ordinal), permalinks.address(s.section, s.ordinal)) for s in paragraph.sentences
        ]
        assert re.sub(r"\[\d+\]\([^)]*\)", "", text) == literal(paragraph.text)


def test_the_whole_document_is_there_and_nothing_is_marked(app: AppTest) -> None:
    app.run()
    assert not app.exception
    shown = markdown(app)
    for sentence in document().sentences:
        assert literal(sentence.text) in shown
    assert not MARK.findall(shown)
    assert app.query_params == {}


@pytest.mark.parametrize("id_", ["2.5:3", "prologo:1", "5.6:1", "4.3:0"])
def test_a_permalink_marks_its_sentence_and_stays_in_the_address(app: AppTest, id_: str) -> None:
    section, _, ordinal = id_.rpartition(":")
    app.query_params["s"], app.query_params["n"] = section, ordinal
    app.run()
    text = literal(document().sentence_by_id[id_].text)
    assert MARK.findall(markdown(app)) == [text] or f":yellow-background[{text}]" in markdown(app)
    assert _address(app) == {"s": section, "n": ordinal}
    assert say("reader.verdict_verified") not in markdown(app)


def test_a_section_alone_is_opened_without_a_mark(app: AppTest) -> None:
    app.query_params["s"] = "2.5"
    app.run()
    assert not MARK.findall(markdown(app))
    assert say("reader.link_section", section=literal("2.5")) in markdown(app)


def test_the_address_follows_what_is_opened(app: AppTest) -> None:
    app.query_params["s"], app.query_params["n"] = "2.5", "3"
    app.run().button(key="outline-4.6").click().run()
    assert _address(app) == {"s": "4.6"}


def test_what_else_stands_in_the_address_stays(app: AppTest) -> None:
    app.query_params["s"], app.query_params["x"] = "2.5", "1"
    app.run().button(key="outline-4.6").click().run()
    assert _address(app) == {"s": "4.6", "x": "1"}


@pytest.mark.parametrize("wrong", ["9.9", "", "<img src=x onerror=alert(1)>", "](javascript:1)"])
def test_an_unknown_section_gets_a_calm_notice(app: AppTest, wrong: str) -> None:
    app.query_params["s"] = wrong
    app.run()
    assert not app.exception
    assert say("reader.no_section", section=literal(wrong)) in markdown(app)
    app.run()
    assert say("reader.no_section", section=literal(wrong)) in markdown(app)
    app.button(key="outline-4.6").click().run()
    assert say("reader.no_section", section=literal(wrong)) not in markdown(app)
    assert _address(app) == {"s": "4.6"}


@pytest.mark.parametrize("wrong", ["99", "-1", "x", "9" * 5000])
def test_an_unknown_sentence_opens_its_section_with_a_notice(app: AppTest, wrong: str) -> None:
    app.query_params["s"], app.query_params["n"] = "2.5", wrong
    app.run()
    assert not app.exception
    assert "la sección 2\\.5 no tiene" in markdown(app)
    assert app.session_state[KEY].opened == Opened("2.5", is_picked=True)


def test_the_address_of_what_is_open_keeps_what_was_checked_of_it(app: AppTest) -> None:
    sentence = document().sentence_by_id["2.5:4"]
    session = Session()
    session.open_from(0, "2.5", permalinks.as_citation(sentence))
    app.session_state[KEY] = session
    app.query_params["s"], app.query_params["n"] = "2.5", "4"
    app.run()
    assert not app.session_state[KEY].opened.is_picked


def test_hits_are_counted_section_by_section(app: AppTest) -> None:
    app.run().text_input(key=searchbar.SOUGHT).set_value("energia").run()
    found = finding.find(finding.blocks(document()), "energia")
    assert say("search.count", current=1, total=len(found)) in captions(app)
    buttons = [b.label for b in app.button if str(b.key).startswith("hits-")]
    assert [label.rpartition(" ")[2] for label in buttons] == [
        str(number) for number in finding.per_place(found).values()
    ]


def test_after_the_last_hit_comes_the_first(app: AppTest) -> None:
    app.run().text_input(key=searchbar.SOUGHT).set_value("energia").run()
    total = len(finding.find(finding.blocks(document()), "energia"))
    app.button(key="hit-previous").click().run()
    assert say("search.count", current=total, total=total) in captions(app)
    app.button(key="hit-next").click().run()
    assert say("search.count", current=1, total=total) in captions(app)


def test_a_search_without_hits_says_what_to_do(app: AppTest) -> None:
    app.run().text_input(key=searchbar.SOUGHT).set_value("bitcoin").run()
    assert say("search.none") in captions(app)


def _address(app: AppTest) -> dict[str, str]:
    return {
        name: value[0] if isinstance(value, list) else value
        for name, value in dict(app.query_params).items()
    }

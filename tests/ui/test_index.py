"""The page with the analytical index."""

import pytest
from streamlit.testing.v1 import AppTest

from rag.corpus import analytical_index
from rag.domain import LANGUAGES, Language
from rag.ui import index
from rag.ui.headwords import LEAF, matches, shelf
from rag.ui.markup import literal
from rag.ui.session import KEY, Session
from rag.ui.words import NAMES, count, say
from tests.product import assistant, document

TIMEOUT_SECONDS = 60
TERMS = analytical_index.load(document()).terms
PAGE = """
import streamlit as st
from rag.ui import index, startup
from rag.ui.words import say

assistant = startup.opened().assistant
whole = st.Page(lambda: None, title="documento", url_path="documento")
ask = st.Page(lambda: None, title="preguntar", url_path="preguntar")
page = st.Page(lambda: index.draw(assistant, ask, whole), title="indice", default=True)
st.navigation([page, whole, ask]).run()
"""


@pytest.fixture
def app() -> AppTest:
    assistant()
    return AppTest.from_string(PAGE, default_timeout=TIMEOUT_SECONDS)


def test_one_leaf_of_the_first_letter_is_shown(app: AppTest) -> None:
    app.run()
    first = next(iter(shelf(TERMS, "es").values()))
    assert not app.exception
    assert _terms(app) == [literal(word.text) for word in first[:LEAF]]


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_language_has_its_own_entries(app: AppTest, language: Language) -> None:
    app.run().segmented_control(key=f"{index.LANGUAGE}-es").set_value(language).run()
    words = shelf(TERMS, language)
    last = list(words)[-1]
    app.pills(key=f"letter-{language}").set_value(last).run()
    assert _terms(app) == [literal(word.text) for word in words[last][:LEAF]]


def test_the_filter_looks_in_every_letter(app: AppTest) -> None:
    app.run().text_input(key=index.FILTER).set_value("aguacate").run()
    found = matches(shelf(TERMS, "es"), "aguacate")
    assert _terms(app) == [literal(word.text) for word in found]
    assert count("index.found", len(found)) in [caption.value for caption in app.caption]


def test_a_filter_without_matches_says_what_to_do(app: AppTest) -> None:
    app.run().text_input(key=index.FILTER).set_value("xyzzy").run()
    assert say("index.nothing", language=NAMES["es"]) in [c.value for c in app.caption]


def test_an_entry_opens_the_sentence_that_it_points_at(app: AppTest) -> None:
    app.run().text_input(key=index.FILTER).set_value("aguacate").run()
    entry = matches(shelf(TERMS, "es"), "aguacate")[0].entries[0]
    app.button(key="place-0-0-0").click().run()
    sentence = document().sentence_by_id[entry.sentences[0]]
    shown = "\n".join(element.value for element in app.markdown)
    assert f":yellow-background[{literal(sentence.text)}]" in shown
    assert say("reader.indexed", entry=literal(entry.text)) in shown
    assert say("reader.verdict_verified") not in shown


def test_an_entry_can_be_asked_about_without_what_was_asked_before(app: AppTest) -> None:
    app.session_state[KEY] = Session()
    app.session_state[KEY].ask(assistant(), "¿Qué becas hay para estudiar en China?", None)
    app.run().segmented_control(key=f"{index.LANGUAGE}-es").set_value("en").run()
    app.text_input(key=index.FILTER).set_value("avocado").run()
    app.button(key="term-0").click().run()
    session: Session = app.session_state[KEY]
    assert session.dialogue.exchanges[-1].turn.question.language == "en"
    assert session.dialogue.exchanges[-1].turn.answer.understood_as is None


def _terms(app: AppTest) -> list[str]:
    return [button.label for button in app.button if str(button.key).startswith("term-")]

"""The language of the pages. AppTest has no browser; tests/browser asks one."""

import pytest
from streamlit.testing.v1 import AppTest

from rag.domain import LANGUAGES, Language
from rag.ui import language as choice
from rag.ui.words import KEY, NAMES, catalogue, decimal, of_browser, spoken, whole
from tests.product import assistant
from tests.ui.reading import captions, markdown, turns_of

PAGE = """
from rag.ui import about, language, startup

language.begin()
language.draw()
about.draw(startup.opened().assistant, retention_days=None)
"""
"""Without a choice: AppTest formats the options of one outside the page, always in Spanish."""

OTHERS: tuple[Language, ...] = ("en", "pt", "zh")


@pytest.mark.parametrize(
    ("locale", "language"),
    [
        *(("es-MX", "es"), ("en-US", "en"), ("en", "en"), ("pt-BR", "pt"), ("pt-PT", "pt")),
        *(("zh-CN", "zh"), ("zh-Hant-TW", "zh"), ("PT-br", "pt"), ("fr-FR", "es"), ("", "es")),
    ],
)
def test_a_browser_is_spoken_to_in_its_language(locale: str, language: Language) -> None:
    assert of_browser(locale) == language


def test_without_a_browser_that_says_more_the_page_is_in_spanish(app: AppTest) -> None:
    app.run()
    assert app.session_state[KEY] == "es"
    assert app.menu_button(key=choice.CHOICE).label == NAMES["es"]


@pytest.mark.parametrize("language", OTHERS)
def test_the_page_follows_the_choice_at_once(app: AppTest, language: Language) -> None:
    _choose(app.run(), language)
    texts = catalogue()[language]
    assert not app.exception
    assert f"# {texts['welcome.title']}" in markdown(app)
    assert texts["composer.extractive"] in captions(app)
    assert app.chat_input[0].placeholder == texts["composer.placeholder"]
    assert app.menu_button(key=choice.CHOICE).label == NAMES[language]
    assert set(app.menu_button(key=choice.CHOICE).options) == {
        NAMES[other] for other in LANGUAGES if other != language
    }


def test_the_choice_is_kept_and_can_be_taken_back() -> None:
    assistant()
    page = AppTest.from_string(PAGE, default_timeout=60)
    _choose(page.run(), "zh").run()
    assert catalogue()["zh"]["about.text"] in markdown(page)
    _choose(page, "es")
    assert catalogue()["es"]["about.text"] in markdown(page)


def test_a_choice_keeps_the_conversation_and_the_language_of_its_answers(app: AppTest) -> None:
    app.run().chat_input[0].set_value("¿Qué becas hay para estudiar en China?").run()
    answer = turns_of(app)[0].answer
    _choose(app, "en")
    assert turns_of(app)[0].answer == answer
    assert answer.language == "es"
    assert catalogue()["en"]["answer.verified_many"].format(count=2) in markdown(app)


def test_outside_a_page_spanish_is_spoken() -> None:
    assert spoken() == "es"
    assert (whole(1_234_567), whole(999), decimal(1.5)) == ("1.234.567", "999", "1,50")


def _choose(app: AppTest, language: Language) -> AppTest:
    return app.menu_button(key=choice.CHOICE).click(NAMES[language]).run()

"""The pages in four languages, and those on models and the product, in a real browser."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from typing import Literal

import pytest
from playwright.sync_api import Browser, Locator, Page, ViewportSize, expect

from rag.domain import LANGUAGES, Language
from rag.search.normalisation import clean
from rag.ui.words import NAMES, catalogue, say, starters
from tests.browser.driving import (
    PHONE,
    SCHEMES,
    WIDE,
    WRITING_MS,
    ask,
    asked,
    chip,
    choose,
    fits,
    has_contrast,
    move_to,
    open_page,
    settled,
)
from tests.browser.serving import served
from tests.models.behaviours import repeats_sentences
from tests.models.entries import dead_url, fields, write_models
from tests.models.servers import ScriptedServer
from tests.product import assistant

LOCALES: dict[str, Language] = {
    "es-MX": "es",
    "en-US": "en",
    "pt-BR": "pt",
    "zh-CN": "zh",
    "fr-FR": "es",
}
PAGES = ("app.reader_page", "app.index_page", "app.models_page", "app.about_page")
SCHOLARSHIPS = "What scholarships are there to study in China?"


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Where the app listens that knows a model that answers and one that does not."""
    assistant()
    folder = tmp_path_factory.mktemp("languages")
    with ExitStack() as running:
        server = running.enter_context(ScriptedServer(repeats_sentences(2)))
        entries: dict[str, dict[str, object]] = {
            "chat.presta": fields(server, first_token_seconds=20.0),
            "chat.caida": {"server": "llamacpp", "model": "m", "base_url": dead_url()},
        }
        models = write_models(folder, entries, default="extractive")
        yield running.enter_context(served(folder, {"CINCO_MODELS": str(models)}))


@contextmanager
def visitor(browser: Browser, locale: str, size: ViewportSize = WIDE) -> Iterator[Page]:
    """A fresh browser of someone who reads another language."""
    context = browser.new_context(locale=locale, viewport=size)
    context.set_default_timeout(20_000)
    yield context.new_page()
    context.close()


@pytest.mark.parametrize(("locale", "language"), LOCALES.items())
def test_a_fresh_browser_is_spoken_to_in_its_language(
    browser: Browser, address: str, locale: str, language: Language
) -> None:
    texts = catalogue()[language]
    with visitor(browser, locale) as page:
        open_page(page, address)
        expect(page.get_by_role("heading", name=texts["welcome.title"])).to_be_visible()
        expect(page.locator("html")).to_have_attribute("lang", language)
        expect(_choice(page)).to_have_accessible_name(NAMES[language])
        for key in PAGES:
            expect(page.get_by_role("link", name=texts[key], exact=True)).to_be_visible()


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_starter_of_every_language_is_answered_in_it(
    browser: Browser, address: str, language: Language
) -> None:
    locale = next(locale for locale, spoken in LOCALES.items() if spoken == language)
    with visitor(browser, locale) as page:
        open_page(page, address)
        page.locator(".st-key-starter-2 button").click()
        expect(asked(page, clean(starters(language)[2].question))).to_be_visible()
        expect(chip(page, 0)).to_be_visible()
        verified = catalogue()[language]["answer.verified_many"].format(count=2)
        expect(page.locator(".st-key-turn-0")).to_contain_text(verified)


def test_switching_keeps_conversation_reader_and_choices(page: Page, address: str) -> None:
    open_page(page, address)
    choose(page, "programme", "Programa de las civilizaciones")
    ask(page, SCHOLARSHIPS)
    chip(page, 0).click()
    for language in ("en", "zh", "pt", "es"):
        texts = catalogue()[language]
        _switch(page, language)
        expect(page.locator("html")).to_have_attribute("lang", language)
        expect(asked(page, SCHOLARSHIPS)).to_have_count(1)
        expect(page.locator(".st-key-panel .stMarkdownColoredBackground")).to_be_visible()
        expect(page.locator(".st-key-panel")).to_contain_text(texts["reader.verdict_verified"])
        expect(_filter(page)).to_have_value("Programa de las civilizaciones")
        expect(_model(page)).to_have_value(texts["composer.none"])
    # The answer speaks the language of the question, whatever the page speaks.
    expect(page.locator(".st-key-turn-0")).to_contain_text("The document addresses this in")


def test_a_choice_without_a_filter_stays_one(page: Page, address: str) -> None:
    open_page(page, address)
    for language in ("zh", "en"):
        _switch(page, language)
        expect(_filter(page)).to_have_value(catalogue()[language]["composer.everything"])
    ask(page, SCHOLARSHIPS)
    expect(chip(page, 0)).to_be_visible()
    expect(_filter(page)).to_have_value(catalogue()["en"]["composer.everything"])
    expect(_model(page)).to_have_value(catalogue()["en"]["composer.none"])
    page.get_by_role("link", name=catalogue()["en"]["app.about_page"], exact=True).click()
    expect(page.get_by_role("heading", name="What is stored")).to_be_visible()
    page.get_by_role("link", name=catalogue()["en"]["app.chat_page"], exact=True).click()
    expect(asked(page, SCHOLARSHIPS)).to_have_count(1)


def test_the_language_is_chosen_by_keyboard(page: Page, address: str) -> None:
    open_page(page, address)
    settled(page)
    move_to(page, ".st-key-language button")
    page.keyboard.press("Enter")
    expect(page.get_by_role("menu")).to_be_visible()
    move_to(page, f"[role=menuitem][data-key$=':{NAMES['en']}']", "ArrowDown")
    page.keyboard.press("Enter")
    expect(page.locator("html")).to_have_attribute("lang", "en")


@pytest.mark.parametrize("locale", ["es-MX", "en-US", "pt-BR", "zh-CN"])
def test_no_page_of_a_phone_scrolls_sideways(browser: Browser, address: str, locale: str) -> None:
    texts = catalogue()[LOCALES[locale]]
    with visitor(browser, locale, PHONE) as page:
        open_page(page, address)
        _fits_within(page)
        page.locator(".st-key-starter-0 button").click()
        expect(chip(page, 0)).to_be_visible()
        _fits_within(page)
        for key in PAGES:
            page.get_by_test_id("stExpandSidebarButton").click()
            page.get_by_role("link", name=texts[key], exact=True).click()
            expect(page.get_by_role("heading", level=1)).to_be_visible()
            _fits_within(page)


@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize("name", ["app.models_page", "app.about_page"])
@pytest.mark.usefixtures("clean")
def test_the_new_pages_have_enough_contrast(
    page: Page, address: str, scheme: Literal["light", "dark"], name: str
) -> None:
    page.emulate_media(color_scheme=scheme)
    # By the link: Streamlit, opened at a page, first looks for itself below that page in vain.
    open_page(page, address)
    page.get_by_role("link", name=say(name), exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_be_visible(timeout=30_000)
    settled(page)
    has_contrast(page)
    fits(page)


@pytest.mark.usefixtures("clean")
def test_a_model_is_checked_and_taken_into_the_conversation(page: Page, address: str) -> None:
    texts = catalogue()["es"]
    open_page(page, address)
    page.get_by_role("link", name=texts["app.models_page"], exact=True).click()
    expect(page.locator(".st-key-mode-1")).to_contain_text(texts["models.state_answers"])
    expect(page.locator(".st-key-mode-2")).to_contain_text(texts["models.state_silent"])
    expect(page.locator(".st-key-use-2 button")).to_be_disabled()
    # The page is drawn once more when all is known.
    expect(page.locator(".st-key-check-again button")).to_be_enabled()
    page.locator(".st-key-use-1 button").click()
    expect(page.locator(".st-key-mode-1")).to_contain_text(texts["models.active"])
    page.locator(".st-key-mode-1").get_by_role("link", name=texts["models.ask"]).click()
    expect(_model(page)).to_have_value("presta")
    ask(page, "¿Qué dice de la energía y los recursos?")
    by_model = texts["answer.by_model"].format(model="presta")
    expect(page.locator(".st-key-turn-0")).to_contain_text(by_model, timeout=WRITING_MS)
    page.get_by_role("link", name=texts["app.about_page"], exact=True).click()
    expect(page.locator(".st-key-versions")).to_contain_text("«presta»")


def _choice(page: Page) -> Locator:
    """The button; a second one, hidden, is Streamlit's for narrow screens."""
    return page.locator(".st-key-language button").filter(visible=True)


def _switch(page: Page, language: Language) -> None:
    _choice(page).click()
    # On a slow machine the button's tooltip comes late, over the menu, while the mouse is on it.
    page.mouse.move(0, 0)
    page.get_by_role("menuitem", name=NAMES[language]).click()
    expect(_choice(page)).to_have_accessible_name(NAMES[language])


def _filter(page: Page) -> Locator:
    return page.locator(".st-key-programme input")


def _model(page: Page) -> Locator:
    return page.locator(".st-key-model input")


def _fits_within(page: Page) -> None:
    """No sideways scrolling, and no text that runs out of its button or card."""
    fits(page)
    outside = page.evaluate(OUTSIDE)
    assert not outside, outside


OUTSIDE = """() => [...document.querySelectorAll('[data-testid=stMain] :is(p, h1, h2, h3, h5, li)')]
  .filter(e => e.checkVisibility() && e.getBoundingClientRect().right > innerWidth + 1)
  .map(e => e.textContent.slice(0, 60))"""
"""Texts that reach beyond the page's right edge."""

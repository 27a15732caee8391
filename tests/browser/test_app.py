"""The real app, started as `cinco chat` starts it, in a real browser."""

from collections.abc import Iterator
from typing import Literal

import pytest
from playwright.sync_api import Page, ViewportSize, expect

from rag.ui.words import say, starters
from tests.browser.driving import (
    PHONE,
    SCHEMES,
    WIDE,
    ask,
    asked,
    chip,
    fits,
    has_contrast,
    move_to,
    open_page,
)
from tests.browser.serving import served
from tests.product import assistant, document

pytestmark = pytest.mark.usefixtures("clean")

NUCLEAR = "¿Apoya la energía nuclear con fines pacíficos?"
SCHOLARSHIPS = "¿Qué becas hay para estudiar en China?"


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Where the app listens; the index is that of the session."""
    assistant()
    with served(tmp_path_factory.mktemp("app"), {}) as address:
        yield address


def test_two_questions_and_a_citation_that_opens_highlighted(page: Page, address: str) -> None:
    open_page(page, address)
    ask(page, SCHOLARSHIPS)
    ask(page, NUCLEAR)
    expect(asked(page, SCHOLARSHIPS)).to_have_count(1)
    chip(page, 1).click()
    sentence = document().sentence_by_id["2.5:4"]
    mark = page.locator(".st-key-panel .stMarkdownColoredBackground")
    expect(mark).to_have_text(sentence.text)
    expect(mark).to_be_in_viewport(ratio=1)
    section = document().section_by_id["2.5"]
    for sentence in section.sentences:
        expect(page.locator(".st-key-panel")).to_contain_text(sentence.text)
    expect(page.locator(".st-key-panel")).to_contain_text(say("reader.verdict_verified"))


@pytest.mark.parametrize("sentence_id", ["2.9:13", "II:5"])
def test_a_sentence_far_down_is_scrolled_to(page: Page, address: str, sentence_id: str) -> None:
    page.set_viewport_size({"width": 1280, "height": 500})
    sentence = document().sentence_by_id[sentence_id]
    open_page(page, address)
    ask(page, sentence.text)
    page.locator('[class*="st-key-chip-0-"] button').filter(has_text=sentence_id).click()
    mark = page.locator(".st-key-panel .stMarkdownColoredBackground")
    expect(mark).to_have_text(sentence.text)
    expect(mark).to_be_in_viewport()


def test_the_newest_question_is_in_view_and_stays_beside_the_reader(
    page: Page, address: str
) -> None:
    open_page(page, address)
    for question in (SCHOLARSHIPS, "¿Qué dice de Bitcoin?", NUCLEAR):
        ask(page, question)
    expect(asked(page, NUCLEAR)).to_be_in_viewport()
    chip(page, 2).click()
    expect(page.locator(".st-key-panel")).to_be_visible()
    expect(asked(page, NUCLEAR)).to_be_in_viewport()
    expect(chip(page, 2)).to_be_in_viewport()


def test_the_outline_leads_to_a_section_of_the_whole_document(page: Page, address: str) -> None:
    open_page(page, address)
    page.get_by_role("link", name=say("app.reader_page")).click()
    expect(page.locator(".st-key-section-5-6")).to_be_attached()
    page.locator(".st-key-outline").get_by_text("Programa de la paz").click()
    page.locator(".st-key-outline-4-6 button").click()
    section = document().section_by_id["4.6"]
    expect(page.locator(".st-key-section-4-6 h4")).to_have_text(document().label(section))
    expect(page.locator(".st-key-section-4-6 h4")).to_be_in_viewport()


def test_a_citation_is_still_marked_in_the_whole_document(page: Page, address: str) -> None:
    open_page(page, address)
    ask(page, NUCLEAR)
    chip(page, 0).click()
    page.get_by_role("link", name=say("reader.whole")).click()
    mark = page.locator(".st-key-reader .stMarkdownColoredBackground")
    expect(mark).to_have_text(document().sentence_by_id["2.5:4"].text)
    expect(mark).to_be_in_viewport()


def test_the_keyboard_alone_suffices(page: Page, address: str) -> None:
    open_page(page, address)
    move_to(page, '[data-testid="stChatInputTextArea"]')
    page.keyboard.type(NUCLEAR)
    page.keyboard.press("Enter")
    expect(chip(page, 0)).to_be_visible()
    move_to(page, ".st-key-chip-0-0 button")
    page.keyboard.press("Enter")
    expect(page.locator(".st-key-close-panel button")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator(".st-key-panel")).to_have_count(0)


@pytest.mark.parametrize(
    "attack",
    [
        "agricultura <img src=x onerror=alert(1)><script>alert(1)</script>",
        "agricultura ![i](http://192.0.2.1/i.png) [a](javascript:alert(1))",
        ":red-background[agricultura] $x^2$ **negrita** :material/home: `código`",
    ],
)
def test_what_someone_types_stays_text(page: Page, address: str, attack: str) -> None:
    open_page(page, address)
    ask(page, attack)
    expect(page.get_by_test_id("stText")).to_have_text(attack)
    expect(page.locator(".st-key-conversation").locator("script, img, .katex")).to_have_count(0)


def test_the_page_names_its_language(page: Page, address: str) -> None:
    open_page(page, address)
    expect(page.locator("html")).to_have_attribute("lang", "es")


def test_a_phone_shows_everything_without_sideways_scrolling(page: Page, address: str) -> None:
    page.set_viewport_size(PHONE)
    open_page(page, address)
    fits(page)
    for question in (NUCLEAR, "¿Qué dice de Bitcoin?", "¿?", "A" * 300):
        ask(page, question)
        fits(page)
    chip(page, 0).click()
    mark = page.locator(".st-key-panel .stMarkdownColoredBackground")
    expect(mark).to_be_in_viewport(ratio=1)
    expect(page.locator(".st-key-close-panel button")).to_be_in_viewport()
    fits(page)
    page.locator(".st-key-close-panel button").click()
    expect(page.locator(".st-key-panel")).to_have_count(0)


@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize("size", [WIDE, PHONE], ids=["wide", "phone"])
def test_every_text_has_enough_contrast(
    page: Page, address: str, scheme: Literal["light", "dark"], size: ViewportSize
) -> None:
    page.set_viewport_size(size)
    page.emulate_media(color_scheme=scheme)
    open_page(page, address)
    has_contrast(page)
    for question in (SCHOLARSHIPS, "¿Qué dice de Bitcoin?", "¿?"):
        ask(page, question)
    chip(page, 0).click()
    expect(page.locator(".st-key-panel .stMarkdownColoredBackground")).to_be_visible()
    has_contrast(page)


def test_a_starter_asks_its_question(page: Page, address: str) -> None:
    open_page(page, address)
    page.locator(".st-key-starter-0 button").click()
    expect(page.get_by_test_id("stText")).to_have_text(starters()[0].question)
    expect(chip(page, 0)).to_be_visible()


@pytest.mark.parametrize("size", [WIDE, PHONE], ids=["wide", "phone"])
@pytest.mark.parametrize("scheme", SCHEMES)
def test_the_analytical_index_leads_to_a_sentence_and_to_an_answer(
    page: Page, address: str, scheme: Literal["light", "dark"], size: ViewportSize
) -> None:
    page.set_viewport_size(size)
    page.emulate_media(color_scheme=scheme)
    open_page(page, address)
    if size == PHONE:
        page.get_by_test_id("stExpandSidebarButton").click()
    page.get_by_role("link", name=say("app.index_page")).click()
    page.locator(".st-key-index-filter input").fill("aguacate")
    expect(page.locator(".st-key-term-0")).to_have_text("aguacate")
    fits(page)
    has_contrast(page)
    page.locator(".st-key-place-0-0-0 button").click()
    expect(page.locator(".st-key-panel .stMarkdownColoredBackground")).to_be_in_viewport()
    page.locator(".st-key-close-panel button").click()
    page.locator(".st-key-term-0 button").click()
    expect(page.get_by_test_id("stText")).to_have_text("aguacate")
    expect(chip(page, 0)).to_be_visible()


@pytest.mark.parametrize("scheme", SCHEMES)
def test_a_list_of_citations_and_its_explanation_fit_a_phone(
    page: Page, address: str, scheme: Literal["light", "dark"]
) -> None:
    page.set_viewport_size(PHONE)
    page.emulate_media(color_scheme=scheme)
    open_page(page, address)
    for question in ("¿Qué foros nombra el documento?", NUCLEAR):
        ask(page, question)
    page.locator(".st-key-all-0 button").click()
    expect(page.locator(".st-key-chip-0-10")).to_be_visible()
    page.locator(".st-key-why-1 summary").click()
    expect(page.locator(".st-key-inspector-1 table")).to_be_visible()
    fits(page)
    has_contrast(page)

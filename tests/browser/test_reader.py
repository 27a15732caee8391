"""The reader in a real browser: permalinks, search, the numbers of sentences."""

import re
from collections.abc import Callable, Iterator
from typing import Literal

import pytest
from playwright.sync_api import Page, ViewportSize, expect

from rag.ui import finding, permalinks
from rag.ui.words import say
from tests.browser.driving import (
    PHONE,
    SCHEMES,
    WIDE,
    ask,
    chip,
    fits,
    has_contrast,
    has_no_serious_findings,
    open_page,
    settled,
)
from tests.browser.serving import served
from tests.product import document

pytestmark = pytest.mark.usefixtures("clean")

NUCLEAR = "¿Apoya la energía nuclear con fines pacíficos?"
MARK = ".stMarkdownColoredBackground"


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with served(tmp_path_factory.mktemp("reader"), {}) as address:
        yield address


def read(page: Page, address: str, query: str = "") -> None:
    """The document, by a link without the page's name: below one, Streamlit asks in vain first."""
    page.goto(f"{address}/{query}")
    if not query:
        page.get_by_role("link", name=say("app.reader_page")).click()
    expect(page.locator(".st-key-section-5-6")).to_be_attached(timeout=30_000)
    # Styles and script come at the end of the page.
    expect(page.locator("a[aria-label]").first).to_be_attached()


def seek(page: Page, sought: str) -> int:
    """Search, and wait for the hits; how many there are to be."""
    total = len(finding.find(finding.blocks(document()), sought))
    page.locator(".st-key-reader-sought input").fill(sought)
    expect(page.locator(".st-key-seek")).to_contain_text(
        say("search.count", current=1, total=total)
    )
    return total


def highlighted(page: Page, name: str) -> list[str]:
    texts: list[str] = page.evaluate(
        "name => [...(CSS.highlights.get(name) ?? [])].map(String)", name
    )
    return texts


def current_is_in_view(page: Page) -> None:
    page.wait_for_function(
        """() => {
          const [hit] = CSS.highlights.get("cinco-hit-current") ?? [];
          const bar = document.querySelector(".st-key-reader-bar").getBoundingClientRect();
          const box = hit?.getBoundingClientRect();
          return box && box.top >= bar.bottom && box.bottom <= innerHeight;
        }"""
    )


@pytest.mark.parametrize("size", [WIDE, PHONE], ids=["wide", "phone"])
@pytest.mark.parametrize("id_", ["2.5:3", "prologo:1", "5.6:1", "III:1", "4.3:0"])
def test_a_permalink_opens_its_sentence_in_a_fresh_browser(
    page: Page, address: str, id_: str, size: ViewportSize
) -> None:
    page.set_viewport_size(size)
    sentence = document().sentence_by_id[id_]
    read(page, address, f"?s={sentence.section}&n={sentence.ordinal}")
    mark = page.locator(f".st-key-reader {MARK}")
    expect(mark).to_contain_text(sentence.text)
    expect(mark).to_be_in_viewport()
    expect(page).to_have_url(f"{address}/{permalinks.address(sentence.section, sentence.ordinal)}")
    fits(page)


@pytest.mark.parametrize("query", ["?s=9.9", "?s=%3Cimg%20src%3Dx%20onerror%3Dalert(1)%3E&n=1"])
def test_a_permalink_to_nowhere_gets_a_notice(page: Page, address: str, query: str) -> None:
    read(page, address, query)
    expect(page.locator(".st-key-reader-notice")).to_be_in_viewport()
    expect(page.locator(".st-key-reader img")).to_have_count(0)
    expect(page.locator(MARK)).to_have_count(0)


def test_the_number_of_a_sentence_marks_it_and_gives_its_link(page: Page, address: str) -> None:
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    read(page, address)
    number = page.locator('[class*="st-key-read-4-6"] a').nth(1)
    expect(number).to_have_accessible_name(say("shell.sentence", n=2))
    number.click()
    sentence = document().sentence_by_id["4.6:2"]
    expect(page.locator(f".st-key-reader {MARK}")).to_have_text(sentence.text)
    link = f"{address}/documento?s=4.6&n=2"
    expect(page).to_have_url(link)
    settled(page)
    page.locator(".st-key-copy-link button").click()
    expect(page.locator(".st-key-copy-link button")).to_contain_text(say("shell.copied"))
    assert page.evaluate("navigator.clipboard.readText()") == link


def test_the_way_back_leads_to_what_was_open_before(page: Page, address: str) -> None:
    read(page, address, "?s=2.5&n=3")
    page.locator('[class*="st-key-read-2-5"] a').nth(1).click()
    expect(page).to_have_url(re.compile("s=2.5&n=2$"))
    page.go_back()
    expect(page.locator(f".st-key-reader {MARK}")).to_have_text(
        document().sentence_by_id["2.5:3"].text
    )


def test_text_is_copied_without_the_numbers(page: Page, address: str) -> None:
    read(page, address)
    section = document().section_by_id["4.6"]
    copied = page.evaluate(
        """() => {
          const text = document.querySelector('[class*="st-key-read-4-6"] p');
          getSelection().selectAllChildren(text);
          return getSelection().toString();
        }"""
    )
    assert copied.strip() == section.paragraphs[0].text


PAINTED = """total => ["cinco-hit", "cinco-hit-current"]
  .reduce((sum, name) => sum + (CSS.highlights.get(name)?.size ?? 0), 0) === total"""


def test_every_hit_is_highlighted_as_the_document_has_it(page: Page, address: str) -> None:
    read(page, address)
    for sought in ("energia", "desarrollo", "cooperación financiera", "prologo"):
        total = seek(page, sought)
        current_is_in_view(page)
        page.wait_for_function(PAINTED, arg=total)
        texts = highlighted(page, "cinco-hit") + highlighted(page, "cinco-hit-current")
        blocks = {(b.place, b.ordinal): b.text for b in finding.blocks(document())}
        expected = [
            blocks[hit.place, hit.ordinal][hit.start : hit.end]
            for hit in finding.find(finding.blocks(document()), sought)
        ]
        assert sorted(texts) == sorted(expected)
        assert len(texts) == total


def test_the_search_goes_from_hit_to_hit_by_mouse_and_by_keyboard(page: Page, address: str) -> None:
    read(page, address)
    total = seek(page, "paz")
    current_is_in_view(page)
    page.locator(".st-key-hit-next button").click()
    expect(page.locator(".st-key-seek")).to_contain_text(
        say("search.count", current=2, total=total)
    )
    current_is_in_view(page)
    page.locator(".st-key-reader-sought input").focus()
    for key, current in (
        ("Shift+Enter", 1),
        ("Shift+Enter", total),
        ("Enter", 1),
    ):
        page.keyboard.press(key)
        expect(page.locator(".st-key-seek")).to_contain_text(
            say("search.count", current=current, total=total)
        )
        current_is_in_view(page)


def test_a_section_of_the_hits_leads_to_its_first(page: Page, address: str) -> None:
    read(page, address)
    seek(page, "energia")
    button = page.locator(".st-key-hits-2-9 button")
    place = document().breadcrumb(document().section_by_id["2.9"])
    expect(button).to_have_accessible_name(say("search.section", id="2.9", count=1, place=place))
    button.click()
    expect(page.locator(".st-key-section-2-9 p").first).to_be_in_viewport()
    current_is_in_view(page)


def test_searching_draws_no_text_anew(page: Page, address: str) -> None:
    read(page, address)
    page.evaluate(
        """() => {
          window.redrawn = 0;
          const count = (changes) => { window.redrawn += changes.length };
          for (const text of document.querySelectorAll('[class*="st-key-read-"]'))
            new MutationObserver(count).observe(text, {
              childList: true, characterData: true, subtree: true,
            });
        }"""
    )
    seek(page, "energia")
    page.locator(".st-key-hit-next button").click()
    current_is_in_view(page)
    assert page.evaluate("window.redrawn") == 0


def test_a_citation_keeps_its_way_to_the_whole_document_on_a_phone(
    page: Page, address: str
) -> None:
    page.set_viewport_size(PHONE)
    open_page(page, address)
    ask(page, NUCLEAR)
    chip(page, 0).click()
    expect(page.locator(f".st-key-panel {MARK}")).to_be_in_viewport()
    page.locator(".st-key-panel").get_by_role("link", name=say("reader.whole")).click()
    mark = page.locator(f".st-key-reader {MARK}")
    expect(mark).to_have_text(document().sentence_by_id["2.5:4"].text)
    expect(mark).to_be_in_viewport()
    fits(page)


@pytest.mark.parametrize("size", [WIDE, PHONE], ids=["wide", "phone"])
@pytest.mark.parametrize("scheme", SCHEMES)
def test_the_reader_can_be_read(
    page: Page, address: str, scheme: Literal["light", "dark"], size: ViewportSize
) -> None:
    page.set_viewport_size(size)
    page.emulate_media(color_scheme=scheme)
    read(page, address, "?s=2.5&n=3")
    seek(page, "energia")
    fits(page)
    has_contrast(page)


def _document(page: Page, address: str) -> None:
    read(page, address, "?s=2.5&n=3")
    seek(page, "energia")


def _index(page: Page, address: str) -> None:
    open_page(page, address)
    page.get_by_role("link", name=say("app.index_page")).click()
    expect(page.locator(".st-key-term-0")).to_be_visible()


def _panel(page: Page, address: str) -> None:
    _index(page, address)
    page.locator(".st-key-place-0-0-0 button").click()
    expect(page.locator(".st-key-panel")).to_be_visible()


def _conversation(page: Page, address: str) -> None:
    open_page(page, address)
    for question in (NUCLEAR, "¿Qué dice de Bitcoin?", "¿?"):
        ask(page, question)
    chip(page, 0).click()
    expect(page.locator(".st-key-panel")).to_be_visible()


@pytest.mark.parametrize("size", [WIDE, PHONE], ids=["wide", "phone"])
@pytest.mark.parametrize("state", [_document, open_page, _conversation], ids=lambda s: s.__name__)
def test_no_page_has_serious_findings(
    page: Page, address: str, state: Callable[[Page, str], None], size: ViewportSize
) -> None:
    page.set_viewport_size(size)
    state(page, address)
    has_no_serious_findings(page)


@pytest.mark.parametrize("state", [_index, _panel], ids=lambda s: s.__name__)
def test_the_index_has_no_serious_findings(
    page: Page, address: str, state: Callable[[Page, str], None]
) -> None:
    state(page, address)
    has_no_serious_findings(page)

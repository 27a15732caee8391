"""Conversations that are kept: reloads, tabs, browsers, crashes, exports, in a real browser."""

import json
import zipfile
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

import pytest
from docx import Document as WordDocument
from playwright.sync_api import Browser, BrowserContext, Download, Page, expect

from rag.ui.words import say
from tests.browser.driving import ask, asked, chip, choose, fits, has_contrast, open_page
from tests.browser.serving import served
from tests.product import assistant, cinco

pytestmark = pytest.mark.usefixtures("clean")

NUCLEAR = "¿Apoya la energía nuclear con fines pacíficos?"
SCHOLARSHIPS = "¿Qué becas hay para estudiar en China?"


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Where the app listens, over the index of the session and a database of its own."""
    assistant()
    folder = tmp_path_factory.mktemp("conversations")
    kept = {"CINCO_DATABASE_URL": f"sqlite:///{folder / 'kept.sqlite'}"}
    with served(folder, kept | {"CINCO_QUESTIONS_PER_MINUTE": "1000"}) as address:
        yield address


@pytest.fixture
def other(browser: Browser) -> Iterator[BrowserContext]:
    """Another visitor's browser."""
    context = browser.new_context(locale="es-MX")
    context.set_default_timeout(20_000)
    yield context
    context.close()


def test_a_reload_keeps_the_conversation(page: Page, address: str) -> None:
    open_page(page, address)
    ask(page, NUCLEAR)
    ask(page, "¿Y qué más?")
    page.reload()
    expect(asked(page, NUCLEAR)).to_have_count(1)
    expect(page.get_by_test_id("stChatMessage")).to_have_count(4)
    ask(page, SCHOLARSHIPS)
    expect(page.get_by_test_id("stChatMessage")).to_have_count(6)


def test_a_second_tab_finds_the_conversation_and_goes_on_with_it(page: Page, address: str) -> None:
    open_page(page, address)
    ask(page, NUCLEAR)
    tab = page.context.new_page()
    open_page(tab, address)
    expect(asked(tab, NUCLEAR)).to_have_count(0)
    tab.locator(".st-key-conversations").get_by_text(NUCLEAR).click()
    expect(tab.get_by_test_id("stChatMessage")).to_have_count(2)
    ask(tab, SCHOLARSHIPS)
    expect(asked(tab, SCHOLARSHIPS)).to_have_count(1)


def test_the_cookie_is_closed_to_scripts_and_never_in_the_address(page: Page, address: str) -> None:
    open_page(page, address)
    ask(page, NUCLEAR)
    (cookie,) = [c for c in page.context.cookies() if c["name"] == "cinco"]
    assert cookie["httpOnly"]
    assert cookie["sameSite"] == "Lax"
    assert len(cookie["value"]) == 22
    assert cookie["value"] not in page.url
    assert "cinco=" not in page.evaluate("document.cookie")


def test_another_browser_sees_nothing_whatever_address_it_has(
    page: Page, other: BrowserContext, address: str
) -> None:
    open_page(page, address)
    ask(page, NUCLEAR)
    expect(page).to_have_url(f"{address}/?c={_id(page)}")
    shown = []
    for id_ in (_id(page), "A" * 22):
        stranger = other.new_page()
        open_page(stranger, f"{address}/?c={id_}")
        expect(stranger.locator(".st-key-welcome")).to_be_visible()
        expect(stranger.locator(".st-key-conversations")).to_have_count(0)
        shown.append(stranger.locator(".st-key-conversation").inner_text())
    assert shown[0] == shown[1]


def test_a_question_in_the_address_is_asked_once(page: Page, address: str) -> None:
    page.goto(f"{address}/?q=%C2%BFQu%C3%A9%20becas%20hay%3F")
    expect(asked(page, "¿Qué becas hay?")).to_have_count(1)
    expect(chip(page, 0)).to_be_visible()
    assert "q=" not in page.url
    page.reload()
    expect(chip(page, 0)).to_be_visible()
    expect(page.get_by_test_id("stChatMessage")).to_have_count(2)


def test_the_last_question_is_changed(page: Page, address: str) -> None:
    open_page(page, address)
    ask(page, NUCLEAR)
    ask(page, "¿Qué dice de Bitcoin?")
    page.locator(".st-key-edit button").click()
    page.locator(".st-key-edited textarea").fill(SCHOLARSHIPS)
    page.get_by_role("button", name=say("asked.send"), exact=True).click()
    expect(asked(page, SCHOLARSHIPS)).to_have_count(1)
    expect(asked(page, "¿Qué dice de Bitcoin?")).to_have_count(0)
    expect(page.get_by_test_id("stChatMessage")).to_have_count(4)
    page.reload()
    expect(asked(page, SCHOLARSHIPS)).to_have_count(1)
    expect(page.get_by_test_id("stChatMessage")).to_have_count(4)


def test_a_follow_up_is_read_in_the_light_of_the_question_before(page: Page, address: str) -> None:
    open_page(page, address)
    ask(page, SCHOLARSHIPS)
    ask(page, "¿Y para profesores?")
    expect(page.locator(".st-key-understood-1")).to_contain_text(SCHOLARSHIPS)
    expect(chip(page, 1)).to_contain_text("3.3")
    page.locator(".st-key-alone-1 button").first.click()
    expect(page.get_by_test_id("stChatMessage")).to_have_count(6)
    expect(page.locator(".st-key-understood-2")).to_have_count(0)


def test_the_filter_keeps_to_one_programme(page: Page, address: str) -> None:
    open_page(page, address)
    choose(page, "programme", "Programa de la paz")
    expect(page.locator(".st-key-programme input")).to_have_value("Programa de la paz")
    ask(page, "¿Qué cooperación propone?")
    expect(page.locator(".st-key-turn-0")).to_contain_text("Programa de la paz")
    for place in page.locator('[class*="st-key-chip-0-"] button').all():
        assert place.inner_text().startswith("4.")


def test_a_suggested_question_is_asked(page: Page, address: str) -> None:
    open_page(page, address)
    ask(page, SCHOLARSHIPS)
    suggestion = page.locator(".st-key-suggestion-0 button")
    text = suggestion.inner_text().splitlines()[-1]
    suggestion.click()
    expect(asked(page, text)).to_have_count(1)
    expect(chip(page, 1)).to_be_visible()


def test_feedback_is_kept_with_the_answer(page: Page, address: str) -> None:
    open_page(page, address)
    ask(page, SCHOLARSHIPS)
    useless = page.locator(".st-key-useless-0")
    useless.get_by_role("button").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_text(say("rating.missing")).click()
    dialog.get_by_label(say("rating.comment")).fill("Faltan las becas de idioma.")
    has_contrast(page)
    dialog.locator(".st-key-rate button").click()
    expect(dialog).to_have_count(0)
    page.reload()
    expect(useless.locator("strong")).to_be_visible()


@pytest.mark.parametrize("form", ["markdown", "json", "word"])
def test_each_export_holds_the_conversation(
    page: Page, address: str, form: str, tmp_path: Path
) -> None:
    open_page(page, address)
    ask(page, NUCLEAR)
    page.locator(".st-key-menu-box button").click()
    with page.expect_download() as saved:
        page.get_by_text(say(f"takeaway.{form}")).click()
    _holds(form, saved.value, tmp_path)


def _holds(form: str, saved: Download, folder: Path) -> None:
    content = saved.path().read_bytes()
    quote = "uso de energía nuclear"
    if form == "word":
        assert not any(b"External" in part for part in _parts(content, ".rels"))
        text = "\n".join(p.text for p in WordDocument(BytesIO(content)).paragraphs)
    else:
        text = content.decode("utf-8")
    assert NUCLEAR in text
    assert quote in text
    if form == "json":
        receipt = folder / "receipt.json"
        receipt.write_text(json.dumps(json.loads(text)["turns"][0]["receipt"]), encoding="utf-8")
        assert cinco("verify", str(receipt)).returncode == 0


def _parts(content: bytes, ending: str) -> list[bytes]:
    with zipfile.ZipFile(BytesIO(content)) as archive:
        return [archive.read(name) for name in archive.namelist() if name.endswith(ending)]


def test_a_conversation_is_renamed_found_and_deleted(page: Page, address: str) -> None:
    open_page(page, address)
    ask(page, NUCLEAR)
    page.locator(".st-key-menu-box button").click()
    name = page.get_by_label(say("menu.name"))
    name.fill("Átomos para el desarrollo")
    name.press("Enter")
    expect(page.locator(".st-key-conversations")).to_contain_text("Átomos para el desarrollo")
    page.locator(".st-key-new-chat button").click()
    expect(page.get_by_test_id("stChatMessage")).to_have_count(0)
    ask(page, SCHOLARSHIPS)
    page.locator(".st-key-all-conversations button").click()
    page.locator(".st-key-search-conversations input").fill("atomos")
    found = page.locator(".st-key-found-conversations button")
    expect(found).to_have_count(1)
    fits(page)
    has_contrast(page)
    found.click()
    expect(asked(page, NUCLEAR)).to_have_count(1)
    page.locator(".st-key-menu-box button").click()
    page.get_by_text(say("menu.delete"), exact=True).click()
    page.locator(".st-key-delete-conversation button").click()
    expect(page.locator(".st-key-welcome")).to_be_visible()
    expect(page.locator(".st-key-conversations")).not_to_contain_text("Átomos")


def test_leaving_a_conversation_loses_nothing_of_it(page: Page, address: str) -> None:
    open_page(page, address)
    ask(page, NUCLEAR)
    page.locator(".st-key-new-chat button").click()
    expect(page.locator(".st-key-welcome")).to_be_visible()
    assert "c=" not in page.url
    page.locator(".st-key-conversations").get_by_text(NUCLEAR).click()
    expect(chip(page, 0)).to_be_visible()


def _id(page: Page) -> str:
    page.wait_for_url("**/?c=*")
    return page.url.rpartition("c=")[2]

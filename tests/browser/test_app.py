"""The real app, started as `cinco chat` starts it, in a real browser."""

import os
import signal
import socket
import subprocess
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Literal
from urllib.error import URLError
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Locator, Page, ViewportSize, expect

from rag.ui.words import say, starters
from tests.product import COMMAND, ROOT, document

START_SECONDS = 240
CONTRAST = (Path(__file__).parent / "contrast.js").read_text(encoding="utf-8")
NUCLEAR = "¿Apoya la energía nuclear con fines pacíficos?"
SCHOLARSHIPS = "¿Qué becas hay para estudiar en China?"
PHONE: ViewportSize = {"width": 390, "height": 844}
WIDE: ViewportSize = {"width": 1440, "height": 900}
SCHEMES = ("light", "dark")


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Where the app listens; a data folder of its own, so that the first start builds the index."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    log = tmp_path_factory.mktemp("app") / "app.log"
    with log.open("wb") as output:
        process = subprocess.Popen(
            [*COMMAND, "chat", "--headless", "--port", str(port)],
            cwd=ROOT,
            env=os.environ | {"CINCO_DATA_DIR": str(log.parent / "data")},
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    try:
        _wait(process, f"http://127.0.0.1:{port}", log)
        yield f"http://127.0.0.1:{port}"
    finally:
        os.killpg(process.pid, signal.SIGTERM)
        process.wait(timeout=20)


@pytest.fixture(autouse=True)
def _clean(page: Page, address: str) -> Iterator[None]:
    """No page of these tests complains or asks anyone but the app."""
    complaints: list[str] = []
    requests: list[str] = []
    page.on("console", lambda m: complaints.append(m.text) if m.type == "error" else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("dialog", lambda dialog: complaints.append(f"dialog {dialog.message}"))
    page.on("request", lambda request: requests.append(request.url))
    yield
    assert not complaints
    hosts = {urlsplit(url).netloc for url in requests if not url.startswith(("data:", "blob:"))}
    assert hosts == {urlsplit(address).netloc}


def test_two_questions_and_a_citation_that_opens_highlighted(page: Page, address: str) -> None:
    _open(page, address)
    _ask(page, SCHOLARSHIPS)
    _ask(page, NUCLEAR)
    expect(_asked(page, SCHOLARSHIPS)).to_have_count(1)
    _chip(page, 1).click()
    sentence = document().sentence_by_id["2.5:4"]
    mark = page.locator(".st-key-panel .stMarkdownColoredBackground")
    expect(mark).to_have_text(sentence.text)
    expect(mark).to_be_in_viewport(ratio=1)
    paragraph = document().section_by_id["2.5"].paragraphs[sentence.paragraph - 1]
    expect(page.locator(".st-key-panel").get_by_text(paragraph.text)).to_be_visible()
    expect(page.locator(".st-key-panel")).to_contain_text(say("reader.verdict_verified"))


@pytest.mark.parametrize("sentence_id", ["2.9:13", "II:5"])
def test_a_sentence_far_down_is_scrolled_to(page: Page, address: str, sentence_id: str) -> None:
    page.set_viewport_size({"width": 1280, "height": 500})
    sentence = document().sentence_by_id[sentence_id]
    _open(page, address)
    _ask(page, sentence.text)
    page.locator('[class*="st-key-chip-0-"] button').filter(has_text=sentence_id).click()
    mark = page.locator(".st-key-panel .stMarkdownColoredBackground")
    expect(mark).to_have_text(sentence.text)
    expect(mark).to_be_in_viewport()


def test_the_newest_question_is_in_view_and_stays_beside_the_reader(
    page: Page, address: str
) -> None:
    _open(page, address)
    for question in (SCHOLARSHIPS, "¿Qué dice de Bitcoin?", NUCLEAR):
        _ask(page, question)
    expect(_asked(page, NUCLEAR)).to_be_in_viewport()
    _chip(page, 2).click()
    expect(page.locator(".st-key-panel")).to_be_visible()
    expect(_asked(page, NUCLEAR)).to_be_in_viewport()
    expect(_chip(page, 2)).to_be_in_viewport()


def test_the_outline_leads_to_a_section_of_the_whole_document(page: Page, address: str) -> None:
    _open(page, address)
    page.get_by_role("link", name=say("app.reader_page")).click()
    expect(page.locator(".st-key-section-5-6")).to_be_attached()
    page.locator(".st-key-outline").get_by_text("Programa de la paz").click()
    page.locator(".st-key-outline-4-6 button").click()
    section = document().section_by_id["4.6"]
    expect(page.locator(".st-key-section-4-6 h4")).to_have_text(document().label(section))
    expect(page.locator(".st-key-section-4-6 h4")).to_be_in_viewport()


def test_a_citation_is_still_marked_in_the_whole_document(page: Page, address: str) -> None:
    _open(page, address)
    _ask(page, NUCLEAR)
    _chip(page, 0).click()
    page.get_by_role("link", name=say("reader.whole")).click()
    mark = page.locator(".st-key-reader .stMarkdownColoredBackground")
    expect(mark).to_have_text(document().sentence_by_id["2.5:4"].text)
    expect(mark).to_be_in_viewport()


def test_the_keyboard_alone_suffices(page: Page, address: str) -> None:
    _open(page, address)
    _tab_to(page, '[data-testid="stChatInputTextArea"]')
    page.keyboard.type(NUCLEAR)
    page.keyboard.press("Enter")
    expect(_chip(page, 0)).to_be_visible()
    _tab_to(page, ".st-key-chip-0-0 button")
    page.keyboard.press("Enter")
    expect(page.locator(".st-key-panel")).to_be_visible()
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
    _open(page, address)
    _ask(page, attack)
    expect(page.get_by_test_id("stText")).to_have_text(attack)
    expect(page.locator(".st-key-conversation").locator("script, img, .katex")).to_have_count(0)


def test_the_page_names_its_language(page: Page, address: str) -> None:
    _open(page, address)
    expect(page.locator("html")).to_have_attribute("lang", "es")


def test_a_phone_shows_everything_without_sideways_scrolling(page: Page, address: str) -> None:
    page.set_viewport_size(PHONE)
    _open(page, address)
    _fits(page)
    for question in (NUCLEAR, "¿Qué dice de Bitcoin?", "¿?", "A" * 300):
        _ask(page, question)
        _fits(page)
    _chip(page, 0).click()
    mark = page.locator(".st-key-panel .stMarkdownColoredBackground")
    expect(mark).to_be_in_viewport(ratio=1)
    expect(page.locator(".st-key-close-panel button")).to_be_in_viewport()
    _fits(page)
    page.locator(".st-key-close-panel button").click()
    expect(page.locator(".st-key-panel")).to_have_count(0)


@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize("size", [WIDE, PHONE], ids=["wide", "phone"])
def test_every_text_has_enough_contrast(
    page: Page, address: str, scheme: Literal["light", "dark"], size: ViewportSize
) -> None:
    page.set_viewport_size(size)
    page.emulate_media(color_scheme=scheme)
    _open(page, address)
    _has_contrast(page)
    for question in (SCHOLARSHIPS, "¿Qué dice de Bitcoin?", "¿?"):
        _ask(page, question)
    _chip(page, 0).click()
    expect(page.locator(".st-key-panel .stMarkdownColoredBackground")).to_be_visible()
    _has_contrast(page)


def test_a_starter_asks_its_question(page: Page, address: str) -> None:
    _open(page, address)
    page.locator(".st-key-starter-0 button").click()
    expect(page.get_by_test_id("stText")).to_have_text(starters()[0].question)
    expect(_chip(page, 0)).to_be_visible()


@pytest.mark.parametrize("size", [WIDE, PHONE], ids=["wide", "phone"])
@pytest.mark.parametrize("scheme", SCHEMES)
def test_the_analytical_index_leads_to_a_sentence_and_to_an_answer(
    page: Page, address: str, scheme: Literal["light", "dark"], size: ViewportSize
) -> None:
    page.set_viewport_size(size)
    page.emulate_media(color_scheme=scheme)
    _open(page, address)
    if size == PHONE:
        page.get_by_test_id("stExpandSidebarButton").click()
    page.get_by_role("link", name=say("app.index_page")).click()
    page.locator(".st-key-index-filter input").fill("aguacate")
    expect(page.locator(".st-key-term-0")).to_have_text("aguacate")
    _fits(page)
    _has_contrast(page)
    page.locator(".st-key-place-0-0-0 button").click()
    expect(page.locator(".st-key-panel .stMarkdownColoredBackground")).to_be_in_viewport()
    page.locator(".st-key-close-panel button").click()
    page.locator(".st-key-term-0 button").click()
    expect(page.get_by_test_id("stText")).to_have_text("aguacate")
    expect(_chip(page, 0)).to_be_visible()


@pytest.mark.parametrize("scheme", SCHEMES)
def test_a_list_of_citations_and_its_explanation_fit_a_phone(
    page: Page, address: str, scheme: Literal["light", "dark"]
) -> None:
    page.set_viewport_size(PHONE)
    page.emulate_media(color_scheme=scheme)
    _open(page, address)
    for question in ("¿Qué foros nombra el documento?", NUCLEAR):
        _ask(page, question)
    page.locator(".st-key-all-0 button").click()
    expect(page.locator(".st-key-chip-0-10")).to_be_visible()
    page.locator(".st-key-why-1 summary").click()
    expect(page.locator(".st-key-inspector-1 table")).to_be_visible()
    _fits(page)
    _has_contrast(page)


def _wait(process: subprocess.Popen[bytes], address: str, log: Path) -> None:
    """Until the app answers; else what it said."""
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline and process.poll() is None:
        try:
            with urllib.request.urlopen(f"{address}/_stcore/health", timeout=2):  # noqa: S310
                return
        except (URLError, OSError):
            time.sleep(0.1)
    pytest.fail(f"The app did not start:\n{log.read_text(errors='replace')}")


def _open(page: Page, address: str) -> None:
    page.goto(address)
    expect(page.get_by_test_id("stChatInputTextArea")).to_be_visible(timeout=30_000)


def _ask(page: Page, question: str) -> None:
    """Ask, and wait for the answer."""
    answers = page.get_by_test_id("stChatMessage")
    before = answers.count()
    box = page.get_by_test_id("stChatInputTextArea")
    box.fill(question)
    box.press("Enter")
    expect(answers).to_have_count(before + 2)


def _asked(page: Page, question: str) -> Locator:
    """Where a question stands as it was typed."""
    return page.get_by_test_id("stText").filter(has_text=question)


def _chip(page: Page, turn: int) -> Locator:
    return page.locator(f".st-key-chip-{turn}-0 button")


def _fits(page: Page) -> None:
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert page.evaluate("document.querySelector('[data-testid=stMain]').scrollWidth <= innerWidth")


def _has_contrast(page: Page) -> None:
    """Once what fades while the page is drawn has faded in."""
    for _ in range(20):
        findings = page.evaluate(CONTRAST)
        if not findings:
            return
        page.wait_for_timeout(100)
    pytest.fail("\n".join(findings))


def _tab_to(page: Page, selector: str) -> None:
    """Press the tab key until the element has the focus."""
    for _ in range(80):
        if page.evaluate("s => document.activeElement?.matches(s) ?? false", selector):
            return
        page.keyboard.press("Tab")
    pytest.fail(f"{selector} cannot be reached by keyboard")

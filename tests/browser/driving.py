"""What a reader does in the browser, and what a page must hold to."""

from pathlib import Path
from typing import Final, Literal

import pytest
from playwright.sync_api import Locator, Page, ViewportSize, expect

from rag.ui.words import say

CONTRAST = (Path(__file__).parent / "contrast.js").read_text(encoding="utf-8")
AXE = (Path(__file__).parent / "vendor" / "axe.min.js").read_text(encoding="utf-8")
FINDINGS = """
(exclude) => axe.run({exclude}, {resultTypes: ["violations"]}).then(({violations}) =>
  violations
    .filter(({impact}) => ["serious", "critical"].includes(impact))
    .flatMap(({id, impact, nodes}) => nodes.map((node) =>
      `${impact} ${id} ${node.target.join(" ")}: ${node.failureSummary.replaceAll("\\n", " ")}`)))
"""
DRAWN = "() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))"
SETTLED: Final = """document.querySelector('.stApp')?.dataset.testScriptState === 'notRunning'
  && !document.querySelector('[data-stale=true]')"""
"""Nothing is being drawn."""

GROUND = "getComputedStyle(document.querySelector('.stApp')).backgroundColor"
FADE_MS = 1000
"""What changes with the theme has faded into its new colour by then."""

WRITING_MS: Final = 120_000
"""How long a model's answer may take to be written: a busy machine is slow, not wrong."""

UNREACHABLE: Final[list[list[str]]] = []
"""Streamlit's own markup, which nothing of ours reaches."""

PHONE: Final[ViewportSize] = {"width": 390, "height": 844}
WIDE: Final[ViewportSize] = {"width": 1440, "height": 900}
SCHEMES: Final[tuple[Literal["light", "dark"], ...]] = ("light", "dark")


def open_page(page: Page, address: str) -> None:
    page.goto(address)
    expect(page.get_by_test_id("stChatInputTextArea")).to_be_visible(timeout=30_000)


def settled(page: Page) -> None:
    """Wait until nothing is drawn: what is drawn anew takes the focus from an open list."""
    page.wait_for_function(SETTLED)


def choose(page: Page, key: str, option: str, *, exact: bool = True) -> None:
    """Choose from the list under a key, which closes when the page is scrolled."""
    settled(page)
    field = page.locator(f".st-key-{key} input")
    field.scroll_into_view_if_needed()
    page.evaluate(DRAWN)
    field.click()
    page.get_by_role("option", name=option, exact=exact).click()


def choose_model(page: Page, name: str) -> None:
    """Choose who writes, and wait until the page says so."""
    choose(page, "model", name)
    shown = say("composer.extractive") if name == say("composer.none") else f"«{name}»"
    expect(page.locator(".st-key-choices [data-testid=stCaptionContainer]")).to_contain_text(shown)


def ask(page: Page, question: str) -> None:
    """Ask, and wait for the answer."""
    answers = page.get_by_test_id("stChatMessage")
    before = answers.count()
    box = page.get_by_test_id("stChatInputTextArea")
    box.fill(question)
    box.press("Enter")
    expect(answers).to_have_count(before + 2)


def asked(page: Page, question: str) -> Locator:
    """Where a question stands as it was typed."""
    return page.get_by_test_id("stText").filter(has_text=question)


def chip(page: Page, turn: int) -> Locator:
    return page.locator(f".st-key-chip-{turn}-0 button")


def fits(page: Page) -> None:
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert page.evaluate("document.querySelector('[data-testid=stMain]').scrollWidth <= innerWidth")


def has_contrast(page: Page) -> None:
    """Once what fades while the page is drawn has faded in."""
    for _ in range(20):
        findings = page.evaluate(CONTRAST)
        if not findings:
            return
        page.wait_for_timeout(100)
    pytest.fail("\n".join(findings))


def has_no_serious_findings(page: Page) -> None:
    """What axe-core finds serious or critical, in both themes."""
    page.evaluate(f"{AXE};0")
    grounds, findings = set(), []
    for scheme in SCHEMES:
        page.emulate_media(color_scheme=scheme)
        page.wait_for_timeout(FADE_MS)
        grounds.add(page.evaluate(GROUND))
        findings += [f"{scheme}: {found}" for found in page.evaluate(FINDINGS, UNREACHABLE)]
    assert not findings, "\n".join(findings)
    assert len(grounds) == len(SCHEMES), "the page does not follow the scheme"


def move_to(page: Page, selector: str, key: str = "Tab") -> None:
    """Press the key until the element has the focus."""
    for _ in range(80):
        if page.evaluate("s => document.activeElement?.matches(s) ?? false", selector):
            return
        page.keyboard.press(key)
    pytest.fail(f"{selector} cannot be reached by keyboard")

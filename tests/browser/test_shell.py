"""The one script of ours, by itself on a page of the test's own: what Python hands to it."""

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest
from playwright.sync_api import Page, expect

from rag.ui.shell import DATA

SCRIPT = (DATA / "app.js").read_text(encoding="utf-8")
HAND_OVER = """
async ([script, key, data]) => {
  window.script ??= URL.createObjectURL(new Blob([script], {type: "text/javascript"}));
  const module = await import(window.script);
  (window.undo ??= {})[key] = module.default({key, data});
}
"""
BODY = """
<!doctype html><title>x</title>
<div class="st-key-chip-0-2-5"><button><p>2.5</p></button></div>
<div class="st-key-copy">
  <button><span data-testid="stIconMaterial">link</span><p>Copiar</p></button>
</div>
"""
NO_CLIPBOARD = "() => { navigator.clipboard.writeText = () => Promise.reject(new Error()) }"
ATTACKS = [
    "<img src=x onerror=window.hit=1>",
    "javascript:window.hit=1",
    '"><script>window.hit=1</script>',
    "${window.hit=1}",
]


class Blank(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.end_headers()
        self.wfile.write(BODY.encode() if self.path == "/" else b"")

    def log_message(self, format: str, *arguments: object) -> None:
        """Say nothing."""


@pytest.fixture
def blank(page: Page) -> Iterator[Page]:
    """A page with two buttons, as Streamlit draws them; from this machine, so with a clipboard."""
    with HTTPServer(("127.0.0.1", 0), Blank) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        page.context.grant_permissions(["clipboard-read", "clipboard-write"])
        page.goto(f"http://127.0.0.1:{server.server_port}/")
        page.evaluate(
            "addEventListener('click', () => window.heard = (window.heard ?? 0) + 1)",
        )
        yield page
        server.shutdown()


def hand_over(page: Page, key: str = "page", **data: object) -> None:
    words = {"copied": "Copiado", "failed": "No se pudo copiar"}
    whole = {"labels": {}, "copies": {}, "links": {}} | words | data
    page.evaluate(HAND_OVER, [SCRIPT, key, whole])


def clipboard(page: Page) -> str:
    text: str = page.evaluate("navigator.clipboard.readText()")
    return text


def test_a_button_is_named_by_its_key(blank: Page) -> None:
    hand_over(blank, labels={"chip-0-2.5": "Programa del desarrollo, subsección 5"})
    expect(blank.locator(".st-key-chip-0-2-5 button")).to_have_accessible_name(
        "Programa del desarrollo, subsección 5"
    )


def test_a_button_that_is_drawn_anew_keeps_its_name(blank: Page) -> None:
    hand_over(blank, labels={"chip-0-2.5": "Energía"})
    blank.evaluate(
        "() => { const p = document.querySelector('.st-key-chip-0-2-5');"
        " p.replaceChildren(document.createElement('button')); }"
    )
    expect(blank.locator(".st-key-chip-0-2-5 button")).to_have_accessible_name("Energía")


def test_a_name_does_not_stay_with_an_element_that_becomes_another_button(blank: Page) -> None:
    hand_over(blank, labels={"chip-0-2.5": "Energía"})
    blank.evaluate("document.querySelector('.st-key-chip-0-2-5').className = 'st-key-other'")
    expect(blank.locator(".st-key-other button")).to_have_accessible_name("2.5")


def test_parts_of_a_page_hand_over_apart_and_take_back_only_their_own(blank: Page) -> None:
    hand_over(blank, labels={"chip-0-2.5": "Energía"})
    hand_over(blank, "search", labels={"copy": "Copiar el enlace"})
    blank.evaluate("window.undo.search()")
    expect(blank.locator(".st-key-copy button")).to_have_accessible_name("link Copiar")
    expect(blank.locator(".st-key-chip-0-2-5 button")).to_have_accessible_name("Energía")


def test_a_click_copies_says_so_and_reaches_nobody_else(blank: Page) -> None:
    hand_over(blank, copies={"copy": "https://x.org/?s=2.5&n=3"})
    button = blank.locator(".st-key-copy button")
    button.click()
    expect(button).to_have_text("checkCopiado", use_inner_text=False)
    expect(blank.get_by_role("status")).to_have_text("Copiado")
    assert clipboard(blank) == "https://x.org/?s=2.5&n=3"
    assert blank.evaluate("window.heard") is None
    expect(button).to_contain_text("linkCopiar", use_inner_text=False)
    expect(blank.get_by_role("status")).to_be_empty()


def test_other_buttons_are_left_alone(blank: Page) -> None:
    hand_over(blank, copies={"copy": "x"})
    blank.locator(".st-key-chip-0-2-5 button").click()
    assert blank.evaluate("window.heard") == 1


def test_the_keyboard_copies_and_keeps_its_place(blank: Page) -> None:
    hand_over(blank, copies={"copy": "uno"})
    blank.locator(".st-key-copy button").focus()
    blank.keyboard.press("Enter")
    expect(blank.get_by_role("status")).to_have_text("Copiado")
    expect(blank.locator(".st-key-copy button")).to_be_focused()


def test_without_a_clipboard_the_old_way_is_taken(blank: Page) -> None:
    blank.evaluate(NO_CLIPBOARD)
    hand_over(blank, copies={"copy": "a la antigua\n«dos»"})
    blank.locator(".st-key-copy button").click()
    expect(blank.get_by_role("status")).to_have_text("Copiado")
    assert clipboard(blank) == "a la antigua\n«dos»"


def test_where_nothing_can_be_copied_it_says_so(blank: Page) -> None:
    blank.evaluate(NO_CLIPBOARD)
    blank.evaluate("() => { document.execCommand = () => false }")
    hand_over(blank, copies={"copy": "x"})
    blank.locator(".st-key-copy button").click()
    expect(blank.get_by_role("status")).to_have_text("No se pudo copiar")


@pytest.mark.parametrize("attack", ATTACKS)
def test_what_is_handed_over_is_only_ever_text(blank: Page, attack: str) -> None:
    shows = [{"place": attack, "key": attack, "occasion": attack}]
    before = blank.locator("*").count()
    hand_over(blank, labels={"copy": attack, attack: attack}, copies={"copy": attack}, shows=shows)
    button = blank.locator(".st-key-copy button")
    expect(button).to_have_attribute("aria-label", attack)
    button.click()
    expect(blank.get_by_role("status")).to_have_text("Copiado")
    assert clipboard(blank) == attack
    hand_over(blank, copies={"copy": "x"}, copied=attack)
    button.click()
    expect(blank.get_by_role("status")).to_have_text(attack)
    assert blank.locator("*").count() == before + 1
    assert blank.evaluate("window.hit") is None

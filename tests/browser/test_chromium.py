"""The browser that the tests drive reaches loopback and nothing else."""

import threading
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest
from playwright.sync_api import Error, Page

from tests.browser import chromium


class Hello(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        self.send_response(200)
        self.end_headers()
        self.wfile.write(b"hola")

    def log_message(self, format: str, *arguments: object) -> None:
        """Say nothing."""


def test_a_page_on_loopback_opens(page: Page) -> None:
    with HTTPServer(("127.0.0.1", 0), Hello) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        page.goto(f"http://127.0.0.1:{server.server_port}/")
        assert page.inner_text("body") == "hola"
        page.goto(f"http://localhost:{server.server_port}/")
        server.shutdown()


@pytest.mark.parametrize("host", ["example.invalid", "192.0.2.1", "[2001:db8::1]"])
def test_a_page_elsewhere_does_not(page: Page, host: str) -> None:
    with pytest.raises(Error, match="ERR_NAME_NOT_RESOLVED"):
        page.goto(f"http://{host}/", timeout=5_000)


def test_a_machine_without_a_browser_is_told_what_to_install(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(chromium, "APPLICATIONS", ())
    monkeypatch.delenv(chromium.VARIABLE, raising=False)
    assert chromium.main() == 1
    assert capsys.readouterr().err == f"{chromium.REMEDY}\n"

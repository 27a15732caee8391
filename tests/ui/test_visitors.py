"""The cookie that a browser gets with its first page."""

import pytest
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response
from starlette.routing import Route
from starlette.testclient import TestClient

from rag.conversations.owners import new_token
from rag.ui.visitors import PLAIN, SECURE, Greeter


def _page(request: Request) -> Response:
    del request
    return HTMLResponse("<p>page</p>")


def _data(request: Request) -> Response:
    del request
    return JSONResponse({})


APP = Starlette(
    routes=[Route("/", _page, methods=["GET", "POST"]), Route("/data", _data)],
    middleware=[Middleware(Greeter)],
)


def _cookie(client: TestClient, path: str = "/", **headers: str) -> str:
    return client.get(path, headers=headers).headers.get("set-cookie", "")


def test_a_page_brings_a_token_that_no_script_and_no_other_site_gets() -> None:
    cookie = _cookie(TestClient(APP))
    name, _, value = cookie.partition(";")[0].partition("=")
    assert (name, len(value)) == (PLAIN, 22)
    assert {"HttpOnly", "SameSite=Lax", "Path=/"} <= set(cookie.split("; "))
    assert "Secure" not in cookie


def test_every_browser_gets_its_own_token() -> None:
    assert _cookie(TestClient(APP)) != _cookie(TestClient(APP))


@pytest.mark.parametrize("is_proxied", [True, False])
def test_behind_tls_the_cookie_is_for_this_host_and_tls_only(is_proxied: bool) -> None:
    scheme = "http" if is_proxied else "https"
    client = TestClient(APP, base_url=f"{scheme}://cinco.example")
    headers = {"x-forwarded-proto": "https"} if is_proxied else {}
    cookie = client.get("/", headers=headers).headers["set-cookie"]
    assert cookie.startswith(f"{SECURE}=")
    assert cookie.endswith("; Secure")
    assert "Domain" not in cookie


def test_a_browser_keeps_its_token() -> None:
    token = new_token()
    assert f"{PLAIN}={token};" in _cookie(TestClient(APP), cookie=f"other=1; {PLAIN}={token}")


@pytest.mark.parametrize("value", ["", "short", "x" * 23, 'a"b' * 8, "é" * 22])
def test_what_is_no_token_of_ours_is_replaced(value: str) -> None:
    client = TestClient(APP)
    response = client.get("/", headers={b"cookie": f"{PLAIN}={value}".encode()})
    assert f"{PLAIN}={value};" not in response.headers["set-cookie"]


def test_only_pages_carry_the_cookie_and_no_cache_shares_them() -> None:
    client = TestClient(APP)
    assert _cookie(client, "/data") == ""
    assert "set-cookie" not in client.post("/").headers
    assert client.get("/").headers["cache-control"] == "private, no-cache"

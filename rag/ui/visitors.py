"""Whose browser it is: a cookie that no script can read, and of which only the hash is kept.

The cookie comes with the page, before the page opens its connection, and never stands in an
address. Without one (a browser that takes none) a visitor's conversation lasts as long as the page.
"""

import re
from collections.abc import Iterable, Mapping
from typing import Any, Final

import streamlit as st
from starlette.datastructures import Headers, MutableHeaders
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from rag.conversations.owners import new_token, owner_of

PLAIN: Final = "cinco"
SECURE: Final = "__Host-cinco"
"""Behind TLS: browsers take a cookie of such a name from this very host only."""

MAX_AGE_SECONDS: Final = 400 * 24 * 3600
"""The longest that browsers keep one; each visit begins it anew."""

_TOKEN = re.compile(r"[A-Za-z0-9_-]{22}")
"""128 bits, as `new_token` writes them."""


class Greeter:
    """Gives every browser its token with the first page that it loads."""

    def __init__(self, app: ASGIApp) -> None:
        """Stand before the app."""
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Hand on the request; what is answered as a page carries the cookie."""
        if scope["type"] != "http" or scope["method"] != "GET":
            await self._app(scope, receive, send)
            return
        request = Request(scope)
        is_secure = "https" in (request.url.scheme, request.headers.get("x-forwarded-proto"))
        name = SECURE if is_secure else PLAIN
        token = _token(request.cookies, [name]) or new_token()

        async def greet(message: Message) -> None:
            if message["type"] == "http.response.start" and _is_page(message):
                headers = MutableHeaders(raw=message["headers"])
                headers.append("set-cookie", _cookie(name, token, is_secure=is_secure))
                headers["cache-control"] = "private, no-cache"
            await send(message)

        await self._app(scope, receive, greet)


MIDDLEWARE: Final = (Middleware(Greeter),)


def owner() -> str | None:
    """Whom the conversations of the visitor belong to; `None` for a browser without cookies."""
    token = _token(st.context.cookies.to_dict(), [SECURE, PLAIN])
    return owner_of(token) if token else None


def _token(cookies: Mapping[str, str], names: Iterable[str]) -> str | None:
    """The first that has the form of ours; nobody else's choice of words is taken for one."""
    found = (cookies.get(name, "") for name in names)
    return next((token for token in found if _TOKEN.fullmatch(token)), None)


def _is_page(message: Mapping[str, Any]) -> bool:
    return Headers(raw=message["headers"]).get("content-type", "").startswith("text/html")


def _cookie(name: str, token: str, *, is_secure: bool) -> str:
    parts = [f"{name}={token}", "Path=/", f"Max-Age={MAX_AGE_SECONDS}", "HttpOnly", "SameSite=Lax"]
    return "; ".join([*parts, "Secure"] if is_secure else parts)

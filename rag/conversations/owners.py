"""Whom a conversation belongs to: whoever has the token of a browser."""

import hashlib
import secrets

_BYTES = 16


def new_token() -> str:
    """128 random bits for a browser to keep, safe in a cookie."""
    return secrets.token_urlsafe(_BYTES)


def owner_of(token: str) -> str:
    """What is stored in place of the token, and does not lead back to it.

    No salt and no slow hash: the token is random, so that there is nothing to guess.
    """
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()

import base64
import hashlib

from rag.conversations.owners import new_token, owner_of


def test_a_token_has_128_bits_and_is_safe_in_a_cookie() -> None:
    token = new_token()
    assert len(base64.urlsafe_b64decode(token + "==")) == 16
    assert token.replace("-", "").replace("_", "").isalnum()


def test_no_two_tokens_are_the_same() -> None:
    assert len({new_token() for _ in range(1000)}) == 1000


def test_an_owner_is_the_sha256_of_the_token() -> None:
    assert owner_of("token") == hashlib.sha256(b"token").hexdigest()


def test_any_text_that_a_browser_sends_has_an_owner() -> None:
    assert len(owner_of("\ud800\0 ñ")) == 64

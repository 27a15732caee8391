"""How models say that the document does not say it."""

import re
import tomllib
from collections.abc import Sequence
from functools import cache
from pathlib import Path

from rag.search.normalisation import fold, is_han, words

REFUSALS = Path(__file__).parent / "data" / "refusals.toml"

TOKEN = "NOT_IN_DOCUMENT"  # noqa: S105  what the prompt asks for, not a secret

MAX_ASIDE_WORDS = 4

MAX_STATEMENTS = 2
"""A longer reply says more than that."""


def is_refusal(statements: Sequence[str], *, has_ids: bool) -> bool:
    """Whether a reply, sentence by sentence, says no more than that.

    >>> is_refusal(["The document does not mention this."], has_ids=False)
    True
    """
    if has_ids or not 0 < len(statements) <= MAX_STATEMENTS:
        return False
    first, *others = statements
    return _says_so(first) and all(_says_so(t) or _is_aside(t) for t in others)


def is_token(text: str) -> bool:
    """Whether a statement is just what the prompt asks for."""
    return text.strip(" .*`'\"[]") == TOKEN


def _is_aside(text: str) -> bool:
    """Whether a sentence is too short to claim anything, such as «Pregunte otra cosa.»."""
    size = sum(len(word) / 2 if is_han(word) else 1 for word in words(text))
    return size <= MAX_ASIDE_WORDS and not any(character.isdigit() for character in text)


def _says_so(text: str) -> bool:
    return is_token(text) or bool(_patterns().search(fold(text)))


@cache
def _patterns() -> re.Pattern[str]:
    table = tomllib.loads(REFUSALS.read_text(encoding="utf-8"))
    return re.compile("|".join(f"(?:{pattern})" for pattern in table["patterns"]))

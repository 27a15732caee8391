"""How models say that the document does not say it."""

import re
import tomllib
from collections.abc import Sequence
from functools import cache
from pathlib import Path

from rag.search.normalisation import fold

REFUSALS = Path(__file__).parent / "data" / "refusals.toml"

TOKEN = "NOT_IN_DOCUMENT"  # noqa: S105  what the prompt asks for, not a secret

MAX_STATEMENTS = 2
"""A longer reply says more than that."""


def is_refusal(statements: Sequence[str], *, has_ids: bool) -> bool:
    """Whether a reply, sentence by sentence, says no more than that.

    >>> is_refusal(["The document does not mention this."], has_ids=False)
    True
    """
    if has_ids or not 0 < len(statements) <= MAX_STATEMENTS:
        return False
    return all(_says_so(text) for text in statements)


def is_token(text: str) -> bool:
    """Whether a statement is just what the prompt asks for."""
    return text.strip(" .*`'\"[]") == TOKEN


def _says_so(text: str) -> bool:
    return is_token(text) or bool(_patterns().search(fold(text)))


@cache
def _patterns() -> re.Pattern[str]:
    table = tomllib.loads(REFUSALS.read_text(encoding="utf-8"))
    return re.compile("|".join(f"(?:{pattern})" for pattern in table["patterns"]))

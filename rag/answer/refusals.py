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
    if any(text.strip(" .*`'\"[]") == TOKEN for text in statements[:1]):
        return True
    is_short = 0 < len(statements) <= MAX_STATEMENTS
    return is_short and not has_ids and bool(_patterns().search(fold(statements[0])))


@cache
def _patterns() -> re.Pattern[str]:
    table = tomllib.loads(REFUSALS.read_text(encoding="utf-8"))
    return re.compile("|".join(f"(?:{pattern})" for pattern in table["patterns"]))

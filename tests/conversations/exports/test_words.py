import re
from string import Formatter

import pytest

from rag.conversations.exports.words import catalogue
from rag.domain import LANGUAGES, Language
from tests.product import ROOT

CODE = "".join(
    path.read_text(encoding="utf-8")
    for path in (ROOT / "rag" / "conversations" / "exports").glob("*.py")
)


def places(text: str) -> set[str | None]:
    """The placeholders of a text."""
    return {name for _, name, _, _ in Formatter().parse(text) if name}


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_language_has_the_same_words_and_places(language: Language) -> None:
    here, spanish = catalogue()[language], catalogue()["es"]
    assert {key: places(text) for key, text in here.items()} == {
        key: places(text) for key, text in spanish.items()
    }


@pytest.mark.parametrize("key", sorted(catalogue()["es"]))
def test_every_word_is_used(key: str) -> None:
    family = r'f"quote_\{' if key.startswith("quote_") else rf"[\"']{key}[\"']"
    assert re.search(family, CODE)

"""The words of exports, in four languages."""

import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path

from rag.domain import LANGUAGES, Language

WORDS = Path(__file__).parents[1] / "data" / "exports.toml"

Words = Mapping[str, str]


@cache
def catalogue() -> Mapping[Language, Words]:
    """Language → key → words with placeholders."""
    table = tomllib.loads(WORDS.read_text(encoding="utf-8"))
    return {language: table[language] for language in LANGUAGES}

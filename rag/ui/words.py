"""The words of the interface, from one catalogue, in the language of whoever looks at it."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Final

import streamlit as st

from rag.domain import LANGUAGES, Language

CATALOGUE = Path(__file__).parent / "data" / "words"

DEFAULT: Final[Language] = "es"
"""Where nobody has chosen and the browser names none of ours: the document's own."""

KEY: Final = "interface-language"

NAMES: Final[Mapping[Language, str]] = {
    "es": "Español",
    "en": "English",
    "pt": "Português",
    "zh": "中文",
}
"""The languages, each in its own words: whoever needs another one finds it."""


@dataclass(frozen=True, slots=True)
class Starter:
    """An example question on an empty page."""

    kind: str
    icon: str
    question: str


def spoken() -> Language:
    """The language of the page that is being drawn."""
    chosen: Language | None = st.session_state.get(KEY) if st.runtime.exists() else None
    return chosen or DEFAULT


def speak(language: Language) -> None:
    """Draw this visitor's pages in another language from here on."""
    st.session_state[KEY] = language


def of_browser(locale: str | None) -> Language:
    """The language of ours that a browser asks for.

    >>> of_browser("pt-BR"), of_browser("fr-FR"), of_browser(None)
    ('pt', 'es', 'es')
    """
    primary = (locale or "").partition("-")[0].lower()
    return next((language for language in LANGUAGES if language == primary), DEFAULT)


@cache
def catalogue() -> Mapping[Language, Mapping[str, str]]:
    """Language → `screen.key` → text; a language is one file."""
    return {
        language: {
            f"{screen}.{key}": text
            for screen, texts in _load(language).items()
            if isinstance(texts, dict)
            for key, text in texts.items()
        }
        for language in LANGUAGES
        if _file(language).exists()
    }


def say(key: str, **values: object) -> str:
    """A text of the interface, filled in.

    >>> say("answer.verified_many", count=3)
    '3 citas textuales comprobadas'
    """
    return catalogue()[spoken()][key].format(**values)


def say_or(key: str, default: str) -> str:
    """A text of the interface, or the name itself where the catalogue has none for it.

    >>> say_or("inspector.leg_new", "new")
    'new'
    """
    return catalogue()[spoken()].get(key, default)


def count(key: str, number: int, **values: object) -> str:
    """The text for one or for many, filled in."""
    return say(f"{key}_{'one' if number == 1 else 'many'}", count=number, **values)


def decimal(number: float, digits: int = 2) -> str:
    """As the interface writes numbers, with a minus that is no hyphen.

    >>> decimal(-0.5)
    '−0,50'
    """
    mark = "," if spoken() in {"es", "pt"} else "."
    return f"{number:.{digits}f}".replace(".", mark).replace("-", "−")


def whole(number: int) -> str:
    """As the interface groups the digits of a whole number.

    >>> whole(32768)
    '32.768'
    """
    return f"{number:,}".replace(",", "." if spoken() in {"es", "pt"} else ",")


def starters(language: Language | None = None) -> tuple[Starter, ...]:
    """The example questions of a language, else of the page's, in the order of the page."""
    return tuple(Starter(**entry) for entry in _load(language or spoken())["starters"])


def _file(language: Language) -> Path:
    return CATALOGUE / f"{language}.toml"


@cache
def _load(language: Language) -> dict[str, Any]:
    return tomllib.loads(_file(language).read_text(encoding="utf-8"))

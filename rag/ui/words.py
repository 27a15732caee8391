"""The words of the interface, from one catalogue."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from rag.domain import Language

CATALOGUE = Path(__file__).parent / "data" / "words.toml"

INTERFACE: Language = "es"
"""The only language of the interface so far."""


@dataclass(frozen=True, slots=True)
class Starter:
    """An example question on an empty page."""

    kind: str
    icon: str
    question: str


@cache
def catalogue() -> Mapping[str, Mapping[str, str]]:
    """Language → `screen.key` → text."""
    return {
        language: {
            f"{screen}.{key}": text
            for screen, texts in screens.items()
            if isinstance(texts, dict)
            for key, text in texts.items()
        }
        for language, screens in _load().items()
    }


def say(key: str, **values: object) -> str:
    """A text of the interface, filled in.

    >>> say("answer.verified_many", count=3)
    '3 citas textuales comprobadas'
    """
    return catalogue()[INTERFACE][key].format(**values)


def say_or(key: str, default: str) -> str:
    """A text of the interface, or the name itself where the catalogue has none for it.

    >>> say_or("inspector.leg_new", "new")
    'new'
    """
    return catalogue()[INTERFACE].get(key, default)


def count(key: str, number: int) -> str:
    """The text for one or for many."""
    return say(f"{key}_one") if number == 1 else say(f"{key}_many", count=number)


@cache
def starters() -> tuple[Starter, ...]:
    """The example questions, in the order in which they are shown."""
    return tuple(Starter(**entry) for entry in _load()[INTERFACE]["starters"])


@cache
def _load() -> dict[str, dict[str, Any]]:
    return tomllib.loads(CATALOGUE.read_text(encoding="utf-8"))

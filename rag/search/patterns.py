"""Regular expressions over folded text, kept as data."""

import re
import tomllib
from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path
from typing import Any

DATA = Path(__file__).parent / "data"

Table = Mapping[str, Any]


@cache
def tables(name: str) -> Mapping[str, Table]:
    """The tables of a pattern file, e.g. `structure`."""
    return tomllib.loads((DATA / f"{name}.toml").read_text(encoding="utf-8"))


@cache
def pattern(name: str, table: str, key: str) -> re.Pattern[str]:
    """A pattern that matches whole words; Chinese has no word borders."""
    return whole_words(tables(name)[table][key])


def without(name: str, table: str, keys: Iterable[str], folded: str) -> str:
    """The folded text with a blank in place of what the patterns of a table match, one by one."""
    for key in keys:
        folded = pattern(name, table, key).sub(" ", folded)
    return folded


def whole_words(alternatives: str) -> re.Pattern[str]:
    """The alternatives as a pattern over folded text.

    >>> bool(whole_words('paz|peace').search('la paz')), whole_words('paz').search('capaz')
    (True, None)
    """
    return re.compile(rf"(?<![a-z0-9])(?:{alternatives})(?![a-z0-9])")

"""Sections counted from an end, named in several words: «the last three points», «last but one»."""

import re
from collections.abc import Mapping
from functools import cache, partial

from rag.search.grammar import MARK, few, number_said
from rag.search.patterns import tables, whole_words

MAX_SIZE = 9
"""More sections than these at an end are asked for as a programme."""

_FROM_END: Mapping[str, str] = {"2": "penultimo", "3": "antepenultimo"}
_SIGN: Mapping[str, str] = {"first": "+", "last": "-"}


def in_a_word(text: str) -> str:
    """The folded text with one word for «last but one».

    >>> in_a_word("the last but one")
    'the penultimo'
    """
    for place, pattern in _written().items():
        text = pattern.sub(_FROM_END[place], text)
    return text


def in_runs(text: str) -> str:
    """The folded text with a mark for several sections at an end.

    >>> in_runs("the last two sections")
    'the  sections §-2 '
    """
    for end, pattern in _runs().items():
        text = pattern.sub(partial(_marked, end=end), text)
    return text


def _marked(match: re.Match[str], *, end: str) -> str:
    section = next(filter(None, match.groupdict().values()))
    said = next(group for group in match.groups() if group and group != section)
    size = number_said(said, MAX_SIZE)
    return f" {section} {MARK}{_SIGN[end]}{size} "


@cache
def _written() -> Mapping[str, re.Pattern[str]]:
    return {place: whole_words(words) for place, words in tables("references")["written"].items()}


@cache
def _runs() -> Mapping[str, re.Pattern[str]]:
    """What asks for the first or last few sections; how many and the word for them are groups."""
    grammar = tables("references")
    numbers, section = "|".join(few(MAX_SIZE).values()), grammar["words"]["section"]
    return {
        end: whole_words(
            grammar["run"][end].replace("{number}", f"({numbers})").replace("{section}", section)
        )
        for end in _SIGN
    }

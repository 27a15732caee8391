"""Programmes named by their theme or place: «the part on security», «the fifth»."""

import re
from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any

from rag.search.patterns import tables, whole_words

Found = tuple[int, int, int]
"""Number of a programme, and where its name begins and ends in the folded text."""


_ASKED = re.compile(
    r"(?:\b(?:que|q|cual|cuales|which|what|qual|quais|[cq]uant[oa]s|how many)\s*"
    r"|哪(?:个|一|些)?|几个?|多少个?)$"
)
"""Before «part» it asks for the part: «which section speaks of peace?»."""


def by_theme(text: str) -> Iterator[Found]:
    """Programmes that a folded text names as a part or chapter on their theme."""
    if not _any_theme().search(text):
        return
    for number, pattern in _themes().items():
        for match in pattern.finditer(text):
            if not _ASKED.search(text[: match.start()]):
                yield number, match.start(), match.end()


def by_place(text: str) -> Iterator[Found]:
    """Programmes that it names by a number alone, which only makes sense in a conversation."""
    for number, pattern in _places().items():
        if match := pattern.search(text):
            yield number, match.start(), match.end()


@cache
def _grammar() -> Mapping[str, Any]:
    return tables("references")


@cache
def _any_theme() -> re.Pattern[str]:
    """Most questions have none of the words, and the patterns below are long."""
    return whole_words("|".join(_grammar()["theme"].values()))


@cache
def _themes() -> Mapping[int, re.Pattern[str]]:
    shapes = "|".join(_grammar()["lay"]["patterns"])
    return {
        int(number): whole_words(
            shapes.replace("{theme}", f"(?:{theme})").replace(
                "{name}", f"(?:{_grammar()['name'][number]})"
            )
        )
        for number, theme in _grammar()["theme"].items()
    }


@cache
def _places() -> Mapping[int, re.Pattern[str]]:
    shapes = "|".join(_grammar()["lay"]["ordinal"])
    cardinals = _grammar()["cardinal"]
    numbers = list(_grammar()["theme"])
    ordinals = {number: _grammar()["ordinal"][number] for number in numbers}
    ordinals[numbers[-1]] += f"|{_grammar()['last']['word']}"
    return {
        int(number): whole_words(
            shapes.replace("{ordinal}", f"(?:{ordinals[number]})").replace(
                "{number}", f"(?:{number}|{cardinals[number]})"
            )
        )
        for number in _grammar()["theme"]
    }

"""Programmes named by their theme or place: «the part on security», «the fifth»."""

import re
from collections.abc import Iterator, Mapping
from functools import cache, partial
from typing import Any

from rag.search.grammar import few, number_said
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
    compound = _grammar()["compound"]
    before = re.compile(rf"(?<![a-z])(?:{compound['before']})\s+$")
    after = re.compile(rf"\s*(?:{compound['after']})(?![a-z0-9])")
    for number, pattern in _themes().items():
        for match in pattern.finditer(text):
            ends = re.search(rf"(?:{_grammar()['theme'][str(number)]})$", match[0]) is not None
            is_compound = (ends and after.match(text, match.end())) or before.search(
                text[: match.start()]
            )
            if not is_compound and not _ASKED.search(text[: match.start()]):
                yield number, match.start(), match.end()


def in_full(text: str, programmes: int) -> str:
    """The folded text with the numbers of several programmes in place of «the last three».

    >>> in_full("los dos primeros programas", 5)
    'los  programas 1, 2 '
    >>> in_full("the people's programme", 5)
    'the people programme'
    """
    text = _POSSESSIVE.sub("", text)
    numbers = list(range(1, programmes + 1))

    def written(match: re.Match[str], end: str) -> str:
        count = number_said(next(filter(None, match.groups())), _most())
        chosen = numbers[:count] if end == "first" else numbers[-count:]
        return f" programas {', '.join(map(str, chosen))} "

    for end, pattern in _several().items():
        text = pattern.sub(partial(written, end=end), text)
    return text


def by_place(text: str) -> Iterator[Found]:
    """Programmes that it names by a number alone, which only makes sense in a conversation."""
    for number, pattern in _places().items():
        if match := pattern.search(text):
            yield number, match.start(), match.end()


_POSSESSIVE = re.compile(
    r"(?<=[a-z])['’]s?(?= (?:program(?:me)?s?|parts?|chapters?|sections?|one)(?![a-z]))"
)


@cache
def _grammar() -> Mapping[str, Any]:
    return tables("references")


def _most() -> int:
    """All programmes but one are the most that are few."""
    return len(_grammar()["theme"]) - 1


@cache
def _any_theme() -> re.Pattern[str]:
    """Most questions have none of the words, and the patterns below are long."""
    return whole_words("|".join(_grammar()["theme"].values()))


@cache
def _several() -> Mapping[str, re.Pattern[str]]:
    """What asks for the first or last few programmes; how many is a group."""
    cardinals = "|".join(few(_most()).values())
    shapes = _grammar()["several"]
    return {
        end: whole_words(shapes[end].replace("{number}", f"({cardinals})"))
        for end in ("first", "last")
    }


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
    ordinals[numbers[-1]] += f"|{_grammar()['last']['1']}"
    return {
        int(number): whole_words(
            shapes.replace("{ordinal}", f"(?:{ordinals[number]})").replace(
                "{number}", f"(?:{number}|{cardinals[number]})"
            )
        )
        for number in _grammar()["theme"]
    }

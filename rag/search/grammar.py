"""The words by which programmes, sections and parts are named, as tokens with a role."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache

from rag.search.normalisation import is_han
from rag.search.patterns import tables

SECTION = "SECTION"
"""Stands for a section's number."""

MARK = "§"
"""Written into a text before the number of a section, `§2.5`, and before how many are meant at an
end of a programme: `§+3` the first, `§-3` the last."""

RUN = "run"
"""Role of «the first three» or «the last three»: a token that was written in their place."""

_TEENS = "primer|primeir|segund|tercer|terceir|cuart|quart|quint|sext|sep?tim|octav|oitav|noven|non"
_TOKEN = re.compile(
    rf"{MARK}\d+\.\d+|{MARK}[+-]\d+|decim[oa] (?:{_TEENS})[oa]?(?![^\W\d_])"
    r"|第?\d{1,4}(?:st|nd|rd|th|er|ro|do|to|o|a)?|(?:(?!第\d)[^\W\d_])+|[^\w\s]"
)

_SPOKEN = re.compile(r"should|can|could|need|want|have|must|may|might|read|am|was|would|d|ll|ve|m")
"""What follows the «I» of somebody who speaks."""


_MEASURE = re.compile(r"[句段行种次篇字](?![目落数])")
"""Chinese measure words of what is no part of the document: «一句» is a sentence of the answer."""

_NO_NUMBER = re.compile(r"(?:the|that|this|which)one$|[哪每这那某同]一$")


@dataclass(slots=True)
class Token:
    """A word of a question, or a piece of a run of Chinese."""

    text: str
    start: int
    role: str
    """A table of the grammar: `programme`, `section`, `ordinal`, `cardinal`, `name`, `join` …"""
    value: int = 0
    """Of a numeral, negative where it counts from the end, or of the programme with the name."""
    mark: str | None = None
    """What replaces it, once it is part of a reference."""


def role_of(tokens: Sequence[Token], position: int) -> str:
    """The token's role; before a name a numeral is an article («programa dos povos»).

    «The one on trade» and 哪一部分 are no numbers either.
    """
    token = tokens[position]
    if position and _NO_NUMBER.search(tokens[position - 1].text + token.text):
        return "link"
    is_word = token.role == "cardinal" and not token.text[-1].isdigit()
    following = tokens[position + 1 : position + 2]
    if token.text == "一" and following and _MEASURE.match(following[0].text):
        return "other"
    return "link" if is_word and following and following[0].role == "name" else token.role


def tokens(text: str) -> list[Token]:
    """The words of a folded text in order."""
    return [t for match in _TOKEN.finditer(text) for t in _split(match[0], match.start())]


def _split(word: str, start: int) -> Iterator[Token]:
    """The word as one token; a run of Chinese is cut at the words of the grammar."""
    if not is_han(word) or word[-1].isdigit():
        yield _token(word, start)
        return
    position = 0
    for match in _han_grammar().finditer(word):
        if position < match.start():
            yield Token(word[position : match.start()], start + position, "other")
        yield _token(match[0], start + match.start())
        position = match.end()
    if position < len(word):
        yield Token(word[position:], start + position, "other")


@lru_cache(maxsize=4096)
def _token_of(word: str) -> tuple[str, int]:
    """Role and value of a word."""
    if re.fullmatch(rf"{MARK}\d+\.\d+", word):
        return "id", 0
    if re.fullmatch(rf"{MARK}[+-]\d+", word):
        return RUN, int(word[1:])
    if match := re.fullmatch(r"(第?)(\d+)(.*)", word):
        return ("ordinal" if match[1] or match[3] else "cardinal"), int(match[2])
    for role, value, family in _families():
        if family.fullmatch(word):
            return role, value
    return "other", 0


def _token(word: str, start: int) -> Token:
    role, value = _token_of(word)
    return Token(word, start, role, value, SECTION if role == "id" else None)


def chain(
    tokens: Sequence[Token], start: int, step: int, roles: set[str], *, is_open: bool = False
) -> list[int]:
    """Positions of the numerals and names that follow or precede a word, joined by «and» or ",".

    `is_open`: the word has one on its other side, so that what follows is joined to that.
    """
    found: list[int] = []
    joined = not is_open
    position = start + step
    while 0 <= position < len(tokens):
        role = role_of(tokens, position)
        if role in roles and joined and tokens[position].mark is None:
            found.append(position)
            joined = False
        elif role == "join" and (found or is_open):
            joined = True
        elif role != "link" and not (role == tokens[start].role and found and joined):
            break
        position += step
    return found


@cache
def few(most: int) -> Mapping[int, str]:
    """Regular expressions for the numbers from two to the most."""
    grammar = tables("references")
    further: Mapping[str, str] = grammar["few"]
    return {
        int(n): "|".join([n, family, further.get(n, n)])
        for n, family in grammar["cardinal"].items()
        if 1 < int(n) <= most
    }


def number_said(word: str, most: int) -> int:
    """The number from two to the most that a word is for."""
    return next(n for n, family in few(most).items() if re.fullmatch(family, word))


@cache
def _families() -> tuple[tuple[str, int, re.Pattern[str]], ...]:
    """Role, value and word family, those with a value first."""
    grammar = tables("references")
    valued = [
        (role, int(number), re.compile(family))
        for role in ("name", "ordinal", "cardinal")
        for number, family in grammar[role].items()
    ]
    valued.extend(
        ("ordinal", -int(place), re.compile(family)) for place, family in grammar["last"].items()
    )
    plain: Mapping[str, str] = grammar["words"]
    return (*valued, *((role, 0, re.compile(family)) for role, family in plain.items()))


@cache
def _han_grammar() -> re.Pattern[str]:
    """The Chinese words of the grammar, longest first."""
    families = [family.pattern for _, _, family in _families()]
    words = {w for f in families for w in re.findall(r"[\u3400-\u9fff]+", f)}
    return re.compile("|".join(sorted(words, key=len, reverse=True)))


def speaks(tokens: Sequence[Token], position: int) -> bool:
    """Whether it is no Roman number but somebody who speaks: «which chapter I should read»."""
    after = tokens[position + 1 : position + 2]
    return tokens[position].text == "i" and any(_SPOKEN.fullmatch(t.text) for t in after)


def is_free(tokens: Sequence[Token], position: int) -> bool:
    """Whether a numeral is no part of a reference yet and may be one."""
    return tokens[position].mark is None and not speaks(tokens, position)

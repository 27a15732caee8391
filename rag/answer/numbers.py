"""The numbers that a text states, in digits or in words, in four languages."""

import re
import tomllib
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path

from rag.domain import Language
from rag.search.normalisation import fold

NUMERALS = Path(__file__).parent / "data" / "numerals.toml"

_DIGITS = re.compile(
    r"(?<![A-Za-z\d])(?<!\d[.,])(\d{1,3}(?:[.,\u00a0\u202f ]\d{3})+(?!\d)|\d+(?:[.,]\d+)?)"
    r"(?:\s*(mil millones|mil milhoes|millones|millon|milhoes|milhao|million|billion|bilhoes|mil"
    r"|thousand|万亿|亿|万))?(?:\s*(%|％|por ciento|per cent|percent|por cento))?",
)
_DECADE = re.compile(r"\b(?:19|20)(\d0)(?=s\b|年代)")
"""«1960s» is what others call the sixties."""

_MULTIPLIERS = {
    **dict.fromkeys(("mil", "thousand"), 10**3),
    **dict.fromkeys(("millon", "millones", "milhao", "milhoes", "million"), 10**6),
    **dict.fromkeys(("mil millones", "mil milhoes", "billion", "bilhoes"), 10**9),
    **{"万": 10**4, "亿": 10**8, "万亿": 10**12},
}
_WORD = re.compile(r"[^\W\d_]+")
_HAN = re.compile(r"(百分之)?([二三四五六七八九十百千万亿两零〇一]{1,12})")
_HAN_DIGITS = {c: n for n, c in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2}
_HAN_UNITS = {"十": 10, "百": 100, "千": 1000}
_HAN_MYRIADS = {"万": 10_000, "亿": 100_000_000}

_IDIOMS = frozenset("百千万亿")
"""Alone they mean many: 百年, 万众."""

_COUNTED = re.compile(r"[个項项大届年月日次国位种類类点名条章家]")
"""What follows a Chinese numeral that counts something."""


def numbers(text: str, language: Language) -> frozenset[str]:
    """The numbers of a text in canonical form, percentages with their sign.

    In words only those above 2: «one» is an article, and «the two sides» counts nothing.

    >>> sorted(numbers("En 2016 hubo treinta foros y 1.500 becas, el 3,5 %.", "es"))
    ['1500', '2016', '3.5%', '30']
    >>> sorted(numbers("三十个项目，2016年", "zh")), sorted(numbers("twenty-one", "en"))
    (['2016', '30'], ['21'])
    """
    folded = fold(text)
    folded = _DECADE.sub(r"\1", folded)
    found = {_in_digits(*match.groups()) for match in _DIGITS.finditer(folded)}
    rest = _DIGITS.sub(" # ", folded)
    words = _in_han(rest) if language == "zh" else _in_words(rest, language)
    return frozenset(found | set(words))


def _in_digits(digits: str, multiplier: str | None, percent: str | None) -> str:
    number = _canonical(digits)
    if multiplier:
        number = f"{float(number) * _MULTIPLIERS[multiplier]:.0f}"
    return f"{number}%" if percent else number


def _canonical(digits: str) -> str:
    """Thousands without a separator, decimals with a point."""
    bare = re.sub(r"[\u00a0\u202f ]", "", digits)
    if re.fullmatch(r"\d{1,3}([.,]\d{3})+", bare):
        return re.sub(r"[.,]", "", bare)
    whole, _, decimals = bare.replace(",", ".").partition(".")
    decimals = decimals.rstrip("0")
    whole = whole.lstrip("0") or "0"
    return f"{whole}.{decimals}" if decimals else whole


def _in_words(folded: str, language: Language) -> Iterator[str]:
    """Numbers in words; neighbours make one: `twenty-one`, `ciento treinta y dos`."""
    values, total, part, last_end = _values()[language], 0, 0, -1
    for match in _WORD.finditer(folded):
        value = values.get(match[0])
        between = folded[last_end : match.start()] if last_end >= 0 else ""
        is_next = last_end >= 0 and _JOINT.fullmatch(between) is not None
        if value is None:
            if match[0] in _AND and is_next:
                continue
            if total + part > 2:
                yield str(total + part)
            total, part, last_end = 0, 0, -1
            continue
        if last_end >= 0 and not (is_next and _adds(part, value)):
            if total + part > 2:
                yield str(total + part)
            total, part = 0, 0
        if value >= 1000:
            total, part = total + max(part, 1) * value, 0
        else:
            part = max(part, 1) * value if value == 100 and 0 < part < 10 else part + value
        last_end = match.end()
    if total + part > 2:
        yield str(total + part)


_JOINT = re.compile(r"[\s-]*(?:y|e|and)?[\s-]*")
_AND = frozenset({"y", "e", "and"})


def _adds(part: int, value: int) -> bool:
    """Whether a number word goes on with what came before it."""
    if value >= 1000:
        return True
    if value == 100:
        return 0 < part < 10
    return part == 0 or (part >= 20 and value < 10 and part % 10 == 0) or part % 100 == 0


def _in_han(text: str) -> Iterator[str]:
    for match in _HAN.finditer(text):
        is_percent, numeral = bool(match[1]), match[2]
        follows = _COUNTED.match(text, match.end()) is not None
        is_idiom = numeral in _IDIOMS or not follows
        if len(numeral) == 1 and is_idiom and not is_percent:
            continue
        value = _han_value(numeral)
        if value > 2:
            yield f"{value}{'%' if is_percent else ''}"


def _han_value(numeral: str) -> int:
    if all(c in _HAN_DIGITS for c in numeral):
        return int("".join(str(_HAN_DIGITS[c]) for c in numeral))
    total = section = digit = 0
    for character in numeral:
        if character in _HAN_DIGITS:
            digit = _HAN_DIGITS[character]
        elif character in _HAN_UNITS:
            section += (digit or 1) * _HAN_UNITS[character]
            digit = 0
        else:
            total += (section + digit or 1) * _HAN_MYRIADS[character]
            section = digit = 0
    return total + section + digit


@cache
def _values() -> Mapping[Language, Mapping[str, int]]:
    table = tomllib.loads(NUMERALS.read_text(encoding="utf-8"))
    return {"es": table["es"], "en": table["en"], "pt": table["pt"], "zh": {}}

"""Counts from 0 to 99 in digits or in words of the four languages."""

import re
import tomllib
from functools import cache
from pathlib import Path

from rag.domain import Language

NUMERALS = Path(__file__).parent / "data" / "numerals.toml"

_HAN = "零一二三四五六七八九"


@cache
def spell(number: int, language: Language) -> str:
    """The number in words, from 0 to 99.

    >>> [spell(48, language) for language in ("es", "en", "pt", "zh")]
    ['cuarenta y ocho', 'forty-eight', 'quarenta e oito', '四十八']
    """
    if language == "zh":
        return _spell_chinese(number)
    words = _words()[language]
    ones = words["ones"].split()
    if number < len(ones):
        return ones[number]
    ten, one = divmod(number, 10)
    spelt = words["tens"].split()[ten - 2]
    return spelt + words["joint"] + ones[one] if one else spelt


def states_count(text: str, number: int) -> bool:
    """Whether the text states the number by itself, in digits or in words of any language.

    Digits that belong to something longer do not count: another number, a decimal, a section or
    sentence id.

    >>> states_count("Son diecisiete.", 17), states_count("La sección 2.17", 17)
    (True, False)
    """
    lowered = text.casefold()
    if re.search(rf"(?<![\d:])(?<!\d[.,]){number}(?!\d|[.,:]\d)", lowered):
        return True
    latin = "|".join(spell(number, language) for language in ("es", "en", "pt"))
    ones = "|".join(spell(one, language) for one in range(1, 10) for language in ("es", "pt"))
    # «cuarenta» is not said by «cuarenta y ocho», nor «ocho» by it.
    alone = rf"(?<!\w)(?<!\w-)(?<!\w y )(?<!\w e )(?:{latin})(?!\w|-\w| [ye] (?:{ones})\b)"
    han = f"(?<![{_HAN}十百]){spell(number, 'zh')}(?![{_HAN}十百])"
    return bool(re.search(f"{alone}|{han}", lowered))


@cache
def _words() -> dict[str, dict[str, str]]:
    return tomllib.loads(NUMERALS.read_text(encoding="utf-8"))


def _spell_chinese(number: int) -> str:
    ten, one = divmod(number, 10)
    if not ten:
        return _HAN[one]
    return (_HAN[ten] if ten > 1 else "") + "十" + (_HAN[one] if one else "")

"""How a word sounds, so that one written by ear is known: «aser» is «hacer», «vecas» «becas»."""

import re
from collections.abc import Callable, Mapping
from functools import cache

from rag.domain import Language
from rag.search.normalisation import fold

_COMMON = (
    ("ph", "f"),
    ("h", ""),
    ("qu(?=[ei])|[kq]", "k"),
    ("gu(?=[ei])", "G"),
    ("g(?=[ei])|j", "J"),
    ("G", "g"),
)
"""Rules of both languages, in the midst of their own."""

_RULES: Mapping[Language, tuple[tuple[str, str], ...]] = {
    "es": (
        ("ch", "X"),
        *_COMMON,
        ("c(?=[eiy])|z", "s"),
        ("c", "k"),
        ("xs(?=[ei])", "x"),
        ("x(?=[^aeiou])", "s"),
        ("ll|y(?=[aeiou])", "Y"),
        ("[vw]", "b"),
        ("[mn](?=[bpf])", "n"),
        (r"([^lr])\1", r"\1"),
    ),
    "pt": (
        ("ch", "x"),
        ("([ln])h", r"\1H"),
        *_COMMON,
        ("ss|sc(?=[ei])|c(?=[eiy])|z", "s"),
        ("c", "k"),
        ("[mn](?=[bpf])|m$", "n"),
        (r"([^r])\1", r"\1"),
    ),
}
"""In this order: pattern over a folded word, and what it becomes. English is not written by ear."""


def sound(word: str, language: Language) -> str:
    """The sound of a word; of one in a language without rules, how it is spelt.

    >>> sound("aser", "es") == sound("hacer", "es"), sound("vaca", "es") == sound("becas", "es")
    (True, False)
    """
    word = fold(word.replace("ç", "s"))
    for replace in _rules(language):
        word = replace(word)
    return word


@cache
def _rules(language: Language) -> tuple[Callable[[str], str], ...]:
    return tuple(
        lambda word, find=re.compile(pattern).sub, new=new: find(new, word)
        for pattern, new in _RULES.get(language, ())
    )

"""Words that point back in a conversation: «eso», «solo los de», «contame más»."""

import re

from rag.search.normalisation import content_words, fold
from rag.search.patterns import pattern

_ENDING = re.compile(r"(?<=[?？])\s*")
_BORDER = re.compile(r"[:：,，.。;；—–…!！]+(?!\d)\s*|\s-\s")

MAX_OPENING = 80
"""Characters in which a question has said that it changes the topic."""


def has(key: str, folded: str) -> bool:
    """Whether a folded question holds such words."""
    return pattern("followups", "refers", key).search(folded) is not None


def without(key: str, folded: str) -> str:
    """The folded question without them."""
    return pattern("followups", "refers", key).sub(" ", folded)


def left(folded: str) -> str:
    """The folded question without politeness."""
    return without("polite", folded)


def after_shift(text: str) -> str:
    """The question without a beginning that does no more than change the topic.

    >>> after_shift("Ok, otra cosa: ¿qué dice de la pesca?")
    '¿qué dice de la pesca?'
    """
    for opening in _BORDER.finditer(text, 0, MAX_OPENING):
        said = fold(text[: opening.start()])
        rest = text[opening.end() :]
        if content_words(left(without("shift", said))):
            return text
        if has("shift", said) and rest:
            return rest
    return text


def parts_asking_again(folded: str) -> list[str]:
    """The parts of a question that ask to say the same again, where no other part asks anything.

    >>> parts_asking_again("could you say that in spanish please, my boss is cuban")
    ['could you   in spanish please']
    """
    parts = [part for whole in _ENDING.split(folded) for part in _BORDER.split(whole)]
    again = [part for part in parts if has("again", part) and not has("asks", part)]
    others = [part for part in parts if part not in again and content_words(left(part))]
    is_asked = any(part.rstrip().endswith(("?", "？")) or has("asks", part) for part in others)
    return [] if is_asked else [without("again", part) for part in again]

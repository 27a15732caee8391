"""Words that point back in a conversation: «eso», «solo los de», «contame más»."""

import re

from rag.search.normalisation import content_words, fold
from rag.search.patterns import pattern

_OPENING = re.compile(r"[^:：,，.。;；—–…!！]{1,60}[:：,，.。;；—–…!！]+\s*")


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

    >>> after_shift("Otra cosa: ¿qué dice de la pesca?")
    '¿qué dice de la pesca?'
    """
    opening = _OPENING.match(text)
    if opening is None or opening.end() == len(text):
        return text
    folded = fold(opening[0])
    is_talk = has("shift", folded) and not content_words(without("shift", left(folded)))
    return text[opening.end() :] if is_talk else text

"""What a comparison sets beside each other: the ways to part its words in two."""

import re
from collections.abc import Iterator

from rag.search.patterns import pattern

MAX_SPLITS = 8
"""Places at which the topics of a comparison may be parted, surer and looser ones each."""

_EDGE = " ?¿!¡.,:"
_BREAK = re.compile(r"[,:;，：；]\s*")
_COLON = re.compile(r"[:;：；]\s*")


def splits(text: str) -> Iterator[tuple[str, str]]:
    """The text parted at each word that may stand between two topics, the surest words first.

    >>> list(splits("becas vs. deportes"))
    [('becas', 'deportes')]
    """
    wish = pattern("structure", "setting", "wish").match(text.lstrip(_EDGE))
    text = text.lstrip(_EDGE)[wish.end() if wish else 0 :]
    for key in ("sure", "loose"):
        for match in list(pattern("structure", "joins", key).finditer(text))[:MAX_SPLITS]:
            sides = text[: match.start()].strip(_EDGE), text[match.end() :].strip(_EDGE)
            if not all(sides):
                continue
            pause = _BREAK if key == "sure" else _COLON
            beside = pause.split(sides[0])[-1], pause.split(sides[1])[0]
            if beside != sides and all(beside):
                yield beside
            if key == "loose" or beside == sides:
                yield sides

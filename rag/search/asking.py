"""What a question asks for: the sentence that asks, the kinds of thing, what it quotes."""

import re

from rag.search.normalisation import fold
from rag.search.patterns import pattern, tables

_PART = re.compile(r"(?<=[.;!?。；！？…])\s*")


QUOTED = re.compile(
    r"[«“\"「『]([^»”\"」』]{2,300})[»”\"」』]|(?<!\w)['‘]([^'‘’\"“”\s][^'‘’\"“”]{1,60})(?<!s)['’](?!\w)"
)
"""What stands in quotation marks; a single one inside a word is an apostrophe."""


def quoted(question: str) -> str | None:
    """What stands in quotation marks, first."""
    return next(iter(quotations(question)), None)


def quotations(question: str) -> list[str]:
    """All that stands in quotation marks.

    >>> quotations("¿Dice «paz» o «zona de paz»?")
    ['paz', 'zona de paz']
    """
    return ["".join(pair) for pair in QUOTED.findall(question)]


def asked_part(question: str) -> str:
    """The sentence that asks, without those that tell who is asking: the last with a question mark.

    >>> asked_part('Soy ganadero en Uruguay. ¿Menciona a mi país? Gracias.')
    '¿Menciona a mi país?'
    """
    parts = [part for part in _PART.split(question) if part.strip()]
    asking = [part for part in parts if part.rstrip().endswith(("?", "？"))]
    return (asking or parts or [question])[-1]


def stances(question: str) -> frozenset[str]:
    """What a question takes someone to do: `against`, `force`, `support`.

    And `opposed`, where it speaks of what the document itself is against.

    >>> sorted(stances('¿Por qué apoya la hegemonía?')), sorted(stances('why does it ban tourism'))
    (['opposed', 'support'], ['against'])
    """
    return _found("stance", question)


def asked_kinds(question: str) -> frozenset[str]:
    """The kinds of thing that a question asks for: `amount`, `date`, `country` and more.

    >>> sorted(asked_kinds('¿Cuántas becas habrá y cuándo?'))
    ['amount', 'date']
    """
    return _found("asks", question)


def _found(table: str, question: str) -> frozenset[str]:
    """The keys of a table whose words the question holds."""
    text = fold(question)
    return frozenset(
        key for key in tables("asking")[table] if pattern("asking", table, key).search(text)
    )

"""What a question asks for, and whether a sentence holds a thing of that kind."""

from rag.search.normalisation import fold
from rag.search.patterns import pattern, tables


def asked_kinds(question: str) -> frozenset[str]:
    """The kinds of thing that a question asks for: `amount`, `date`, `country` and more.

    >>> sorted(asked_kinds('¿Cuántas becas habrá y cuándo?'))
    ['amount', 'date']
    """
    text = fold(question)
    kinds = tables("asking")["asks"]
    return frozenset(kind for kind in kinds if pattern("asking", "asks", kind).search(text))


def holds(kind: str, sentence: str) -> bool:
    """Whether a Spanish sentence holds a thing of that kind; true for kinds that none can tell.

    >>> holds('date', 'En el año 2008, …'), holds('amount', 'Apoyar los intercambios.')
    (True, False)
    """
    if kind not in tables("asking")["holds"]:
        return True
    return pattern("asking", "holds", kind).search(fold(sentence)) is not None

"""Words that point back in a conversation: «eso», «solo los de», «contame más»."""

from rag.search.patterns import pattern


def has(key: str, folded: str) -> bool:
    """Whether a folded question holds such words."""
    return pattern("followups", "refers", key).search(folded) is not None


def without(key: str, folded: str) -> str:
    """The folded question without them."""
    return pattern("followups", "refers", key).sub(" ", folded)


def left(folded: str) -> str:
    """The folded question without politeness."""
    return without("polite", folded)

"""Ordinals that stand for a programme without the word: «the first programme, and the second?»."""

from collections.abc import Sequence

from rag.search.grammar import Token, chain

_ENDINGS = frozenset("?!.,;:？！。，；：") | {"one"}
"""What may follow an ordinal that stands for a programme."""

_ARTICLES = frozenset({"el", "the", "o"})


def counts_points(tokens: Sequence[Token]) -> bool:
    """Whether an ordinal belongs to a word for a section: «the first point»."""
    units = (i for i, token in enumerate(tokens) if token.role in ("section", "part"))
    return any(chain(tokens, i, step, {"ordinal"}) for i in units for step in (1, -1))


def stands_alone(tokens: Sequence[Token], position: int) -> bool:
    """Whether it is an ordinal after an article that no noun follows: «and the second?».

    «The last» may be of anything.
    """
    token = tokens[position]
    is_counted = token.role == "ordinal" and token.value > 0
    is_after = tokens[position - 1].text in _ARTICLES
    if not is_counted or token.mark is not None or not is_after:
        return False
    after = tokens[position + 1 : position + 2]
    return not after or after[0].role == "join" or after[0].text in _ENDINGS

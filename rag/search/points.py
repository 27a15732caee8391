"""Sections by their number in a programme: «punto 4 del programa de la paz», 第四工程第3节."""

from collections.abc import Sequence
from dataclasses import dataclass

from rag.domain import Document
from rag.search.grammar import RUN, SECTION, Token, chain
from rag.search.normalisation import is_han

Place = tuple[int, int]
"""Number of a programme, and the position of the token that names it."""


@dataclass(frozen=True, slots=True)
class Points:
    """The sections that a question names so."""

    sections: tuple[str, ...]
    programmes: tuple[Place, ...]
    """Those that the sections are named by."""
    is_beyond: bool = False
    """Whether it names one that its programme does not have."""


class PointReader:
    """Finds them, and marks their tokens."""

    def __init__(self, document: Document) -> None:
        """Take the document that knows how many sections its programmes have."""
        self._counts = {p.number: len(p.sections) for p in document.programmes}

    def read(self, tokens: Sequence[Token], programmes: Sequence[Place]) -> Points:
        """The sections, in the order of the question."""
        found: list[str] = []
        used: list[Place] = []
        is_beyond = False
        for position, token in enumerate(tokens):
            numerals = _numerals(tokens, position) if programmes else []
            if not numerals:
                continue
            place = _programme(tokens, max(position, *numerals), position, programmes)
            number = place[0]
            for i in (i for i in numerals if tokens[i].mark is None):
                points = _points(tokens[i], self._counts[number])
                if points:
                    found.extend(f"{number}.{point}" for point in points)
                    used.append(place)
                    tokens[i].mark = token.mark = SECTION
                elif token.role == "section" and tokens[i].value <= MAX_POINT:
                    is_beyond = True
        return Points(tuple(found), tuple(used), is_beyond)


MAX_POINT = 40
"""Larger numbers beside «point» count something else."""


def _points(token: Token, count: int) -> Sequence[int]:
    """The sections, of so many, that a numeral means; none where there is no such."""
    value = token.value
    if token.role == RUN:
        size = min(abs(value), count)
        return range(1, size + 1) if value > 0 else range(count - size + 1, count + 1)
    point = count + 1 + value if value < 0 else value
    return [point] if 0 < point <= count else []


def _numerals(tokens: Sequence[Token], position: int) -> list[int]:
    """Positions of the numbers that belong to a word for a section."""
    token = tokens[position]
    if token.role not in ("section", "part"):
        return []
    numerals = chain(tokens, position, 1, {"cardinal", "ordinal", RUN})
    if position > 1 and is_han(token.text) and tokens[position - 1].text.isdigit():
        numerals = [position - 1] if tokens[position - 2].mark else []
    return numerals or chain(tokens, position, -1, {"ordinal"})


def _programme(
    tokens: Sequence[Token], end: int, position: int, programmes: Sequence[Place]
) -> Place:
    """The programme of a section: that which follows at once, else the last before it."""
    after = [place for place in programmes if place[1] > position]
    before = [place for place in programmes if place[1] < position]
    between = tokens[end + 1 : after[0][1]] if after else []
    follows = after and all(t.role in ("link", "programme") for t in between)
    return (after if follows or not before else before[-1:])[0]

"""Which sentence of the document, its headings included, a question repeats."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from rag.domain import Passage
from rag.search.normalisation import stems
from rag.search.retrieval import Term

REPEATED = 0.75
"""Share of a question's content words that one sentence holds, so that it counts as quoted."""

MIN_REPEATED = 3
"""Content words that such a question has at least."""

MIDDLING = 4
"""Up to this many content words the sentence must hold them all."""

MADE_OF = 0.2
"""Share of a sentence's stems that a question made of it holds. Of the questions at hand that a
list or a comparison was understood of, the eight that hold less asked for just that."""


def is_long(terms: Sequence[Term]) -> bool:
    """Whether a question has words enough to be made of a sentence."""
    return len(terms) > MIDDLING


class Reciter:
    """Finds the passage that holds nearly every content word of a question."""

    def __init__(self, passages: Sequence[Passage]) -> None:
        """Take the passages in the order of their columns."""
        self._passages = passages

    def repeated(self, terms: Sequence[Term]) -> int | None:
        """Column of the passage, of several the first that holds most."""
        if len(terms) < MIN_REPEATED:
            return None
        needed = REPEATED * len(terms) if is_long(terms) else len(terms)
        held: NDArray[np.intp] = np.zeros(len(self._passages), dtype=np.intp)
        for term in terms:
            held[sorted({c for unit in term.units for c in self._columns.get(unit, ())})] += 1
        best = int(np.argmax(held))
        return best if held[best] >= needed else None

    def is_made_of(self, column: int, terms: Sequence[Term]) -> bool:
        """Whether a question says much of what a passage says, and not just its own words there."""
        held = set(stems(self._passages[column].text))
        asked = {unit for term in terms for unit in term.units}
        return len(held & asked) >= MADE_OF * len(held)

    @cached_property
    def _columns(self) -> Mapping[str, list[int]]:
        """Unit → the passages whose own text, or whose section's title, holds it."""
        columns: dict[str, list[int]] = defaultdict(list)
        for column, passage in enumerate(self._passages):
            for unit in set(stems(f"{passage.breadcrumb} {passage.text}")):
                columns[unit].append(column)
        return columns

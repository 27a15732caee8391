"""A sparse matrix of weights, terms by rows, that numpy alone can read."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import cast

import numpy as np
from numpy.typing import NDArray

from rag.search.vocabulary import Vocabulary, in_order

Scores = NDArray[np.float32]
"""One score per column."""


@dataclass(frozen=True)
class Postings:
    """For each term the columns (passages, words …) that hold it, with a weight."""

    vocabulary: Vocabulary
    offsets: NDArray[np.int32]
    """Row i is `columns[offsets[i]:offsets[i + 1]]`; shape (terms + 1,)."""
    columns: NDArray[np.integer]
    weights: NDArray[np.float32]
    width: int
    """Number of columns."""

    @classmethod
    def of(cls, rows: Mapping[str, Mapping[int, float]], width: int) -> "Postings":
        """From term → column → weight."""
        terms = in_order(rows)
        entries = [sorted(rows[term].items()) for term in terms]
        return cls(
            Vocabulary.of(terms),
            np.cumsum([0, *map(len, entries)], dtype=np.int32),
            np.array([column for row in entries for column, _ in row], dtype=np.int32),
            np.array([weight for row in entries for _, weight in row], dtype=np.float32),
            width,
        )

    def __contains__(self, term: str) -> bool:
        return term in self.vocabulary

    def row(self, term: str) -> tuple[NDArray[np.integer], NDArray[np.float32]]:
        """Columns and weights of a term; empty for an unknown one."""
        row = self.vocabulary.row(term)
        if row is None:
            return self.columns[:0], self.weights[:0]
        here = slice(self.offsets[row], self.offsets[row + 1])
        return self.columns[here], self.weights[here]

    def scores(self, query: Sequence[str]) -> Scores:
        """Sum of the weights of the query's terms; shape (width,)."""
        rows = self.vocabulary.rows(query)
        rows = rows[rows >= 0]
        if not len(rows):
            return np.zeros(self.width, dtype=np.float32)
        starts = self.offsets[rows]
        lengths = self.offsets[rows + 1] - starts
        before = np.cumsum(lengths) - lengths
        entries = np.arange(lengths.sum()) + np.repeat(starts - before, lengths)
        total = np.bincount(
            self.columns[entries], weights=self.weights[entries], minlength=self.width
        )
        return total.astype(np.float32)

    def arrays(self, name: str) -> dict[str, NDArray[np.generic]]:
        """Everything as arrays, under keys that begin with the name; columns as small as may be."""
        return {
            **self.vocabulary.arrays(name),
            f"{name}.offsets": self.offsets,
            f"{name}.columns": self.columns.astype(np.min_scalar_type(self.width)),
            f"{name}.weights": self.weights,
            f"{name}.width": np.array(self.width),
        }

    @classmethod
    def from_arrays(cls, name: str, arrays: Mapping[str, NDArray[np.generic]]) -> "Postings":
        """The inverse of `arrays`."""
        return cls(
            Vocabulary.from_arrays(name, arrays),
            arrays[f"{name}.offsets"].astype(np.int32, copy=False),
            cast("NDArray[np.integer]", arrays[f"{name}.columns"]),
            arrays[f"{name}.weights"].astype(np.float32, copy=False),
            int(arrays[f"{name}.width"]),
        )

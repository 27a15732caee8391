"""A sparse matrix of weights, terms by rows, that numpy alone can read."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

Scores = NDArray[np.float32]
"""One score per column."""


@dataclass(frozen=True)
class Postings:
    """For each term the columns (passages, words …) that hold it, with a weight."""

    terms: tuple[str, ...]
    offsets: NDArray[np.int32]
    """Row i is `columns[offsets[i]:offsets[i + 1]]`; shape (terms + 1,)."""
    columns: NDArray[np.int32]
    weights: NDArray[np.float32]
    width: int
    """Number of columns."""

    @classmethod
    def of(cls, rows: Mapping[str, Mapping[int, float]], width: int) -> "Postings":
        """From term → column → weight."""
        terms = tuple(sorted(rows))
        entries = [sorted(rows[term].items()) for term in terms]
        return cls(
            terms,
            np.cumsum([0, *map(len, entries)], dtype=np.int32),
            np.array([column for row in entries for column, _ in row], dtype=np.int32),
            np.array([weight for row in entries for _, weight in row], dtype=np.float32),
            width,
        )

    @cached_property
    def row_of(self) -> dict[str, int]:
        """Term → row."""
        return {term: row for row, term in enumerate(self.terms)}

    def __contains__(self, term: str) -> bool:
        return term in self.row_of

    def row(self, term: str) -> tuple[NDArray[np.int32], NDArray[np.float32]]:
        """Columns and weights of a term; empty for an unknown one."""
        row = self.row_of.get(term)
        if row is None:
            return self.columns[:0], self.weights[:0]
        here = slice(self.offsets[row], self.offsets[row + 1])
        return self.columns[here], self.weights[here]

    def scores(self, query: Iterable[tuple[str, float]]) -> Scores:
        """Sum over the query's terms of query weight × posting weight; shape (width,)."""
        known = [(row, w) for term, w in query if (row := self.row_of.get(term)) is not None]
        if not known:
            return np.zeros(self.width, dtype=np.float32)
        rows = np.array([row for row, _ in known])
        starts, lengths = self.offsets[rows], np.diff(self.offsets)[rows]
        before = np.cumsum(lengths) - lengths
        entries = np.arange(lengths.sum()) + np.repeat(starts - before, lengths)
        weights = np.repeat(np.array([w for _, w in known]), lengths) * self.weights[entries]
        total = np.bincount(self.columns[entries], weights=weights, minlength=self.width)
        return total.astype(np.float32)

    def arrays(self, name: str) -> dict[str, NDArray[np.generic]]:
        """Everything as arrays, under keys that begin with the name."""
        return {
            f"{name}.terms": np.frombuffer("\n".join(self.terms).encode(), dtype=np.uint8),
            f"{name}.offsets": self.offsets,
            f"{name}.columns": self.columns,
            f"{name}.weights": self.weights,
            f"{name}.width": np.array(self.width),
        }

    @classmethod
    def from_arrays(cls, name: str, arrays: Mapping[str, NDArray[np.generic]]) -> "Postings":
        """The inverse of `arrays`."""
        listing = arrays[f"{name}.terms"].tobytes().decode()
        return cls(
            tuple(listing.split("\n")) if listing else (),
            arrays[f"{name}.offsets"].astype(np.int32, copy=False),
            arrays[f"{name}.columns"].astype(np.int32, copy=False),
            arrays[f"{name}.weights"].astype(np.float32, copy=False),
            int(arrays[f"{name}.width"]),
        )

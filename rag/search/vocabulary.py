"""Which row of a matrix a term has, without decoding a single term when an index is opened."""

from bisect import bisect_left
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from hashlib import blake2b

import numpy as np
from numpy.typing import NDArray


@lru_cache(maxsize=1 << 17)
def _hash(term: str) -> int:
    """64 bits: among a million terms two share theirs with a probability of 1 in 40 million."""
    return int.from_bytes(blake2b(term.encode(), digest_size=8).digest(), "little")


@lru_cache(maxsize=64)
def _hashes(terms: tuple[str, ...]) -> NDArray[np.uint64]:
    """One per term; those of a question are looked up in several vocabularies."""
    return np.fromiter(map(_hash, terms), dtype=np.uint64, count=len(terms))


def in_order(terms: Iterable[str]) -> list[str]:
    """The terms in the order of a vocabulary's rows."""
    return sorted(terms, key=_hash)


class Vocabulary:
    """Terms as hashes in ascending order; a term's row is its place."""

    def __init__(self, hashes: NDArray[np.uint64]) -> None:
        """Take what `arrays` returned."""
        self._hashes = hashes
        self._numbers = np.ascontiguousarray(hashes).data
        """The same; one by one they are found faster so."""
        self.row = lru_cache(maxsize=1 << 15)(self._row)
        """The term's row; `None` for a strange one."""

    @classmethod
    def of(cls, terms: Sequence[str]) -> "Vocabulary":
        """From terms that are `in_order`."""
        return cls(np.array([_hash(term) for term in terms], dtype=np.uint64))

    def __len__(self) -> int:
        return len(self._hashes)

    def __contains__(self, term: str) -> bool:
        return self.row(term) is not None

    def _row(self, term: str) -> int | None:
        hashed = _hash(term)
        row = bisect_left(self._numbers, hashed)
        return row if row < len(self._numbers) and self._numbers[row] == hashed else None

    def rows(self, terms: Sequence[str]) -> NDArray[np.intp]:
        """One row per term, -1 for strange ones."""
        hashed = _hashes(tuple(terms))
        if not len(self._hashes):
            return np.full(len(terms), -1, dtype=np.intp)
        rows = np.minimum(np.searchsorted(self._hashes, hashed), len(self._hashes) - 1)
        return np.where(self._hashes[rows] == hashed, rows, -1)

    def arrays(self, name: str) -> dict[str, NDArray[np.generic]]:
        """Everything as arrays, under a key that begins with the name."""
        return {f"{name}.vocabulary": self._hashes}

    @classmethod
    def from_arrays(cls, name: str, arrays: Mapping[str, NDArray[np.generic]]) -> "Vocabulary":
        """The inverse of `arrays`."""
        return cls(arrays[f"{name}.vocabulary"].astype(np.uint64, copy=False))

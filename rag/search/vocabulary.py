"""Which row of a matrix a term has, without decoding a single term when an index is opened."""

from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from hashlib import blake2b

import numpy as np
from numpy.typing import NDArray


@lru_cache(maxsize=1 << 17)
def _hash(term: str) -> int:
    """64 bits: among a million terms two share theirs with a probability of 1 in 40 million."""
    return int.from_bytes(blake2b(term.encode(), digest_size=8).digest(), "little")


def in_order(terms: Iterable[str]) -> list[str]:
    """The terms in the order of a vocabulary's rows."""
    return sorted(terms, key=_hash)


class Vocabulary:
    """Terms as hashes in ascending order; a term's row is its place."""

    def __init__(self, hashes: NDArray[np.uint64]) -> None:
        """Take what `arrays` returned."""
        self._hashes = hashes
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
        hashed = np.uint64(_hash(term))
        row = int(self._hashes.searchsorted(hashed))
        return row if row < len(self._hashes) and self._hashes[row] == hashed else None

    def rows(self, terms: Sequence[str]) -> NDArray[np.intp]:
        """One row per term, -1 for strange ones."""
        hashed = np.fromiter(map(_hash, terms), dtype=np.uint64, count=len(terms))
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

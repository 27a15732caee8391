"""Lists of words as arrays, so that an index is arrays and nothing else."""

from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray


def packed(lines: Iterable[str]) -> NDArray[np.uint8]:
    r"""The lines as UTF-8 bytes; none may hold a line break.

    >>> unpacked(packed(["paz", "和平"]))
    ['paz', '和平']
    """
    return np.frombuffer("\n".join(lines).encode(), dtype=np.uint8)


def unpacked(array: NDArray[np.generic]) -> list[str]:
    """The inverse of `packed`."""
    listing = array.tobytes().decode()
    return listing.split("\n") if listing else []

"""Named arrays in one file: read in one go, proved whole, and never copied."""

import json
import math
from collections.abc import Mapping, Sequence
from hashlib import sha256
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

Arrays = Mapping[str, NDArray[np.generic]]

Place = tuple[str, str, Sequence[int], int]
"""Name, type and shape of an array, and where it begins in the file."""

Places = Sequence[Place]

Bytes = NDArray[np.uint8]

ALIGNMENT = 64
"""Arrays begin at multiples of this many bytes."""

BLOCK = 4096
"""Bytes that are summed up together: what disks and file systems write or lose at once."""


def write_arrays(path: Path, arrays: Arrays) -> Places:
    """Write a file of the arrays; what stands where in it."""
    places: list[Place] = []
    with path.open("wb") as file:
        for name, array in arrays.items():
            file.write(bytes(-file.tell() % ALIGNMENT))
            places.append((name, array.dtype.str, array.shape, file.tell()))
            file.write(array.tobytes())
    return places


def read_bytes(path: Path) -> Bytes:
    """The whole file.

    Raises:
        OSError: it cannot be read.
    """
    content = np.fromfile(path, dtype=np.uint8)
    content.flags.writeable = False
    return content


def seal(content: Bytes, places: Places) -> str:
    """Changes with any accidental change of a file or of its places.

    The sha256 of the sums of its blocks. A hash of every byte would take twenty times as long, and
    a cold answer a tenth longer, to detect what nobody does by accident: a block that is changed so
    that the sum of its 64-bit numbers stays the same.
    """
    whole = len(content) // BLOCK * BLOCK
    numbers = content[:whole].view("<u8").reshape(-1, BLOCK // 8)
    digest = sha256(json.dumps([len(content), places]).encode())
    digest.update(numbers.sum(axis=1, dtype=np.uint64).tobytes())
    digest.update(content[whole:].tobytes())
    return digest.hexdigest()


def arrays_of(content: Bytes, places: Places) -> Arrays:
    """The arrays by name, each a view of the file's bytes."""
    return {
        name: np.frombuffer(content, dtype, math.prod(shape), offset).reshape(shape)
        for name, dtype, shape, offset in places
    }

"""Arrays as an index keeps them."""

from collections.abc import Mapping
from io import BytesIO

import numpy as np
from numpy.typing import NDArray


def stored(arrays: Mapping[str, NDArray[np.generic]]) -> dict[str, NDArray[np.generic]]:
    """The arrays written to a file and read back."""
    file = BytesIO()
    np.savez(file, allow_pickle=False, **arrays)
    file.seek(0)
    with np.load(file, allow_pickle=False) as archive:
        return dict(archive)

from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as st_numpy

from rag.search.array_file import (
    ALIGNMENT,
    BLOCK,
    Arrays,
    Bytes,
    Places,
    arrays_of,
    read_bytes,
    seal,
    write_arrays,
)

ANY_ARRAY = st_numpy.arrays(
    st.sampled_from(["f2", "f4", "i4", "u1", "u2", "u8"]),
    st_numpy.array_shapes(min_dims=0, max_dims=2, min_side=0, max_side=5),
)

ARRAYS: Arrays = {
    "large": np.arange(3 * BLOCK // 4, dtype=np.float32),
    "small": np.array([[1, 2, 3]], dtype=np.uint8),
    "number": np.array(7),
}


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "arrays.bin"


@given(st.dictionaries(st.text(max_size=4), ANY_ARRAY, max_size=4))
def test_arrays_come_back_as_they_were_written(arrays: Arrays) -> None:
    with TemporaryDirectory() as folder:
        path = Path(folder) / "arrays.bin"
        places = write_arrays(path, arrays)
        found = arrays_of(read_bytes(path), places)
    assert list(found) == list(arrays)
    for name, array in arrays.items():
        assert (found[name].dtype, found[name].shape) == (array.dtype, array.shape)
        assert found[name].tobytes() == array.tobytes()


def test_arrays_begin_at_aligned_places(path: Path) -> None:
    assert [start % ALIGNMENT for *_, start in write_arrays(path, ARRAYS)] == [0, 0, 0]


def test_arrays_are_views_of_the_file_that_cannot_be_written(path: Path) -> None:
    places = write_arrays(path, ARRAYS)
    content = read_bytes(path)
    found = arrays_of(content, places)
    assert all(np.may_share_memory(content, array) for array in found.values())
    assert not any(array.flags.writeable for array in found.values())


def test_a_file_that_is_missing_is_an_error(path: Path) -> None:
    with pytest.raises(OSError, match="arrays"):
        read_bytes(path)


# What the seal notices.


def content_of(path: Path) -> tuple[Bytes, Places]:
    """A file of three blocks and a rest, in memory where it may be changed."""
    places = write_arrays(path, ARRAYS)
    return np.fromfile(path, dtype=np.uint8), places


def test_the_seal_stays_the_same_when_nothing_changes(path: Path) -> None:
    content, places = content_of(path)
    assert seal(content, places) == seal(read_bytes(path), list(places))


@given(st.integers(0, 3 * BLOCK), st.integers(1, 255))
def test_the_seal_notices_every_byte_that_changes(offset: int, change: int) -> None:
    content = np.resize(np.arange(251, dtype=np.uint8), 3 * BLOCK + 1)
    whole = seal(content, [])
    content[offset] ^= change
    assert seal(content, []) != whole


def swap(content: Bytes) -> Bytes:
    first, second = content[:BLOCK].copy(), content[BLOCK : 2 * BLOCK].copy()
    content[:BLOCK], content[BLOCK : 2 * BLOCK] = second, first
    return content


def lose(content: Bytes) -> Bytes:
    content[BLOCK : 2 * BLOCK] = 0
    return content


CHANGES: dict[str, Callable[[Bytes], Bytes]] = {
    "a block that was never written": lose,
    "two blocks in each other's place": swap,
    "a cut end": lambda content: content[:-1],
    "a lost block": lambda content: content[BLOCK:],
    "a longer end": lambda content: np.append(content, np.uint8(0)),
    "nothing left": lambda content: content[:0],
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_the_seal_notices(change: Callable[[Bytes], Bytes], path: Path) -> None:
    content, places = content_of(path)
    assert seal(change(content.copy()), places) != seal(content, places)


def test_the_seal_notices_places_that_change(path: Path) -> None:
    content, places = content_of(path)
    name, dtype, shape, start = places[0]
    assert seal(content, [(name, dtype, shape, start + 64), *places[1:]]) != seal(content, places)

"""Indexes for the tests of this room: one that is read, and copies that may be damaged."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from rag import settings
from rag.search.index import Index
from rag.search.store import IndexStore
from tests.product import document
from tests.search.folders import copy_published, published, short_document
from tests.search.sample import sampled


@pytest.fixture(scope="session")
def index() -> Index:
    """The index of the policy paper in the session's data folder."""
    return IndexStore(settings.load().index_dir).open(document())


@pytest.fixture(scope="session")
def pristine(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of an index of the short document that nobody opens, so that it can be copied."""
    root = tmp_path_factory.mktemp("pristine") / "index"
    with sampled():
        IndexStore(root).open(short_document()).vectors.close()
    (directory,) = published(root)
    return directory


@pytest.fixture(scope="module")
def from_a_sample() -> Iterator[None]:
    """Every index that the module builds."""
    with sampled():
        yield


@pytest.fixture
def copy_of_index(pristine: Path, tmp_path: Path) -> Callable[..., Path]:
    """A function that makes a copy below `tmp_path / "index"`, older ones under smaller numbers."""

    def make(number: int = 1, key: str | None = None) -> Path:
        return copy_published(pristine, tmp_path / "index", number=number, key=key)

    return make

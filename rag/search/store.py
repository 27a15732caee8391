"""Where indexes live: a directory for each."""

import logging
from collections.abc import Iterator
from functools import partial
from hashlib import sha256
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from rag.domain import Document
from rag.search import index as index_files
from rag.search.index import Index
from rag.search.publishing import Announce, Publisher, Recipe

log = logging.getLogger(__name__)

_LIBRARIES = (
    "babel",
    "chromadb",
    "numpy",
    "scikit-learn",
    "scipy",
    "snowballstemmer",
    "PyStemmer",
    "wordfreq",
)
_ROOMS = ("corpus", "search")


def fingerprint(document: Document) -> str:
    """16 hex digits that change with the document, our data and code, and the libraries we use."""
    digest = sha256(document.sha256.encode())
    package = Path(__file__).parent.parent
    for file in sorted(_inputs(package)):
        digest.update(f"{file.relative_to(package)}\0".encode())
        digest.update(file.read_bytes())
    for library in _LIBRARIES:
        digest.update(f"{library}={_version(library)}\0".encode())
    return digest.hexdigest()[:16]


def _inputs(package: Path) -> Iterator[Path]:
    yield package / "domain.py"
    for room in _ROOMS:
        yield from (package / room).glob("*.py")
        for kind in ("*.toml", "*.jsonl"):
            yield from (package / room / "data").rglob(kind)


def _build(document: Document, directory: Path, fingerprint: str) -> None:
    """Compute the index; what only a build needs is imported by a build alone."""
    from rag.search.building import build

    build(document, directory, fingerprint)


def _version(library: str) -> str:
    try:
        return version(library)
    except PackageNotFoundError:
        return "none"


class IndexStore:
    """The indexes below one folder."""

    def __init__(self, root: Path, announce: Announce = log.info) -> None:
        self._publisher = Publisher(root, announce)

    def open(self, document: Document, *, rebuild: bool = False) -> Index:
        """The index of the document, built first where it is missing, stale or damaged.

        Raises:
            IndexStoreError: the folder cannot be written, or another process keeps the lock.
        """
        key = fingerprint(document)
        recipe = Recipe(
            key=key,
            load=partial(index_files.load, document),
            build=partial(_build, document, fingerprint=key),
            begun="Construyendo el índice del documento…",
            done="Índice listo",
        )
        return self._publisher.open(recipe, rebuild=rebuild)

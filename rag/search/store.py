"""Where indexes live: a directory for each, built aside under a lock, published by a rename."""

import logging
import re
import shutil
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from hashlib import sha256
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from uuid import uuid4

from filelock import FileLock, Timeout

from rag.domain import Document
from rag.errors import IndexStoreError
from rag.search import index as index_files
from rag.search.building import build
from rag.search.index import Index

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
_LOCK_SECONDS = 300.0
_BUILDING = ".building-"
_GARBAGE = ".garbage-"
_PUBLISHED = re.compile(r"[0-9a-f]{16}-\d{20}")
"""Fingerprint and time of publication. Nothing else in the folder is ours to remove."""

_KEEP_SECONDS = 7 * 24 * 3600.0
"""How long an index is kept after it was last opened: another process may still be reading it."""

Announce = Callable[[str], None]
"""Takes one line of progress."""


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


def _version(library: str) -> str:
    try:
        return version(library)
    except PackageNotFoundError:
        return "none"


class IndexStore:
    """The indexes below one folder."""

    def __init__(self, root: Path, announce: Announce = log.info) -> None:
        self._root = root
        self._announce = announce

    def open(self, document: Document, *, rebuild: bool = False) -> Index:
        """The index of the document, built first where it is missing, stale or damaged.

        Raises:
            IndexStoreError: the folder cannot be written, or another process keeps the lock.
        """
        key = fingerprint(document)
        ready = None if rebuild else self._load(document, key)
        if ready is None:
            return self._build_under_lock(document, key, rebuild=rebuild)
        self._tidy()
        return ready

    def _load(self, document: Document, key: str) -> Index | None:
        """The newest readable index of the fingerprint."""
        for directory in self._published(key):
            try:
                loaded = index_files.load(document, directory)
                directory.touch()
            except (IndexStoreError, OSError):
                log.warning("index %s is damaged", directory.name)
                continue
            return loaded
        return None

    def _published(self, key: str) -> list[Path]:
        return sorted(self._root.glob(f"{key}-*"), reverse=True)

    def _build_under_lock(self, document: Document, key: str, *, rebuild: bool) -> Index:
        try:
            self._root.mkdir(parents=True, exist_ok=True)
            with FileLock(self._root / ".lock", timeout=_LOCK_SECONDS):
                ready = None if rebuild else self._load(document, key)
                return ready or self._build(document, key)
        except Timeout as error:
            raise IndexStoreError(
                "Otro proceso lleva demasiado tiempo construyendo el índice.",
                remedy=f"Espere a que termine o borre {self._root} y vuelva a empezar.",
            ) from error
        except OSError as error:
            raise IndexStoreError(
                f"No se puede escribir el índice en {self._root}: {error.strerror or error}.",
                remedy="Libere espacio, corrija los permisos "
                "o elija otra carpeta con CINCO_DATA_DIR.",
            ) from error

    def _build(self, document: Document, key: str) -> Index:
        """Build aside, then publish by a rename. The lock is held."""
        started = time.perf_counter()
        self._announce("Construyendo el índice del documento…")
        self._remove_leftovers()
        aside = self._root / f"{_BUILDING}{uuid4().hex}"
        aside.mkdir()
        try:
            build(document, aside, key)
            published = self._root / f"{key}-{time.time_ns():020d}"
            aside.rename(published)
        finally:
            shutil.rmtree(aside, ignore_errors=True)
        self._collect(keep=published)
        self._announce(f"Índice listo en {time.perf_counter() - started:.1f} s.")
        return index_files.load(document, published)

    def _tidy(self) -> None:
        """Remove the leftovers of killed builds, unless a build is under way."""
        with suppress(OSError):
            if any(self._leftovers()):
                with FileLock(self._root / ".lock", blocking=False):
                    self._remove_leftovers()

    def _leftovers(self) -> Iterator[Path]:
        return (d for d in self._root.iterdir() if d.name.startswith((_BUILDING, _GARBAGE)))

    def _remove_leftovers(self) -> None:
        for directory in list(self._leftovers()):
            self._remove(directory)

    def _collect(self, *, keep: Path) -> None:
        """Remove the indexes that nobody has opened for long. The lock is held."""
        expired = time.time() - _KEEP_SECONDS
        with suppress(OSError):
            for directory in list(self._root.iterdir()):
                ours = directory != keep and _PUBLISHED.fullmatch(directory.name)
                if ours and directory.stat().st_mtime < expired:
                    self._remove(directory)

    def _remove(self, directory: Path) -> None:
        """Rename first, so that nobody opens a half-deleted index."""
        garbage = self._root / f"{_GARBAGE}{uuid4().hex}"
        directory.rename(garbage)
        shutil.rmtree(garbage, ignore_errors=True)

"""Directories that are computed once: built aside under a lock, published by a rename."""

import logging
import re
import shutil
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Generic, TypeVar
from uuid import uuid4

from rag.errors import IndexStoreError

if TYPE_CHECKING:
    from filelock import FileLock

log = logging.getLogger(__name__)

_LOCK_SECONDS = 300.0
_BUILDING = ".building-"
_GARBAGE = ".garbage-"
_PUBLISHED = re.compile(r"[0-9a-f]{16}-\d{20}")
"""Fingerprint and time of publication. Nothing else in the folder is ours to remove."""

KEEP_SECONDS = 7 * 24 * 3600.0
"""How long a directory is kept after it was last opened: another process may still read it."""

Announce = Callable[[str], None]
"""Takes one line of progress."""

Content = TypeVar("Content")


@dataclass(frozen=True, slots=True)
class Recipe(Generic[Content]):
    """How the content of one directory is made and read."""

    key: str
    """Fingerprint of all that it depends on: 16 hex digits."""
    load: Callable[[Path], Content]
    """Raises `IndexStoreError` where the directory is damaged."""
    build: Callable[[Path], None]
    """Fills an empty directory."""
    begun: str
    done: str
    """What is announced before and after a build."""


class Publisher:
    """The directories below one folder, several for a fingerprint, the newest counting."""

    def __init__(
        self, root: Path, announce: Announce = log.info, *, keep_seconds: float = KEEP_SECONDS
    ) -> None:
        self._root = root
        self._announce = announce
        self._keep_seconds = keep_seconds

    def open(self, recipe: Recipe[Content], *, rebuild: bool = False) -> Content:
        """The content, built first where it is missing or damaged.

        Raises:
            IndexStoreError: the folder cannot be written, or another process keeps the lock.
        """
        ready = None if rebuild else self._load(recipe)
        if ready is None:
            return self._build_under_lock(recipe, rebuild=rebuild)
        self._tidy()
        return ready

    def _load(self, recipe: Recipe[Content]) -> Content | None:
        """The newest readable content of the fingerprint."""
        for directory in self._published(recipe.key):
            try:
                loaded = recipe.load(directory)
                directory.touch()
            except (IndexStoreError, OSError):
                log.warning("index %s is damaged", directory.name)
                continue
            return loaded
        return None

    def _published(self, key: str) -> list[Path]:
        return sorted(self._root.glob(f"{key}-*"), reverse=True)

    def _build_under_lock(self, recipe: Recipe[Content], *, rebuild: bool) -> Content:
        try:
            self._root.mkdir(parents=True, exist_ok=True)
            with self._lock(_LOCK_SECONDS):
                ready = None if rebuild else self._load(recipe)
                return ready or self._build(recipe)
        except TimeoutError as error:
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

    def _build(self, recipe: Recipe[Content]) -> Content:
        """Build aside, then publish by a rename. The lock is held."""
        started = time.perf_counter()
        self._announce(recipe.begun)
        self._remove_leftovers()
        aside = self._root / f"{_BUILDING}{uuid4().hex}"
        aside.mkdir()
        try:
            recipe.build(aside)
            published = self._root / f"{recipe.key}-{time.time_ns():020d}"
            aside.rename(published)
        finally:
            shutil.rmtree(aside, ignore_errors=True)
        self._collect(keep=published)
        self._announce(f"{recipe.done} en {time.perf_counter() - started:.1f} s.")
        return recipe.load(published)

    def _tidy(self) -> None:
        """Remove the leftovers of killed builds, unless a build is under way."""
        with suppress(OSError):
            if any(self._leftovers()):
                with self._lock(0):
                    self._remove_leftovers()

    def _lock(self, seconds: float) -> "FileLock":
        """Keeps other builds out; who waits longer for it gets a `TimeoutError`."""
        # a fresh index needs none
        from filelock import FileLock

        return FileLock(self._root / ".lock", timeout=seconds)

    def _leftovers(self) -> Iterator[Path]:
        return (d for d in self._root.iterdir() if d.name.startswith((_BUILDING, _GARBAGE)))

    def _remove_leftovers(self) -> None:
        for directory in list(self._leftovers()):
            self._remove(directory)

    def _collect(self, *, keep: Path) -> None:
        """Remove the directories that nobody has opened for long. The lock is held."""
        expired = time.time() - self._keep_seconds
        with suppress(OSError):
            for directory in list(self._root.iterdir()):
                ours = directory != keep and _PUBLISHED.fullmatch(directory.name)
                if ours and directory.stat().st_mtime < expired:
                    self._remove(directory)

    def _remove(self, directory: Path) -> None:
        """Rename first, so that nobody opens a half-deleted directory."""
        garbage = self._root / f"{_GARBAGE}{uuid4().hex}"
        directory.rename(garbage)
        shutil.rmtree(garbage, ignore_errors=True)

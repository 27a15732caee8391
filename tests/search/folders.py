"""The folder of indexes as it lies on the disk, and a document that is indexed quickly."""

import os
import shutil
import tempfile
from collections.abc import Callable
from functools import cache
from pathlib import Path

from rag.assistant import Assistant
from rag.corpus import document as documents
from rag.corpus import source
from rag.domain import Document, Question
from rag.search.index import Index

LINES = 18
"""As many lines of the source hold the front parts and the first two subsections."""

TOPIC = "el principio de una sola China"
ANSWER = "1.2:1"
"""The sentence that answers about the topic, in the whole document and in the short one."""


PUBLISHED = f"{'?' * 16}-{'[0-9]' * 20}"
"""What the names of published indexes look like."""


def published(root: Path) -> list[Path]:
    """The published indexes, oldest first."""
    return sorted(root.glob(PUBLISHED))


def leftovers(root: Path) -> list[Path]:
    """What a build or a removal has left behind."""
    return sorted(path for pattern in (".building-*", ".garbage-*") for path in root.glob(pattern))


def copy_published(original: Path, root: Path, *, number: int = 1, key: str | None = None) -> Path:
    """A copy of a published index in another folder, under its own or another fingerprint."""
    fingerprint = key or original.name.partition("-")[0]
    return Path(shutil.copytree(original, root / f"{fingerprint}-{number:020d}"))


def write_short_source(path: Path) -> Path:
    """The beginning of the policy paper: real headings and prose, and a quarter of the build."""
    with source.BUNDLED.open("rb") as lines:
        path.write_bytes(b"".join(next(lines) for _ in range(LINES)))
    return path


@cache
def short_document() -> Document:
    """The document of the short source."""
    handle, name = tempfile.mkstemp(suffix=".txt")
    os.close(handle)
    try:
        return documents.load(write_short_source(Path(name)))
    finally:
        Path(name).unlink()


def first_citation(index: Index) -> str:
    """The sentence that is cited first for the topic, through an index of the short document."""
    return Assistant(short_document(), index).ask(Question(TOPIC)).citations[0].sentence


def _cut(path: Path) -> None:
    content = path.read_bytes()
    path.write_bytes(content[: len(content) // 2])


def _empty(path: Path) -> None:
    path.write_bytes(b"")


def _overwrite(path: Path) -> None:
    path.write_bytes(b"\xde\xad\xbe\xef" * max(8, path.stat().st_size // 4))


def _turn_into_folder(path: Path) -> None:
    path.unlink()
    path.mkdir()


DAMAGES: dict[str, Callable[[Path], None]] = {
    "cut": _cut,
    "emptied": _empty,
    "overwritten": _overwrite,
    "deleted": Path.unlink,
    "a folder": _turn_into_folder,
}
"""What can happen to a file of an index."""

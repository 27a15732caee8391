"""A file that only its owner may read, from its first byte on."""

import errno
import os
import stat
from pathlib import Path

from rag.errors import ConversationError

MODE = 0o600
"""SQLite gives the files that it puts beside a database the database's mode."""

_SIGNATURE = b"SQLite format 3\0"
"""How every such database begins, once something is written."""


_checked: set[tuple[int, int]] = set()
"""Device and inode of the files that this process has looked into."""


def ensure(name: str) -> None:
    """Make the file where it is missing, and close an existing one to others.

    A file that SQLite has open in this process is not opened beside it: to close it again would
    give up SQLite's locks (sqlite.org/howtocorrupt.html, 2.2), and another process could spoil it.

    Raises:
        ConversationError: it cannot be made, or is not ours to close.
    """
    path = Path(name)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        _make(path.resolve())
        _require_database(path)
        for file in (path, *(path.with_name(path.name + end) for end in ("-wal", "-shm"))):
            _close_to_others(file)
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) else "la ruta no es válida"
        raise ConversationError(
            f"No se puede usar el archivo de conversaciones {path}: {reason}.",
            remedy="Corrija sus permisos, o elija otra carpeta con CINCO_DATA_DIR.",
        ) from error


def _make(path: Path) -> None:
    """An empty file, unless there is one that may be read and written."""
    try:
        os.close(os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL, MODE))
    except FileExistsError:
        if not os.access(path, os.R_OK | os.W_OK):
            raise PermissionError(errno.EACCES, os.strerror(errno.EACCES)) from None


def _require_database(path: Path) -> None:
    """Touch no file of another kind, whoever named it; each is looked into once."""
    status = path.stat()
    if (status.st_dev, status.st_ino) in _checked:
        return
    with path.open("rb") as file:
        start = file.read(len(_SIGNATURE))
    if start and start != _SIGNATURE:
        raise ConversationError(
            f"{path} no es una base de datos SQLite.",
            remedy="Elija otro archivo con CINCO_DATABASE_URL, o aparte ese.",
        )
    _checked.add((status.st_dev, status.st_ino))


def _close_to_others(file: Path) -> None:
    """What an earlier umask or a copy left open; SQLite may take its files away meanwhile."""
    try:
        mode = stat.S_IMODE(file.stat().st_mode)
        if mode != MODE:
            file.chmod(MODE)
    except FileNotFoundError:
        return

"""JSON Lines that survive a killed process: each line is on the disk before the next is asked."""

import json
import os
from pathlib import Path
from types import TracebackType
from typing import Self

from rag.contract import dumps
from rag.errors import RagError

Line = dict[str, object]


class JournalError(RagError):
    """A file of results cannot be read or written."""


class Journal:
    """A file that lines are appended to, opened after a half-written last line was cut off."""

    def __init__(self, path: Path) -> None:
        whole, _ = _whole(path.read_bytes() if path.exists() else b"")
        self._path = path
        self._file = path.open("ab", buffering=0)
        self._file.truncate(len(whole))

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._file.close()

    def append(self, line: Line) -> None:
        """Write one line, and return when it is on the disk.

        Raises:
            JournalError: the disk does not take it.
        """
        try:
            self._file.write(dumps(line).encode() + b"\n")
            os.fsync(self._file.fileno())
        except OSError as error:
            raise JournalError(
                f"No se puede escribir en {self._path}: {error.strerror}.",
                remedy="Libere espacio y repita la misma orden: sigue donde quedó.",
            ) from error


def read(path: Path) -> list[Line]:
    """Every whole line; a half-written last one is left out.

    Raises:
        JournalError: the file cannot be read, or a line in its middle is damaged.
    """
    try:
        _, lines = _whole(path.read_bytes() if path.exists() else b"")
    except OSError as error:
        raise JournalError(
            f"No se puede leer {path}: {error.strerror}.", remedy="Revise los permisos."
        ) from error
    except ValueError as error:
        raise JournalError(
            f"El archivo {path} está dañado ({error}).", remedy="Empiece otra corrida con --new."
        ) from error
    return lines


def _whole(content: bytes) -> tuple[bytes, list[Line]]:
    """The content up to its last whole line, and the lines."""
    end = content.rfind(b"\n") + 1
    lines = content[:end].splitlines(keepends=True)
    parsed = []
    for number, line in enumerate(lines):
        try:
            parsed.append(_object(line))
        except ValueError:
            if number < len(lines) - 1:
                raise
            end -= len(line)
    return content[:end], parsed


def _object(line: bytes) -> Line:
    parsed = json.loads(line)
    if not isinstance(parsed, dict):
        raise ValueError("a line is no object")
    return parsed

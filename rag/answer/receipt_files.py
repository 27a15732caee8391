"""Receipts in files: written whole or not at all."""

import os
import secrets
from collections.abc import Callable
from pathlib import Path

from rag.answer.receipt_markdown import markdown
from rag.answer.receipts import Receipt, read, to_json
from rag.errors import InputError

FORMS: dict[str, Callable[[Receipt], str]] = {".json": to_json, ".md": markdown}
"""Suffix → the form written under it."""


def targets(name: str) -> tuple[Path, ...]:
    """The files that a name stands for: `.json` or `.md` as named, else both, suffix added.

    Raises:
        InputError: a receipt cannot be written there, as far as can be told beforehand.
    """
    path = Path(name)
    if not path.name or name.endswith(("/", os.sep)):
        raise _unwritable(path, "falta el nombre del archivo")
    is_one = path.suffix.lower() in FORMS
    files = (path,) if is_one else tuple(path.with_name(path.name + suffix) for suffix in FORMS)
    for file in (path, *files):
        try:
            _check_place(file)
        except (OSError, ValueError) as error:
            raise _unwritable(file, _reason(error)) from error
    return files


def _check_place(file: Path) -> None:
    if not file.parent.is_dir():
        raise _unwritable(file, "la carpeta no existe")
    # a device or pipe would be replaced by the file, a folder cannot be
    if file.exists() and not file.is_file():
        raise _unwritable(file, "ya existe y no es un archivo")


def write(kept: Receipt, files: tuple[Path, ...]) -> None:
    """Write the receipt, replacing what stands there only once all is on disk.

    Raises:
        InputError: a file cannot be written; then none is changed.
    """
    done: list[tuple[Path, Path]] = []
    file = files[0]
    try:
        for file in files:
            beside = file.with_name(f".cinco-{secrets.token_hex(8)}")
            done.append((beside, file))
            with beside.open("xb") as stream:
                stream.write(FORMS[file.suffix.lower()](kept).encode())
                stream.flush()
                os.fsync(stream.fileno())
        for beside, file in done:
            beside.replace(file)
    except (OSError, ValueError) as error:
        raise _unwritable(file, _reason(error)) from error
    finally:
        for beside, _ in done:
            beside.unlink(missing_ok=True)


def load(path: Path) -> Receipt:
    """The receipt of a JSON file.

    Raises:
        InputError: it cannot be read, or is no receipt in the JSON form.
    """
    if path.suffix.lower() == ".md":
        raise InputError(
            "La forma Markdown de un recibo es para leer; solo se comprueba la forma JSON.",
            remedy="Indique el archivo .json; un nombre sin .json ni .md guarda las dos formas.",
        )
    try:
        return read(path.read_bytes())
    except (OSError, ValueError) as error:
        raise InputError(
            f"No se puede leer {_shown(path)}: {_reason(error)}.",
            remedy="Revise la ruta y sus permisos.",
        ) from error


def _unwritable(file: Path, reason: str) -> InputError:
    return InputError(
        f"No se puede escribir el recibo en {_shown(file)}: {reason}.",
        remedy="Elija otra ruta, en una carpeta donde pueda escribir.",
    )


def _reason(error: Exception) -> str:
    return (error.strerror if isinstance(error, OSError) else None) or "la ruta no es válida"


def _shown(path: Path) -> str:
    """The path without what would steer a terminal."""
    return "".join(c if c.isprintable() else "\ufffd" for c in str(path))

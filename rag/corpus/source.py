"""The source file as text, every character kept."""

import hashlib
from dataclasses import dataclass
from pathlib import Path

from rag.errors import SourceError

BUNDLED = Path(__file__).parent / "data" / "politica-china-alc-2025.txt"
"""The policy paper as it was handed over, byte for byte."""

BUNDLED_SHA256 = "dfd953a123990ba55be37abb4327f8a8fde18c70fc5731984527ef86c555fb17"

_RESTORE = "Restaure el archivo con `git checkout -- rag/corpus/data` o corrija CINCO_SOURCE."
_UTF16_MARKS = (b"\xff\xfe", b"\xfe\xff")


@dataclass(frozen=True, slots=True)
class Source:
    """The decoded file; byte order mark and carriage returns stay, so that offsets hold for it."""

    text: str
    sha256: str
    """Of the file's bytes."""


def read(path: Path) -> Source:
    """The file as text.

    Raises:
        SourceError: the file is missing, unreadable, empty or not UTF-8.
    """
    try:
        content = path.read_bytes()
    except FileNotFoundError as error:
        raise SourceError(f"No existe el documento {path}.", remedy=_RESTORE) from error
    except OSError as error:
        raise SourceError(
            f"No se puede leer el documento {path}: {error.strerror}.",
            remedy="Revise la ruta y los permisos del archivo.",
        ) from error
    return Source(_decode(content, path), hashlib.sha256(content).hexdigest())


def _decode(content: bytes, path: Path) -> str:
    if content.startswith(_UTF16_MARKS) or b"\x00" in content:
        raise SourceError(
            f"El documento {path} no está en UTF-8; parece UTF-16.",
            remedy=f"Conviértalo: `iconv -f UTF-16 -t UTF-8 '{path}' > nuevo.txt`.",
        )
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError as error:
        raise SourceError(
            f"El documento {path} no está en UTF-8 (byte {error.start}); parece Latin-1.",
            remedy=f"Conviértalo: `iconv -f LATIN1 -t UTF-8 '{path}' > nuevo.txt`.",
        ) from error
    if not text.strip("\ufeff \t\r\n"):
        raise SourceError(f"El documento {path} está vacío.", remedy=_RESTORE)
    return text

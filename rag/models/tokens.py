"""Counts tokens with tiktoken's `o200k_base`, whose ranks are shipped: nothing is downloaded."""

import base64
import binascii
import hashlib
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from rag.errors import SourceError

if TYPE_CHECKING:
    import tiktoken

VOCABULARY = Path(__file__).parents[1] / "corpus" / "data" / "o200k_base.tiktoken"
"""The ranks of tiktoken's `o200k_base`."""

VOCABULARY_SHA256 = "446a9538cb6c348e3516120d7c08b09f57c36495e2acfffe59a5bf8b0cfb1a2d"

# tiktoken's own reader deletes a file whose hash is wrong and downloads it: it never sees the file.
_LETTERS = r"[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]"
_CONTRACTION = r"(?i:'s|'t|'re|'ve|'m|'ll|'d)?"
PATTERN = "|".join(
    (
        rf"{_LETTERS}*[\p{{Ll}}\p{{Lm}}\p{{Lo}}\p{{M}}]+{_CONTRACTION}",
        rf"{_LETTERS}+[\p{{Ll}}\p{{Lm}}\p{{Lo}}\p{{M}}]*{_CONTRACTION}",
        r"\p{N}{1,3}",
        r" ?[^\s\p{L}\p{N}]+[\r\n/]*",
        r"\s*[\r\n]+",
        r"\s+(?!\S)",
        r"\s+",
    )
)
"""How text is cut before it is merged, as `tiktoken_ext.openai_public` defines `o200k_base`."""


def count(text: str) -> int:
    """Tokens of a text; what looks like a special token counts as text.

    Raises:
        SourceError: the vocabulary is missing or damaged.
    """
    return len(_encoding(VOCABULARY).encode_ordinary(text))


def ranks(path: Path = VOCABULARY) -> dict[bytes, int]:
    """Token → rank.

    Raises:
        SourceError: the file is missing or damaged; it stays as it is.
    """
    try:
        content = path.read_bytes()
        if hashlib.sha256(content).hexdigest() != VOCABULARY_SHA256:
            raise _damaged(path)
        pairs = (line.split() for line in content.splitlines() if line)
        return {base64.b64decode(token): int(rank) for token, rank in pairs}
    except (OSError, ValueError, binascii.Error) as error:
        raise _damaged(path) from error


@cache
def _encoding(path: Path) -> "tiktoken.Encoding":
    import tiktoken

    return tiktoken.Encoding(
        "o200k_base", pat_str=PATTERN, mergeable_ranks=ranks(path), special_tokens={}
    )


def _damaged(path: Path) -> SourceError:
    return SourceError(
        f"El vocabulario {path.name} falta o está dañado.",
        remedy="Restáurelo con `git checkout -- rag/corpus/data`.",
    )

"""Whole prompts as text files: read, filled, and known by their version."""

import re
from collections.abc import Sequence
from functools import cache
from hashlib import sha256
from pathlib import Path

from rag.errors import PromptError

FOLDER = Path(__file__).parents[2] / "prompts"

_VARIABLE = re.compile(r"\{\{(\w+)\}\}")


def fill(name: str, /, **values: str) -> str:
    """The prompt with its variables replaced; a value is never looked at for variables.

    Raises:
        PromptError: the file cannot be read, or its variables are not exactly those given.
    """
    template = _read(name)
    wanted = set(_VARIABLE.findall(template))
    if wanted != set(values):
        odd = ", ".join(sorted(wanted ^ set(values)))
        raise PromptError(
            f"prompts/{name}.md y el programa no coinciden en sus variables: {odd}.",
            remedy="Restaure el archivo con `git checkout -- prompts`.",
        )
    return _VARIABLE.sub(lambda match: values[match[1]], template)


def version(names: Sequence[str]) -> str:
    """First 8 hex digits of the sha256 over the bytes of the prompts.

    Raises:
        PromptError: a file cannot be read.
    """
    digest = sha256("\0".join(_read(name) for name in names).encode())
    return digest.hexdigest()[:8]


@cache
def _read(name: str) -> str:
    try:
        return (FOLDER / f"{name}.md").read_bytes().decode()
    except (OSError, UnicodeDecodeError) as error:
        raise PromptError(
            f"No se puede leer prompts/{name}.md.",
            remedy="Restaure el archivo con `git checkout -- prompts`.",
        ) from error

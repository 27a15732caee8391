"""The program's own words around quotes, in four languages."""

import re
import tomllib
from functools import cache
from pathlib import Path

from rag.domain import Document, Language, Section

FRAMES = Path(__file__).parent / "data" / "frames.toml"

_MARKDOWN = re.compile(r"([\\`*_{}\[\]<>()#+!|$~:&])")
_ESCAPED = re.compile(r"\\([\\`*_{}\[\]<>()#+!|$~:&.=-])")
"""Those that `escape` makes literal, and what begins a list or a heading where it begins a line."""


@cache
def frames() -> dict[str, dict[str, str]]:
    """Language → key → sentence with placeholders."""
    return tomllib.loads(FRAMES.read_text(encoding="utf-8"))


def frame(language: Language, key: str, **values: str) -> str:
    """A sentence of the program, filled in."""
    return frames()[language][key].format(**values)


def escape(text: str) -> str:
    r"""The text with all that Markdown or Streamlit's directives would interpret made literal.

    >>> escape(':red[x] <b> $1$')
    '\\:red\\[x\\] \\<b\\> \\$1\\$'
    """
    return _MARKDOWN.sub(r"\\\1", text)


def unescape(text: str) -> str:
    r"""The inverse of `escape`.

    >>> unescape('\\(5\\) a\\_b')
    '(5) a_b'
    """
    return _ESCAPED.sub(r"\1", text)


def place(document: Document, section: Section, language: Language) -> str:
    """Programme and section in words, e.g. `Programa de la paz, (5) Ciberseguridad`."""
    programme = document.programme_of(section)
    label = escape(document.label(section))
    words = f"{escape(programme.title)}, {label}" if programme else label
    return f"{words} [{frame(language, 'restored')}]" if section.restored else words

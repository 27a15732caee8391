"""The program's own words around quotes, in four languages."""

import re
import tomllib
from functools import cache
from pathlib import Path

from rag.domain import Document, Language, Section

FRAMES = Path(__file__).parent / "data" / "frames.toml"

_MARKDOWN = re.compile(r"([\\`*_{}\[\]<>()#+!|$~:])")


@cache
def frames() -> dict[str, dict[str, str]]:
    """Language → key → sentence with placeholders."""
    return tomllib.loads(FRAMES.read_text(encoding="utf-8"))


def frame(language: Language, key: str, **values: str) -> str:
    """A sentence of the program, filled in."""
    return frames()[language][key].format(**values)


def escape(text: str) -> str:
    r"""The text with everything that Markdown or Streamlit's directives would interpret made literal.

    >>> escape(':red[x] <b> $1$')
    '\\:red\\[x\\] \\<b\\> \\$1\\$'
    """
    return _MARKDOWN.sub(r"\\\1", text)


def place(document: Document, section: Section, language: Language) -> str:
    """Programme and section in words, e.g. `Programa del desarrollo, (5) Cooperación en energías y recursos`."""
    programme = document.programme_of(section)
    label = escape(document.label(section))
    words = f"{escape(programme.title)}, {label}" if programme else label
    is_restored = section.restored or (programme is not None and programme.restored)
    return f"{words} [{frame(language, 'restored')}]" if is_restored and section.restored else words

"""The forms in which a conversation can be taken away, and the files that they make."""

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from rag.conversations.conversation import Conversation
from rag.conversations.exports.content import Receipts
from rag.domain import Language

Form = Literal["markdown", "json", "word"]
FORMS: tuple[Form, ...] = ("markdown", "json", "word")

Write = Callable[[Conversation, Receipts, Language], bytes]
"""What the module of every form has."""

MAX_NAME_BYTES = 120
"""Of a file's name without its ending; file systems take 255 bytes."""

_UNSAFE = re.compile(r'[\s\x00-\x1f\x7f"*/:<>?\\|¿¡«»“”]+')
_RESERVED = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)", re.IGNORECASE)
"""Names that Windows keeps for devices."""


@dataclass(frozen=True, slots=True)
class File:
    """What a browser downloads."""

    name: str
    mime: str
    content: bytes


_ENDINGS: dict[Form, tuple[str, str]] = {
    "markdown": (".md", "text/markdown"),
    "json": (".json", "application/json"),
    "word": (
        ".docx",
        "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    ),
}


def mime(form: Form) -> str:
    """The media type of a form."""
    return _ENDINGS[form][1]


def name_of(title: str, form: Form) -> str:
    """What the file of a conversation is called."""
    return file_name(title, _ENDINGS[form][0])


def export(conversation: Conversation, form: Form, receipts: Receipts, language: Language) -> File:
    """The conversation in that form, its headings in the language.

    `receipts` are what `rag.answer.receipts` made, by the ordinals of their turns; a turn without
    one is exported with less: it names its sections by their ids alone.
    """
    write = _writer(form)
    name = name_of(conversation.title, form)
    return File(name, mime(form), write(conversation, receipts, language))


def _writer(form: Form) -> Write:
    """Imported when needed: Word's needs a second."""
    match form:
        case "markdown":
            from rag.conversations.exports.markdown import write
        case "json":
            from rag.conversations.exports.machine import write
        case "word":
            from rag.conversations.exports.word import write
    return write


def file_name(title: str, ending: str) -> str:
    """A name that every file system takes, with the letters of the title as they are.

    >>> file_name("¿Qué dice de 5G / IA?", ".md"), file_name("..", ".md"), file_name("con", ".md")
    ('Qué-dice-de-5G-IA.md', 'cinco.md', 'cinco-con.md')
    """
    text = "".join(
        c for c in unicodedata.normalize("NFC", title) if unicodedata.category(c)[0] != "C"
    )
    stem = _cut(_UNSAFE.sub("-", " ".join(text.split())).strip("-. ")) or "cinco"
    return f"{'cinco-' if _RESERVED.fullmatch(stem.split('.')[0]) else ''}{stem}{ending}"


def _cut(stem: str) -> str:
    """The beginning that fits, no letter of several bytes cut through."""
    return stem.encode()[:MAX_NAME_BYTES].decode(errors="ignore").rstrip("-. ")

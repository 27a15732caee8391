"""What a conversation is called."""

import re
import unicodedata

from rag.conversations.conversation import MAX_TITLE

SHORT = 60
"""Characters of a title that is made from a question."""

_UNSEEN = re.compile(
    r"[\x00-\x1f\x7f-\x9f\u00ad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ud800-\udfff]"
)
"""Control characters, and what steers a reader's eye."""


def cleaned(title: str) -> str:
    """The title on one line without what cannot be seen, at most 120 characters; may be empty."""
    seen = _UNSEEN.sub("", " ".join(unicodedata.normalize("NFC", title).split()))
    return " ".join(seen.split())[:MAX_TITLE].rstrip()


def from_question(question: str) -> str:
    """The question's beginning, cut between words where it has any.

    >>> from_question("¿Qué dice?"), len(from_question("好" * 90))
    ('¿Qué dice?', 61)
    """
    title = cleaned(question[: 4 * MAX_TITLE])
    if len(title) <= SHORT:
        return title
    head, space, _ = title[: SHORT + 1].rpartition(" ")
    kept = head if space and len(head) >= SHORT // 2 else title[:SHORT]
    return f"{kept.rstrip(' ,;:.')}…"

"""Text as it is searched: without case, accents and marks of Markdown."""

import re
import unicodedata

MAX_WORDS = 8
MAX_WORD = 60

_MARKS = re.compile(r"\\(?=[!-/:-@\[-`{-~])|\*+|^>+ ?", re.MULTILINE)


def fold(text: str) -> str:
    r"""Lower case without diacritics, on one line; full-width letters become plain ones.

    >>> fold("**¿Energía** nuclear?\n> «\\(5\\) Ｇ»")
    '¿energia nuclear? «(5) g»'
    """
    plain = _MARKS.sub("", text)
    # Some letters have a case only once they are plain ones.
    folded = unicodedata.normalize("NFKD", plain).casefold()
    decomposed = unicodedata.normalize("NFKD", folded)
    bare = "".join(c for c in decomposed if not unicodedata.combining(c))
    return " ".join(bare.replace("\0", "").split())


def terms(query: str) -> tuple[str, ...]:
    """The folded words of a query; all of them have to be found.

    >>> terms("Energía  100%")
    ('energia', '100%')
    """
    return tuple(word[:MAX_WORD] for word in fold(query).split()[:MAX_WORDS])

"""Text that anyone may have written, made fit to be shown: nothing acts, all of it is seen."""

import unicodedata

_SPACES = "\n\t "
_HIDDEN = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})


def visible(text: str, max_length: int | None = None) -> str:
    r"""The text with control, direction and other unseen characters written out.

    What is cut off is counted.

    >>> visible("a\u202eb\x07"), visible("abcdef", 3)
    ('a\\u202eb\\x07', 'abc… (3 more characters)')
    """
    rest = 0 if max_length is None else max(0, len(text) - max_length)
    kept = text[: len(text) - rest]
    shown = "".join(_shown(character) for character in kept)
    return f"{shown}… ({rest} more characters)" if rest else shown


def _shown(character: str) -> str:
    if character in _SPACES or unicodedata.category(character) not in _HIDDEN:
        return character
    code = ord(character)
    return (
        f"\\x{code:02x}" if code < 256 else f"\\u{code:04x}" if code < 65536 else f"\\U{code:08x}"
    )

"""Where one sentence of Spanish prose ends and the next begins."""

import re

_ABBREVIATIONS = frozenset(
    ["art", "arts", "av", "cap", "cía", "dr", "dra", "dres", "ed", "ej", "fig", "gral", "ing", "lic", "núm", "núms", "no", "nro", "p", "pág", "págs", "párr", "pte", "prof", "sr", "sra", "sres", "srta", "sta", "sto", "tel", "ud", "uds", "ee", "aprox", "vol", "vs", "fr", "mons", "cf"]
)
"""Words whose full stop does not end a sentence, without the stop."""

_CANDIDATE = re.compile(r"[.?!…]+[”»\"'’)\]]*(?=\s+[¿¡“«\"'‘(\[—–-]*[A-ZÁÉÍÓÚÜÑ0-9])")
"""A terminator, what closes after it, then white space and something that can begin a sentence."""

_LAST_WORD = re.compile(r"(\w+)\.$")


def split(text: str) -> list[tuple[int, int]]:
    """Start and end offsets of the sentences of one paragraph, in order; only white space lies between them.

    >>> text = 'Apoya a la ONU. El Sr. Wang citó la Resolución 1540. Y dijo: “Paz.” Fin'
    >>> [text[start:end] for start, end in split(text)]
    ['Apoya a la ONU.', 'El Sr. Wang citó la Resolución 1540.', 'Y dijo: “Paz.”', 'Fin']
    """
    ends = [match.end() for match in _CANDIDATE.finditer(text) if _ends_sentence(text, match)]
    spans = []
    start = 0
    for end in [*ends, len(text)]:
        piece = text[start:end]
        begin = start + len(piece) - len(piece.lstrip())
        stop = start + len(piece.rstrip())
        if begin < stop:
            spans.append((begin, stop))
        start = end
    return spans


def _ends_sentence(text: str, terminator: re.Match[str]) -> bool:
    """Whether the terminator ends a sentence and is not the stop of an abbreviation, initial or ordinal."""
    word = _LAST_WORD.search(text, 0, terminator.start() + 1)
    if word is None:
        return True
    token = word.group(1)
    is_initial = len(token) == 1 and token.isalpha() and token.isupper()
    return token.lower() not in _ABBREVIATIONS and not is_initial

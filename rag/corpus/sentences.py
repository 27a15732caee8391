"""Where one sentence of Spanish prose ends and the next begins."""

import re

# fmt: off
_ABBREVIATIONS = frozenset([
    "aprox", "art", "arts", "av", "cap", "cf", "cía", "dr", "dra", "dres", "ed", "ee", "ej", "fig",
    "fr", "gral", "ing", "lic", "mons", "nro", "núm", "núms", "p", "pág", "págs", "párr", "prof",
    "pte", "sr", "sra", "sres", "srta", "sta", "sto", "tel", "ud", "uds", "vol", "vs",
])
# fmt: on
"""Words whose full stop does not end a sentence, without the stop."""

_CANDIDATE = re.compile(r"[.?!…]+[”»\"'’)\]]*(?=\s+[¿¡“«\"'‘(\[—–-]*[A-ZÁÉÍÓÚÜÑ0-9])")
"""A terminator, what closes after it, then white space and something that can begin a sentence."""

_NUMBER = re.compile(r"\s+\d")
_REACH = 16
"""How far back the word before a stop is looked for; no abbreviation is longer."""

_LAST_WORD = re.compile(r"(\w+)\.$")


def split(text: str) -> list[tuple[int, int]]:
    """Start and end of the sentences of one paragraph, in order; only white space between them.

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
    """Whether the terminator is not just the stop of an abbreviation, an initial or «No. 5»."""
    stop = terminator.start() + 1
    word = _LAST_WORD.search(text, max(0, stop - _REACH), stop)
    if word is None:
        return True
    token = word.group(1)
    is_initial = len(token) == 1 and token.isalpha() and token.isupper()
    is_number_sign = token in {"No", "no"} and _NUMBER.match(text, terminator.end()) is not None
    return not (is_initial or is_number_sign or token.lower() in _ABBREVIATIONS)

"""The programmes and sections that a question names: «4.3», «punto 4 del programa de la paz»."""

import re
from dataclasses import dataclass

from rag.domain import Document
from rag.search.patterns import tables, whole_words

_SECTION_ID = re.compile(r"(?<![\d.,])([1-9])\s?[.．]\s?\(?(\d{1,2})\)?(?![\d.]*\d)")
_LINK = r"(?: (?:de|do|da|dos|del|of|for|para|la|las|los|el|the|as|os|sobre))*"
_NEVER = "(?!)"


@dataclass(frozen=True, slots=True)
class Named:
    """What a folded question names, each in its order, and the rest of its words."""

    text: str
    sections: tuple[str, ...]
    programmes: tuple[int, ...]
    rest: str
    """The text without the names."""


class ReferenceReader:
    """Finds the programmes and sections of one document in questions."""

    def __init__(self, document: Document) -> None:
        """Take the document that knows which sections exist."""
        self._sections = document.section_by_id
        self._numbers = tuple(document.programme_by_number)
        self._programmes = {number: _programme_pattern(number) for number in self._numbers}

    def read(self, text: str) -> Named:
        """The references of a folded question."""
        ids = [f"{match[1]}.{int(match[2])}" for match in _SECTION_ID.finditer(text)]
        sections = [id_ for id_ in ids if id_ in self._sections]
        programmes, rest = self.programmes(_SECTION_ID.sub(" ", text))
        if len(programmes) == 1 and (number := _section_number(rest)):
            id_ = f"{programmes[0]}.{number}"
            if id_ in self._sections:
                return Named(text, (*sections, id_), (), rest)
        sections.extend(id_ for id_ in _front(rest) if id_ in self._sections)
        return Named(text, tuple(dict.fromkeys(sections)), programmes, rest)

    def programmes(self, text: str) -> tuple[tuple[int, ...], str]:
        """The programmes that a folded text names, in its order, and the text without them."""
        found: dict[int, int] = {}
        for number, pattern in self._programmes.items():
            if match := pattern.search(text):
                found[number] = match.start()
                text = text[: match.start()] + " " * len(match.group()) + text[match.end() :]
        return tuple(sorted(found, key=found.__getitem__)), text


def _programme_pattern(number: int) -> re.Pattern[str]:
    """«Programa de la paz», «programa 4», «fourth programme», «和平工程»."""
    word = tables("structure")["words"]["programme"]
    name = tables("structure")["programmes"].get(str(number), _NEVER)
    ordinal = tables("structure")["ordinals"].get(str(number), _NEVER)
    after = rf"(?:{word}){_LINK}\s?(?:{name}|n[o°]?\.? ?{number}|{number}|{ordinal})"
    counted = rf"第?{number}(?:st|nd|rd|th|er|º|o|个)?"
    before = rf"(?:{name}|{ordinal}|{counted})(?: of)?\s?个?(?:{word})"
    return whole_words(f"{after}|{before}")


def _section_number(text: str) -> int | None:
    """The number in «punto 4», «section (3)», «cuarto apartado», «第四点»."""
    word = tables("structure")["words"]["section"]
    after = rf"(?<![a-z])(?:{word})\s?(?:n[o°]?\.?\s?)?\(?(\d{{1,2}})\)?"
    before = rf"第?\(?(\d{{1,2}})\)?(?:st|nd|rd|th|o|a|º|ª)?\s?(?:{word})"
    for numeral in (after, before):
        if match := re.search(numeral, text):
            return int(match[1])
    for number, ordinal in tables("structure")["ordinals"].items():
        if re.search(rf"(?<![a-z])(?:{ordinal})\s?(?:个)?(?:{word})(?![a-z])", text):
            return int(number)
    return None


def _front(text: str) -> list[str]:
    """The parts before the programmes: «prólogo», «parte II»."""
    words = tables("structure")["words"]
    found = ["prologo"] if whole_words(words["front"]).search(text) else []
    numeral = rf"(?<![a-z])(?:{words['part']}|{words['section']}) (i{{1,3}}|iv|v)(?![a-z])"
    if match := re.search(numeral, text):
        found.append(match[1].upper())
    return found

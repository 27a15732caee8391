"""The programmes and sections that a question names: «4.3», «punto 4 del programa de la paz»."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from rag.domain import Document
from rag.search.grammar import SECTION, Token, role_of
from rag.search.grammar import tokens as tokens_of
from rag.search.lay_names import Found, by_place, by_theme

PROGRAMME = "PROGRAMME"
"""Stands for a programme's name in a marked question."""


_SECTION_ID = re.compile(
    r"(?<![\d.,])([1-9])\s?(?:[.．]\s?\(?(\d{1,2})\)?|[(（]\s?(\d{1,2})\s?[)）])"
    # Neither a longer number nor an amount.
    r"(?![\d.]*\d)(?! ?(?:%|mil(?![a-z])|mill|bill|bilh|亿|万))"
)
_FRONT_PARTS = ("I", "II", "III")


MAX_ORDINAL = 20
"""Larger numbers beside «programme» count something else."""


@dataclass(frozen=True, slots=True)
class Named:
    """What a folded question names, each in its order, and the rest of its words."""

    sections: tuple[str, ...]
    programmes: tuple[int, ...]
    marked: str
    """The folded question with `PROGRAMME` and `SECTION` in place of the names."""
    is_strange: bool = False
    """Whether it names a section or programme by a number that does not exist."""
    is_by_theme: bool = False
    """Whether the programmes are named by what they are about: «the part on security»."""


class ReferenceReader:
    """Finds the programmes and sections of one document in questions."""

    def __init__(self, document: Document) -> None:
        """Take the document that knows which sections exist."""
        self._sections = document.section_by_id
        self._programmes = document.programme_by_number

    def read(self, text: str) -> Named:
        """The references of a folded question."""
        text = self._with_ids(text)
        tokens = tokens_of(text)
        sections = [token.text[1:] for token in tokens if token.role == "id"]
        programmes = self._named_programmes(tokens)
        if points := self._points(tokens, programmes):
            sections, programmes = [*sections, *points], []
        sections.extend(self._fronts(tokens))
        marked = _marked(text, tokens)
        numbers = [number for number, _ in programmes]
        is_plain = not sections and not numbers
        if is_plain:
            numbers, marked = self._by_theme(marked)
        return Named(
            tuple(dict.fromkeys(sections)),
            tuple(dict.fromkeys(numbers)),
            marked,
            is_strange=self._is_strange(tokens),
            is_by_theme=is_plain and bool(numbers),
        )

    def by_place(self, text: str) -> tuple[tuple[int, ...], str]:
        """The programmes that a follow-up names by their place alone, and the rest of it."""
        return self._taken(text, [f for f in by_place(text) if f[0] in self._programmes], " ")

    def _by_theme(self, text: str) -> tuple[list[int], str]:
        """Programmes that are named as a part on their theme."""
        found = [f for f in by_theme(text) if f[0] in self._programmes]
        numbers, marked = self._taken(text, found, f" {PROGRAMME} ")
        return list(numbers), marked

    @staticmethod
    def _taken(text: str, found: Sequence[Found], mark: str) -> tuple[tuple[int, ...], str]:
        """Their numbers in the text's order, and the text with the mark in their place."""
        ordered = sorted(found, key=lambda item: item[1])
        for _, start, end in reversed(ordered):
            text = text[:start] + mark + text[end:]
        return tuple(number for number, _, _ in ordered), text

    def _is_strange(self, tokens: Sequence[Token]) -> bool:
        """Whether «section 7.3» or «sixth programme» names what is not there."""
        for position, token in enumerate(tokens):
            if token.role == "section":
                after = [t.text for t in tokens[position + 1 : position + 4]]
                if re.fullmatch(r"\d+\.\d+", "".join(after)):
                    return True
            if token.role == "programme" and token.mark is None:
                chain = _chain(tokens, position, -1, {"ordinal"})
                chain += _chain(tokens, position, 1, {"ordinal", "cardinal"})[:1]
                values = [tokens[i].value for i in chain]
                if any(n not in self._programmes and n <= MAX_ORDINAL for n in values):
                    return True
        return False

    def without_names(self, text: str) -> str:
        """A folded text without the words that programmes are named by."""
        return " ".join(token.text for token in tokens_of(text) if token.role != "name")

    def themes(self, text: str) -> tuple[int, ...]:
        """The programmes whose names stand in a folded text, with the word «programme» or not."""
        names = [token.value for token in tokens_of(text) if token.role == "name"]
        return tuple(dict.fromkeys(number for number in names if number in self._programmes))

    def _with_ids(self, text: str) -> str:
        """The text with the numbers of existing sections marked by «§»."""

        def mark(match: re.Match[str]) -> str:
            id_ = f"{match[1]}.{int(match[2] or match[3])}"
            return f" §{id_} " if id_ in self._sections else match[0]

        return _SECTION_ID.sub(mark, text.replace("§", " "))

    def _named_programmes(self, tokens: Sequence[Token]) -> list[tuple[int, int]]:
        """Programme numbers, each with the position of its word."""
        found: list[tuple[int, int]] = []
        for position, token in enumerate(tokens):
            if token.role == "both":
                found.extend((number, position) for number in (1, 2))
                token.mark = PROGRAMME
            elif token.role == "programme" and token.mark is None:
                before = _chain(tokens, position, -1, {"ordinal", "name"})
                roles = {"ordinal", "cardinal", "name"}
                after = _chain(tokens, position, 1, roles, is_open=bool(before))
                chain = [*reversed(before), *after]
                known = [i for i in chain if tokens[i].value in self._programmes]
                found.extend((tokens[i].value, i) for i in known)
                for i in (position, *known):
                    tokens[i].mark = PROGRAMME if known else None
        return found

    def _points(self, tokens: Sequence[Token], programmes: Sequence[tuple[int, int]]) -> list[str]:
        """Sections by their number in a programme: the next one named, or the last before it."""
        found: list[str] = []
        for position, token in enumerate(tokens):
            if token.role not in ("section", "part") or not programmes:
                continue
            numerals = _chain(tokens, position, 1, {"cardinal", "ordinal"})
            numerals = numerals or _chain(tokens, position, -1, {"ordinal"})
            after = [number for number, place in programmes if place > position]
            number = after[0] if after else programmes[-1][0]
            for i in numerals:
                id_ = f"{number}.{tokens[i].value}"
                if id_ in self._sections and tokens[i].mark is None:
                    found.append(id_)
                    tokens[i].mark = token.mark = SECTION
        return found

    def _fronts(self, tokens: Sequence[Token]) -> Iterator[str]:
        """The parts before the programmes: «prólogo», «parte II»."""
        for position, token in enumerate(tokens):
            ids: list[str] = []
            if token.role == "front":
                ids = ["prologo"]
            elif token.role == "part" and token.mark is None:
                roles = {"cardinal", "ordinal"}
                chain = _chain(tokens, position, 1, roles) or _chain(tokens, position, -1, roles)
                values = [tokens[i].value for i in chain if tokens[i].mark is None]
                ids = [_FRONT_PARTS[n - 1] for n in values if n <= len(_FRONT_PARTS)]
                for i in chain if ids else ():
                    tokens[i].mark = SECTION
            if ids := [id_ for id_ in ids if id_ in self._sections]:
                token.mark = SECTION
                yield from ids


def _chain(
    tokens: Sequence[Token], start: int, step: int, roles: set[str], *, is_open: bool = False
) -> list[int]:
    """Positions of the numerals and names that follow or precede a word, joined by «and» or ",".

    `is_open`: the word has one on its other side, so that what follows is joined to that.
    """
    found: list[int] = []
    joined = not is_open
    position = start + step
    while 0 <= position < len(tokens):
        role = role_of(tokens, position)
        if role in roles and joined and tokens[position].mark is None:
            found.append(position)
            joined = False
        elif role == "join" and (found or is_open):
            joined = True
        elif role != "link" and not (role == tokens[start].role and found and joined):
            break
        position += step
    return found


def _marked(text: str, tokens: Sequence[Token]) -> str:
    """The text, references replaced; what only says of what kind they are is left out."""
    pieces: list[str] = []
    position = 0
    for token in (token for token in tokens if token.mark):
        pieces.append(text[position : token.start])
        if token.role not in ("programme", "section", "part"):
            pieces.append(f" {token.mark} ")
        position = token.start + len(token.text)
    return "".join([*pieces, text[position:]])

"""The programmes and sections that a question names: «4.3», «punto 4 del programa de la paz»."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from rag.domain import Document, Section
from rag.search.asking import quotations
from rag.search.elided import counts_points, stands_alone
from rag.search.fronts import FrontReader
from rag.search.grammar import MARK, Token, chain, speaks
from rag.search.grammar import tokens as tokens_of
from rag.search.lay_names import Found, by_place, by_theme, in_full
from rag.search.normalisation import words
from rag.search.patterns import tables
from rag.search.points import PointReader
from rag.search.runs import in_a_word, in_runs

PROGRAMME = "PROGRAMME"
"""Stands for a programme's name in a marked question."""


_SECTION_ID = re.compile(
    r"(?<![\d.,§])([0-9])\s?(?:[.．]\s?\(?(\d{1,2})\)?|[(（]\s?(\d{1,2})\s?[)）])"
    # Neither a longer number nor an amount.
    r"(?![\d.]*\d)(?! ?(?:%|mil(?![a-z])|mill|bill|bilh|亿|万))"
)
_BEFORE_ID = (["link"], ["join"], ["id"])
"""Role of the word before the number of a section: «el 2.5», «4.3 y 4.4»."""


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
        self._titles = {" ".join(words(s.title)): _name_of(s) for s in document.sections}
        self._points = PointReader(document)
        self._fronts = FrontReader(document)

    def read(self, text: str) -> Named:
        """The references of a folded question."""
        named = self._read(text)
        if named.sections or named.programmes:
            return named
        found = [f for f in by_theme(named.marked) if f[0] in self._programmes]
        if not found:
            return named
        # «Point 7 of the solidarity one» is that of «programme 1».
        if len(found) == 1:
            number = found[0][0]
            pointed = self._read(self._taken(named.marked, found, f" programa {number} ")[1])
            if pointed.sections or pointed.is_strange:
                return pointed
        numbers, marked = self._taken(named.marked, found, f" {PROGRAMME} ")
        return replace(
            named, programmes=self._kept(numbers, marked), marked=marked, is_by_theme=True
        )

    def _read(self, text: str) -> Named:
        """Those that are named by number, place or title."""
        text = self._with_titles(in_full(in_a_word(text), len(self._programmes)))
        text = self._with_ids(text)
        named = self._named(in_runs(text))
        # Of no programme, the first or last few are none in particular.
        is_left = MARK in named.marked and not named.is_strange
        return self._named(text) if is_left else named

    def _named(self, text: str) -> Named:
        tokens = tokens_of(text)
        sections = [token.text[1:] for token in tokens if token.role == "id"]
        programmes = self._named_programmes(tokens)
        points = self._points.read(tokens, programmes)
        sections.extend(points.sections)
        programmes = [place for place in programmes if place not in points.programmes]
        sections.extend(self._fronts.read(tokens))
        marked = _marked(text, tokens)
        return Named(
            tuple(dict.fromkeys(sections)),
            self._kept([number for number, _ in programmes], marked),
            marked,
            is_strange=points.is_beyond or self._is_strange(text, tokens),
        )

    def _kept(self, numbers: Sequence[int], marked: str) -> tuple[int, ...]:
        """The programmes named, or all but those that are left out: «fuera del de la paz»."""
        grammar = tables("references")["outside"]
        beside = re.compile(rf"({grammar['before']})?\s*{PROGRAMME}\s*({grammar['after']})?")
        is_out = [bool(match[1] or match[2]) for match in beside.finditer(marked)]
        if len(is_out) != len(numbers) or not any(is_out):
            return tuple(dict.fromkeys(numbers))
        out = {number for number, left in zip(numbers, is_out, strict=True) if left}
        return tuple(dict.fromkeys(n for n in numbers if n not in out)) or tuple(
            n for n in self._programmes if n not in out
        )

    def by_place(self, text: str) -> tuple[tuple[int, ...], str]:
        """The programmes that a follow-up names by their place alone, and the rest of it."""
        return self._taken(text, [f for f in by_place(text) if f[0] in self._programmes], " ")

    @staticmethod
    def _taken(text: str, found: Sequence[Found], mark: str) -> tuple[tuple[int, ...], str]:
        """Their numbers in the text's order, and the text with the mark in their place."""
        ordered = sorted(found, key=lambda item: item[1])
        for _, start, end in reversed(ordered):
            text = text[:start] + mark + text[end:]
        return tuple(number for number, _, _ in ordered), text

    def _is_strange(self, text: str, tokens: Sequence[Token]) -> bool:
        """Whether «section 7.3», «the 2.18» or «sixth programme» names what is not there."""
        for match in _SECTION_ID.finditer(text):
            before = [token.role for token in tokens if token.start < match.start()][-1:]
            is_numbered = int(match[1]) in self._programmes
            is_all = match[0].strip() == text.strip(" ¿?¡!.")
            if is_all or before == ["section"] or (is_numbered and before in _BEFORE_ID):
                return True
        for position, token in enumerate(tokens):
            if token.role == "programme" and token.mark is None:
                found = chain(tokens, position, -1, {"ordinal"})
                found += chain(tokens, position, 1, {"ordinal", "cardinal"})[:1]
                values = [tokens[i].value for i in found]
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

    def _with_titles(self, text: str) -> str:
        """The text with the numbers of sections in place of their titles in quotation marks."""
        for quotation in quotations(text):
            if name := self._titles.get(" ".join(words(quotation))):
                text = text.replace(quotation, f" {name} ", 1)
        return text

    def _with_ids(self, text: str) -> str:
        """The text with the numbers of existing sections marked by «§»."""

        def mark(match: re.Match[str]) -> str:
            id_ = f"{match[1]}.{int(match[2] or match[3])}"
            return f" {MARK}{id_} " if id_ in self._sections else match[0]

        return _SECTION_ID.sub(mark, text.replace(MARK, " "))

    def _named_programmes(self, tokens: Sequence[Token]) -> list[tuple[int, int]]:
        """Programme numbers, each with the position of its word."""
        found: list[tuple[int, int]] = []
        for position, token in enumerate(tokens):
            if token.role == "programme" and token.mark is None:
                before = chain(tokens, position, -1, {"ordinal", "name"})
                roles = {"ordinal", "cardinal", "name"}
                after = chain(tokens, position, 1, roles, is_open=bool(before))
                after = [i for i in after if not _is_aside(tokens, i, [*before, *after])]
                numbers = {i: self._number(tokens[i]) for i in (*reversed(before), *after)}
                known = [i for i, number in numbers.items() if number in self._programmes]
                found.extend((numbers[i], i) for i in known)
                for i in (position, *known):
                    tokens[i].mark = PROGRAMME if known else None
        return [*found, *self._elided(tokens, found)]

    def _elided(
        self, tokens: Sequence[Token], found: Sequence[tuple[int, int]]
    ) -> Iterator[tuple[int, int]]:
        """«How many has the first programme, and the second?»: ordinals without the word."""
        if not any(tokens[i].role == "ordinal" for _, i in found) or counts_points(tokens):
            return
        for position in range(found[-1][1] + 1, len(tokens)):
            token = tokens[position]
            number = self._number(token)
            if number in self._programmes and stands_alone(tokens, position):
                token.mark = PROGRAMME
                yield number, position

    def _number(self, token: Token) -> int:
        """The programme's number that a numeral or name means."""
        from_end = max(self._programmes, default=0) + 1 + token.value
        return from_end if token.value < 0 else token.value


def _name_of(section: Section) -> str:
    """What names a section by its number, folded."""
    is_part = section.programme is None and section.id != "prologo"
    return f"parte {section.id.lower()}" if is_part else section.id


def _is_aside(tokens: Sequence[Token], position: int, found: Sequence[int]) -> bool:
    """Whether a number after a comma counts something else than the programmes that are named.

    «The development programme, five points», «the one on peace, one by one». Or is the speaker.
    """
    if speaks(tokens, position):
        return True
    is_named = any(tokens[i].role == "name" for i in found)
    is_number = tokens[position].role == "cardinal"
    return is_named and is_number and tokens[position - 1].text in (",", "，")


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
